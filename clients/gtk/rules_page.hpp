// SPDX-License-Identifier: MIT
// The rules that say which connection git uses for an address or a folder: list, add, remove. Main thread
// only.
#pragma once

#include "clients/gtk/list_page.hpp"
#include "clients/gtk/tool_form.hpp"

namespace forgelink::gtk {

class RulesPage : public ListPage {
 public:
  explicit RulesPage(Context& context);

 private:
  void ask(const std::string& cursor) override;
  void open(const Line& line) override;
  void add_rule();

  ToolForm form_;
};

}  // namespace forgelink::gtk
