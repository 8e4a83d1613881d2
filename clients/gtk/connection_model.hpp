// SPDX-License-Identifier: MIT
// All connections, by name, kept in step with the daemon by its events.
//
// Main thread only. The client must outlive the model.
#pragma once

#include <giomm/liststore.h>

#include <optional>
#include <set>
#include <unordered_map>

#include "clients/gtk/call_scope.hpp"
#include "clients/gtk/connection_item.hpp"
#include "ipc/protocol/event_view.hpp"

namespace forgelink::gtk {

class ConnectionModel : public sigc::trackable {
 public:
  explicit ConnectionModel(DaemonClient& client);

  // Asks for everything again and subscribes to changes. REQUIRES: the client is open.
  void subscribe();

  const Glib::RefPtr<Gio::ListStore<ConnectionItem>>& list() const { return list_; }
  // Empty if there is no connection with that id.
  Glib::RefPtr<ConnectionItem> find(const std::string& id) const;
  // False until the daemon's first answer.
  bool is_known() const { return known_; }

  sigc::signal<void()>& signal_known() { return became_known_; }
  // The connection as it was.
  sigc::signal<void(const Connection&)>& signal_removed() { return removed_; }
  // Every event of the daemon, after the list has followed it.
  sigc::signal<void(const protocol::EventView&)>& signal_event() { return event_; }

  // What a reply says about a connection, before its event comes.
  void put(Connection connection);

 private:
  void ask_for_first();
  void ask_for_all();
  void ask_for_pages();
  void ask_for_page(const std::string& cursor);
  bool ask_for_next(const std::string& cursor);
  void add_page(const std::vector<protocol::ConnectionView>& page);
  void insert(std::vector<Glib::RefPtr<ConnectionItem>> items);
  void on_pages_ended();
  void replace_all(const std::vector<protocol::ConnectionView>& connections);
  void on_event(const json::object& event);
  void remove(const std::string& id);
  unsigned place_of(const std::string& sort_key) const;
  std::optional<unsigned> index_of(const ConnectionItem& item) const;

  DaemonClient& client_;
  CallScope calls_;
  Glib::RefPtr<Gio::ListStore<ConnectionItem>> list_;
  std::unordered_map<std::string, Glib::RefPtr<ConnectionItem>> by_id_;
  std::optional<std::set<std::string>> seen_;  // ids since the pages were begun; none once they are there
  bool known_ = false;
  sigc::connection subscribing_;
  sigc::signal<void()> became_known_;
  sigc::signal<void(const Connection&)> removed_;
  sigc::signal<void(const protocol::EventView&)> event_;
};

}  // namespace forgelink::gtk
