// SPDX-License-Identifier: MIT
// The machine: its clock, loopback, proxy, trusted authorities, browser.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <memory>

#include "base/shell_word.hpp"
#include "clients/cli/doctor/finding.hpp"
#include "clients/cli/files.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli::doctor {
namespace {

namespace fs = std::filesystem;

void look_at_clock(Findings& all) {
  std::error_code error;
  const auto installed = fs::last_write_time(fs::read_symlink("/proc/self/exe", error), error);
  // What time it is cannot be known here, only that it is not before the program was there.
  const bool behind = !error && fs::file_time_type::clock::now() + std::chrono::hours(24) < installed;
  const std::string set = as_root("timedatectl set-ntp true");
  if (behind) {
    all.bad(
        "clock",
        "The clock is behind the day this program was installed, so certificates and token dates look wrong.",
        set);
  } else if (output_of({"timedatectl", "show", "--value", "-p", "NTPSynchronized"}) == "no") {
    const bool can = output_of({"timedatectl", "show", "--value", "-p", "CanNTP"}) == "yes";
    all.note("clock", "The clock is not synchronised; certificates and token dates are checked against it.",
             can ? set : install("systemd-timesyncd"));
  } else {
    all.good("clock", "The clock is plausible.");
  }
}

// Connects, for three seconds at most; "" or why not.
std::string why_not_connected(const sockaddr* address, socklen_t size) {
  const int there = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int error = there < 0 || connect(there, address, size) != 0 ? errno : 0;
  if (error == EINPROGRESS) {
    pollfd entry{.fd = there, .events = POLLOUT, .revents = 0};
    socklen_t length = sizeof error;
    if (poll(&entry, 1, 3000) <= 0) {
      error = ETIMEDOUT;
    } else {
      getsockopt(there, SOL_SOCKET, SO_ERROR, &error, &length);
    }
  }
  if (there >= 0) close(there);
  return error == 0 ? "" : std::generic_category().message(error);
}

// The way back of a browser from a sign-in.
void look_at_loopback(Findings& all) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  auto* address = reinterpret_cast<sockaddr*>(&place);
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string why;
  if (listener < 0 || bind(listener, address, size) != 0 || listen(listener, 1) != 0 ||
      getsockname(listener, address, &size) != 0)
    why = std::generic_category().message(errno);
  if (why.empty()) why = why_not_connected(address, size);
  if (listener >= 0) close(listener);
  if (why.empty()) return all.good("loopback", "The loopback address works, as a sign-in by browser needs.");
  all.bad("loopback",
          fmt::format("Nothing can be reached on 127.0.0.1 ({}), so a sign-in by browser cannot end: use "
                      "--device, or repair the loopback interface.",
                      why),
          as_root("ip link set lo up"));
}

constexpr const char* default_proxy_port = "1080";  // what the daemon takes, as curl does (curl(1), --proxy)

std::string why_no_answer(std::string address) {
  if (const auto scheme = address.find("://"); scheme != std::string::npos)
    address = address.substr(scheme + 3);
  address = address.substr(0, address.find('/'));
  const auto colon = address.rfind(':');
  std::string host = address.substr(0, colon),
              port = colon == std::string::npos ? default_proxy_port : address.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo wanted{}, *found = nullptr;
  wanted.ai_socktype = SOCK_STREAM;
  if (const int failed = getaddrinfo(host.c_str(), port.c_str(), &wanted, &found); failed != 0)
    return gai_strerror(failed);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> kept(found, freeaddrinfo);
  return why_not_connected(found->ai_addr, found->ai_addrlen);
}

void look_at_proxy(Findings& all, const Daemon& daemon) {
  if (!daemon.status) return;
  const std::string proxy = daemon.status->proxy.value_or(""), from = daemon.status->proxy_from.value_or("");
  if (proxy.empty()) {
    std::string named;
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
      if (named.empty() && !variable(name).empty()) named = name;
    }
    if (named.empty()) return all.good("proxy", "Forges are reached without a proxy.");
    const std::string start =
        has_user_manager() ? fmt::format("systemctl --user import-environment {} && ", named) : "";
    return all.note(
        "proxy", fmt::format("This shell names a proxy ({}), but the daemon was started without it.", named),
        start + restart_command(daemon));
  }
  const std::string where =
      from == "network.proxy" ? "the setting [network] proxy" : from + " in the daemon's environment";
  const std::string why = why_no_answer(proxy);
  if (why.empty()) return all.good("proxy", fmt::format("The proxy {} answers ({}).", proxy, where));
  all.bad("proxy", fmt::format("The proxy {} does not answer: {}. It is named by {}.", proxy, why, where),
          from == "network.proxy" ? "${EDITOR:-vi} ~/.config/forgelink/config.toml"
          : has_user_manager()
              ? "systemctl --user unset-environment " + from + " && " + restart_command(daemon)
              : "unset " + from + "; " + restart_command(daemon));
}

void look_at_certificates(Findings& all, const Daemon& daemon) {
  if (const std::string own = daemon.status ? daemon.status->ca_file.value_or("") : ""; !own.empty()) {
    const auto content = content_of(own);
    if (!content || content->find("-----BEGIN ") == std::string::npos)
      return all.bad("certificates",
                     fmt::format("The file of trusted authorities in the settings, {}, {}.", own,
                                 content ? "holds no certificate" : "cannot be read"),
                     "ls -l " + quoted(own));
    return all.good("certificates", fmt::format("Forges are trusted by the authorities in {}.", own));
  }
  for (const std::string& store :
       {variable("SSL_CERT_FILE"), std::string("/etc/ssl/certs/ca-certificates.crt"),
        std::string("/etc/ssl/cert.pem"), std::string("/etc/pki/tls/certs/ca-bundle.crt")}) {
    if (!store.empty() && access(store.c_str(), R_OK) == 0)
      return all.good("certificates", "There is a store of trusted authorities.");
  }
  all.bad("certificates", "There is no store of trusted authorities, so no forge can be trusted.",
          install("ca-certificates"));
}

void look_at_browser(Findings& all) {
  if (!variable("SSH_CONNECTION").empty() || !variable("SSH_TTY").empty())
    return all.note("browser",
                    "This is a session by SSH: sign in by --device, or paste the address that "
                    "the browser ends at.");
  if (!has_display())
    return all.note("browser",
                    "There is no display here: sign in by --device, or paste the address that "
                    "the browser ends at.");
  if (!has_program("xdg-open"))
    return all.note("browser", "xdg-open is missing: pages are printed, not opened.", install("xdg-utils"));
  if (variable("BROWSER").empty() && has_program("xdg-settings") &&
      output_of({"xdg-settings", "get", "default-web-browser"}).value_or("").empty() &&
      !has_program("x-www-browser"))
    return all.note("browser", "No browser is set, so xdg-open has nothing to open pages with.",
                    install("firefox-esr"));
  all.good("browser", "Pages are opened with xdg-open.");
}

}  // namespace

void look_at_machine(Findings& all, const Daemon& daemon) {
  look_at_clock(all);
  look_at_loopback(all);
  look_at_proxy(all, daemon);
  look_at_certificates(all, daemon);
  look_at_browser(all);
}

}  // namespace forgelink::cli::doctor
