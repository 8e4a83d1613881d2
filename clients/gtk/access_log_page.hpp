// SPDX-License-Identifier: MIT
// Who used which connection for what, newest first; a use that happens now appears at the top. Main thread
// only.
#pragma once

#include "clients/gtk/list_page.hpp"

namespace forgelink::gtk {

class AccessLogPage : public ListPage {
 public:
  explicit AccessLogPage(Context& context);

 private:
  void ask(const std::string& cursor) override;
  void on_event(const protocol::EventView& event);
};

}  // namespace forgelink::gtk
