// SPDX-License-Identifier: MIT
// What each method refuses by itself, in one table: the kind of the error and the parameter it is about.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

struct Refused {
  const char *method, *params;
  Errc code;
  const char* field;
};

void PrintTo(const Refused& refused, std::ostream* out) { *out << refused.method << " " << refused.params; }

// There is one connection, “Work” on GitHub, and “Bucket” on Bitbucket.
class MethodRefusals : public testing::TestWithParam<Refused>, public ServicesFixture {};

TEST_P(MethodRefusals, NameTheKindAndTheParameter) {
  with_token(draft("Work"), "ghp_token");
  Connection bucket = draft("Bucket", "bitbucket");
  bucket.username = "octo";
  with_token(std::move(bucket), "token");
  const Refused& wanted = GetParam();
  const Reply reply = call(wanted.method, boost::json::parse(wanted.params));
  ASSERT_THAT(reply, FailsWith(wanted.code));
  EXPECT_EQ(reply.error().field, wanted.field);
  EXPECT_EQ(services.registry->size(), 2u) << "nothing was made";
  EXPECT_EQ(forge.asked.size(), 0u) << "nothing was sent";
}

INSTANTIATE_TEST_SUITE_P(
    Connections, MethodRefusals,
    testing::Values(
        Refused{"connection.add", R"({"name":"work","type":"github"})", Errc::name_taken, "name"},
        Refused{"connection.add", R"({"name":"","type":"github"})", Errc::invalid_params, "name"},
        Refused{"connection.add", R"({"name":"a\nb","type":"github"})", Errc::invalid_params, "name"},
        Refused{"connection.add", R"({"name":"New","type":"svn"})", Errc::invalid_params, "type"},
        Refused{"connection.add", R"({"name":"New","type":"bitbucket"})", Errc::username_required,
                "username"},
        Refused{"connection.add", R"({"name":"New","type":"gitlab-self-managed"})", Errc::server_url_required,
                "server_url"},
        Refused{"connection.add",
                R"({"name":"New","type":"gitlab-self-managed","server_url":"http://git.example"})",
                Errc::invalid_params, "server_url"},
        Refused{"connection.add",
                R"({"name":"New","type":"bitbucket","username":"o","server_url":"https://git.example"})",
                Errc::bitbucket_on_premise_unsupported, "server_url"},
        Refused{"connection.add", R"({"name":"New","type":"github","retention":"forever"})",
                Errc::invalid_params, "retention"},
        Refused{"connection.add", R"({"name":"New","type":"github","access":"never"})", Errc::invalid_params,
                "access"},
        Refused{"connection.add", R"({"name":"New","type":"github","sign_in":"ssh"})", Errc::invalid_params,
                "sign_in"},
        Refused{"connection.add", R"({"name":"New","type":"gitlab","sign_in":"github"})",
                Errc::sign_in_unsupported, "sign_in"},
        Refused{"connection.update", R"({"connection":"Work","name":"BUCKET"})", Errc::name_taken, "name"},
        Refused{"connection.update", R"({"connection":"Work","retention":"x"})", Errc::invalid_params,
                "retention"},
        Refused{"connection.update", R"({"connection":"Work","access":"x"})", Errc::invalid_params, "access"},
        Refused{"connection.update", R"({"connection":"Bucket","username":null})", Errc::username_required,
                "username"},
        Refused{"connection.list", R"({"cursor":"!"})", Errc::invalid_params, "cursor"},
        Refused{"connection.list", R"({"type":"svn"})", Errc::invalid_params, "type"},
        Refused{"connection.list", R"({"limit":0})", Errc::invalid_params, "limit"},
        Refused{"connection.list", R"({"limit":1001})", Errc::invalid_params, "limit"}));

