// SPDX-License-Identifier: MIT
#include "clients/gtk/connection_item.hpp"

namespace forgelink::gtk {

Glib::RefPtr<ConnectionItem> ConnectionItem::create(Connection connection) {
  return Glib::make_refptr_for_instance<ConnectionItem>(new ConnectionItem(std::move(connection)));
}

ConnectionItem::ConnectionItem(Connection connection) { set(std::move(connection)); }

void ConnectionItem::set(Connection connection) {
  connection_ = std::move(connection);
  sort_key_ = Glib::ustring(connection_.name).casefold();
  changed_.emit();
}

bool ConnectionItem::matches(const std::string& folded) const {
  if (folded.empty() || sort_key_.find(folded) != std::string::npos) return true;
  for (const std::string* text : {&connection_.username, &connection_.account_login, &connection_.server_url,
                                  &connection_.organization, &connection_.type}) {
    if (Glib::ustring(*text).casefold().find(folded) != Glib::ustring::npos) return true;
  }
  return false;
}

}  // namespace forgelink::gtk
