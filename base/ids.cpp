#include "base/ids.hpp"

#include <sys/random.h>

#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <chrono>
#include <system_error>

namespace forgelink {

boost::uuids::uuid make_uuid() {
  boost::uuids::uuid uuid;
  if (getrandom(uuid.data, sizeof uuid.data, 0) != static_cast<ssize_t>(sizeof uuid.data)) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  using namespace std::chrono;
  const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  for (int i = 0; i < 6; ++i) uuid.data[i] = static_cast<std::uint8_t>(now >> (40 - 8 * i));
  uuid.data[6] = static_cast<std::uint8_t>((uuid.data[6] & 0x0f) | 0x70);
  uuid.data[8] = static_cast<std::uint8_t>((uuid.data[8] & 0x3f) | 0x80);
  return uuid;
}

std::optional<boost::uuids::uuid> parse_uuid(std::string_view text) {
  // Boost's parser also takes braces and upper case; an id has one spelling.
  if (text.size() != 36) return std::nullopt;
  try {
    const auto uuid = boost::uuids::string_generator()(text.begin(), text.end());
    return boost::uuids::to_string(uuid) == text ? std::optional(uuid) : std::nullopt;
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

std::string to_text(const boost::uuids::uuid& uuid) { return boost::uuids::to_string(uuid); }

}  // namespace forgelink
