// SPDX-License-Identifier: MIT
// The repositories that a connection reaches; opening one shows its commits. Main thread only.
#pragma once

#include "clients/gtk/list_page.hpp"

namespace forgelink::gtk {

class RepositoriesPage : public ListPage {
 public:
  RepositoriesPage(Context& context, const Connection& connection);

 private:
  void ask(const std::string& cursor) override;
  void open(const Line& line) override;

  Connection connection_;
};

}  // namespace forgelink::gtk
