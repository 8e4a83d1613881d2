// SPDX-License-Identifier: MIT
// The types of `commit.list`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipc/field_types.hpp"

namespace forgelink::protocol {

struct CommitList {
  static constexpr std::string_view name = "commit.list";
  static constexpr std::string_view summary =
      "List the commits of a repository, newest first, with their authors as this connection shows them.";

  struct Params {
    std::string connection;
    ipc::LongText repository;
    std::optional<std::string> branch;
    ipc::Limit limit;
    std::optional<ipc::LongText> cursor;
    bool full_messages = false;

    void fields(auto& f) {
      f.required("connection", connection, "Its id or name.");
      f.required("repository", repository, "Its path, its id, or any address of it.");
      f.optional("branch", branch, "A branch, tag or commit; the default branch if left out.");
      f.optional("limit", limit, "How many at most.");
      f.optional("cursor", cursor, "next_cursor of the page before.");
      f.optional("full_messages", full_messages,
                 "Ask for each message that the forge cuts; a page then has 100 commits at most.");
    }
  };
  struct AuthorView {
    std::optional<std::string> name, email, username;
    std::string date;

    void fields(auto& f) {
      f.optional("name", name, "The author's name as the commit has it.");
      f.optional("email", email, "The author's address as the commit has it.");
      f.optional("username", username, "The author's user name on the forge, where it is known for sure.");
      f.required("date", date, "When it was written, with the author's own offset where the forge tells it.");
    }
  };
  struct CommitView {
    std::string id, title, message;
    AuthorView author;
    std::string author_display;
    std::optional<std::string> web_url;
    std::optional<bool> message_truncated;

    void fields(auto& f) {
      f.required("id", id, "Its hash.");
      f.required("title", title, "The first line of its message.");
      f.required("message", message, "Its message.");
      f.required("author", author, "Who wrote it.");
      f.required("author_display", author_display, "The author as this connection shows authors.");
      f.optional("web_url", web_url, "Its page.");
      f.absent("message_truncated", message_truncated,
               "True if the forge gave the beginning of the message only.");
    }
  };
  struct Reply {
    std::vector<CommitView> commits;
    std::optional<std::string> next_cursor;
    std::optional<bool> partial;
    std::optional<std::string> notice;

    void fields(auto& f) {
      f.required("commits", commits, "This page.");
      f.optional("next_cursor", next_cursor, "Where the next page begins; null at the end.");
      f.absent("partial", partial, "True if the forge says that some are left out.");
      f.absent("notice", notice, "What else there is to know about this list, in a sentence.");
    }
  };
};

}  // namespace forgelink::protocol
