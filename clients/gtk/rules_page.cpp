// SPDX-License-Identifier: MIT
#include "clients/gtk/rules_page.hpp"

#include "clients/gtk/translate.hpp"
#include "ipc/protocol/rule_add.hpp"
#include "ipc/protocol/rule_list.hpp"
#include "ipc/protocol/rule_remove.hpp"

namespace forgelink::gtk {
namespace {

std::vector<ConnectionType::Field> rule_fields() {
  return {{"connection", _("Connection"), _("The name of the connection to use."), true, false},
          {"url", _("Address"),
           _("For repositories at this address and below, as https://github.com/octo-org."), false, false},
          {"directory", _("Folder"), _("For work trees in this folder and below."), false, false}};
}

}  // namespace

RulesPage::RulesPage(Context& context)
    : ListPage(context, _("Rules"), _("No rules"),
               _("A rule says which connection git uses where several would fit.")),
      form_(_("Add a rule"), rule_fields(), _("Add")) {
  set_tools(form_);
  form_.signal_submitted().connect(sigc::mem_fun(*this, &RulesPage::add_rule));
  context.connections.signal_event().connect(sigc::mem_fun(*this, &RulesPage::follow));
  using protocol::EventKind;
  follow_kinds({EventKind::rules_changed, EventKind::connection_removed, EventKind::connection_updated});
  reload();
}

void RulesPage::ask(const std::string&) {
  list<protocol::RuleList>({}, [this](const protocol::RuleList::Reply& reply) {
    std::vector<Line> lines;
    for (const protocol::RuleView& rule : reply.rules) {
      Line line{.id = rule.id, .title = rule.url ? *rule.url : rule.directory.value_or("")};
      if (rule.url) line.subtitle = rule.directory.value_or("");
      line.note = rule.name;
      if (!rule.in_force) line.note += " · " + _("not in force");
      lines.push_back(std::move(line));
    }
    add(std::move(lines), std::nullopt);
  });
}

void RulesPage::add_rule() {
  using Add = protocol::RuleAdd;
  actions_.ask_with<Add>(form_.values(), [this](const Answer<Add::Reply>& answer) {
    if (const auto* refusal = std::get_if<Refusal>(&answer)) {
      if (!form_.refuse(*refusal)) say(refusal->sentence());
      return;
    }
    form_.clear();
    say("");
    toast_.emit(std::get<Add::Reply>(answer).notice.value_or(_("Added the rule")));
    reload();
  });
}

void RulesPage::open(const Line& line) {
  question(Glib::ustring::compose(_("Remove the rule for %1?"), line.title),
           _("Git asks again which connection to use there."), _("Remove"),
           [this, id = line.id] { act<protocol::RuleRemove>({.rule = id}); });
}

}  // namespace forgelink::gtk
