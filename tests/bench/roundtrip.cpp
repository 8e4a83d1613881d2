// The least a helper could do: connect to a Unix socket, send what it reads, print what comes back. Static.
//   bench_roundtrip SOCKET          the client
//   bench_roundtrip --serve SOCKET  the server that answers it
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

int main(int argc, char** argv) {
  const bool serve = argc == 3;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, argv[argc - 1], sizeof address.sun_path - 1);
  const int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char text[4096];
  if (serve) {
    if (bind(s, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(s, 64) != 0) return 1;
    while (true) {
      const int client = accept(s, nullptr, nullptr);
      const ssize_t got = read(client, text, sizeof text);
      if (got > 0 && write(client, text, static_cast<size_t>(got)) < 0) return 1;
      close(client);
    }
  }
  if (connect(s, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return 1;
  ssize_t size = read(0, text, sizeof text);
  if (size <= 0 || write(s, text, static_cast<size_t>(size)) != size) return 1;
  size = read(s, text, sizeof text);
  return size > 0 && write(1, text, static_cast<size_t>(size)) == size ? 0 : 1;
}
