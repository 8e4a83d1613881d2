// Addresses of servers and repositories, as people type them and as git has them.
#include "providers/repository_name.hpp"
#include "providers/url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace forgelink;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)origin_of(text);
  if (const auto normal = normal_server_url(text, true)) {
    // The normal form is its own normal form.
    const auto again = normal_server_url(*normal, true);
    if (!again || *again != *normal) __builtin_trap();
    const RepositoryPlaces places{.web_roots = {*normal}, .ssh_hosts = {}};
    (void)repository_path(text, places);
  }
  const RepositoryPlaces places{.web_roots = {"https://git.example/sub"}, .ssh_hosts = {"ssh.git.example"}};
  if (const auto parts = repository_path(text, places)) {
    for (const std::string& part : *parts) {
      if (part.empty() || part == ".." || part.find('/') != std::string::npos) __builtin_trap();
    }
  }
  return 0;
}
