// SPDX-License-Identifier: MIT
// Whatever a forge answers, verifying and listing end in a result: no crash, no question to another origin,
// no token in an error, no text that is not UTF-8.
//
// Input: a byte that chooses the forge and the question, one for the particulars, then replies as in
// fuzzed_client.hpp.
#include "providers/provider.hpp"
#include "tests/fuzz/fuzzed_client.hpp"
#include "tests/support/loop.hpp"

namespace forgelink {
namespace {

constexpr std::string_view a_token = "a-token-for-tests-0123456789";
constexpr std::string_view repositories[] = {"12",
                                             "octo/hello",
                                             "11111111-2222-4333-8444-555555555555",
                                             "{11111111-2222-4333-8444-555555555555}",
                                             "group/sub/project",
                                             "hello",
                                             "https://git.example:8443/sub/octo/hello.git",
                                             "https://dev.azure.com/octo-org/Project/_git/hello"};

template <class Ask>
void follow(Ask ask) {
  std::string next;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = ask(next);
    if (!page) return check_error(page.error(), a_token);
    next = page->next;
    if (next.empty()) return;
  }
}

void run(std::string_view input) {
  if (input.size() < 2) return;
  const std::size_t choice = static_cast<unsigned char>(input[0]);
  const std::size_t particulars = static_cast<unsigned char>(input[1]);
  const Provider& provider = providers()[choice % providers().size()];
  static int count = 0;
  const Endpoints endpoints;
  Target target{.endpoints = &endpoints, .connection = std::to_string(++count)};
  target.username = "octo-dev";
  target.email = "dev@example.org";
  if (provider.self_hosted) target.server_url = "https://git.example:8443/sub";
  if (provider.id == "azure-devops" && (particulars & 1) == 0) target.organization = "octo-org";
  target.token = std::make_shared<const Secret>(a_token);

  std::vector<Origin> allowed;
  for (const std::string& url :
       {endpoints.of("github", "api"), endpoints.of("gitlab", "root"), endpoints.of("bitbucket", "api"),
        endpoints.of("azure-devops", "root"), endpoints.of("azure-devops", "profile"),
        std::string("https://git.example:8443")}) {
    allowed.push_back(*origin_of(url));
  }
  FuzzedClient client(input.substr(2), std::move(allowed));
  Loop loop;
  switch (choice / providers().size() % 3) {
    case 0: {
      const auto said = loop.run(provider.verify(client, target));
      if (!said) check_error(said.error(), a_token);
      break;
    }
    case 1:
      follow([&](const std::string& next) {
        return loop.run(provider.repositories(client, target, next, 100));
      });
      break;
    default: {
      const CommitQuery query{.repository = std::string(repositories[particulars >> 2 & 7]),
                              .branch = (particulars & 2) != 0 ? "main" : ""};
      follow([&](const std::string& next) {
        return loop.run(provider.commits(client, target, query, next, 100));
      });
    }
  }
}

}  // namespace
}  // namespace forgelink

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  forgelink::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
