// SPDX-License-Identifier: MIT
#include "clients/cli/sign_in.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <qrencode.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>

#include "clients/cli/terminal.hpp"
#include "clients/private_page.hpp"

namespace forgelink::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

// While it lives, Ctrl-C sets a flag instead of ending us.
class Interruptible {
 public:
  Interruptible() {
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    sigaction(SIGINT, &action, &before_);
  }
  ~Interruptible() { sigaction(SIGINT, &before_, nullptr); }

 private:
  struct sigaction before_ {};
};

// Two rows of squares to a line, with half blocks; dark on light, whatever the terminal's colours.
std::string qr_code(const std::string& url) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(url.c_str(), 0, QR_ECLEVEL_L, QR_MODE_8, 1), QRcode_free);
  if (!code) return "";
  const int width = code->width;
  const auto dark = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < width && y < width && (code->data[y * width + x] & 1) != 0;
  };
  std::string picture;
  for (int y = -2; y < width + 2; y += 2) {
    picture += "  \033[30;107m";
    for (int x = -2; x < width + 2; ++x)
      picture += dark(x, y) ? (dark(x, y + 1) ? "█" : "▀") : (dark(x, y + 1) ? "▄" : " ");
    picture += "\033[0m\n";
  }
  return picture;
}

bool is_utf8_terminal() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string locale(value);
    return locale.find("UTF-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

void say(const std::string& text) { std::fprintf(stderr, "%s", text.c_str()); }

// A sign-in that was started.
struct Started {
  std::string id;
  json::value reply;
};

bool has(const json::value& type, const char* list, std::string_view word) {
  const json::value* words = member(type, list);
  if (words == nullptr || !words->is_array()) return false;
  const json::array& all = words->get_array();
  return std::any_of(all.begin(), all.end(), [&](const json::value& one) {
    return one.is_string() && std::string_view(one.get_string()) == word;
  });
}

json::value type_of(Context& context, const std::string& id) {
  const json::value reply = context.call("type.list");
  for (const json::value& type : reply.at("types").as_array()) {
    if (text(type, "id") == id) return type;
  }
  return json::object();
}

void tell_browser(const json::value& started, std::optional<PrivatePage>& page) {
  const std::string url = text(started, "authorize_url");
  if (has_display()) {
    say(fmt::format("Your browser opens the sign-in page. If it does not, open it yourself:\n\n  {}\n\n",
                    clean(url)));
    page.emplace(url);
    if (!page->file().empty()) open_page(page->file().string());
    return;
  }
  say(fmt::format("Open this page in a browser on any machine:\n\n  {}\n\n", clean(url)));
  if (!stdin_is_terminal()) return;
  const std::string redirect = text(started, "redirect_uri");
  const auto port = redirect.find(':', redirect.find("://") + 3);
  say(
      fmt::format("When the browser ends at an address that begins with {} and cannot be shown, paste that "
                  "address here.\n",
                  clean(redirect.substr(0, port))));
}

void tell_device(const json::value& started, bool beside_address) {
  const std::string uri = text(started, "verification_uri"),
                    complete = text(started, "verification_uri_complete");
  say(fmt::format("{} {} and enter this code:\n\n      \033[1m{}\033[0m\n\n",
                  beside_address ? "Or open" : "Open", clean(uri), clean(text(started, "user_code"))));
  if (stderr_is_terminal() && is_utf8_terminal()) say(qr_code(complete.empty() ? uri : complete) + "\n");
  say("The code was asked for by this machine, for Forgelink. Enter no code that somebody else gave you.\n");
  if (has_display()) open_page(uri);
}

// A pasted address, once a whole line of it is there; never waits.
std::optional<std::string> pasted_line() {
  pollfd entry{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (poll(&entry, 1, 0) <= 0 || (entry.revents & POLLIN) == 0) return std::nullopt;
  char typed[8192];
  const ssize_t got = read(STDIN_FILENO, typed, sizeof typed);
  if (got <= 0) return std::nullopt;
  std::string line(typed, static_cast<std::size_t>(got));
  while (line.ends_with('\n') || line.ends_with('\r') || line.ends_with(' ')) line.pop_back();
  return line;
}

// What a person does before the forge says yes: one sign-in, or two side by side of which one ends the other.
class Conversation {
 public:
  Conversation(Context& context, json::object params) : context_(context), params_(std::move(params)) {}

  void start(bool browser, bool device) {
    std::optional<json::object> refused;
    if (browser) browser_ = start_one("browser", refused);
    if (device) device_ = start_one("device", refused);
    // Where both were tried, one that works is enough.
    if (!browser_ && !device_) context_.refuse(*refused);
    tell_caution(browser_ ? browser_->reply : device_->reply);
    if (browser_) tell_browser(browser_->reply, page_);
    if (device_) tell_device(device_->reply, browser_.has_value());
  }

  json::value wait() {
    const Interruptible until_told;
    while (interrupted == 0) {
      if (auto done = look_at(browser_, device_ ? 0 : 1)) return *std::move(done);
      if (auto done = look_at(device_, 1)) return *std::move(done);
      if (!browser_ || !stdin_is_terminal()) continue;
      if (auto done = complete_by_paste()) return *std::move(done);
    }
    cancel(browser_);
    cancel(device_);
    complain("The sign-in is cancelled; nothing has changed.");
    throw Exit{1};
  }

 private:
  static void tell_caution(const json::value& reply) {
    const std::string caution = text(reply, "caution");
    if (!caution.empty()) say(clean(caution) + "\n\n");
  }

  // The first refusal is the one to tell.
  std::optional<Started> start_one(const char* method, std::optional<json::object>& refused) {
    json::object params = params_;
    params["method"] = method;
    auto answer = context_.try_call("sign_in.start", std::move(params), std::chrono::seconds(60));
    if (auto* reply = std::get_if<json::value>(&answer)) {
      std::string id = text(*reply, "sign_in");
      return Started{.id = std::move(id), .reply = std::move(*reply)};
    }
    if (!refused) refused = std::get<json::object>(std::move(answer));
    return std::nullopt;
  }

  // Short waits, so that a pasted address and Ctrl-C are noticed.
  std::optional<json::value> look_at(std::optional<Started>& started, int seconds) {
    if (!started) return std::nullopt;
    auto answer = context_.try_call("sign_in.wait", {{"sign_in", started->id}, {"timeout", seconds}},
                                    std::chrono::seconds(30));
    if (auto* state = std::get_if<json::value>(&answer)) {
      if (text(*state, "state") != "completed") return std::nullopt;
      started.reset();
      cancel(browser_);
      cancel(device_);
      return std::move(*state);
    }
    started.reset();
    if (!browser_ && !device_) context_.refuse(std::get<json::object>(answer));
    // One of two has ended; a person may have said no, or the code is too old. The other one goes on.
    const json::value error(std::get<json::object>(answer));
    const json::value* data = member(error, "data");
    if (data != nullptr && text(*data, "kind") == "sign_in_expired") return std::nullopt;
    cancel(browser_);
    cancel(device_);
    context_.refuse(error.get_object());
  }

  std::optional<json::value> complete_by_paste() {
    const auto line = pasted_line();
    if (!line || line->empty()) return std::nullopt;
    auto answer = context_.try_call("sign_in.complete", {{"sign_in", browser_->id}, {"redirect_url", *line}},
                                    std::chrono::minutes(6));
    if (auto* done = std::get_if<json::value>(&answer)) {
      cancel(device_);
      return std::move(*done);
    }
    const json::value error(std::get<json::object>(answer));
    const json::value* data = member(error, "data");
    if (data == nullptr || text(*data, "kind") != "invalid_params") {
      cancel(device_);
      context_.refuse(error.get_object());
    }
    complain(text(error, "message") + " Paste it again.");
    return std::nullopt;
  }

  void cancel(std::optional<Started>& started) {
    if (started) context_.try_call("sign_in.cancel", {{"sign_in", started->id}}, std::chrono::seconds(5));
    started.reset();
  }

  Context& context_;
  json::object params_;
  std::optional<Started> browser_, device_;
  std::optional<PrivatePage> page_;
};

}  // namespace

json::value sign_in(Context& context, json::object params, const std::string& type, bool device) {
  const json::value known = type_of(context, type);
  const bool offer_code = !device && !has_display() && has(known, "sign_in_methods", "device");
  Conversation conversation(context, std::move(params));
  conversation.start(!device, device || offer_code);
  return conversation.wait();
}

}  // namespace forgelink::cli
