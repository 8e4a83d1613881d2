// SPDX-License-Identifier: MIT
#include "clients/gtk/grants_page.hpp"

#include "clients/gtk/translate.hpp"
#include "ipc/protocol/access_grants.hpp"
#include "ipc/protocol/access_revoke.hpp"

namespace forgelink::gtk {

GrantsPage::GrantsPage(Context& context)
    : ListPage(context, _("Allowed programs"), _("No program is allowed"),
               _("Programs appear here once you allow them for a session or always.")) {
  context.connections.signal_event().connect(sigc::mem_fun(*this, &GrantsPage::follow));
  follow_kinds({protocol::EventKind::access_answered, protocol::EventKind::connection_removed});
  reload();
}

void GrantsPage::ask(const std::string&) {
  list<protocol::AccessGrants>({}, [this](const protocol::AccessGrants::Reply& reply) {
    std::vector<Line> lines;
    for (const auto& grant : reply.grants) {
      const auto connection = context_.connections.find(grant.connection);
      Line line{.id = grant.grant};
      line.title =
          or_dash(grant.program) + " · " + (connection ? connection->connection().name : grant.connection);
      line.subtitle = grant.executable + " · " + time_text(grant.created_at);
      line.note = grant.decision == "always" ? _("always") : _("this session");
      lines.push_back(std::move(line));
    }
    add(std::move(lines), std::nullopt);
  });
}

void GrantsPage::open(const Line& line) {
  question(Glib::ustring::compose(_("Ask again about %1?"), line.title),
           _("The next time the program wants the token, you are asked."), _("Ask again"),
           [this, id = line.id] { act<protocol::AccessRevoke>({.grant = id}); });
}

}  // namespace forgelink::gtk