INSTANTIATE_TEST_SUITE_P(
    Lists, MethodRefusals,
    testing::Values(
        Refused{"repository.list", R"({"connection":"Work","cursor":"!"})", Errc::invalid_params, "cursor"},
        Refused{"repository.list", R"({"connection":"Work","limit":0})", Errc::invalid_params, "limit"},
        Refused{"commit.list", R"({"connection":"Work","repository":"o/r","cursor":"!"})",
                Errc::invalid_params, "cursor"},
        Refused{"forge.request", R"({"connection":"Work","path":"/../x"})", Errc::invalid_params, "path"},
        Refused{"forge.request", R"({"connection":"Work","path":"/user","method":"DELETE"})",
                Errc::invalid_params, "write"},
        Refused{"forge.request", R"({"connection":"Work","path":"/user","query":{"a":{}}})",
                Errc::invalid_params, "query"},
        Refused{"forge.request", R"({"connection":"Work","path":"/user","headers":{"a":1}})",
                Errc::invalid_params, "headers"},
        Refused{"forge.request", R"({"connection":"Work","path":"/user","headers":{"Authorization":"x"}})",
                Errc::invalid_params, "headers"},
        Refused{"forge.request", R"({"connection":"Work","path":"/user","body_base64":"?"})",
                Errc::invalid_params, "body_base64"},
        Refused{"access.list", R"({"cursor":"!"})", Errc::invalid_params, "cursor"},
        Refused{"connection.list", R"({"cursor":"Work"})", Errc::invalid_params, "cursor"},
        Refused{"connection.add", R"({"type":"github","name":"ghp_0123456789abcdef0123","token":"x"})",
                Errc::invalid_params, "name"},
        Refused{"access.list", R"({"limit":0})", Errc::invalid_params, "limit"}));

INSTANTIATE_TEST_SUITE_P(
    Access, MethodRefusals,
    testing::Values(
        Refused{"access.answer", R"({"request":"abcdef","decision":"once"})", Errc::not_found, "request"},
        Refused{"access.answer", R"({"request":"abcdef","decision":"maybe"})", Errc::invalid_params,
                "decision"},
        Refused{"access.revoke", R"({"grant":"abcdef"})", Errc::not_found, "grant"},
        Refused{"front.open", R"({"connection":"Work","repositories":["no-owner"]})", Errc::invalid_params,
                "repositories"},
        Refused{"front.open", R"({"connection":"Work","repositories":[]})", Errc::invalid_params,
                "repositories"},
        Refused{"front.open", R"({"connection":"Work","repositories":["https://github.com/o/r"]})",
                Errc::invalid_params, "repositories"},
        Refused{"front.open", R"({"connection":"Work","repositories":["o/../x"]})", Errc::invalid_params,
                "repositories"},
        Refused{"front.close", R"({"front":"abcdef"})", Errc::not_found, "front"},
        Refused{"lend.start", R"({"connections":[]})", Errc::invalid_params, "connections"},
        Refused{"lend.start", R"({"connections":["Work"],"for":"8"})", Errc::invalid_params, "for"},
        Refused{"lend.start", R"({"connections":["Work"],"for":"-8h"})", Errc::invalid_params, "for"},
        Refused{"lend.start", R"({"connections":["Work"],"for":"31d"})", Errc::invalid_params, "for"},
        Refused{"lend.start", R"({"connections":["Work"],"socket":"relative"})", Errc::invalid_params,
                "socket"},
        Refused{"lend.start", R"({"connections":["Work"],"socket":"/tmp"})", Errc::invalid_params, "socket"},
        Refused{"lend.end", R"({"lend":"abcdef"})", Errc::not_found, "lend"},
        Refused{"event.subscribe", R"({"kinds":["connection.added","x"]})", Errc::invalid_params, "kinds"}));

INSTANTIATE_TEST_SUITE_P(
    Rules, MethodRefusals,
    testing::Values(Refused{"rule.add", R"({"connection":"Work"})", Errc::invalid_params, "url"},
                    Refused{"rule.add", R"({"connection":"Work","url":"github.com/o"})", Errc::invalid_params,
                            "url"},
                    Refused{"rule.add", R"({"connection":"Work","url":"https://other.example/o"})",
                            Errc::invalid_params, "url"},
                    Refused{"rule.add", R"({"connection":"Work","directory":"relative"})",
                            Errc::invalid_params, "directory"},
                    Refused{"rule.remove", R"({"rule":"no id"})", Errc::not_found, "rule"},
                    Refused{"rule.remove", R"({"rule":"0190f3c2-0000-7000-8000-000000000000"})",
                            Errc::not_found, "rule"}));

