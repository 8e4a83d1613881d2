// SPDX-License-Identifier: MIT
// The types of `repository.list`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "ipc/field_types.hpp"

namespace forgelink::protocol {

struct RepositoryList {
  static constexpr std::string_view name = "repository.list";
  static constexpr std::string_view summary =
      "List the repositories that a connection's account can see, as the forge reports them.";

  struct Params {
    std::string connection;
    ipc::Limit limit;
    std::optional<ipc::LongText> cursor;

    void fields(auto& f) {
      f.required("connection", connection, "Its id or name.");
      f.optional("limit", limit, "How many at most.");
      f.optional("cursor", cursor, "next_cursor of the page before.");
    }
  };
  struct RepositoryView {
    std::string id, path, name;
    std::optional<bool> is_private, archived;
    std::optional<std::string> default_branch, clone_url, ssh_url, web_url;
    std::optional<Time> updated_at;

    void fields(auto& f) {
      f.required("id", id, "The forge's own id.");
      f.required("path", path, "Its path, as owner/name.");
      f.required("name", name, "Its name.");
      f.optional("private", is_private, "Is it hidden from the public? Null where the forge does not tell.");
      f.optional("archived", archived, "Is it read-only? Null where the forge does not tell.");
      f.optional("default_branch", default_branch, "The default branch; null if it is empty or not told.");
      f.optional("clone_url", clone_url, "Its HTTPS address for git, without a user name.");
      f.optional("ssh_url", ssh_url, "Its SSH address for git.");
      f.optional("web_url", web_url, "Its page.");
      f.optional("updated_at", updated_at, "When it last changed, where the forge tells.");
    }
  };
  struct Reply {
    std::vector<RepositoryView> repositories;
    std::optional<std::string> next_cursor;
    std::optional<bool> partial;
    std::optional<std::string> notice;

    void fields(auto& f) {
      f.required("repositories", repositories, "This page.");
      f.optional("next_cursor", next_cursor, "Where the next page begins; null at the end.");
      f.absent("partial", partial, "True if the forge says that some are left out (single sign-on).");
      f.absent("notice", notice, "A remark about this list, in a sentence.");
    }
  };
};

}  // namespace forgelink::protocol
