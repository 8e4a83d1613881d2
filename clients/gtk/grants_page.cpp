// SPDX-License-Identifier: MIT
#include "clients/gtk/grants_page.hpp"

#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {

GrantsPage::GrantsPage(Context& context)
    : ListPage(context, _("Allowed programs"), _("No program is allowed"),
               _("Programs appear here once you allow them for a session or always.")) {
  context.connections.signal_event().connect(sigc::mem_fun(*this, &GrantsPage::follow));
  follow_kinds({"access.answered"});
  reload();
}

void GrantsPage::ask(const std::string&) {
  call("access.grants", {}, [this](const json::object& reply) {
    std::vector<Line> lines;
    for (const json::value& one : array_of(reply, "grants")) {
      const json::object& grant = as_object(one);
      const auto connection = context_.connections.find(text_of(grant, "connection"));
      Line line{.id = text_of(grant, "grant")};
      line.title = Glib::ustring::compose(
          "%1 · %2", or_dash(text_of(grant, "program")),
          or_dash(connection ? connection->connection().name : text_of(grant, "connection")));
      line.subtitle = text_of(grant, "executable") + " · " + time_text(text_of(grant, "created_at"));
      line.note = text_of(grant, "decision");
      lines.push_back(std::move(line));
    }
    add(std::move(lines), "");
  });
}

void GrantsPage::open(const Line& line) {
  question(Glib::ustring::compose(_("Ask again about %1?"), line.title),
           _("The next time the program wants the token, you are asked."), _("Ask again"),
           [this, id = line.id] {
             call("access.revoke", {{"grant", id}}, [this](const json::object&) { reload(); });
           });
}

}  // namespace forgelink::gtk
