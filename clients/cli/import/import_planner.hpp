// SPDX-License-Identifier: MIT
// Decides what becomes of the credentials that were found: which type of connection, on which server, whether
// the connection exists already, and its name. Knows of forges only what type.list says.
//
// Holds copies of the types and connections it was made with. Used on the thread of the command line only.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "clients/cli/import/finding.hpp"
#include "clients/cli/types.hpp"
#include "ipc/protocol/connection_view.hpp"

namespace forgelink::cli {

class ImportPlanner {
 public:
  ImportPlanner(std::vector<TypeView> types, std::vector<protocol::ConnectionView> connections);

  // One for each token and place, those with a user name first.
  std::vector<Finding> plan(std::vector<Found> all) const;

  // Sets `state`, `missing` and `sentence` anew, after something was told or a connection was created.
  void decide(Finding& finding) const;

  // Gives those that are to be imported names that nothing else has.
  void name(std::vector<Finding>& findings) const;

  // The type's name for people; `type` itself if there is no such type.
  std::string label_of(const std::string& type) const;
  // The ids of the types that need a `server_url`.
  std::vector<std::string> self_hosted() const;
  // Where a server of that type would be.
  std::string server_of(const Found& found, const std::string& type) const;
  // The cloud hosts for which that program keeps credentials.
  std::set<std::string> hosts_of_program(const std::string& program) const;
  // Does the type's form have the field?
  bool has_field(const std::string& type, std::string_view name) const;

  // A connection that was created meanwhile.
  void add(protocol::ConnectionView connection) { connections_.push_back(std::move(connection)); }
  // The name of the other connection of the same account on the same forge, or "".
  std::string other_of_account(const protocol::ConnectionView& connection) const;

 private:
  // Null if there is no such type.
  const TypeView* type_of(const std::string& id) const { return type_named(types_, id); }
  // The self-hosted type that a mark in the path, the program or the token speaks for; null: none.
  const TypeView* likely_type(const Found& found) const;
  // Fills in the type and the server, as far as they can be told.
  void place(Finding& finding) const;
  // Takes away a user name that stands for nobody: of the finding's type, or of any as long as it has none.
  void drop_placeholders(Finding& finding) const;
  // The name of the connection that the finding is already; "" if there is none.
  std::string existing(const Finding& finding) const;
  // Why no connection can be made of it; "" if one can.
  std::string obstacle(const Finding& finding, const TypeView* type) const;

  std::vector<TypeView> types_;
  std::vector<protocol::ConnectionView> connections_;
  std::size_t known_before_;  // so many of the connections were there when it began
};

}  // namespace forgelink::cli
