// SPDX-License-Identifier: MIT
// Fills a registry with so many connections through the program's own code.   fill FOLDER COUNT
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

#include "storage/registry.hpp"

int main(int, char** argv) {
  using namespace forgelink;
  // Durability is not what is measured here.
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(+[](sqlite3* database, char**, const void*) {
    return sqlite3_exec(database, "PRAGMA synchronous = OFF", nullptr, nullptr, nullptr);
  }));
  Registry registry(argv[1]);
  const int count = std::atoi(argv[2]);
  for (int i = 0; i < count; ++i) {
    char name[32];
    // Names do not grow with time as ids do: each once, in an order of no use to anybody.
    std::snprintf(name, sizeof name, "connection-%06lld", i * 48271LL % count);
    Connection c{.id = ConnectionId::make(),
                 .name = name,
                 .type = i % 2 == 0 ? "github" : "gitlab",
                 .username = "octo-dev"};
    c.account =
        Account{.id = "1234567", .login = "octo-dev", .display_name = "Octo Dev", .email = "dev@example.org"};
    if (!registry.insert(c)) return 1;
  }
}
