// SPDX-License-Identifier: MIT
#include "clients/gtk/status_page.hpp"

#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

Line fact_line(const Glib::ustring& title, const Glib::ustring& value) {
  Line line;
  line.title = title;
  line.subtitle = value;
  return line;
}

}  // namespace

StatusPage::StatusPage(Context& context)
    : ListPage(context, _("Status"), _("Nothing to say"), _("The daemon has not answered.")) {
  context.connections.signal_event().connect(sigc::mem_fun(*this, &StatusPage::follow));
  follow_kinds({"secret_store.changed", "daemon.locked", "daemon.unlocked", "token.rejected",
                "token.verified", "token.expired", "connection.removed", "connection.updated"});
  reload();
}

void StatusPage::ask(const std::string&) {
  call("daemon.status", {}, [this](const json::object& reply) {
    std::vector<Line> lines;
    add_findings(lines);
    const json::object& store = object_of(reply, "secret_store");
    const bool in_memory = text_of(store, "backend") == "memory";
    lines.push_back(fact_line(_("Tokens are stored in"),
                              in_memory ? _("memory; they end with the daemon") : _("the keyring")));
    lines.push_back(fact_line(_("State of the store"), text_of(store, "state")));
    if (reply.contains("locked"))
      lines.push_back(fact_line(_("Locked"), flag_of(reply, "locked") ? _("yes") : _("no")));
    lines.push_back(fact_line(_("Version of the daemon"), text_of(reply, "version")));
    lines.push_back(fact_line(_("Running since"), time_text(text_of(reply, "started_at"))));
    lines.push_back(fact_line(_("Process"), Glib::ustring::format(number_of(reply, "pid"))));
    add(std::move(lines), "");
  });
}

void StatusPage::add_findings(std::vector<Line>& lines) const {
  const auto& list = context_.connections.list();
  for (unsigned at = 0; at < list->get_n_items(); ++at) {
    const Connection& connection = list->get_item(at)->connection();
    const bool good = connection.state == "valid" || connection.state == "unverified";
    if (good && connection.missing_scopes.empty() && connection.forbidden.empty()) continue;
    Line line{.id = connection.id};
    line.title = Glib::ustring::compose(_("“%1” needs you"), connection.name);
    line.subtitle = connection.forbidden.empty() ? connection.hint : connection.forbidden;
    line.note = state_text(connection.state);
    lines.push_back(std::move(line));
  }
}

void StatusPage::open(const Line& line) {
  if (!line.id.empty()) connection_.emit(line.id);
}

}  // namespace forgelink::gtk
