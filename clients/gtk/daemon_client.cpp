// SPDX-License-Identifier: MIT
#include "clients/gtk/daemon_client.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "ipc/client.hpp"

namespace forgelink::gtk {
namespace {

constexpr std::chrono::milliseconds connect_limit{200};  // the window stands still meanwhile

// Appends the text as a JSON string; written here so that a token is in locked memory alone.
template <class Put>
void put_json_string(std::string_view text, Put put) {
  constexpr std::string_view digits = "0123456789abcdef";
  put('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      for (const char escape : std::string_view("\\u00")) put(escape);
      put(digits[byte >> 4]);
      put(digits[byte & 15]);
    } else {
      if (c == '"' || c == '\\') put('\\');
      put(c);
    }
  }
  put('"');
}

// `{..., "name": "secret"}}` and a newline after what stands before the secret.
Secret request_line_with(std::string_view head, std::string_view name, std::string_view secret,
                         std::string_view tail) {
  const auto write = [&](auto put) {
    for (const char c : head) put(c);
    put_json_string(name, put);
    put(':');
    put_json_string(secret, put);
    for (const char c : tail) put(c);
  };
  // Counted first, so that the text is made once and at its final size.
  std::size_t size = 0;
  write([&](char) { ++size; });
  return Secret::of_size(size, [&](char* to) { write([&](char c) { *to++ = c; }); });
}

Secret request_line(std::int64_t id, std::string_view method, json::object params,
                    const std::optional<SecretParameter>& secret) {
  json::object request{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}};
  std::string text = json::serialize(request);
  if (!secret) return Secret(text + "\n");
  // `params` comes last and ends in "}}": the secret goes in before that.
  std::string_view head(text);
  head.remove_suffix(2);
  const std::string start = std::string(head) + (head.ends_with('{') ? "" : ",");
  return request_line_with(start, secret->name, secret->value.reveal(), "}}\n");
}

}  // namespace

DaemonClient::~DaemonClient() { close(); }

bool DaemonClient::open(const std::filesystem::path& path) {
  close();
  // Blocking, but only until the listener's queue has room: what listens there is looked at before anything
  // is sent.
  std::optional<ipc::Client> connected = ipc::Client::connect(path, connect_limit);
  if (!connected) return false;
  const int made = connected->release();
  fcntl(made, F_SETFL, fcntl(made, F_GETFL) | O_NONBLOCK);
  socket_ = made;
  received_.emplace(longest_line);
  reading_ = Glib::signal_io().connect(sigc::mem_fun(*this, &DaemonClient::on_readable), socket_,
                                       Glib::IOCondition::IO_IN | Glib::IOCondition::IO_HUP);
  return true;
}

DaemonClient::CallId DaemonClient::call(std::string_view method, json::object params, OnReply on_reply,
                                        std::optional<SecretParameter> secret) {
  const CallId id = ++last_call_;
  waiting_.emplace(id, std::move(on_reply));
  if (!is_open()) {
    Glib::signal_idle().connect_once(sigc::bind(sigc::mem_fun(*this, &DaemonClient::refuse_as_lost), id));
    return id;
  }
  unsent_.push_back(request_line(id, method, std::move(params), secret));
  if (!writing_.connected()) write();
  return id;
}

void DaemonClient::write() {
  while (!unsent_.empty()) {
    const std::string_view rest = unsent_.front().reveal().substr(sent_);
    const ssize_t went = send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (went < 0 && errno == EINTR) continue;
    if (went < 0 && errno == EAGAIN) {
      writing_ = Glib::signal_io().connect(sigc::mem_fun(*this, &DaemonClient::on_writable), socket_,
                                           Glib::IOCondition::IO_OUT | Glib::IOCondition::IO_HUP);
      return;
    }
    if (went < 0) return;  // The reading side sees the end and tells it.
    sent_ += static_cast<std::size_t>(went);
    if (sent_ < unsent_.front().size()) continue;
    unsent_.pop_front();
    sent_ = 0;
  }
}

bool DaemonClient::on_writable(Glib::IOCondition) {
  writing_.disconnect();
  write();
  return false;
}

bool DaemonClient::on_readable(Glib::IOCondition) {
  char piece[64 << 10];
  const ssize_t got = recv(socket_, piece, sizeof piece, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got <= 0) {
    lose();
    return false;
  }
  received_->append({piece, static_cast<std::size_t>(got)});
  const int current = socket_;
  while (const auto line = received_->next()) {
    take(*line);
    // A callback may have closed this connection or opened another.
    if (socket_ != current || !received_) return false;
  }
  if (received_->too_long()) {
    lose();
    return false;
  }
  return true;
}

void DaemonClient::take(std::string_view line) {
  std::error_code error;
  json::value message = json::parse(line, error);
  if (error || !message.is_object()) return;
  json::object& object = message.get_object();
  if (object.contains("method")) {
    event_.emit(object_of(object, "params"));
    return;
  }
  const CallId id = number_of(object, "id");
  if (object.contains("error")) {
    answer(id, refusal_of(object_of(object, "error")));
  } else if (json::value* result = object.if_contains("result"); result != nullptr && result->is_object()) {
    answer(id, std::move(result->get_object()));
  } else {
    answer(id, json::object());
  }
}

void DaemonClient::answer(CallId call, Reply reply) {
  const auto found = waiting_.find(call);
  if (found == waiting_.end()) return;
  // Erased before it is called: the callback may make calls of its own.
  const OnReply on_reply = std::move(found->second);
  waiting_.erase(found);
  on_reply(std::move(reply));
}

void DaemonClient::lose() {
  close();
  // Calls that a callback makes now are answered on their own.
  std::vector<CallId> calls;
  for (const auto& [call, on_reply] : waiting_) calls.push_back(call);
  for (const CallId call : calls) answer(call, lost_refusal());
  lost_.emit();
}

void DaemonClient::close() {
  reading_.disconnect();
  writing_.disconnect();
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  received_.reset();
  unsent_.clear();
  sent_ = 0;
}

}  // namespace forgelink::gtk
