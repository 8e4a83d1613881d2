// SPDX-License-Identifier: MIT
#include "clients/private_page.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.hpp"

namespace forgelink {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string page_to(const std::string& url) {
  const std::string address = escaped(url);
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Forgelink</title>"
         "<meta name=\"referrer\" content=\"no-referrer\"><meta http-equiv=\"refresh\" content=\"0;url=" +
         address + "\"></head><body><p><a href=\"" + address + "\">Go on to sign in</a></p></body></html>\n";
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

PrivatePage::PrivatePage(const std::string& url) {
  const std::filesystem::path folder = runtime_dir() / "forgelink";
  mkdir(folder.c_str(), 0700);  // the daemon's own; it may listen elsewhere
  std::string name = (folder / "sign-in-XXXXXX.html").string();
  const int descriptor = mkostemps(name.data(), 5, O_CLOEXEC);  // mode 0600
  if (descriptor < 0) return;
  const bool written = write_all(descriptor, page_to(url));
  close(descriptor);
  if (written) {
    file_ = name;
  } else {
    unlink(name.c_str());
  }
}

PrivatePage::~PrivatePage() {
  if (!file_.empty()) unlink(file_.c_str());
}

}  // namespace forgelink
