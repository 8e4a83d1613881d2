// SPDX-License-Identifier: MIT
#include "daemon/methods/credential.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "base/text.hpp"

namespace forgelink {
Result<GitCredential> checked(protocol::CredentialParams params) {
  const auto text = [](const std::optional<ipc::LongText>& value) {
    return value ? std::string_view(value->value) : std::string_view();
  };
  const auto secret = [](const std::optional<Secret>& value) {
    return value ? value->reveal() : std::string_view();
  };
  const std::pair<const char*, std::string_view> all[] = {
      {"protocol", params.protocol.value},
      {"host", params.host.value},
      {"path", text(params.path)},
      {"username", text(params.username)},
      {"directory", text(params.directory)},
      {"password", secret(params.password)},
      {"oauth_refresh_token", secret(params.oauth_refresh_token)},
      {"authtype", text(params.authtype)},
      {"credential", secret(params.credential)}};
  // git's protocol is lines: a newline in a value would be read as a further key (docs/forges.md 12).
  for (const auto& [field, value] : all) {
    if (has_control_character(value))
      return invalid(field, fmt::format("`{}` holds a control character.", field));
  }
  for (const auto& [field, values] :
       {std::pair("wwwauth", &params.wwwauth), std::pair("capabilities", &params.capabilities)}) {
    for (const ipc::LongText& one : *values) {
      if (has_control_character(one.value))
        return invalid(field, fmt::format("`{}` holds a control character.", field));
    }
  }
  const auto moved = [](std::optional<ipc::LongText>& value) {
    return value ? std::optional(std::move(value->value)) : std::nullopt;
  };
  GitCredential asked{.address = {.protocol = std::move(params.protocol.value),
                                  .host = std::move(params.host.value),
                                  .path = moved(params.path),
                                  .username = moved(params.username),
                                  .directory = moved(params.directory).value_or("")},
                      .password = std::move(params.password),
                      .refresh_token = std::move(params.oauth_refresh_token),
                      .credential = std::move(params.credential),
                      .authtype = moved(params.authtype),
                      .ephemeral = params.ephemeral};
  for (const ipc::LongText& capability : params.capabilities)
    asked.understands_authtype |= capability.value == "authtype";
  // git: 0 and what is no number mean that it does not end.
  if (params.password_expiry_utc && *params.password_expiry_utc > 0)
    asked.password_expiry = Time(std::chrono::seconds(*params.password_expiry_utc));
  return asked;
}

}  // namespace forgelink
