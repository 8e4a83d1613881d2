// SPDX-License-Identifier: MIT
// Lent sockets: some connections, for a time, on a socket that serves little else. For `ssh -R` and
// containers.
//
// A lent socket answers credential.get, repository.list, commit.list and daemon.status; every other method is
// not found there, and other connections do not exist. Ends at its time, with the login session, by `end`, or
// with the last of its connections. On the loop; what is given must outlive it.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "daemon/events/events.hpp"
#include "ipc/server.hpp"
#include "storage/registry.hpp"

namespace forgelink {

// What a lent socket may serve; shared with the methods of its table.
struct LentConnections {
  std::set<ConnectionId> ids;
  std::set<ConnectionId> agreed;  // the person was asked about these and said yes; about others at each use
  bool read_only = false;         // lists only: git gets no token
};

struct Lend {
  std::string id;
  std::vector<ConnectionId> connections;
  std::filesystem::path socket;
  bool read_only = false;
  Time expires_at{};
};

class Lends {
 public:
  static constexpr std::size_t most = 32;
  static constexpr std::chrono::seconds shortest{1}, longest{std::chrono::hours(24 * 30)};

  // Makes the methods of a lent socket.
  using MakeTable = std::function<ipc::MethodTable(std::shared_ptr<LentConnections>, const ipc::Server*&)>;

  Lends(asio::any_io_executor executor, EventHub& events, const Clock& clock)
      : executor_(std::move(executor)), events_(events), clock_(clock) {}
  ~Lends();

  void make_tables_with(MakeTable make) { make_ = std::move(make); }

  struct Wish {
    std::vector<ConnectionId> connections;
    std::set<ConnectionId> agreed;  // of these, those about which the person said yes
    std::chrono::seconds time{std::chrono::hours(8)};
    std::optional<std::filesystem::path> socket;  // one of its own if left out
    bool read_only = false;
  };

  // `invalid_params` on connections, for or socket; `too_busy`.
  Result<Lend> start(Wish wish);
  std::vector<Lend> list() const;
  Result<> end(const std::string& id, std::string_view why);  // not_found
  void end_all(std::string_view why);
  void on_event(const Event& event);

 private:
  struct Running;

  boost::json::object detail_of(const Lend& lend) const;

  asio::any_io_executor executor_;
  EventHub& events_;
  const Clock& clock_;
  MakeTable make_;
  std::map<std::string, std::shared_ptr<Running>> running_;
  bool swept_ = false;
};

}  // namespace forgelink
