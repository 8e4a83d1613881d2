// SPDX-License-Identifier: MIT
// The types of `sign_in.start`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace forgelink::protocol {

struct SignInStart {
  static constexpr std::string_view name = "sign_in.start";
  static constexpr std::string_view summary =
      "Start a sign-in with the forge, for a new connection or an existing one.";

  struct Add {
    std::string name;
    std::optional<std::string> type, username, email, server_url, organization, retention, access;
    std::optional<bool> allow_http;
    void fields(auto& f) {
      f.required("name", name, "The new connection's name.");
      f.optional("type", type, "As in type.list; github if left out.");
      f.optional("username", username,
                 "The user name; for showing commit authors, and to suggest an account.");
      f.optional("email", email, "Bitbucket: the Atlassian account's address.");
      f.optional("server_url", server_url, "The server of a self-hosted type.");
      f.optional("organization", organization, "Azure DevOps: the organization.");
      f.optional("retention", retention, "keep or session; the setting [session] retention if left out.");
      f.optional("access", access, "allow (default), or ask: the user is asked before its token is used.");
      f.optional("allow_http", allow_http, "Accept a server by http:// that is not this machine.");
    }
  };
  struct Params {
    std::string method;
    std::optional<std::string> connection;
    std::optional<Add> add;
    bool accept_account_change = false;

    void fields(auto& f) {
      f.required("method", method,
                 "browser: the person comes back by a redirect; device: by a code entered on the forge.");
      f.optional("connection", connection, "An existing connection: its id or name.");
      f.optional("add", add, "Or a new one.");
      f.optional("accept_account_change", accept_account_change,
                 "Accept another account than the connection's.");
    }
  };
  struct Reply {
    std::string sign_in, method;
    Time expires_at{};
    std::optional<std::string> authorize_url, redirect_uri, verification_uri, verification_uri_complete,
        user_code, caution;
    std::optional<std::int64_t> interval;

    void fields(auto& f) {
      f.required("sign_in", sign_in, "Its id, for the other sign_in methods.");
      f.required("method", method, "browser or device.");
      f.required("expires_at", expires_at, "When it expires.");
      f.absent("authorize_url", authorize_url, "browser: the page to open.");
      f.absent("redirect_uri", redirect_uri, "browser: where the browser comes back to.");
      f.absent("verification_uri", verification_uri, "device: the page to enter the code on.");
      f.absent("verification_uri_complete", verification_uri_complete,
               "device: the same page with the code filled in, where the forge has it.");
      f.absent("user_code", user_code, "device: the code to enter.");
      f.absent("interval", interval, "device: the polling interval in seconds; the daemon polls.");
      f.absent("caution", caution, "What the user should know before going on.");
    }
  };
};

}  // namespace forgelink::protocol
