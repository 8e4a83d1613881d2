// SPDX-License-Identifier: MIT
#include "ipc/method_table.hpp"

#include <map>

#include "ipc/error_view.hpp"

namespace forgelink::ipc {
namespace {

json::array kinds() {
  json::array all;
  for (int i = 0; i <= static_cast<int>(Errc::internal); ++i) all.emplace_back(kind(static_cast<Errc>(i)));
  return all;
}

// By-name parameters, one content descriptor for each member of the schema.
json::array descriptors(const json::object& schema) {
  json::array list;
  const json::value* required = schema.if_contains("required");
  for (const auto& [name, member] : schema.at("properties").as_object()) {
    bool is_required = false;
    if (required != nullptr) {
      for (const json::value& one : required->as_array()) is_required |= one == name;
    }
    list.push_back({{"name", name}, {"required", is_required}, {"schema", member}});
  }
  return list;
}

}  // namespace

const MethodTable::Entry* MethodTable::find(std::string_view name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second;
}

json::object MethodTable::describe(std::string_view title, std::string_view version) const {
  json::array methods;
  // ipc/openrpc.json is compared with this document: the order of a hash table would change it.
  std::map<std::string_view, const Entry*> sorted;
  for (const auto& [name, entry] : entries_) sorted.emplace(name, &entry);
  for (const auto& [name, entry] : sorted) {
    methods.push_back({{"name", name},
                       {"summary", entry->summary},
                       {"paramStructure", "by-name"},
                       {"params", descriptors(entry->params_schema)},
                       {"result", {{"name", "result"}, {"schema", entry->reply_schema}}}});
  }
  methods.push_back({{"name", "rpc.discover"},
                     {"summary", "This document."},
                     {"paramStructure", "by-name"},
                     {"params", json::array()},
                     {"result", {{"name", "OpenRPC"}, {"schema", {{"type", "object"}}}}}});
  json::object error = schema_of<ErrorData>();
  error["description"] = "`data` of every error of the code -32000, -32602 and -32603";
  error["properties"].as_object()["kind"].as_object()["enum"] = kinds();
  return {{"openrpc", "1.3.2"},
          {"info",
           {{"title", title},
            {"version", version},
            {"description", "JSON-RPC 2.0 on a Unix socket, one JSON text per line."}}},
          {"methods", std::move(methods)},
          {"components", {{"schemas", {{"ErrorData", error}}}}}};
}

}  // namespace forgelink::ipc
