// SPDX-License-Identifier: MIT
#include "clients/cli/import/parsers.hpp"

namespace forgelink::cli {
namespace {

struct Word {
  std::string_view text;  // between its quotes, if it has any
  std::size_t begin = 0, end = 0;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The next word behind `at`; nothing at the end. In quotes a word may hold spaces, and \ before a quote.
std::optional<Word> next_word(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  if (at == text.size()) return std::nullopt;
  Word word{.begin = at};
  if (text[at] == '"') {
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    end = std::min(end, text.size());
    word.text = text.substr(at + 1, end - at - 1);
    word.end = std::min(end + 1, text.size());
  } else {
    std::size_t end = at;
    while (end < text.size() && !is_space(text[end])) ++end;
    word.text = text.substr(at, end - at);
    word.end = end;
  }
  return word;
}

Secret unescaped(std::string_view text) {
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size(); ++at, ++size) at += text[at] == '\\' && at + 1 < text.size();
  return Secret::of_size(size, [text](char* out) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) ++at;
      *out++ = text[at];
    }
  });
}

Secret netrc_value_of(std::string_view text, const Word& word) {
  return text[word.begin] == '"' ? unescaped(word.text) : Secret(word.text);
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
  const auto newline = text.find('\n', at);
  return newline == std::string_view::npos ? text.size() : newline + 1;
}

// A macro goes on up to an empty line, whose end may be CRLF.
std::size_t end_of_macro(std::string_view text, std::size_t at) {
  for (at = end_of_line(text, at); at < text.size(); at = end_of_line(text, at)) {
    if (text[at] == '\n' || text.substr(at, 2) == "\r\n") break;
  }
  return at;
}

bool is_keyword(std::string_view word) {
  for (const std::string_view one :
       {"machine", "default", "login", "password", "account", "macdef", "port", "protocol"}) {
    if (word == one) return true;
  }
  return false;
}

// The value of a keyword that ended at `at`. A keyword on a later line is none: the value was left out.
std::optional<Word> next_value(std::string_view text, std::size_t at) {
  const auto word = next_word(text, at);
  if (!word) return std::nullopt;
  const bool later_line = text.substr(at, word->begin - at).find('\n') != std::string_view::npos;
  return later_line && is_keyword(word->text) ? std::nullopt : word;
}

// "https" or a number; the usual port is left out of the host.
void set_port(Found& found, std::string_view port) {
  if (port == "http" || port == "https") {
    found.scheme = port;
  } else if (port != "443" && !port.empty() &&
             port.find_first_not_of("0123456789") == std::string_view::npos) {
    found.host.append(":").append(port);
  }
}

// One `machine` while it is read.
struct Entry {
  Found found{.source = "netrc", .scheme = "https"};
  Secret login, password;
  std::size_t begin = 0, end = 0;
};

// The whole lines, if nothing else is on them.
Cut cut_of(std::string_view text, const Entry& entry) {
  std::size_t begin = entry.begin, end = entry.end;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t' || text[end] == '\r')) ++end;
  const bool own_lines = begin == 0 || text[begin - 1] == '\n';
  if (end < text.size() && text[end] == '\n' && own_lines) ++end;
  return {.begin = begin, .end = end};
}

void finish(std::string_view text, std::optional<Entry>& entry, Parsed& parsed) {
  // A token may stand in the login's place, without a password.
  const bool has_token = entry && (!entry->password.empty() || looks_like_token(entry->login.reveal()));
  if (has_token && is_host(entry->found.host)) {
    entry->found.cuts.push_back(cut_of(text, *entry));
    fill_in(entry->found, entry->login, std::move(entry->password));
    parsed.found.push_back(std::move(entry->found));
  } else if (has_token) {
    parsed.trouble = "It holds a machine that is no host.";
  }
  entry.reset();
}

}  // namespace

Parsed parse_netrc(std::string_view text) {
  Parsed parsed;
  std::optional<Entry> entry;
  bool has_machine = false, has_macro = false;
  for (std::size_t at = 0;;) {
    const auto key = next_word(text, at);
    if (!key) break;
    at = key->end;
    if (key->text.starts_with('#')) {
      at = end_of_line(text, key->begin);
      continue;
    }
    if (key->text == "default" || key->text == "macdef") {
      finish(text, entry, parsed);
      parsed.has_default |= key->text == "default";
      has_macro |= key->text == "macdef";
      if (key->text == "macdef") at = end_of_macro(text, at);
      continue;
    }
    if (!is_keyword(key->text)) continue;  // curl passes over what it does not know
    const auto value = next_value(text, at);
    if (!value) continue;
    has_machine |= key->text == "machine";
    at = value->end;
    if (key->text == "machine") {
      finish(text, entry, parsed);
      entry.emplace();
      entry->begin = key->begin;
      entry->found.host = value->text;
    } else if (entry && key->text == "login") {
      entry->login = netrc_value_of(text, *value);
    } else if (entry && key->text == "password") {
      entry->password = netrc_value_of(text, *value);
    } else if (entry && key->text == "port") {
      set_port(entry->found, value->text);
    } else if (entry && key->text == "protocol" && (value->text == "http" || value->text == "https")) {
      entry->found.scheme = value->text;
    }
    if (entry) entry->end = value->end;
  }
  finish(text, entry, parsed);
  const bool is_blank = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (!has_machine && !has_macro && !parsed.has_default && !is_blank) parsed.trouble = "It names no machine.";
  return parsed;
}

}  // namespace forgelink::cli
