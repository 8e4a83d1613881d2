// SPDX-License-Identifier: MIT
// Who used which connection for what, newest first. Main thread only.
#pragma once

#include "clients/gtk/list_page.hpp"

namespace forgelink::gtk {

class AccessLogPage : public ListPage {
 public:
  explicit AccessLogPage(Context& context);

 private:
  void ask(const std::string& cursor) override;
};

}  // namespace forgelink::gtk
