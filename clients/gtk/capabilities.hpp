// SPDX-License-Identifier: MIT
// What the running daemon can do, by its own OpenRPC document: the window offers nothing else. Main thread
// only.
#pragma once

#include <sigc++/sigc++.h>

#include <map>
#include <set>
#include <string>

#include "clients/gtk/json_access.hpp"

namespace forgelink::gtk {

class Capabilities {
 public:
  // Takes the result of `rpc.discover`.
  void fill(const json::object& document);

  bool has(const std::string& method) const { return methods_.contains(method); }
  bool takes(const std::string& method, const std::string& parameter) const;

  sigc::signal<void()>& signal_changed() { return changed_; }

 private:
  std::map<std::string, std::set<std::string>> methods_;  // with the names of their parameters
  sigc::signal<void()> changed_;
};

}  // namespace forgelink::gtk
