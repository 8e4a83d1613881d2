// SPDX-License-Identifier: MIT
#include "clients/gtk/repositories_page.hpp"

#include "clients/gtk/commits_page.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

// "private", "public", or "–" where the forge does not tell.
Glib::ustring visibility(const json::object& repository) {
  const json::value* found = repository.if_contains("private");
  if (found == nullptr || !found->is_bool()) return "–";
  return found->get_bool() ? _("private") : _("public");
}

Line repository_line(const json::object& repository) {
  Line line{.id = text_of(repository, "id"), .url = text_of(repository, "web_url")};
  line.title = text_of(repository, "path");
  line.subtitle = Glib::ustring::compose("%1 · %2", or_dash(text_of(repository, "default_branch")),
                                         date_text(text_of(repository, "updated_at")));
  line.note = visibility(repository);
  if (flag_of(repository, "archived")) line.note += " · " + _("archived");
  return line;
}

}  // namespace

RepositoriesPage::RepositoriesPage(Context& context, const Connection& connection)
    : ListPage(context, Glib::ustring::compose(_("Repositories of “%1”"), connection.name),
               _("No repositories"), _("The connection reaches none, or none fits the filter.")),
      connection_(connection) {
  reload();
}

void RepositoriesPage::ask(const std::string& cursor) {
  json::object params{{"connection", connection_.id}};
  if (!cursor.empty()) params["cursor"] = cursor;
  call("repository.list", std::move(params), [this](const json::object& reply) {
    std::vector<Line> lines;
    for (const json::value& one : array_of(reply, "repositories"))
      lines.push_back(repository_line(as_object(one)));
    add(std::move(lines), text_of(reply, "next_cursor"));
  });
}

void RepositoriesPage::open(const Line& line) {
  page_.emit(std::make_shared<CommitsPage>(context_, connection_, line));
}

}  // namespace forgelink::gtk
