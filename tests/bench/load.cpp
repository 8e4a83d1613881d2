// SPDX-License-Identifier: MIT
// Many clients that ask the same, each as soon as it has its answer; one thread, so that the server's is the
// busy one.
//
//   load SOCKET REQUEST CLIENTS MILLISECONDS
//
// REQUEST is a file with one line. Prints the requests answered per second, after a tenth of the time to warm
// up.
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

int connected(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail("load: connect");
  return client;
}

class Load {
 public:
  Load(const char* socket, std::string request, int clients) : request_(std::move(request)) {
    for (int i = 0; i < clients; ++i) {
      const int client = connected(socket);
      clients_.push_back(client);
      epoll_event wish{.events = EPOLLIN, .data = {.fd = client}};
      if (epoll_ctl(poll_, EPOLL_CTL_ADD, client, &wish) != 0) fail("load: epoll_ctl");
    }
    for (const int client : clients_) ask(client);
  }

  ~Load() {
    for (const int client : clients_) close(client);
    close(poll_);
  }

  // Answers per second.
  double run_for(std::chrono::duration<double> time) {
    const auto begin = Clock::now();
    std::size_t answered = 0;
    while (Clock::now() - begin < time) answered += answer_some();
    return static_cast<double>(answered) / std::chrono::duration<double>(Clock::now() - begin).count();
  }

 private:
  // A request is short enough to be taken whole.
  void ask(int client) {
    if (write(client, request_.data(), request_.size()) != static_cast<ssize_t>(request_.size()))
      fail("load: write");
  }

  std::size_t answer_some() {
    epoll_event ready[256];
    const int count = epoll_wait(poll_, ready, 256, 1000);
    std::size_t answered = 0;
    for (int i = 0; i < count; ++i) {
      const ssize_t got = read(ready[i].data.fd, piece_, sizeof piece_);
      if (got <= 0) fail("load: read");
      if (piece_[got - 1] != '\n') continue;
      ++answered;
      ask(ready[i].data.fd);
    }
    return answered;
  }

  std::string request_;
  int poll_ = epoll_create1(EPOLL_CLOEXEC);
  std::vector<int> clients_;
  char piece_[65536];
};

std::string content_of(const char* file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

int main(int argc, char** argv) {
  const int clients = argc == 5 ? std::atoi(argv[3]) : 0;
  if (clients < 1) {
    std::fputs("usage: load SOCKET REQUEST CLIENTS MILLISECONDS\n", stderr);
    return 2;
  }
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  const std::chrono::duration<double> time = std::chrono::milliseconds(std::atoi(argv[4]));
  Load load(argv[1], content_of(argv[2]), clients);
  load.run_for(time / 10);
  std::printf("%.0f\n", load.run_for(time));
}
