#include "daemon/methods/credential.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace forgelink {
namespace {

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

}  // namespace

Result<GitCredential> CredentialParams::checked() && {
  const auto text = [](const std::optional<ipc::LongText>& value) {
    return value ? std::string_view(value->value) : std::string_view();
  };
  const auto secret = [](const std::optional<Secret>& value) {
    return value ? value->reveal() : std::string_view();
  };
  const std::pair<const char*, std::string_view> all[] = {
      {"protocol", protocol.value},   {"host", host.value},
      {"path", text(path)},           {"username", text(username)},
      {"password", secret(password)}, {"oauth_refresh_token", secret(oauth_refresh_token)},
      {"authtype", text(authtype)},   {"credential", secret(credential)}};
  for (const auto& [field, value] : all) {
    if (has_control(value)) return invalid(field, fmt::format("`{}` holds a control character.", field));
  }
  for (const auto& [field, values] :
       {std::pair("wwwauth", &wwwauth), std::pair("capabilities", &capabilities)}) {
    for (const ipc::LongText& one : *values) {
      if (has_control(one.value))
        return invalid(field, fmt::format("`{}` holds a control character.", field));
    }
  }
  const auto moved = [](std::optional<ipc::LongText>& value) {
    return value ? std::optional(std::move(value->value)) : std::nullopt;
  };
  GitCredential asked{.address = {.protocol = std::move(protocol.value),
                                  .host = std::move(host.value),
                                  .path = moved(path),
                                  .username = moved(username)},
                      .password = std::move(password),
                      .refresh_token = std::move(oauth_refresh_token),
                      .credential = std::move(credential),
                      .authtype = moved(authtype),
                      .ephemeral = ephemeral};
  for (const ipc::LongText& capability : capabilities)
    asked.understands_authtype |= capability.value == "authtype";
  // git: 0 and what is no number mean that it does not end.
  if (password_expiry_utc && *password_expiry_utc > 0)
    asked.password_expiry = Time(std::chrono::seconds(*password_expiry_utc));
  return asked;
}

}  // namespace forgelink
