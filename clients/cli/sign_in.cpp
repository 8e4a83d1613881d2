// SPDX-License-Identifier: MIT
#include "clients/cli/sign_in.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <qrencode.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include "clients/cli/terminal.hpp"
#include "clients/cli/types.hpp"
#include "clients/private_page.hpp"
#include "ipc/protocol/sign_in_cancel.hpp"
#include "ipc/protocol/sign_in_complete.hpp"

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

using Started = protocol::SignInStart::Reply;
using Completed = Answer<protocol::SignInWait>;

bool has_device_codes(Context& context, const std::string& id) {
  const std::vector<TypeView> types = all_types(context);
  const TypeView* type = type_named(types, id);
  if (type == nullptr) return false;
  const auto& methods = type->sign_in_methods;
  return std::find(methods.begin(), methods.end(), "device") != methods.end();
}

void tell_browser(const Started& started, std::optional<PrivatePage>& page) {
  const std::string url = started.authorize_url.value_or("");
  if (has_display()) {
    say(fmt::format("Your browser opens the sign-in page. If it does not, open it yourself:\n\n  {}\n\n",
                    clean(url)));
    page.emplace(url);
    if (!page->file().empty()) open_page(page->file().string());
    return;
  }
  say(fmt::format("Open this page in a browser on any machine:\n\n  {}\n\n", clean(url)));
  if (!stdin_is_terminal()) return;
  const std::string redirect = started.redirect_uri.value_or("");
  const auto port = redirect.find(':', redirect.find("://") + 3);
  say(
      fmt::format("When the browser ends at an address that begins with {} and cannot be shown, paste that "
                  "address here.\n",
                  clean(redirect.substr(0, port))));
}

void tell_device(const Started& started, bool beside_address) {
  const std::string uri = started.verification_uri.value_or("");
  say(fmt::format("{} {} and enter this code:\n\n      \033[1m{}\033[0m\n\n",
                  beside_address ? "Or open" : "Open", clean(uri), clean(started.user_code.value_or(""))));
  if (stderr_is_terminal() && is_utf8_terminal())
    say(qr_code(started.verification_uri_complete.value_or(uri)) + "\n");
  say("This machine requested the code for Forgelink. Never enter a code that somebody else gave you.\n");
  if (has_display()) open_page(uri);
}

// A pasted address, which holds the authorization code, once a whole line of it is there; never waits.
std::optional<Secret> pasted_line() {
  pollfd entry{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (poll(&entry, 1, 0) <= 0 || (entry.revents & POLLIN) == 0) return std::nullopt;
  char typed[8192];
  const ssize_t got = read(STDIN_FILENO, typed, sizeof typed);
  if (got <= 0) return std::nullopt;
  std::string_view line(typed, static_cast<std::size_t>(got));
  while (line.ends_with('\n') || line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
  Secret pasted(line);
  explicit_bzero(typed, static_cast<std::size_t>(got));
  return pasted;
}

// What a person does before the forge says yes: one sign-in, or two at once of which one ends the other.
class Conversation {
 public:
  Conversation(Context& context, protocol::SignInStart::Params params)
      : context_(context), params_(std::move(params)) {}

  void start(bool browser, bool device) {
    std::optional<Refusal> refused;
    if (browser) browser_ = start_one("browser", refused);
    if (device) device_ = start_one("device", refused);
    // Where both were tried, one that works is enough.
    if (!browser_ && !device_) context_.refuse(*refused);
    tell_caution(browser_ ? *browser_ : *device_);
    if (browser_) tell_browser(*browser_, page_);
    if (device_) tell_device(*device_, browser_.has_value());
  }

  Completed wait() {
    const Interruptible until_told;
    while (interrupted == 0) {
      if (auto done = look_at(browser_, device_ ? 0 : 1)) return *std::move(done);
      if (auto done = look_at(device_, 1)) return *std::move(done);
      if (!browser_ || !stdin_is_terminal()) continue;
      if (auto done = complete_by_paste()) return *std::move(done);
    }
    cancel(browser_);
    cancel(device_);
    context_.refuse(
        Error{.code = Errc::sign_in_cancelled, .message = "The sign-in is cancelled; nothing has changed."});
  }

 private:
  static void tell_caution(const Started& started) {
    if (started.caution) say(clean(*started.caution) + "\n\n");
  }

  // The first refusal is the one to tell.
  std::optional<Started> start_one(const char* method, std::optional<Refusal>& refused) {
    protocol::SignInStart::Params params = params_;
    params.method = method;
    auto answer = context_.try_call<protocol::SignInStart>(std::move(params), std::chrono::seconds(60));
    if (auto* started = std::get_if<Answer<protocol::SignInStart>>(&answer)) return std::move(started->reply);
    if (!refused) refused = std::get<Refusal>(std::move(answer));
    return std::nullopt;
  }

  // Short waits, so that a pasted address and Ctrl-C are noticed.
  std::optional<Completed> look_at(std::optional<Started>& started, int seconds) {
    if (!started) return std::nullopt;
    auto answer = context_.try_call<protocol::SignInWait>({.sign_in = started->sign_in, .timeout = seconds},
                                                          std::chrono::seconds(30));
    if (auto* now = std::get_if<Completed>(&answer)) {
      if (now->reply.state != "completed") return std::nullopt;
      started.reset();
      cancel(browser_);
      cancel(device_);
      return std::move(*now);
    }
    started.reset();
    const Refusal& refusal = std::get<Refusal>(answer);
    if (!browser_ && !device_) context_.refuse(refusal);
    // One of two has ended. Where only its code has expired, the other one goes on.
    if (refusal.error.data.kind == "sign_in_expired") return std::nullopt;
    cancel(browser_);
    cancel(device_);
    context_.refuse(refusal);
  }

  std::optional<Completed> complete_by_paste() {
    std::optional<Secret> pasted = pasted_line();
    if (!pasted || pasted->empty()) return std::nullopt;
    protocol::SignInComplete::Params params{.sign_in = browser_->sign_in, .redirect_url = std::move(*pasted)};
    // Longer than a sign-in lasts: the answer comes once it has ended.
    auto answer = context_.try_call<protocol::SignInComplete>(std::move(params), std::chrono::minutes(6));
    if (auto* done = std::get_if<Answer<protocol::SignInComplete>>(&answer)) {
      cancel(device_);
      return Completed{.json = std::move(done->json), .reply = std::move(done->reply)};
    }
    const Refusal& refusal = std::get<Refusal>(answer);
    if (refusal.error.data.kind != "invalid_params") {
      cancel(device_);
      context_.refuse(refusal);
    }
    complain(refusal.error.message + " Paste it again.");
    return std::nullopt;
  }

  void cancel(std::optional<Started>& started) {
    if (started)
      context_.try_call<protocol::SignInCancel>({.sign_in = started->sign_in}, std::chrono::seconds(5));
    started.reset();
  }

  Context& context_;
  protocol::SignInStart::Params params_;
  std::optional<Started> browser_, device_;
  std::optional<PrivatePage> page_;
};

}  // namespace

Answer<protocol::SignInWait> sign_in(Context& context, protocol::SignInStart::Params params,
                                     const std::string& type, bool device) {
  const bool offer_code = !device && !has_display() && has_device_codes(context, type);
  Conversation conversation(context, std::move(params));
  conversation.start(!device, device || offer_code);
  return conversation.wait();
}

}  // namespace forgelink::cli
