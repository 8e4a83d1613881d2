// SPDX-License-Identifier: MIT
// Whatever an authorization server answers, it ends in tokens or in an error that tells none of our secrets.
//
// Input: a byte that chooses the question and the type, then replies as in fuzzed_client.hpp.
#include "providers/oauth/oauth_client.hpp"
#include "providers/provider.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/fuzz/fuzzed_client.hpp"
#include "tests/support/loop.hpp"

namespace forgelink {
namespace {

constexpr std::string_view a_secret = "a-secret-for-tests-0123456789";
constexpr std::string_view types[] = {"github", "gitlab", "bitbucket", "azure-devops"};

SharedSecret secret() { return std::make_shared<const Secret>(a_secret); }

void check_answer(const TokenAnswer& answer, const Clock& clock) {
  if (!answer.tokens) return check_error(answer.error, a_secret);
  if (answer.tokens->access.empty()) wrong("a token that is none");
  if (answer.tokens->expires_at && *answer.tokens->expires_at <= clock.now())
    wrong("a token that is over already");
}

OAuthServer server_of(std::string_view type, const Endpoints& endpoints) {
  const OAuthDialect& dialect = *find_provider(type)->oauth;
  const Target target{.endpoints = &endpoints};
  return {.dialect = &dialect,
          .endpoints = dialect.endpoints(target, ""),
          .app = {.client_id = "id", .client_secret = secret()},
          .type = std::string(type),
          .app_page = dialect.app_page(target)};
}

void check_device(OAuthClient& oauth, const OAuthServer& server, bool start, const Clock& clock) {
  Loop loop;
  DeviceCode device{.device_code = secret()};
  if (start) {
    auto started = loop.run(oauth.start_device(server));
    if (!started) return check_error(started.error(), a_secret);
    if (started->interval.count() < 1 || started->expires_in.count() < 1) wrong("a device code in no time");
    device = std::move(*started);
  }
  const DevicePoll poll = loop.run(oauth.poll_device(server, device));
  if (poll.slower && *poll.slower <= device.interval) wrong("slower that is not slower");
  check_answer(poll.answer, clock);
}

void run(std::string_view input) {
  if (input.empty()) return;
  const Endpoints endpoints;
  const ManualClock clock;
  const OAuthServer server = server_of(types[(input[0] >> 2) & 3], endpoints);
  FuzzedClient client(input.substr(1), {*origin_of(server.endpoints.token)});
  OAuthClient oauth(client, clock);
  Loop loop;
  switch (input[0] & 3) {
    case 0: {
      const SignInRequest request{.redirect_uri = "http://127.0.0.1:1/callback/x",
                                  .issuer = server.endpoints.issuer,
                                  .state = secret(),
                                  .verifier = secret()};
      return check_answer(loop.run(oauth.exchange_code(server, request, secret())), clock);
    }
    case 1:
      return check_answer(loop.run(oauth.refresh(server, secret())), clock);
    default:
      return check_device(oauth, server, (input[0] & 1) == 0 && server.dialect->device, clock);
  }
}

}  // namespace
}  // namespace forgelink

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  forgelink::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
