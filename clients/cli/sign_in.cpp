// SPDX-License-Identifier: MIT
#include "clients/cli/sign_in.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <qrencode.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>

#include "clients/cli/terminal.hpp"

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

void tell_browser(const json::value& started) {
  const std::string url = text(started, "authorize_url");
  if (has_display()) {
    say(fmt::format("Your browser opens GitHub's page. If it does not, open it yourself:\n\n  {}\n\n",
                    clean(url)));
    open_page(url);
  } else {
    say(fmt::format("Open this page in a browser on any machine:\n\n  {}\n\n", clean(url)));
    if (stdin_is_terminal()) {
      say("When the browser ends at an address that begins with http://127.0.0.1 and cannot be shown, paste "
          "that address here.\n"
          "(Or stop with Ctrl-C and use --device for a code to type instead.)\n");
    }
  }
}

void tell_device(const json::value& started) {
  const std::string uri = text(started, "verification_uri");
  say(fmt::format("Open {} and enter this code:\n\n      \033[1m{}\033[0m\n\n", clean(uri),
                  clean(text(started, "user_code"))));
  if (stderr_is_terminal() && is_utf8_terminal()) say(qr_code(uri) + "\n");
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

}  // namespace

json::value sign_in(Context& context, json::object params, bool device) {
  params["method"] = device ? "device" : "browser";
  const json::value started = context.call("sign_in.start", std::move(params));
  const std::string id = text(started, "sign_in");
  device ? tell_device(started) : tell_browser(started);

  const Interruptible until_told;
  while (interrupted == 0) {
    // Short waits, so that a pasted address and Ctrl-C are noticed.
    auto answer =
        context.try_call("sign_in.wait", {{"sign_in", id}, {"timeout", 1}}, std::chrono::seconds(30));
    if (const auto* error = std::get_if<json::object>(&answer)) context.refuse(*error);
    json::value& state = std::get<json::value>(answer);
    if (text(state, "state") == "completed") return std::move(state);
    if (device || !stdin_is_terminal()) continue;
    const auto line = pasted_line();
    if (!line || line->empty()) continue;
    answer = context.try_call("sign_in.complete", {{"sign_in", id}, {"redirect_url", *line}},
                              std::chrono::minutes(3));
    if (auto* done = std::get_if<json::value>(&answer)) return std::move(*done);
    const json::value error(std::get<json::object>(answer));
    const json::value* data = member(error, "data");
    if (data == nullptr || text(*data, "kind") != "invalid_params") context.refuse(error.get_object());
    complain(text(error, "message") + " Paste it again.");
  }
  context.try_call("sign_in.cancel", {{"sign_in", id}}, std::chrono::seconds(5));
  complain("The sign-in is cancelled; nothing has changed.");
  throw Exit{1};
}

}  // namespace forgelink::cli
