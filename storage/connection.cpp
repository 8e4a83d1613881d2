// SPDX-License-Identifier: MIT
#include "storage/connection.hpp"

#include "storage/secret_store.hpp"

namespace forgelink {

std::string_view name_of(Retention retention) {
  switch (retention) {
    case Retention::keep:
      return "keep";
    case Retention::session:
      return "session";
  }
  return "";
}

std::string_view name_of(SignIn sign_in) {
  switch (sign_in) {
    case SignIn::pat:
      return "pat";
    case SignIn::oauth:
      return "oauth";
  }
  return "";
}

std::string_view name_of(TokenState state) {
  switch (state) {
    case TokenState::missing:
      return "missing";
    case TokenState::unverified:
      return "unverified";
    case TokenState::valid:
      return "valid";
    case TokenState::expired:
      return "expired";
    case TokenState::rejected:
      return "rejected";
  }
  return "";
}

std::string_view name_of(Store store) {
  switch (store) {
    case Store::none:
      return "none";
    case Store::secret_service:
      return "secret-service";
    case Store::memory:
      return "memory";
  }
  return "";
}

std::string_view name_of(StoreState state) {
  switch (state) {
    case StoreState::available:
      return "available";
    case StoreState::locked:
      return "locked";
    case StoreState::unavailable:
      return "unavailable";
  }
  return "";
}

std::optional<Retention> retention_of(std::string_view name) {
  if (name == "keep") return Retention::keep;
  if (name == "session") return Retention::session;
  return std::nullopt;
}

std::string_view name_of(Access access) { return access == Access::ask ? "ask" : "allow"; }

std::optional<Access> access_of(std::string_view name) {
  for (const Access access : {Access::allow, Access::ask}) {
    if (name_of(access) == name) return access;
  }
  return std::nullopt;
}

}  // namespace forgelink
