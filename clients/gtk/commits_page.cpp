// SPDX-License-Identifier: MIT
#include "clients/gtk/commits_page.hpp"

#include "clients/gtk/display_text.hpp"
#include "clients/gtk/token_help.hpp"
#include "clients/gtk/translate.hpp"
#include "ipc/protocol/commit_list.hpp"

namespace forgelink::gtk {
namespace {

using protocol::CommitList;

constexpr std::size_t short_hash = 10;

Line commit_line(const CommitList::CommitView& commit) {
  Line line{.id = commit.id, .url = commit.web_url.value_or(""), .title = commit.title};
  line.subtitle = commit.author_display + " · " + time_text(parse_time(commit.author.date));
  line.note = commit.id.substr(0, short_hash);
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
  CommitList::Params params{.connection = connection_id_, .repository = {.value = repository_}};
  if (!cursor.empty()) params.cursor.emplace().value = cursor;
  list<CommitList>(std::move(params), [this](const CommitList::Reply& reply) {
    std::vector<Line> lines;
    for (const auto& commit : reply.commits) lines.push_back(commit_line(commit));
    if (reply.notice) toast_.emit(display_text(*reply.notice));
    add(std::move(lines), reply.next_cursor);
  });
}

}  // namespace forgelink::gtk
