// SPDX-License-Identifier: MIT
#include "clients/gtk/access_log_page.hpp"

#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

Line entry_line(const Context& context, const json::object& entry) {
  const auto connection = context.connections.find(text_of(entry, "connection"));
  Line line;
  line.title = Glib::ustring::compose(
      "%1 · %2", or_dash(text_of(entry, "program")),
      or_dash(connection ? connection->connection().name : text_of(entry, "connection")));
  const std::string where =
      text_of(entry, "host") + (text_of(entry, "path").empty() ? "" : "/" + text_of(entry, "path"));
  line.subtitle = time_text(text_of(entry, "at")) + " · " + text_of(entry, "action");
  for (const std::string& text : {where, text_of(entry, "directory")}) {
    if (!text.empty()) line.subtitle += " · " + text;
  }
  line.note = text_of(entry, "outcome");
  return line;
}

}  // namespace

AccessLogPage::AccessLogPage(Context& context)
    : ListPage(context, _("Access log"), _("No entries"), _("No program has used a connection yet.")) {
  reload();
}

void AccessLogPage::ask(const std::string& cursor) {
  json::object params;
  if (!cursor.empty()) params["cursor"] = cursor;
  call("access.list", std::move(params), [this](const json::object& reply) {
    std::vector<Line> lines;
    for (const json::value& one : array_of(reply, "entries"))
      lines.push_back(entry_line(context_, as_object(one)));
    add(std::move(lines), text_of(reply, "next_cursor"));
  });
}

}  // namespace forgelink::gtk
