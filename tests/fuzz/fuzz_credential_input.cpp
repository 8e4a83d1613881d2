// SPDX-License-Identifier: MIT
// What git, or somebody in its place, writes to the credential helper.
#include <boost/json.hpp>

#include "clients/git_credential/credential_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace forgelink;
  std::string why;
  const auto parsed = parse_credential({reinterpret_cast<const char*>(data), size}, why);
  if (!parsed) {
    if (why.empty() || !is_clean(why)) __builtin_trap();
    return 0;
  }
  for (const auto& [key, value] : parsed->params) {
    if (value.is_string() && !is_clean(std::string_view(value.get_string()))) __builtin_trap();
  }
  return 0;
}
