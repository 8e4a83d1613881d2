// SPDX-License-Identifier: MIT
#include "clients/gtk/status_page.hpp"

#include "clients/gtk/translate.hpp"
#include "ipc/protocol/daemon_status.hpp"

namespace forgelink::gtk {
namespace {

Line fact_line(const Glib::ustring& title, const Glib::ustring& value) {
  Line line;
  line.title = title;
  line.subtitle = value;
  return line;
}

Glib::ustring store_text(const std::string& state) {
  if (state == "available") return _("available");
  if (state == "locked") return _("locked");
  return state == "unavailable" ? _("unavailable") : Glib::ustring(state);
}

}  // namespace

StatusPage::StatusPage(Context& context)
    : ListPage(context, _("Status"), _("Nothing to say"), _("The daemon has not answered.")) {
  context.connections.signal_event().connect(sigc::mem_fun(*this, &StatusPage::follow));
  using protocol::EventKind;
  follow_kinds({EventKind::secret_store_changed, EventKind::daemon_locked, EventKind::daemon_unlocked,
                EventKind::token_rejected, EventKind::token_verified, EventKind::token_expired,
                EventKind::connection_removed, EventKind::connection_updated});
  reload();
}

void StatusPage::ask(const std::string&) {
  list<protocol::DaemonStatus>({}, [this](const protocol::DaemonStatus::Reply& status) {
    std::vector<Line> lines;
    add_findings(lines);
    const bool in_memory = status.secret_store.backend == "memory";
    lines.push_back(fact_line(_("Tokens are stored in"),
                              in_memory ? _("memory; they end with the daemon") : _("the keyring")));
    lines.push_back(fact_line(_("State of the store"), store_text(status.secret_store.state)));
    lines.push_back(fact_line(_("Locked"), status.locked ? _("yes") : _("no")));
    if (status.policy) lines.push_back(fact_line(_("Policy of the administrator"), status.policy->file));
    lines.push_back(fact_line(_("Version of the daemon"), status.version));
    lines.push_back(fact_line(_("Running since"), time_text(status.started_at)));
    lines.push_back(fact_line(_("Process"), std::to_string(status.pid)));
    add(std::move(lines), std::nullopt);
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
    line.wraps = true;
    line.subtitle = connection.forbidden.empty() ? connection.hint : connection.forbidden;
    line.note = state_text(connection.state);
    lines.push_back(std::move(line));
  }
}

void StatusPage::open(const Line& line) {
  if (!line.id.empty()) connection_.emit(line.id);
}

}  // namespace forgelink::gtk
