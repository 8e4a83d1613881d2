// SPDX-License-Identifier: MIT
// What a browser, or anything else on this machine, may send to the listener of a sign-in.
#include "providers/oauth/redirect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace forgelink;
  static const SignInRequest request{.redirect_uri = "http://127.0.0.1:1/callback/x",
                                     .issuer = "https://github.com/login/oauth",
                                     .state = std::make_shared<const Secret>("the-state"),
                                     .verifier = nullptr};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool pasted : {false, true}) {
    const auto answer = pasted ? parse_redirect_url(text, request) : parse_redirect_query(text, request);
    // Without the state nothing gets through.
    if (answer && text.find("state") == std::string_view::npos && text.find('%') == std::string_view::npos)
      __builtin_trap();
    if (answer && answer->code.empty() == answer->error.empty()) __builtin_trap();
  }
  return 0;
}
