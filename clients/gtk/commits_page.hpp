// SPDX-License-Identifier: MIT
// The commits of a repository, newest first, each with its author as `author_display` says. Main thread only.
#pragma once

#include "clients/gtk/list_page.hpp"

namespace forgelink::gtk {

class CommitsPage : public ListPage {
 public:
  // `repository` is its line in the list of repositories.
  CommitsPage(Context& context, const Connection& connection, const Line& repository);

 private:
  void ask(const std::string& cursor) override;

  std::string connection_id_, repository_;
};

}  // namespace forgelink::gtk
