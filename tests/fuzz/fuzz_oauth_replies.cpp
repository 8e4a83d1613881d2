// SPDX-License-Identifier: MIT
// Whatever GitHub's sign-in answers, it ends in tokens or in an error that tells none of our secrets.
//
// Input: a byte that chooses the question, then replies as in fuzzed_client.hpp.
#include "providers/oauth/github_oauth.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/fuzz/fuzzed_client.hpp"
#include "tests/support/loop.hpp"

namespace forgelink {
namespace {

constexpr std::string_view a_secret = "a-secret-for-tests-0123456789";

std::shared_ptr<const Secret> secret() { return std::make_shared<const Secret>(a_secret); }

void check_tokens(const Result<OAuthTokens>& tokens, const Clock& clock) {
  if (!tokens) return check_error(tokens.error(), a_secret);
  if (tokens->access.empty()) wrong("a token that is none");
  if (tokens->expires_at && *tokens->expires_at <= clock.now()) wrong("a token that is over already");
}

void run(std::string_view input) {
  if (input.empty()) return;
  const Endpoints endpoints;
  const ManualClock clock;
  FuzzedClient client(input.substr(1), {*origin_of(endpoints.of("github", "web"))});
  GithubOAuth github(client, endpoints, clock);
  OAuthClient app{.client_id = "id", .client_secret = secret()};
  Loop loop;
  switch (input[0] & 3) {
    case 0: {
      SignInRequest request{.redirect_uri = "http://127.0.0.1:1/callback/x",
                            .issuer = github.issuer(),
                            .state = secret(),
                            .verifier = secret()};
      check_tokens(loop.run(github.exchange_code(app, request, Secret(a_secret))), clock);
      break;
    }
    case 1:
      check_tokens(loop.run(github.refresh(app, secret())), clock);
      break;
    default: {
      DeviceCode device{.device_code = secret()};
      if ((input[0] & 1) == 0) {
        auto started = loop.run(github.start_device(app, {"repo"}));
        if (!started) return check_error(started.error(), a_secret);
        if (started->interval.count() < 1 || started->expires_in.count() < 1)
          wrong("a device code in no time");
        device = std::move(*started);
      }
      const auto poll = loop.run(github.poll_device(app, device));
      if (!poll) return check_error(poll.error(), a_secret);
      if (poll->slower && *poll->slower <= device.interval) wrong("slower that is not slower");
    }
  }
}

}  // namespace
}  // namespace forgelink

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  forgelink::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
