// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace forgelink::protocol {

struct TypeList {
  static constexpr std::string_view name = "type.list";
  static constexpr std::string_view summary = "The types of connection as data: enough to draw a form from.";

  struct Params {
    void fields(auto&) {}
  };
  struct FieldView {
    std::string name, label, help;
    bool required = false, secret = false;
    void fields(auto& f) {
      f.required("name", name, "The parameter of connection.add.");
      f.required("label", label, "What a person reads beside it.");
      f.required("required", required, "Must it be filled in?");
      f.required("secret", secret, "Must it be hidden while typed?");
      f.required("help", help, "What belongs there.");
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
  struct TypeView {
    std::string id, label, token_page;
    std::vector<FieldView> fields_;
    std::vector<std::string> sign_in, git_hosts;
    std::vector<ScopeView> scopes;
    std::vector<NoticeView> notices;
    void fields(auto& f) {
      f.required("id", id, "What connection.add takes as type.");
      f.required("label", label, "Its name for people.");
      f.required("fields", fields_, "What a person fills in.");
      f.required("sign_in", sign_in, "The ways to sign in: pat, oauth.");
      f.required("token_page", token_page,
                 "The page that makes the right token; {organization} and {server_url} stand for what is "
                 "filled in.");
      f.required("git_hosts", git_hosts,
                 "The addresses where git finds this type's repositories; none for a self-hosted one.");
      f.required("scopes", scopes, "What the token is to be allowed, and why.");
      f.required("notices", notices, "What the forge has changed or will change.");
    }
  };
  struct Reply {
    std::vector<TypeView> types;
    void fields(auto& f) { f.required("types", types, "All types, in the order to show them."); }
  };
};

}  // namespace forgelink::protocol
