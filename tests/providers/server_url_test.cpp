// SPDX-License-Identifier: MIT
#include "providers/server_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/results.hpp"

namespace forgelink {
namespace {

TEST(ServerUrl, AServersAddressIsTakenAsPeopleTypeIt) {
  const std::vector<std::pair<const char*, const char*>> typed = {
      {"git.example", "https://git.example"},
      {"  https://Git.Example/ \n", "https://git.example"},
      {"git.example:8443/Sub/Path/", "https://git.example:8443/Sub/Path"},
      {"https://git.example:443//sub///path//", "https://git.example/sub/path"},
      {"https://git.example./x", "https://git.example/x"},
      {"http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"},
      {"http://localhost", "http://localhost"},
      {"https://xn--bcher-kva.example", "https://xn--bcher-kva.example"},
      {"https://10.0.0.1.nip.io/lab/", "https://10.0.0.1.nip.io/lab"},
      {"https://server/tfs/My%20Collection", "https://server/tfs/My%20Collection"},
      {"https://[::1]:8443", "https://[::1]:8443"},
      {"https://server/tfs/My Collection", "https://server/tfs/My%20Collection"},
      {"https://server/tfs/B\xc3\xbc"
       "cher",
       "https://server/tfs/B%C3%BCcher"},
  };
  for (const auto& [text, normal] : typed) {
    const auto url = normal_server_url(text, false);
    ASSERT_THAT(url, Succeeds()) << text;
    EXPECT_EQ(*url, normal) << text;
    EXPECT_EQ(*normal_server_url(*url, false), normal) << "a normal address stays as it is";
  }
}

TEST(ServerUrl, AServersAddressThatCannotBeIsRefused) {
  for (const char* text :
       {"", " ", "https://", "ftp://git.example", "file:///etc/passwd", "https://user:word@git.example",
        "https://git.example/?x=1", "https://git.example/#x", "https://git.example/../x",
        "https://git.example/%2e%2e/x", "https://git.example/a%2fb", "https://git.example/a%0ab",
        "https://git.example/%zz", "https://b\xc3\xbc.example", "https://git exa.example",
        "https://git.example:99999", "https://.", "javascript:alert(1)", "http:git.example"}) {
    const auto url = normal_server_url(text, true);
    ASSERT_THAT(url, FailsWith(Errc::invalid_params)) << text;
    EXPECT_EQ(url.error().field, "server_url") << text;
  }
}

TEST(ServerUrl, PlainHttpWantsAYes) {
  EXPECT_THAT(normal_server_url("http://git.example", false), FailsWith(Errc::invalid_params));
  EXPECT_EQ(*normal_server_url("http://git.example:80/x/", true), "http://git.example/x");
  EXPECT_THAT(normal_server_url("http://127.0.0.1.evil.example", false), FailsWith(Errc::invalid_params));
}

}  // namespace
}  // namespace forgelink
