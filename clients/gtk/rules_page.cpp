// SPDX-License-Identifier: MIT
#include "clients/gtk/rules_page.hpp"

#include "clients/gtk/translate.hpp"

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
  follow_kinds({"rules.changed", "connection.removed", "connection.updated"});
  reload();
}

void RulesPage::ask(const std::string&) {
  call("rule.list", {}, [this](const json::object& reply) {
    std::vector<Line> lines;
    for (const json::value& one : array_of(reply, "rules")) {
      const json::object& rule = as_object(one);
      const std::string directory = text_of(rule, "directory");
      const auto connection = context_.connections.find(text_of(rule, "connection"));
      Line line{.id = text_of(rule, "id")};
      line.title = text_of(rule, "url").empty() ? directory : text_of(rule, "url");
      if (!text_of(rule, "url").empty()) line.subtitle = directory;
      line.note = connection ? connection->connection().name : text_of(rule, "connection");
      if (rule.contains("in_force") && !flag_of(rule, "in_force")) line.note += " · " + _("not in force");
      lines.push_back(std::move(line));
    }
    add(std::move(lines), "");
  });
}

void RulesPage::add_rule() {
  calls_.call("rule.add", form_.values(), [this](const Reply& reply) {
    if (const auto* refusal = std::get_if<Refusal>(&reply)) {
      if (!form_.refuse(*refusal)) say(refusal->sentence());
    } else {
      form_.clear();
      toast_.emit(_("Added the rule"));
      reload();
    }
  });
}

void RulesPage::open(const Line& line) {
  question(Glib::ustring::compose(_("Remove the rule for %1?"), line.title),
           _("Git asks again which connection to use there."), _("Remove"), [this, id = line.id] {
             call("rule.remove", {{"rule", id}}, [this](const json::object&) { reload(); });
           });
}

}  // namespace forgelink::gtk