INSTANTIATE_TEST_SUITE_P(
    Tokens, MethodRefusals,
    testing::Values(
        Refused{"token.purge", R"({"scope":"some"})", Errc::invalid_params, "scope"},
        Refused{"token.purge", R"({"scope":"connection"})", Errc::invalid_params, "connection"},
        Refused{"token.purge", R"({"scope":"all","connection":"Work"})", Errc::invalid_params, "connection"},
        Refused{"token.renew", R"({"connection":"Work"})", Errc::renew_unsupported, ""},
        Refused{"sign_in.start", R"({"method":"post","connection":"Work"})", Errc::invalid_params, "method"},
        Refused{"sign_in.start", R"({"method":"browser"})", Errc::invalid_params, "connection"},
        Refused{"sign_in.start", R"({"method":"browser","connection":"Work","add":{"name":"New"}})",
                Errc::invalid_params, "connection"},
        Refused{"sign_in.start", R"({"method":"browser","add":{"name":"work"}})", Errc::name_taken,
                "add.name"},
        Refused{"sign_in.start", R"({"method":"browser","add":{"name":"New","type":"svn"}})",
                Errc::invalid_params, "add.type"},
        Refused{"sign_in.start", R"({"method":"browser","add":{"name":"New","retention":"x"}})",
                Errc::invalid_params, "add.retention"},
        Refused{"sign_in.start",
                R"({"method":"browser","add":{"name":"New","type":"bitbucket-data-center",
                    "server_url":"https://git.example","username":"o"}})",
                Errc::sign_in_unsupported, "method"},
        Refused{"sign_in.start", R"({"method":"device","add":{"name":"New","type":"bitbucket"}})",
                Errc::sign_in_unsupported, "method"},
        Refused{"sign_in.start", R"({"method":"browser","add":{"name":"New"}})", Errc::oauth_app_missing, ""},
        Refused{"sign_in.wait", R"({"sign_in":"abcdef"})", Errc::not_found, "sign_in"},
        Refused{"sign_in.wait", R"({"sign_in":"abcdef","timeout":301})", Errc::invalid_params, "timeout"},
        Refused{"sign_in.cancel", R"({"sign_in":"abcdef"})", Errc::not_found, "sign_in"},
        Refused{"sign_in.complete", R"({"sign_in":"abcdef","redirect_url":"http://127.0.0.1/"})",
                Errc::not_found, "sign_in"},
        Refused{"oauth_app.set", R"({"type":"svn","client_id":"id"})", Errc::invalid_params, "type"},
        Refused{"oauth_app.set", R"({"type":"bitbucket-data-center","client_id":"id"})",
                Errc::sign_in_unsupported, "type"},
        Refused{"oauth_app.set", R"({"type":"github","client_id":"two words"})", Errc::invalid_params,
                "client_id"},
        Refused{"oauth_app.set", R"({"type":"github","client_id":"id","client_secret":"two words"})",
                Errc::invalid_params, "client_secret"},
        Refused{"oauth_app.set", R"({"type":"forgejo","client_id":"id","server_url":"not an address"})",
                Errc::invalid_params, "server_url"},
        Refused{"oauth_app.remove", R"({"type":"github"})", Errc::not_found, ""}));

class ControlCharacters : public testing::TestWithParam<const char*>, public ServicesFixture {};

TEST_P(ControlCharacters, AreRefusedInWhatGitSends) {
  for (const char* method : {"credential.get", "credential.store", "credential.erase"}) {
    boost::json::object params{{"protocol", "https"}, {"host", "github.com"}};
    const std::string_view field = GetParam();
    if (field == "wwwauth" || field == "capabilities") {
      params[field] = boost::json::array{"fine", "a\rb"};
    } else {
      params[field] = "a\nb";
    }
    const Reply reply = call(method, params);
    ASSERT_THAT(reply, FailsWith(Errc::invalid_params)) << method;
    EXPECT_EQ(reply.error().field, field);
  }
}

INSTANTIATE_TEST_SUITE_P(All, ControlCharacters,
                         testing::Values("protocol", "host", "path", "username", "directory", "password",
                                         "oauth_refresh_token", "authtype", "credential", "wwwauth",
                                         "capabilities"));

}  // namespace
}  // namespace forgelink
