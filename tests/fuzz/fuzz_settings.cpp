// SPDX-License-Identifier: MIT
// Any settings file: read, or refused with a sentence; never anything else.
#include <cstring>

#include "daemon/settings/settings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  try {
    forgelink::parse_settings({reinterpret_cast<const char*>(data), size}, "config.toml");
  } catch (const forgelink::SettingsError& error) {
    if (std::strncmp(error.what(), "config.toml:", 12) != 0) __builtin_trap();
  }
  return 0;
}
