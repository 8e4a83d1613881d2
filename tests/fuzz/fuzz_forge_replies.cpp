// Whatever a forge answers, verifying and listing end in a result: no crash, no question to another origin,
// no token in an error, no text that is not UTF-8.
//
// Input: first byte chooses the forge and the question, then replies: two bytes of status, a line of headers
// joined by \x01 as "name:value", and a body up to \x02.
#include <boost/json.hpp>
#include <cstdlib>
#include <iostream>

#include "providers/provider.hpp"
#include "providers/url.hpp"
#include "tests/support/loop.hpp"

namespace forgelink {
namespace {

constexpr std::string_view a_token = "a-token-for-tests-0123456789";

[[noreturn]] void wrong(std::string_view what) {
  std::cerr << what << "\n";
  std::abort();
}

// Gives out the replies in the input, one after the other.
class FuzzedClient : public http::Client {
 public:
  FuzzedClient(std::string_view input, std::vector<Origin> allowed)
      : input_(input), allowed_(std::move(allowed)) {}

  awaitable<Result<http::Reply>> send(http::Request request) override {
    const auto origin = origin_of(request.url);
    if (!origin || std::find(allowed_.begin(), allowed_.end(), *origin) == allowed_.end())
      wrong("asked another origin");
    if (input_.size() < 2 || ++asked_ > 40) {
      co_return Error{.code = Errc::forge_unreachable, .message = "No more replies."};
    }
    http::Reply reply{.status = status_of(take(2))};
    read_headers(take_to('\n'), reply);
    reply.body = std::string(take_to('\x02'));
    co_return reply;
  }

 private:
  static unsigned status_of(std::string_view bytes) {
    static constexpr unsigned common[] = {200, 200, 200, 200, 203, 301, 302, 400,
                                          401, 403, 404, 409, 410, 422, 429, 500};
    const auto first = static_cast<unsigned char>(bytes[0]);
    return first < 0xf0 ? common[first % 16] : 100 + static_cast<unsigned char>(bytes[1]) * 2;
  }
  static void read_headers(std::string_view line, http::Reply& reply) {
    reply.headers["content-type"] = "application/json";
    while (!line.empty()) {
      const auto end = line.find('\x01');
      const std::string_view field = line.substr(0, end);
      line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
      const auto colon = field.find(':');
      if (colon == std::string_view::npos) continue;
      reply.headers[std::string(field.substr(0, colon))] = std::string(field.substr(colon + 1));
    }
  }
  std::string_view take(std::size_t count) {
    const std::string_view taken = input_.substr(0, count);
    input_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view take_to(char end) {
    const auto at = input_.find(end);
    const std::string_view taken = input_.substr(0, at);
    input_.remove_prefix(at == std::string_view::npos ? input_.size() : at + 1);
    return taken;
  }

  std::string_view input_;
  std::vector<Origin> allowed_;
  int asked_ = 0;
};

void check(const Error& error) {
  boost::json::object all = error.details;
  all["message"] = error.message + error.hint + error.url;
  const std::string text = boost::json::serialize(all);
  if (text.find(a_token) != std::string::npos) wrong("the token is in an error");
  boost::system::error_code bad;
  static_cast<void>(boost::json::parse(text, bad));
  if (bad) wrong("an error is not UTF-8");
  if (error.message.empty()) wrong("an error says nothing");
}

template <class Ask>
void follow(Ask ask) {
  std::string next;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = ask(next);
    if (!page) return check(page.error());
    next = page->next;
    if (next.empty()) return;
  }
}

void run(std::string_view input) {
  if (input.empty()) return;
  const auto choice = static_cast<unsigned char>(input[0]);
  const Provider& provider = providers()[choice % providers().size()];
  static int count = 0;
  const Endpoints endpoints;
  Target target{.endpoints = &endpoints, .connection = std::to_string(++count)};
  target.username = "octo-dev";
  target.email = "dev@example.org";
  if (provider.self_hosted) target.server_url = "https://git.example:8443/sub";
  if (provider.id == "azure-devops" && (choice & 0x80) == 0) target.organization = "octo-org";
  target.token = std::make_shared<const Secret>(a_token);

  std::vector<Origin> allowed;
  for (const std::string& url :
       {endpoints.github_api, endpoints.gitlab_root, endpoints.bitbucket_api, endpoints.azure_root,
        endpoints.azure_profile, std::string("https://git.example:8443")}) {
    allowed.push_back(*origin_of(url));
  }
  FuzzedClient client(input.substr(1), std::move(allowed));
  Loop loop;
  switch ((choice / providers().size()) % 3) {
    case 0: {
      const auto said = loop.run(provider.verify(client, target));
      if (!said) check(said.error());
      break;
    }
    case 1:
      follow([&](const std::string& next) {
        return loop.run(provider.repositories(client, target, next, 100));
      });
      break;
    default: {
      const CommitQuery query{.repository = "12", .branch = (choice & 0x40) != 0 ? "main" : ""};
      const CommitQuery by_path{.repository = "octo/hello", .branch = query.branch};
      const bool number = (choice & 0x20) != 0;
      follow([&](const std::string& next) {
        return loop.run(provider.commits(client, target, number ? query : by_path, next, 100));
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
