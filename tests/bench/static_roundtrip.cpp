// SPDX-License-Identifier: MIT
// The least a helper can do: read standard input, one round trip on a Unix socket, write the answer. Linked
// statically.
//
//   static_roundtrip SOCKET
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  char bytes[8192];
  ssize_t size = read(STDIN_FILENO, bytes, sizeof bytes - 1);
  if (size <= 0) return 1;
  for (ssize_t i = 0; i < size; ++i) {
    if (bytes[i] == '\n') bytes[i] = ' ';
  }
  bytes[size++] = '\n';

  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
  const int server = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 1;
  if (write(server, bytes, static_cast<std::size_t>(size)) != size) return 1;
  do {
    size = read(server, bytes, sizeof bytes);
    if (size <= 0 || write(STDOUT_FILENO, bytes, static_cast<std::size_t>(size)) != size) return 1;
  } while (bytes[size - 1] != '\n');
  return 0;
}
