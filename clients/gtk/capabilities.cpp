// SPDX-License-Identifier: MIT
#include "clients/gtk/capabilities.hpp"

namespace forgelink::gtk {

void Capabilities::fill(const json::object& document) {
  methods_.clear();
  for (const json::value& one : array_of(document, "methods")) {
    const json::object& method = as_object(one);
    std::set<std::string>& parameters = methods_[text_of(method, "name")];
    for (const json::value& parameter : array_of(method, "params"))
      parameters.insert(text_of(as_object(parameter), "name"));
  }
  changed_.emit();
}

bool Capabilities::takes(const std::string& method, const std::string& parameter) const {
  const auto found = methods_.find(method);
  return found != methods_.end() && found->second.contains(parameter);
}

}  // namespace forgelink::gtk
