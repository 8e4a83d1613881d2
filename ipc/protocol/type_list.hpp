// SPDX-License-Identifier: MIT
// The types of `type.list`. Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forgelink::protocol {

struct TypeList {
  static constexpr std::string_view name = "type.list";
  static constexpr std::string_view summary = "List the types of connection, with all that a form needs.";

  struct Params {
    void fields(auto&) {}
  };
  struct FieldView {
    std::string name, label, help;
    bool required = false, secret = false;
    void fields(auto& f) {
      f.required("name", name, "The parameter of connection.add.");
      f.required("label", label, "Its label.");
      f.required("required", required, "Is it required?");
      f.required("secret", secret, "Is it a secret, hidden while typed?");
      f.required("help", help, "What to enter.");
    }
  };
  struct ScopeView {
    std::string scope, needed_for;
    bool required = false;
    void fields(auto& f) {
      f.required("scope", scope, "The forge's name of the scope.");
      f.required("needed_for", needed_for, "What does not work without it.");
      f.required("required", required, "Is it needed, or only useful?");
    }
  };
  struct NoticeView {
    std::string date, text, url;
    void fields(auto& f) {
      f.required("date", date, "The day it concerns.");
      f.required("text", text, "What changes.");
      f.required("url", url, "Where to read more, or what to do.");
    }
  };
  struct DeadTokenView {
    std::string prefix, reason;
    void fields(auto& f) {
      f.required("prefix", prefix, "The prefix of such a token.");
      f.required("reason", reason, "Why the forge no longer accepts it, as a sentence.");
    }
  };
  // What tells that a credential found elsewhere is for this type: for import.
  struct RecognitionView {
    std::vector<std::string> host_aliases, programs, token_prefixes;
    bool marks_decide = false;
    std::string path_mark;
    std::int64_t parts_before_mark = 0;
    std::vector<std::string> placeholder_usernames;
    std::vector<DeadTokenView> dead_tokens;
    void fields(auto& f) {
      f.required("host_aliases", host_aliases,
                 "Other hosts of the forge; *.example.com is any one label before it, the organization.");
      f.required("programs", programs, "Programs whose credentials are for this forge.");
      f.required("token_prefixes", token_prefixes,
                 "A token with such a prefix is probably one of this forge.");
      f.required("marks_decide", marks_decide, "Is the prefix or mark proof enough on an unknown host?");
      f.required("path_mark", path_mark,
                 "A part of clone addresses that only this type has; empty for none.");
      f.required("parts_before_mark", parts_before_mark,
                 "How many parts stand between the server's root and the mark.");
      f.required("placeholder_usernames", placeholder_usernames,
                 "Placeholder user names; compared without regard to case.");
      f.required("dead_tokens", dead_tokens, "Kinds of token that the forge no longer accepts.");
    }
  };
  struct TypeView {
    std::string id, label, token_page;
    bool self_hosted = false;
    std::string server_example;
    RecognitionView recognition;
    std::optional<std::string> policy_forbids, sign_in_label, sign_in_caution, revoke_caution;
    bool can_revoke = false, can_renew = false, default_sign_in = false;
    std::vector<FieldView> fields_;
    std::vector<std::string> sign_in, sign_in_methods, git_hosts;
    std::vector<ScopeView> scopes;
    std::vector<NoticeView> notices;
    void fields(auto& f) {
      f.required("id", id, "What connection.add takes as type.");
      f.required("label", label, "Its name for people.");
      f.required("fields", fields_, "The fields of the form.");
      f.required("sign_in", sign_in, "The ways to sign in: pat, oauth.");
      f.required("sign_in_methods", sign_in_methods, "The methods of sign_in.start: browser, device.");
      f.required("sign_in_label", sign_in_label, "The label of the sign-in button; null without oauth.");
      f.required("default_sign_in", default_sign_in, "Is it the type of a sign-in that names none?");
      f.required("can_revoke", can_revoke, "Can the token be revoked at the forge (token.revoke)?");
      f.required("revoke_caution", revoke_caution,
                 "What the user should know before that; null if there is nothing.");
      f.required("can_renew", can_renew, "Can a personal token renew itself (token.renew)?");
      f.required("sign_in_caution", sign_in_caution,
                 "What the user should know before signing in; null if there is nothing.");
      f.required("token_page", token_page,
                 "The page that makes the right token; {organization} and {server_url} stand for what is "
                 "filled in.");
      f.required("git_hosts", git_hosts,
                 "The addresses where git finds this type's repositories; none for a self-hosted one.");
      f.required("scopes", scopes, "What the token is to be allowed, and why.");
      f.required("notices", notices, "What the forge has changed or will change.");
      f.required("self_hosted", self_hosted, "Must `server_url` be given?");
      f.required("server_example", server_example,
                 "How such a server's address looks; empty for a cloud type.");
      f.optional("policy_forbids", policy_forbids,
                 "Why the administrator's policy allows no such connection, a sentence; null if it does.");
      f.required("recognition", recognition,
                 "What tells that a credential found elsewhere is for this type.");
    }
  };
  struct Reply {
    std::vector<TypeView> types;
    void fields(auto& f) { f.required("types", types, "All types, in the order to show them."); }
  };
};

}  // namespace forgelink::protocol
