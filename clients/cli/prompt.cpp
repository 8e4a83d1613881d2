// SPDX-License-Identifier: MIT
#include "clients/cli/prompt.hpp"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/text.hpp"
#include "clients/cli/terminal.hpp"
#include "clients/cli/token_shape.hpp"

namespace forgelink::cli {
namespace {

constexpr std::size_t longest_answer = 4096, longest_yes_or_no = 3, longest_secret = 16 << 10;
constexpr char interrupt = 0x03, end_of_input = 0x04, backspace = 0x08, erase_line = 0x15, rubout = 0x7f;

// While it lives, the terminal neither echoes nor edits lines nor makes signals of keys.
class Quiet {
 public:
  enum class Keys { ours, the_terminals };

  explicit Quiet(Keys keys) {
    active_ = tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!active_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | (keys == Keys::ours ? ICANON | ISIG : 0));
    // What was typed ahead stays for an answer that we show; a secret begins with nothing.
    tcsetattr(STDIN_FILENO, keys == Keys::ours ? TCSADRAIN : TCSAFLUSH, &quiet);
  }
  Quiet(const Quiet&) = delete;
  ~Quiet() { restore(); }

  void restore() {
    if (active_) tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
    active_ = false;
  }

 private:
  termios before_{};
  bool active_ = false;
};

void write_out(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

void wipe(std::string& text) {
  explicit_bzero(text.data(), text.size());
  text.clear();
}

bool more_is_coming() {
  pollfd entry{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  return poll(&entry, 1, 0) > 0 && (entry.revents & POLLIN) != 0;
}

// A line that is shown as it is typed, up to `longest` bytes, and not at all while it looks like a token.
class ShownLine {
 public:
  explicit ShownLine(std::size_t longest) : longest_(longest) {}
  ~ShownLine() { wipe(text_); }

  void add(char c) {
    if (text_.size() < longest_answer) text_ += c;
  }

  void take_one_back() {
    while (!text_.empty() && (static_cast<unsigned char>(text_.back()) & 0xc0) == 0x80) text_.pop_back();
    if (!text_.empty()) text_.pop_back();
  }

  void clear() { wipe(text_); }

  // What was pasted in one piece is judged in one piece.
  void show() {
    const bool hidden = text_.size() > longest_ || looks_like_token(trimmed(text_));
    std::string wanted = hidden ? "" : clean(text_);
    if (wanted.starts_with(shown_)) {
      write_out(wanted.substr(shown_.size()));
    } else {
      for (std::size_t column = width_of(shown_); column > 0; --column) write_out("\b \b");
      write_out(wanted);
    }
    shown_ = std::move(wanted);
  }

  bool empty() const { return text_.empty(); }
  std::string take() { return std::exchange(text_, {}); }

 private:
  std::size_t longest_;
  std::string text_, shown_;
};

// One line; nothing at the end of the input.
std::optional<std::string> read_shown(const std::string& question, std::size_t longest) {
  // Before the question stands there, or the terminal would echo what is typed at once.
  Quiet quiet(Quiet::Keys::ours);
  write_out(question);
  ShownLine line(longest);
  char c = 0;
  while (true) {
    const bool at_end = read(STDIN_FILENO, &c, 1) != 1;
    if (at_end && line.empty()) return std::nullopt;
    if (at_end || c == '\n' || c == '\r') break;
    if (c == interrupt) {
      quiet.restore();
      write_out("\n");
      std::raise(SIGINT);
      return std::nullopt;
    }
    if (c == end_of_input && line.empty()) return std::nullopt;
    if (c == backspace || c == rubout) {
      line.take_one_back();
    } else if (c == erase_line) {
      line.clear();
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      line.add(c);
    }
    if (!more_is_coming()) line.show();
  }
  line.show();
  write_out("\n");
  return line.take();
}

std::optional<std::string> read_plain(const std::string& question) {
  write_out(question);
  std::string line;
  int c = 0;
  while ((c = std::getchar()) != EOF && c != '\n') line += static_cast<char>(c);
  if (c == EOF && line.empty()) return std::nullopt;
  return line;
}

std::optional<std::string> ask_for(const std::string& question, std::size_t longest) {
  while (true) {
    std::optional<std::string> answer =
        stdin_is_terminal() ? read_shown(question, longest) : read_plain(question);
    if (!answer || !looks_like_token(trimmed(*answer))) return answer;
    wipe(*answer);
    write_out(
        "That looks like a token. Nothing of it was used; a token is asked for by itself, and not shown.\n");
  }
}

}  // namespace

std::optional<std::string> ask(const std::string& question) { return ask_for(question, longest_answer); }

bool ask_yes_no(const std::string& question, bool otherwise) {
  while (true) {
    const auto answer = ask_for(question + (otherwise ? " [Y/n] " : " [y/N] "), longest_yes_or_no);
    if (!answer) return false;
    const std::string word = lower_case(trimmed(*answer));
    if (word.empty()) return otherwise;
    if (word == "y" || word == "yes") return true;
    if (word == "n" || word == "no") return false;
    write_out("Please answer y or n.\n");
  }
}

std::optional<Secret> ask_secretly(const std::string& question) {
  const Quiet hidden(Quiet::Keys::the_terminals);
  write_out(question);
  char typed[longest_secret];
  std::size_t size = 0;
  int c = 0;
  while (size < sizeof typed && (c = std::getchar()) != EOF && c != '\n')
    typed[size++] = static_cast<char>(c);
  std::optional<Secret> secret;
  if (size > 0 || c == '\n') secret.emplace(std::string_view(typed, size));
  explicit_bzero(typed, size);
  if (stdin_is_terminal()) write_out("\n");
  return secret;
}

}  // namespace forgelink::cli
