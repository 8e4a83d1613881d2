// SPDX-License-Identifier: MIT
#include "clients/gtk/commits_page.hpp"

#include "clients/gtk/token_help.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

Line commit_line(const json::object& commit) {
  Line line{.id = text_of(commit, "id"), .url = text_of(commit, "web_url")};
  line.title = text_of(commit, "title");
  line.subtitle = Glib::ustring::compose("%1 · %2", text_of(commit, "author_display"),
                                         time_text(text_of(object_of(commit, "author"), "date")));
  line.note = line.id.substr(0, 10);
  return line;
}

}  // namespace

CommitsPage::CommitsPage(Context& context, const Connection& connection, const Line& repository)
    : ListPage(context, Glib::ustring::compose(_("Commits of %1"), repository.title), _("No commits"),
               _("The repository is empty, or no commit fits the filter.")),
      connection_id_(connection.id),
      repository_(repository.title) {
  if (!repository.url.empty()) {
    Gtk::Widget& button = make_page_button(_("Open in the browser"), repository.url);
    button.set_margin(6);
    set_tools(button);
  }
  reload();
}

void CommitsPage::ask(const std::string& cursor) {
  json::object params{{"connection", connection_id_}, {"repository", repository_}};
  if (!cursor.empty()) params["cursor"] = cursor;
  call("commit.list", std::move(params), [this](const json::object& reply) {
    std::vector<Line> lines;
    for (const json::value& one : array_of(reply, "commits")) lines.push_back(commit_line(as_object(one)));
    add(std::move(lines), text_of(reply, "next_cursor"));
  });
}

}  // namespace forgelink::gtk
