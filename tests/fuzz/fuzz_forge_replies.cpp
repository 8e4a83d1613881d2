// Whatever a forge, or what sits in front of it, may answer. First byte: which forge; second: the status; then headers
// up to an empty line, then the body.
#include "providers/provider.hpp"
#include "tests/fakes/scripted_http_client.hpp"
#include "tests/support/loop.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace forgelink;
  if (size < 2) return 0;
  const Provider& provider = providers()[data[0] % providers().size()];
  constexpr unsigned statuses[] = {200, 200, 200, 203, 301, 400, 401, 403, 404, 409, 410, 422, 429, 500};
  const unsigned status = statuses[data[1] % std::size(statuses)];
  std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  std::map<std::string, std::string, std::less<>> headers;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) break;
    headers.emplace(line.substr(0, colon), line.substr(colon + 1));
  }
  ScriptedHttpClient client;
  client.on("https://", status, std::string(text), headers);
  static const Endpoints endpoints;
  Target target{.endpoints = &endpoints, .connection = "c", .username = "octo", .email = "a@b", .organization = "org", .token = std::make_shared<const Secret>("token")};
  if (provider.self_hosted) target.server_url = "https://git.example";
  Loop loop;
  (void)loop.run(provider.verify(client, target));
  (void)loop.run(provider.repositories(client, target, "", 100));
  (void)loop.run(provider.commits(client, target, CommitQuery{.repository = "a/b", .branch = ""}, "", 100));
  for (const auto& asked : client.asked) {
    if (!asked.url.starts_with("https://api.github.com/") && !asked.url.starts_with("https://gitlab.com/") && !asked.url.starts_with("https://git.example/") && !asked.url.starts_with("https://api.bitbucket.org/") &&
        !asked.url.starts_with("https://dev.azure.com/")) {
      __builtin_trap();  // the token went elsewhere
    }
  }
  return 0;
}
