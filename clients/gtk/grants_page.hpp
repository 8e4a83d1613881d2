// SPDX-License-Identifier: MIT
// Which programs may use a connection that asks first, without being asked about again. Main thread only.
#pragma once

#include "clients/gtk/list_page.hpp"

namespace forgelink::gtk {

class GrantsPage : public ListPage {
 public:
  explicit GrantsPage(Context& context);

 private:
  void ask(const std::string& cursor) override;
  void open(const Line& line) override;
};

}  // namespace forgelink::gtk
