// SPDX-License-Identifier: MIT
// How the daemon is, and which connections need somebody. Opening such a line opens the connection. Main
// thread only.
#pragma once

#include "clients/gtk/list_page.hpp"

namespace forgelink::gtk {

class StatusPage : public ListPage {
 public:
  explicit StatusPage(Context& context);

  // The id of a connection whose line was opened.
  sigc::signal<void(const std::string&)>& signal_connection() { return connection_; }

 private:
  void ask(const std::string& cursor) override;
  void open(const Line& line) override;
  void add_findings(std::vector<Line>& lines) const;

  sigc::signal<void(const std::string&)> connection_;
};

}  // namespace forgelink::gtk
