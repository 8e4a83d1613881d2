// SPDX-License-Identifier: MIT
// Grants: programs that may use a connection without a question.
#include "storage/registry_impl.hpp"

namespace forgelink {

const std::vector<AccessGrant>& Registry::access_grants() const { return impl_->access_grants; }

Result<> Registry::keep_access_grant(const AccessGrant& grant) {
  return guarded([&]() -> Result<> {
    SQLite::Statement insert(*impl_->database,
                             "INSERT OR REPLACE INTO access_grants (id, connection, executable, program, "
                             "created_at) VALUES (?, ?, ?, ?, ?)");
    insert.bind(1, grant.id);
    insert.bind(2, grant.connection.text());
    insert.bind(3, grant.executable);
    insert.bind(4, grant.program);
    insert.bind(5, static_cast<std::int64_t>(grant.created_at.time_since_epoch().count()));
    insert.exec();
    std::erase_if(impl_->access_grants, [&](const AccessGrant& one) {
      return one.connection == grant.connection && one.executable == grant.executable;
    });
    impl_->access_grants.push_back(grant);
    return {};
  });
}

Result<> Registry::forget_access_grant(const std::string& id) {
  return guarded([&]() -> Result<> {
    SQLite::Statement remove(*impl_->database, "DELETE FROM access_grants WHERE id = ?");
    remove.bind(1, id);
    remove.exec();
    std::erase_if(impl_->access_grants, [&](const AccessGrant& one) { return one.id == id; });
    return {};
  });
}

}  // namespace forgelink
