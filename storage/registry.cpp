// SPDX-License-Identifier: MIT
#include "storage/registry.hpp"

#include "storage/connection_row.hpp"
#include "storage/name_key.hpp"
#include "storage/registry_impl.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

}  // namespace

Result<> Registry::Impl::check_name(const Connection& connection) const {
  const Connection* holder = connections.find_by_name(name_key(connection.name));
  if (holder == nullptr || holder->id == connection.id) return {};
  return Error{.code = Errc::name_taken,
               .message = "There is a connection “" + holder->name + "” already.",
               .field = "name"};
}

std::int64_t Registry::Impl::unwritten_uses(ConnectionId id) const {
  auto use = new_uses.lower_bound({.connection = id, .repository = {}});
  std::int64_t count = 0;
  for (; use != new_uses.end() && use->connection == id; ++use) ++count;
  return count;
}

Registry::Registry(const fs::path& folder) : impl_(std::make_unique<Impl>(folder)) {}
Registry::Registry(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Registry::~Registry() = default;

std::unique_ptr<Registry> Registry::in_memory() {
  return std::unique_ptr<Registry>(new Registry(std::make_unique<Impl>()));
}

const std::string& Registry::id() const { return impl_->registry_id; }
std::size_t Registry::size() const { return impl_->connections.size(); }

const Connection* Registry::find(ConnectionId id) const { return std::as_const(impl_->connections).find(id); }

const Connection* Registry::find_by_name(std::string_view name) const {
  return impl_->connections.find_by_name(name_key(name));
}

std::vector<const Connection*> Registry::page(std::string_view after, std::size_t limit,
                                              std::string_view type) const {
  return impl_->connections.page(after, limit, type);
}

std::size_t Registry::count(std::string_view type) const { return impl_->connections.count(type); }

void Registry::for_each(const std::function<void(const Connection&)>& visit) const {
  impl_->connections.for_each(visit);
}

Result<> Registry::insert(const Connection& connection) {
  if (Result<> free = impl_->check_name(connection); !free) return free;
  return guarded([&]() -> Result<> {
    SQLite::Statement insert(*impl_->database, std::string("INSERT INTO connections (") + connection_columns +
                                                   ") VALUES (" + connection_marks + ")");
    bind_row(insert, connection, name_key(connection.name));
    const Impl::ItemChange items = Impl::change_of({}, connection.token);
    SQLite::Transaction transaction(*impl_->database);
    insert.exec();
    impl_->write(items);
    transaction.commit();
    // After the commit: if that throws, memory still says what is on disk.
    impl_->connections.keep(connection);
    impl_->apply(items);
    return {};
  });
}

Error connection_gone() {
  return {.code = Errc::not_found,
          .message = "The connection has been removed meanwhile.",
          .field = "connection",
          .hint = "See what there is: forgelink list"};
}

Result<> Registry::update(const Connection& connection) {
  if (find(connection.id) == nullptr) return connection_gone();
  if (Result<> free = impl_->check_name(connection); !free) return free;
  return guarded([&]() -> Result<> {
    // One statement for the whole row: a row that names an item is never half-written.
    SQLite::Statement update(*impl_->database, std::string("UPDATE connections SET (") + connection_columns +
                                                   ") = (" + connection_marks + ") WHERE id = ?1");
    Connection written = connection;
    // On disk the count agrees with the rows of `repository_uses`; what waits is added by flush_uses().
    written.repositories_used -= impl_->unwritten_uses(connection.id);
    bind_row(update, written, name_key(connection.name));
    const Impl::ItemChange items = Impl::change_of(find(connection.id)->token, connection.token);
    SQLite::Transaction transaction(*impl_->database);
    update.exec();
    impl_->write(items);
    transaction.commit();
    impl_->connections.keep(connection);
    impl_->apply(items);
    return {};
  });
}

Result<> Registry::compare_and_swap(const Connection& before, Connection row) {
  const Connection* now = find(row.id);
  if (now == nullptr) return connection_gone();
  if (now->token.item != before.token.item || now->token.store != before.token.store) {
    return Error{.code = Errc::token_missing,
                 .message = "The token of “" + now->name + "” was replaced or taken away meanwhile.",
                 .field = "connection",
                 .hint = "Look at the connection, then try again."};
  }
  // Counted and told without waiting for anybody, so that `before` may not know of it.
  row.last_used_at = now->last_used_at;
  row.repositories_used = now->repositories_used;
  if (row.token.item == before.token.item) {
    row.token.notices_given = now->token.notices_given;
    // The caller did not change the state, so what was learnt meanwhile (rejected, expired) stands.
    if (row.token.state == before.token.state) row.token.state = now->token.state;
  }
  return update(row);
}

Result<> Registry::remove(ConnectionId id) {
  if (find(id) == nullptr) return connection_gone();
  return guarded([&]() -> Result<> {
    SQLite::Statement remove(*impl_->database, "DELETE FROM connections WHERE id = ?");
    remove.bind(1, id.text());
    const Impl::ItemChange items = Impl::change_of(find(id)->token, {});
    SQLite::Transaction transaction(*impl_->database);
    remove.exec();
    impl_->write(items);
    transaction.commit();
    impl_->apply(items);
    impl_->connections.forget(id);
    impl_->used.erase(id);
    // On disk ON DELETE CASCADE has taken these rows.
    std::erase_if(impl_->rules, [&](const Rule& rule) { return rule.connection == id; });
    std::erase_if(impl_->access_grants, [&](const AccessGrant& one) { return one.connection == id; });
    std::erase_if(impl_->new_uses, [&](const Impl::Use& use) { return use.connection == id; });
    return {};
  });
}

void Registry::note_use(ConnectionId id, std::string_view repository, Time at) {
  Connection* connection = impl_->connections.find(id);
  if (connection == nullptr) return;
  connection->last_used_at = at;
  impl_->used.insert(id);
  Impl::Use use{.connection = id, .repository = std::string(repository)};
  if (impl_->new_uses.contains(use)) return;
  try {
    SQLite::Statement known(*impl_->database,
                            "SELECT 1 FROM repository_uses WHERE connection = ? AND repository = ?");
    known.bind(1, id.text());
    known.bind(2, use.repository);
    if (known.executeStep()) return;
  } catch (const SQLite::Exception&) {
    return;  // a count is not worth a push
  }
  ++connection->repositories_used;
  impl_->new_uses.insert(std::move(use));
}

bool Registry::uses_waiting() const { return !impl_->used.empty(); }

Result<> Registry::flush_uses() {
  if (!uses_waiting()) return {};
  return guarded([&]() -> Result<> {
    SQLite::Transaction transaction(*impl_->database);
    for (const ConnectionId& id : impl_->used) {
      const Connection* connection = find(id);
      if (connection == nullptr || !connection->last_used_at) continue;
      SQLite::Statement update(*impl_->database,
                               "UPDATE connections SET last_used_at = ?, repositories_used = ? WHERE id = ?");
      update.bind(1, static_cast<std::int64_t>(connection->last_used_at->time_since_epoch().count()));
      update.bind(2, connection->repositories_used);
      update.bind(3, id.text());
      update.exec();
    }
    for (const Impl::Use& use : impl_->new_uses) {
      SQLite::Statement insert(*impl_->database, "INSERT OR IGNORE INTO repository_uses VALUES (?, ?)");
      insert.bind(1, use.connection.text());
      insert.bind(2, use.repository);
      insert.exec();
    }
    transaction.commit();
    impl_->used.clear();
    impl_->new_uses.clear();
    return {};
  });
}

}  // namespace forgelink
