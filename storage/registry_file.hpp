// SPDX-License-Identifier: MIT
// The file of the registry: opened if it is ours, private, of a version we know, and whole; else
// RegistryOpenFailed is thrown with a sentence for people, and the file is as it was.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <memory>
#include <string>

#include "storage/registry_lock.hpp"

namespace forgelink {

// Makes the folder where there is none; 0700.
std::filesystem::path made_private(const std::filesystem::path& folder);

// Ready for its migrations.
std::unique_ptr<SQLite::Database> open_registry_file(const std::filesystem::path& folder);

// Once the migrations have run: what is not marked is taken for somebody else's.
void mark_as_ours(SQLite::Database& database);

RegistryOpenFailed unreadable(const std::string& file, const std::string& why);

}  // namespace forgelink
