// SPDX-License-Identifier: MIT
// A connection as an item of a list model: tells its rows when it changes. Main thread only.
#pragma once

#include <glibmm/object.h>

#include "clients/gtk/connection.hpp"

namespace forgelink::gtk {

class ConnectionItem : public Glib::Object {
 public:
  static Glib::RefPtr<ConnectionItem> create(Connection connection);

  const Connection& connection() const { return connection_; }
  // The name without regard to case: the order of the list.
  const std::string& sort_key() const { return sort_key_; }

  void set(Connection connection);

  // The name, the account or the server holds the text. REQUIRES: `folded` is case-folded.
  bool matches(const std::string& folded) const;

  sigc::signal<void()>& signal_changed() { return changed_; }

 private:
  explicit ConnectionItem(Connection connection);

  Connection connection_;
  std::string sort_key_;
  sigc::signal<void()> changed_;
};

}  // namespace forgelink::gtk
