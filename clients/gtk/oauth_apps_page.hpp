// SPDX-License-Identifier: MIT
// The apps that sign-ins go through: list, add, remove. Main thread only.
#pragma once

#include "clients/gtk/list_page.hpp"
#include "clients/gtk/tool_form.hpp"
#include "clients/gtk/type_chooser.hpp"

namespace forgelink::gtk {

class OauthAppsPage : public ListPage {
 public:
  explicit OauthAppsPage(Context& context);

 private:
  void ask(const std::string& cursor) override;
  void open(const Line& line) override;
  void set_app();
  void show_types();

  TypeChooser types_;
  ToolForm form_;
};

}  // namespace forgelink::gtk
