// SPDX-License-Identifier: MIT
#include "clients/gtk/repositories_page.hpp"

#include "clients/gtk/commits_page.hpp"
#include "clients/gtk/display_text.hpp"
#include "clients/gtk/translate.hpp"
#include "ipc/protocol/repository_list.hpp"

namespace forgelink::gtk {
namespace {

using protocol::RepositoryList;

Line repository_line(const RepositoryList::RepositoryView& repository) {
  Line line{.id = repository.id, .url = repository.web_url.value_or(""), .title = repository.path};
  line.subtitle = or_dash(repository.default_branch) + " · " + date_text(repository.updated_at);
  // "–" where the forge does not tell.
  line.note = !repository.is_private   ? Glib::ustring("–")
              : *repository.is_private ? _("private")
                                       : _("public");
  if (repository.archived.value_or(false)) line.note += " · " + _("archived");
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
  RepositoryList::Params params{.connection = connection_.id};
  if (!cursor.empty()) params.cursor.emplace().value = cursor;
  list<RepositoryList>(std::move(params), [this](const RepositoryList::Reply& reply) {
    std::vector<Line> lines;
    for (const auto& repository : reply.repositories) lines.push_back(repository_line(repository));
    if (reply.notice) toast_.emit(display_text(*reply.notice));
    add(std::move(lines), reply.next_cursor);
  });
}

void RepositoriesPage::open(const Line& line) {
  page_.emit(std::make_shared<CommitsPage>(context_, connection_, line));
}

}  // namespace forgelink::gtk
