// SPDX-License-Identifier: MIT
// The types of `front.open`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipc/field_types.hpp"

namespace forgelink::protocol {

struct FrontOpen {
  static constexpr std::string_view name = "front.open";
  static constexpr std::string_view summary =
      "Open a front for a command: plain HTTP on a Unix socket and a loopback port, through which it uses "
      "the "
      "connection without seeing the token. Ends with the client that opened it.";

  struct Params {
    std::string connection;
    std::optional<std::vector<std::string>> repositories;
    bool read_only = false, graphql = false;

    void fields(auto& f) {
      f.required("connection", connection, "Its id or name.");
      f.optional("repositories", repositories, "Only these, at least one, as owner/name; all if left out.");
      f.optional("read_only", read_only, "Only what changes nothing.");
      f.optional("graphql", graphql, "Allow GraphQL although it cannot be filtered.");
    }
  };
  struct Reply {
    std::string front, socket, placeholder, header, host;
    std::int64_t port = 0;
    ipc::HandedOut secret;
    std::vector<std::string> git_roots;
    std::optional<std::string> api_root, client_host;

    void fields(auto& f) {
      f.required("front", front, "Its id, for front.close.");
      f.required("socket", socket, "The Unix socket.");
      f.required("port", port, "The port on 127.0.0.1.");
      f.required("header", header, "The header that carries the secret to the port.");
      f.required("secret", secret, "The secret that the port requires; of no use elsewhere or later.");
      f.required("placeholder", placeholder, "A placeholder for programs that require a token.");
      f.required("host", host, "The host that repositories are cloned from.");
      f.required("git_roots", git_roots, "The addresses below which repositories are cloned.");
      f.optional("api_root", api_root, "The address of the API; null where there is none.");
      f.optional("client_host", client_host, "Another name of the API's host on the socket, as gh uses it.");
    }
  };
};

}  // namespace forgelink::protocol
