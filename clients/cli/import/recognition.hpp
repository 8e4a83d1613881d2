// SPDX-License-Identifier: MIT
// Whether a credential that was found elsewhere is for a type of connection, by what type.list says marks it:
// hosts and their aliases, a part of the path, the program that keeps it, the beginning of the token.
//
// Plain functions of their arguments; any thread.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "clients/cli/import/finding.hpp"
#include "clients/cli/types.hpp"

namespace forgelink::cli {

// "https://host:port/path" -> "host:port"; "" for what is no such address.
std::string host_of(const std::string& url);

// The hosts on which git finds a cloud type's repositories; none for a self-hosted type.
std::set<std::string> hosts_of(const TypeView& type);

// Is the host one of the type's, or another name of one? `host` is in lower case.
bool has_host(const TypeView& type, const std::string& host);

// Does that program keep credentials for this type?
bool is_for_program(const TypeView& type, const std::string& program);

bool begins_as_token_of(const TypeView& type, const Secret& token);

// Where in the path the part stands that only this type's addresses have; nothing if it does not.
std::optional<std::size_t> place_of_mark(const TypeView& type, const Found& found);

// The address of the server that a credential is for, if it is of that type; null: of no known type.
std::string server_address(const Found& found, const TypeView* type);

// Takes away a user name that stands for nobody, as x-access-token.
void drop_placeholder(Finding& finding, const TypeView& type);

// Fills in the organization: the label before an old host, or the first part of the path, or what stands in
// place of the user name.
void find_organization(Finding& finding, const TypeView& type);

}  // namespace forgelink::cli
