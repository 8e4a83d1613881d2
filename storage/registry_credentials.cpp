// SPDX-License-Identifier: MIT
// What git stored for hosts without a connection, and OAuth apps: rows that name an item of a store.
#include <algorithm>

#include "storage/registry_impl.hpp"

namespace forgelink {

std::vector<StoredCredential> Registry::stored_credentials() const { return impl_->stored_credentials; }

Result<> Registry::remember(const StoredCredential& host, const std::vector<ItemId>& instead_of) {
  return guarded([&]() -> Result<> {
    // At once: two for one place, and the older one might be the one that git gets.
    SQLite::Transaction transaction(*impl_->database);
    Impl::ItemChange items;
    items.take(host.store, host.item);
    for (const StoredCredential& known : impl_->stored_credentials) {
      if (std::find(instead_of.begin(), instead_of.end(), known.item) != instead_of.end())
        items.drop(known.store, known.item);
    }
    for (const ItemId& former : instead_of) {
      SQLite::Statement remove(*impl_->database, "DELETE FROM stored_credentials WHERE item = ?");
      remove.bind(1, former.text());
      remove.exec();
    }
    SQLite::Statement insert(
        *impl_->database,
        "INSERT INTO stored_credentials (protocol, host, path, username, authtype, store, "
        "item) VALUES (?, ?, ?, ?, ?, ?, ?)");
    int at = 0;
    for (const std::string& text : {host.protocol, host.host, host.path, host.username, host.authtype,
                                    std::string(name_of(host.store)), host.item.text()}) {
      insert.bind(++at, text);
    }
    insert.exec();
    impl_->write(items);
    transaction.commit();
    impl_->apply(items);
    std::erase_if(impl_->stored_credentials, [&](const StoredCredential& known) {
      return std::find(instead_of.begin(), instead_of.end(), known.item) != instead_of.end();
    });
    impl_->stored_credentials.push_back(host);
    return {};
  });
}

Result<> Registry::forget_credential(ItemId item) {
  return guarded([&]() -> Result<> {
    const auto named = [&](const StoredCredential& host) { return host.item == item; };
    auto& hosts = impl_->stored_credentials;
    const auto found = std::find_if(hosts.begin(), hosts.end(), named);
    if (found == hosts.end()) return {};
    Impl::ItemChange items;
    items.drop(found->store, found->item);
    SQLite::Transaction transaction(*impl_->database);
    SQLite::Statement remove(*impl_->database, "DELETE FROM stored_credentials WHERE item = ?");
    remove.bind(1, item.text());
    remove.exec();
    impl_->write(items);
    transaction.commit();
    impl_->apply(items);
    std::erase_if(hosts, named);
    return {};
  });
}

std::vector<OAuthApp> Registry::oauth_apps() const { return impl_->oauth_apps; }

std::optional<OAuthApp> Registry::oauth_app(std::string_view type, std::string_view server_url) const {
  for (const OAuthApp& app : impl_->oauth_apps) {
    if (app.type == type && app.server_url == server_url) return app;
  }
  return std::nullopt;
}

Result<> Registry::set_oauth_app(const OAuthApp& app) {
  return guarded([&]() -> Result<> {
    Impl::ItemChange items;
    const std::optional<OAuthApp> former = oauth_app(app.type, app.server_url);
    // An app whose client id alone changes keeps the item of its secret.
    if (former && former->item != app.item) items.drop(former->store, former->item);
    items.take(app.store, app.item);
    SQLite::Transaction transaction(*impl_->database);
    SQLite::Statement write(*impl_->database,
                            "INSERT OR REPLACE INTO oauth_apps (type, server_url, client_id, store, item) "
                            "VALUES (?, ?, ?, ?, ?)");
    write.bind(1, app.type);
    write.bind(2, app.server_url);
    write.bind(3, app.client_id);
    write.bind(4, std::string(name_of(app.store)));
    if (app.item) {
      write.bind(5, app.item->text());
    } else {
      write.bind(5);
    }
    write.exec();
    impl_->write(items);
    transaction.commit();
    impl_->apply(items);
    const auto place = [](const OAuthApp& one) { return std::tie(one.type, one.server_url); };
    auto& apps = impl_->oauth_apps;
    std::erase_if(apps, [&](const OAuthApp& known) { return place(known) == place(app); });
    apps.push_back(app);
    std::sort(apps.begin(), apps.end(),
              [&](const auto& one, const auto& two) { return place(one) < place(two); });
    return {};
  });
}

Result<> Registry::remove_oauth_app(std::string_view type, std::string_view server_url) {
  return guarded([&]() -> Result<> {
    Impl::ItemChange items;
    if (const std::optional<OAuthApp> former = oauth_app(type, server_url))
      items.drop(former->store, former->item);
    SQLite::Transaction transaction(*impl_->database);
    SQLite::Statement remove(*impl_->database, "DELETE FROM oauth_apps WHERE type = ? AND server_url = ?");
    remove.bind(1, std::string(type));
    remove.bind(2, std::string(server_url));
    remove.exec();
    impl_->write(items);
    transaction.commit();
    impl_->apply(items);
    std::erase_if(impl_->oauth_apps,
                  [&](const OAuthApp& app) { return app.type == type && app.server_url == server_url; });
    return {};
  });
}

}  // namespace forgelink
