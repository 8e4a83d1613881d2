// SPDX-License-Identifier: MIT
// Whatever is typed for an address or a repository: what is taken is in its normal form and stays so, what is
// compared is the host that is connected to, and nothing crashes.
#include <cstdlib>
#include <iostream>

#include "base/url.hpp"
#include "providers/repository_name.hpp"
#include "providers/server_url.hpp"

namespace forgelink {
namespace {

[[noreturn]] void wrong(std::string_view what, std::string_view input) {
  std::cerr << what << ": " << input << "\n";
  std::abort();
}

void run(std::string_view input) {
  if (const auto origin = origin_of(input)) {
    if (origin->port == 0 || origin->port > 65535 || origin->host.empty()) wrong("half an origin", input);
    if (origin_of(origin->text()) != origin) wrong("an origin is not its own", input);
    // What is connected to is what stands there, up to the case of its letters: no prefix of it, and nothing
    // else.
    std::string rest(input.substr(input.find("://") + 3));
    rest = rest.substr(0, rest.find_first_of("/?#"));
    rest = rest.substr(rest.rfind('@') + 1);
    for (char& c : rest) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const std::string after = rest.starts_with(origin->host) ? rest.substr(origin->host.size()) : "x";
    if (!after.empty() && !after.starts_with(':')) wrong("another host", input);
  }
  const auto url = normal_server_url(input, true);
  if (url) {
    const auto again = normal_server_url(*url, true);
    if (!again || *again != *url) wrong("a normal address is not normal", input);
    const auto origin = origin_of(*url);
    if (!origin || !url->starts_with(origin->text()))
      wrong("an address does not begin with its origin", input);
    if (!normal_server_url(input, false) && origin->scheme != "http") wrong("refused without reason", input);
    const RepositoryPlaces places{.web_roots = {*url}, .ssh_hosts = {}, .ssh_has_sub_path = true};
    const auto named = read_repository_name(*url + "/owner/name", places);
    if (!named || named->parts != std::vector<std::string>{"owner", "name"})
      wrong("what is below a root is not found there", input);
  } else if (url.error().message.empty() || url.error().field != "server_url") {
    wrong("a refusal says nothing", input);
  }

  const RepositoryPlaces places{.web_roots = {"https://github.com", "https://host.example:8443/git/lab"},
                                .ssh_hosts = {"ssh.github.com"}};
  const auto named = read_repository_name(input, places);
  if (named) {
    if (named->parts.empty()) wrong("a name without parts", input);
    for (const std::string& part : named->parts) {
      if (part.empty() || part == "." || part == ".." || part.find('/') != std::string::npos)
        wrong("a part that is none", input);
    }
    const std::string path = joined(named->parts);
    if (percent_decoded(encoded_path(path)) != path) wrong("a path does not survive its encoding", input);
  }
  if (percent_decoded(percent_encoded(input)) != input) wrong("encoding loses something", input);
}

}  // namespace
}  // namespace forgelink

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  forgelink::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
