// SPDX-License-Identifier: MIT
#include "base/ids.hpp"

#include <sys/random.h>

#include <boost/uuid/uuid_io.hpp>
#include <chrono>
#include <system_error>

namespace forgelink {

boost::uuids::uuid make_uuid() {
  boost::uuids::uuid uuid;
  if (getrandom(uuid.data, sizeof uuid.data, 0) != static_cast<ssize_t>(sizeof uuid.data)) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  // Version 7 (RFC 9562 section 5.7): the time comes first, so ids sort by the order of their making, which
  // storage/connection_index.cpp and the pages of lists use.
  using namespace std::chrono;
  const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  for (int i = 0; i < 6; ++i) uuid.data[i] = static_cast<std::uint8_t>(now >> (40 - 8 * i));
  uuid.data[6] = static_cast<std::uint8_t>((uuid.data[6] & 0x0f) | 0x70);
  uuid.data[8] = static_cast<std::uint8_t>((uuid.data[8] & 0x3f) | 0x80);
  return uuid;
}

// By hand: Boost's parser takes other spellings as well, and half a microsecond, for each of a registry's
// rows.
std::optional<boost::uuids::uuid> parse_uuid(std::string_view text) {
  constexpr std::string_view form = "00000000-0000-0000-0000-000000000000";
  if (text.size() != form.size()) return std::nullopt;
  boost::uuids::uuid uuid{};
  std::size_t digits = 0;
  for (std::size_t at = 0; at < form.size(); ++at) {
    const char c = text[at];
    if (form[at] == '-') {
      if (c != '-') return std::nullopt;
      continue;
    }
    const bool letter = c >= 'a' && c <= 'f';
    if (!letter && (c < '0' || c > '9')) return std::nullopt;
    std::uint8_t& byte = uuid.data[digits++ / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | (letter ? c - 'a' + 10 : c - '0'));
  }
  return uuid;
}

std::string to_text(const boost::uuids::uuid& uuid) { return boost::uuids::to_string(uuid); }

}  // namespace forgelink
