// SPDX-License-Identifier: MIT
// The types of connection as `type.list` describes them: all that the window knows about forges.
//
// Main thread only. Filled by each answer of the daemon; references are valid until the next one.
#pragma once

#include <sigc++/sigc++.h>

#include <string>
#include <vector>

#include "ipc/protocol/type_list.hpp"

namespace forgelink::gtk {

struct ConnectionType {
  struct Field {
    std::string name, label, help;
    bool required = false, secret = false;
    bool operator==(const Field&) const = default;
  };
  struct Scope {
    std::string scope, needed_for;
    bool required = false;
    bool operator==(const Scope&) const = default;
  };
  struct Notice {
    std::string date, text, url;
    bool operator==(const Notice&) const = default;
  };

  std::string id, label, token_page, sign_in_label;
  std::string forbidden;                        // why a policy does not allow it; empty if it does
  std::string sign_in_caution, revoke_caution;  // what to know before; empty for nothing
  bool has_token = false, has_sign_in = false, can_revoke = false;
  std::vector<std::string> sign_in_methods;
  std::vector<Field> fields;
  std::vector<Scope> scopes;
  std::vector<Notice> notices;

  bool has_method(std::string_view method) const;
  bool operator==(const ConnectionType&) const = default;
};

class TypeCatalogue {
 public:
  // Takes the result of `type.list`. Tells nobody if it is as it was: a daemon that came back changes no
  // form.
  void fill(const protocol::TypeList::Reply& reply);

  const std::vector<ConnectionType>& types() const { return types_; }

  // nullptr if the daemon does not know it.
  const ConnectionType* find(std::string_view id) const;

  // The type's name for people; its id if there is none.
  std::string label_of(const std::string& id) const;

  sigc::signal<void()>& signal_changed() { return changed_; }

 private:
  std::vector<ConnectionType> types_;
  sigc::signal<void()> changed_;
};

}  // namespace forgelink::gtk
