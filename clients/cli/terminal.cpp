// SPDX-License-Identifier: MIT
#include "clients/cli/terminal.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>

#include "base/text.hpp"

extern char** environ;

namespace forgelink::cli {
namespace {

// Decodes one code point; advances. -1 for a byte that is none.
long next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = byte(at);
  const std::size_t length = first < 0x80             ? 1
                             : (first & 0xe0) == 0xc0 ? 2
                             : (first & 0xf0) == 0xe0 ? 3
                             : (first & 0xf8) == 0xf0 ? 4
                                                      : 0;
  if (length == 0 || at + length > text.size()) {
    ++at;
    return -1;
  }
  long code = length == 1 ? first : first & (0xff >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) {
      ++at;
      return -1;
    }
    code = code << 6 | (byte(at + i) & 0x3f);
  }
  at += length;
  return code;
}

}  // namespace

bool stdin_is_terminal() { return isatty(STDIN_FILENO) != 0; }
bool stdout_is_terminal() { return isatty(STDOUT_FILENO) != 0; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) != 0; }

bool stdout_is_file() {
  struct stat status {};
  return fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode);
}

std::string colored(const std::string& text, Color color) {
  const char *no_color = std::getenv("NO_COLOR"), *terminal = std::getenv("TERM");
  const bool plain = color == Color::none || !stdout_is_terminal() ||
                     (no_color != nullptr && *no_color != '\0') ||
                     (terminal != nullptr && std::strcmp(terminal, "dumb") == 0);
  if (plain) return text;
  const char* code = color == Color::good ? "32" : color == Color::warning ? "33" : "31";
  return std::string("\033[") + code + "m" + text + "\033[0m";
}

std::string clean(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const long code = next_code_point(text, at);
    if (code >= 0 && !is_unsafe_code_point(static_cast<char32_t>(code))) {
      out.append(text.substr(begin, at - begin));
    } else if (code == '\n' || code == '\t') {
      out += ' ';
    } else {
      out += "\ufffd";
    }
  }
  return out;
}

std::size_t width_of(std::string_view text) {
  // wcwidth() goes by the locale, and the person's own may know ASCII only.
  static const bool unicode = std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const long code = next_code_point(text, at);
    const int columns = code < 0 || !unicode ? 1 : wcwidth(static_cast<wchar_t>(code));
    if (columns > 0) width += static_cast<std::size_t>(columns);
  }
  return width;
}

std::size_t terminal_width() {
  winsize size{};
  return isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string wrapped(const std::string& text, std::size_t indent) {
  const std::size_t width = terminal_width();
  if (width < indent + 20) return text;
  std::string out;
  std::size_t column = indent;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (column > indent && column + 1 + width_of(word) > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (begin > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width_of(word);
    begin = end + 1;
  }
  return out;
}

Secret read_secret_from_stdin(const std::string& what) {
  if (stdin_is_terminal()) return ask_secretly(what + " (it is not shown): ").value_or(Secret());
  // The longest token, a newline, and one byte more: what is too long is refused by the daemon, not cut here.
  char typed[(16 << 10) + 2];
  std::size_t size = 0;
  while (size < sizeof typed) {
    const ssize_t got = read(STDIN_FILENO, typed + size, sizeof typed - size);
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  std::string_view text(typed, size);
  if (text.ends_with('\n')) text.remove_suffix(1);
  Secret secret(text);
  explicit_bzero(typed, size);
  return secret;
}

bool has_display() {
  const auto is_set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  if (is_set("SSH_CONNECTION") || is_set("SSH_TTY")) return false;
  return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
}

void open_page(const std::string& url) {
  if (!has_display()) return;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int descriptor : {0, 1, 2})
    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0);
  const char* arguments[] = {"xdg-open", url.c_str(), nullptr};
  pid_t child = 0;
  // Not waited for: it may stay as long as the browser does.
  posix_spawnp(&child, "xdg-open", &actions, nullptr, const_cast<char**>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
}

}  // namespace forgelink::cli
