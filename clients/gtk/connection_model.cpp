// SPDX-License-Identifier: MIT
#include "clients/gtk/connection_model.hpp"

#include <algorithm>
#include <utility>

#include "ipc/protocol/connection_list.hpp"
#include "ipc/protocol/event_kind.hpp"
#include "ipc/protocol/event_subscribe.hpp"

namespace forgelink::gtk {
namespace {

// What is asked first: enough rows for a tall window. The list makes, lays out and tells the accessibility
// bus every row it has, in sight or not, before its first frame.
constexpr std::int64_t first_rows = 30;
// Read, decoded and put into the list at once: a few milliseconds.
constexpr std::int64_t page_rows = 500;
// Long enough to draw those before thousands more are read.
constexpr unsigned draw_milliseconds = 150;

}  // namespace

ConnectionModel::ConnectionModel(DaemonClient& client)
    : client_(client), calls_(client), list_(Gio::ListStore<ConnectionItem>::create()) {
  client_.signal_event().connect(sigc::mem_fun(*this, &ConnectionModel::on_event));
}

void ConnectionModel::subscribe() {
  calls_.forget_all();
  subscribing_.disconnect();
  if (!known_) {
    ask_for_first();
  } else if (list_->get_n_items() > first_rows) {
    ask_for_pages();
  } else {
    ask_for_all();
  }
}

void ConnectionModel::ask_for_first() {
  using First = protocol::ConnectionList;
  calls_.ask<First>({.limit = {.value = first_rows}}, [this](const Answer<First::Reply>& answer) {
    const auto* page = std::get_if<First::Reply>(&answer);
    if (page != nullptr) add_page(page->connections);
    if (page == nullptr || page->total <= first_rows) return ask_for_all();
    subscribing_ = Glib::signal_timeout().connect(
        sigc::bind_return(sigc::mem_fun(*this, &ConnectionModel::ask_for_pages), false), draw_milliseconds);
  });
}

void ConnectionModel::ask_for_all() {
  using All = protocol::EventSubscribe;
  seen_.reset();
  calls_.ask<All>({}, [this](const Answer<All::Reply>& answer) {
    const auto* snapshot = std::get_if<All::Reply>(&answer);
    if (snapshot == nullptr) return;
    known_ = true;
    replace_all(snapshot->connections);
    became_known_.emit();
  });
}

// Subscribed first: what changes while the pages come is told by events, and an answer never overtakes one.
void ConnectionModel::ask_for_pages() {
  using Events = protocol::EventSubscribe;
  seen_.emplace();
  calls_.ask<Events>({.snapshot = false}, [this](const Answer<Events::Reply>& answer) {
    const auto* refusal = std::get_if<Refusal>(&answer);
    if (refusal == nullptr) return ask_for_page("");
    // A daemon that does not know `snapshot` gives all at once.
    if (!refusal->is_lost()) ask_for_all();
  });
}

void ConnectionModel::ask_for_page(const std::string& cursor) {
  using Page = protocol::ConnectionList;
  Page::Params params{.limit = {.value = page_rows}};
  if (!cursor.empty()) params.cursor.emplace().value = cursor;
  calls_.ask<Page>(std::move(params), [this](const Answer<Page::Reply>& answer) {
    const auto* page = std::get_if<Page::Reply>(&answer);
    if (page == nullptr) {
      // All at once instead, so that the list gets known; a refusal of that is the end.
      if (!std::get<Refusal>(answer).is_lost()) ask_for_all();
      return;
    }
    add_page(page->connections);
    if (!page->next_cursor || page->connections.empty()) return on_pages_ended();
    // After what there is to draw: the socket comes before that, and would have all pages read first.
    subscribing_ = Glib::signal_idle().connect(
        sigc::bind(sigc::mem_fun(*this, &ConnectionModel::ask_for_next), *page->next_cursor),
        Glib::PRIORITY_LOW);
  });
}

bool ConnectionModel::ask_for_next(const std::string& cursor) {
  ask_for_page(cursor);
  return false;
}

void ConnectionModel::add_page(const std::vector<protocol::ConnectionView>& page) {
  std::vector<Glib::RefPtr<ConnectionItem>> items;
  for (const protocol::ConnectionView& one : page) {
    Connection connection = connection_of(one);
    if (seen_) seen_->insert(connection.id);
    if (find(connection.id)) {
      put(std::move(connection));
      continue;
    }
    items.push_back(ConnectionItem::create(std::move(connection)));
    by_id_.emplace(items.back()->connection().id, items.back());
  }
  if (!items.empty()) insert(std::move(items));
}

void ConnectionModel::insert(std::vector<Glib::RefPtr<ConnectionItem>> items) {
  std::stable_sort(items.begin(), items.end(),
                   [](const auto& a, const auto& b) { return a->sort_key() < b->sort_key(); });
  const unsigned end = list_->get_n_items();
  // Pages come by name, so that nearly always all of one belongs at the end.
  if (end == 0 || list_->get_item(end - 1)->sort_key() <= items.front()->sort_key()) {
    list_->splice(end, 0, items);
    return;
  }
  for (const auto& item : items) list_->insert(place_of(item->sort_key()), item);
}

void ConnectionModel::on_pages_ended() {
  if (!seen_) return;  // all were asked for at once meanwhile
  const std::set<std::string> seen = *std::exchange(seen_, std::nullopt);
  std::vector<std::string> gone;
  for (const auto& [id, item] : by_id_) {
    if (!seen.contains(id)) gone.push_back(id);
  }
  for (const std::string& id : gone) remove(id);
  known_ = true;
  became_known_.emit();
}

Glib::RefPtr<ConnectionItem> ConnectionModel::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? Glib::RefPtr<ConnectionItem>() : found->second;
}

