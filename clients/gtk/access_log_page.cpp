// SPDX-License-Identifier: MIT
#include "clients/gtk/access_log_page.hpp"

#include "clients/gtk/translate.hpp"
#include "ipc/protocol/access_list.hpp"
#include "ipc/protocol/access_place.hpp"

namespace forgelink::gtk {
namespace {

using protocol::AccessList;

Glib::ustring outcome_text(const std::string& outcome) {
  if (outcome == "given") return _("given");
  if (outcome == "refused") return _("refused");
  return outcome == "denied" ? _("denied") : Glib::ustring(outcome);
}

Line entry_line(const AccessList::EntryView& entry) {
  Line line{.title = or_dash(entry.program) + " · " + or_dash(entry.connection_name)};
  line.subtitle = time_text(entry.at) + " · " + entry.action;
  const std::string where = protocol::access_place(entry.host, entry.path);
  for (const std::string& text : {where, entry.directory.value_or("")}) {
    if (!text.empty()) line.subtitle += " · " + text;
  }
  line.note = outcome_text(entry.outcome);
  return line;
}

}  // namespace

AccessLogPage::AccessLogPage(Context& context)
    : ListPage(context, _("Access log"), _("No entries"), _("No program has used a connection yet.")) {
  context.connections.signal_event().connect(sigc::mem_fun(*this, &AccessLogPage::on_event));
  reload();
}

void AccessLogPage::ask(const std::string& cursor) {
  AccessList::Params params;
  if (!cursor.empty()) params.cursor.emplace().value = cursor;
  list<AccessList>(std::move(params), [this](const AccessList::Reply& reply) {
    std::vector<Line> lines;
    for (const AccessList::EntryView& entry : reply.entries) lines.push_back(entry_line(entry));
    add(std::move(lines), reply.next_cursor);
  });
}

void AccessLogPage::on_event(const protocol::EventView& event) {
  if (protocol::event_kind_of(event.kind) != protocol::EventKind::token_used || !event.detail) return;
  const auto entry = answer_of<AccessList::EntryView>(*event.detail);
  if (const auto* read = std::get_if<AccessList::EntryView>(&entry)) add_first(entry_line(*read));
}

}  // namespace forgelink::gtk
