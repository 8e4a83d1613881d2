// SPDX-License-Identifier: MIT
// What becomes of what was found: which type of connection, on which server, whether there is one already,
// and what it will be called. Knows no forge but by what the daemon tells of its types.
#pragma once

#include <boost/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "clients/cli/import/found.hpp"

namespace forgelink::cli {

namespace json = boost::json;

struct Finding {
  std::vector<Found> places;  // one token, wherever it was found
  std::string type, server_url, organization, username, email, name;
  std::optional<std::string> expires_at;
  // new, exists, needs (a person has to tell `missing`), cannot; after the import: imported, refused, skipped
  std::string state;
  std::string missing;     // type, username or organization
  std::string sentence;    // what there is to say about the state
  std::string connection;  // the one that exists or was made
  json::value error;       // of the protocol, if it was refused
  bool verified = false;   // the forge has confirmed the connection's token, and it is this one

  const Found& found() const { return places.front(); }
  const Secret& token() const { return places.front().token; }
  // "octo-dev on github.com"
  std::string subject() const;
};

class ImportPlanner {
 public:
  ImportPlanner(json::array types, json::array connections);

  // One for each token and place, those with a user name first.
  std::vector<Finding> plan(std::vector<Found> all) const;

  // `state`, `missing` and `sentence` anew, after something was told or a connection was made.
  void decide(Finding& finding) const;

  // Gives those that are to be imported names that nothing else has.
  void name(std::vector<Finding>& findings) const;

  std::string label_of(const std::string& type) const;
  // The types that need a server of one's own.
  std::vector<std::string> self_hosted() const;
  // Where a server of that type would be.
  std::string server_of(const Found& found, const std::string& type) const;
  // The hosts for which that program keeps credentials by itself.
  std::set<std::string> hosts_of_program(const std::string& program) const;
  // Does the type's form have the field?
  bool has_field(const std::string& type, std::string_view name) const;

  void add(json::value connection) { connections_.push_back(std::move(connection)); }
  // The other connection of the same account on the same forge, or "".
  std::string other_of_account(const json::value& connection) const;

 private:
  // Null if the daemon tells of no such type.
  const json::value* type_of(const std::string& id) const;
  const json::value* likely_type(const Found& found) const;
  static std::set<std::string> hosts_of(const json::value& type);
  void place(Finding& finding) const;
  void drop_placeholder(Finding& finding) const;
  std::string existing(const Finding& finding) const;

  json::array types_, connections_;
  std::size_t known_before_;  // so many of the connections were there when it began
};

}  // namespace forgelink::cli
