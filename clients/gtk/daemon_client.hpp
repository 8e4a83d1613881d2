// SPDX-License-Identifier: MIT
// The window's end of the daemon's socket: JSON-RPC calls that are answered later, and events.
//
// Works on the GLib main loop; only `open` may block it, for 200 ms at most. One connection at a time; after
// `lost` it can be opened again. Main thread only. Callbacks run from the main loop, never from within
// `call`, and may destroy whatever they like but this object.
#pragma once

#include <glibmm/main.h>
#include <sigc++/sigc++.h>

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <variant>

#include "base/secret.hpp"
#include "clients/gtk/refusal.hpp"
#include "ipc/framing.hpp"

namespace forgelink::gtk {

using Reply = std::variant<json::object, Refusal>;

// A parameter that must not pass through ordinary memory.
struct SecretParameter {
  std::string name;
  Secret value;
};

class DaemonClient : public sigc::trackable {
 public:
  using OnReply = std::function<void(Reply)>;
  using CallId = std::int64_t;

  DaemonClient() = default;
  ~DaemonClient();
  DaemonClient(const DaemonClient&) = delete;
  DaemonClient& operator=(const DaemonClient&) = delete;

  // Connects, after closing what was open. False if nobody listens there, or if who listens or the socket's
  // folder is not to be trusted with a token (ipc::Client::connect).
  bool open(const std::filesystem::path& socket);
  bool is_open() const { return socket_ >= 0; }

  // Sends a request. Without a connection, and when the daemon goes, the answer is a `lost` refusal.
  CallId call(std::string_view method, json::object params, OnReply on_reply,
              std::optional<SecretParameter> secret = std::nullopt);

  // Its answer is dropped when it comes.
  void forget(CallId call) { waiting_.erase(call); }

  // The `params` of each event notification.
  sigc::signal<void(const json::object&)>& signal_event() { return event_; }
  // The connection has ended; every waiting call has had its answer.
  sigc::signal<void()>& signal_lost() { return lost_; }

 private:
  void close();
  void lose();
  void refuse_as_lost(CallId call) { answer(call, lost_refusal()); }
  bool on_readable(Glib::IOCondition condition);
  bool on_writable(Glib::IOCondition condition);
  void write();
  void take(std::string_view line);
  void answer(CallId call, Reply reply);

  static constexpr std::size_t longest_line = std::size_t{256} << 20;

  int socket_ = -1;
  CallId last_call_ = 0;
  std::map<CallId, OnReply> waiting_;
  std::deque<Secret> unsent_;  // whole lines; a line may hold a token
  std::size_t sent_ = 0;       // bytes of the first one
  std::optional<ipc::LineBuffer> received_;
  sigc::connection reading_, writing_;
  sigc::signal<void(const json::object&)> event_;
  sigc::signal<void()> lost_;
};

}  // namespace forgelink::gtk