void ConnectionModel::replace_all(const std::vector<protocol::ConnectionView>& connections) {
  std::vector<Glib::RefPtr<ConnectionItem>> items;
  std::unordered_map<std::string, Glib::RefPtr<ConnectionItem>> by_id;
  items.reserve(connections.size());
  bool same_rows = true;
  for (const protocol::ConnectionView& one : connections) {
    Connection connection = connection_of(one);
    Glib::RefPtr<ConnectionItem> item = find(connection.id);
    same_rows = same_rows && item && item->connection().name == connection.name;
    if (item) {
      item->set(std::move(connection));
    } else {
      item = ConnectionItem::create(std::move(connection));
    }
    by_id.emplace(item->connection().id, item);
    items.push_back(std::move(item));
  }
  std::vector<Connection> gone;
  for (const auto& [id, item] : by_id_) {
    if (!by_id.contains(id)) gone.push_back(item->connection());
  }
  // Rows that stay are not taken out and put in again: the selection and the place in the list would be lost.
  const bool same = same_rows && items.size() == by_id_.size();
  by_id_ = std::move(by_id);
  if (!same) {
    std::stable_sort(items.begin(), items.end(),
                     [](const auto& a, const auto& b) { return a->sort_key() < b->sort_key(); });
    list_->splice(0, list_->get_n_items(), items);
  }
  for (const Connection& connection : gone) removed_.emit(connection);
}

void ConnectionModel::put(Connection connection) {
  if (seen_) seen_->insert(connection.id);
  const Glib::RefPtr<ConnectionItem> known = find(connection.id);
  if (known && known->connection().name == connection.name) {
    known->set(std::move(connection));
    return;
  }
  if (!known) {
    const auto item = ConnectionItem::create(std::move(connection));
    by_id_.emplace(item->connection().id, item);
    list_->insert(place_of(item->sort_key()), item);
    return;
  }
  // Renamed: it moves.
  if (const auto index = index_of(*known)) list_->remove(*index);
  known->set(std::move(connection));
  list_->insert(place_of(known->sort_key()), known);
}

void ConnectionModel::remove(const std::string& id) {
  const Glib::RefPtr<ConnectionItem> item = find(id);
  if (!item) return;
  if (const auto index = index_of(*item)) list_->remove(*index);
  by_id_.erase(id);
  removed_.emit(item->connection());
}

unsigned ConnectionModel::place_of(const std::string& sort_key) const {
  unsigned low = 0, high = list_->get_n_items();
  while (low < high) {
    const unsigned middle = low + (high - low) / 2;
    if (list_->get_item(middle)->sort_key() < sort_key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::optional<unsigned> ConnectionModel::index_of(const ConnectionItem& item) const {
  for (unsigned index = place_of(item.sort_key()); index < list_->get_n_items(); ++index) {
    const auto found = list_->get_item(index);
    if (found.get() == &item) return index;
    if (found->sort_key() != item.sort_key()) break;
  }
  return std::nullopt;
}

void ConnectionModel::on_event(const json::object& notification) {
  const Answer<protocol::EventView> read = answer_of<protocol::EventView>(notification);
  const auto* event = std::get_if<protocol::EventView>(&read);
  if (event == nullptr) return;
  using protocol::EventKind;
  const auto kind = protocol::event_kind_of(event->kind);
  if (event->connection && kind == EventKind::connection_removed) {
    remove(event->connection->id);
  } else if (event->connection) {
    put(connection_of(*event->connection));
  }
  // These are about many connections at once and name none.
  if (kind == EventKind::tokens_purged || kind == EventKind::secret_store_changed) subscribe();
  event_.emit(*event);
}

}  // namespace forgelink::gtk
