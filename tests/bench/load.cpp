// Closed-loop clients on one thread: each sends its line, waits for a line, and again.  Prints requests per second.
//   bench_load SOCKET CLIENTS SECONDS LINE
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

int main(int, char** argv) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const int clients = std::atoi(argv[2]);
  const double seconds = std::atof(argv[3]);
  const std::string line = std::string(argv[4]) + "\n";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
  const int poll = epoll_create1(0);
  for (int i = 0; i < clients; ++i) {
    const int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(s, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return std::perror("connect"), 1;
    epoll_event event{.events = EPOLLIN, .data = {.fd = s}};
    epoll_ctl(poll, EPOLL_CTL_ADD, s, &event);
    if (write(s, line.data(), line.size()) < 0) return 1;
  }
  std::vector<epoll_event> ready(1024);
  std::vector<char> text(1 << 16);
  long answers = 0;
  const auto begin = std::chrono::steady_clock::now();
  std::chrono::duration<double> passed{};
  while (passed.count() < seconds) {
    const int count = epoll_wait(poll, ready.data(), static_cast<int>(ready.size()), 1000);
    for (int i = 0; i < count; ++i) {
      const int s = ready[static_cast<std::size_t>(i)].data.fd;
      const ssize_t got = read(s, text.data(), text.size());
      if (got <= 0) return std::fprintf(stderr, "the server left\n"), 1;
      if (text[static_cast<std::size_t>(got) - 1] != '\n') continue;
      ++answers;
      if (write(s, line.data(), line.size()) < 0) return 1;
    }
    passed = std::chrono::steady_clock::now() - begin;
  }
  std::printf("%.0f\n", static_cast<double>(answers) / passed.count());
}
