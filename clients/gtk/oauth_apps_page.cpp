// SPDX-License-Identifier: MIT
#include "clients/gtk/oauth_apps_page.hpp"

#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

// A type and a server in one text; neither holds a line break.
std::string app_key(const std::string& type, const std::string& server) { return type + "\n" + server; }

std::vector<ConnectionType::Field> app_fields(const TypeCatalogue& types) {
  std::string ids;
  for (const ConnectionType& type : types.types()) {
    if (type.has_sign_in) ids += (ids.empty() ? "" : ", ") + type.id;
  }
  return {{"type", _("Type"), Glib::ustring::compose(_("One of: %1"), ids), true, false},
          {"server_url", _("Server"), _("For one server of a self-hosted type."), false, false},
          {"client_id", _("Client ID"), _("As the forge shows it for the app."), true, false},
          {"client_secret", _("Client secret"), _("Where the forge wants one."), false, true}};
}

}  // namespace

OauthAppsPage::OauthAppsPage(Context& context)
    : ListPage(context, _("Sign-in apps"), _("No apps"),
               _("Signing in goes through an app that you register at the forge once.")),
      form_(_("Add an app"), app_fields(context.types), _("Add")) {
  set_tools(form_);
  form_.signal_submitted().connect(sigc::mem_fun(*this, &OauthAppsPage::set_app));
  reload();
}

void OauthAppsPage::ask(const std::string&) {
  call("oauth_app.list", {}, [this](const json::object& reply) {
    std::vector<Line> lines;
    for (const json::value& one : array_of(reply, "apps")) {
      const json::object& app = as_object(one);
      const std::string type = text_of(app, "type"), server = text_of(app, "server_url");
      Line line;
      if (text_of(app, "from") == "stored") line.id = app_key(type, server);
      line.title = context_.types.label_of(type);
      if (!server.empty()) line.title += (type.empty() ? "" : " · ") + server;
      line.subtitle = text_of(app, "client_id");
      line.note = (flag_of(app, "has_secret") ? _("with secret") : _("without secret")) + " · " +
                  text_of(app, "from");
      lines.push_back(std::move(line));
    }
    add(std::move(lines), "");
  });
}

void OauthAppsPage::set_app() {
  calls_.call(
      "oauth_app.set", form_.values(),
      [this](const Reply& reply) {
        if (const auto* refusal = std::get_if<Refusal>(&reply)) {
          if (!form_.refuse(*refusal)) say(refusal->sentence());
        } else {
          form_.clear();
          toast_.emit(_("Added the app"));
          reload();
        }
      },
      form_.secret());
}

void OauthAppsPage::open(const Line& line) {
  // An id is given to those that were stored here; others are changed where they come from.
  if (line.id.empty()) {
    toast_.emit(_("This app comes from the settings, and is changed there."));
    return;
  }
  question(Glib::ustring::compose(_("Remove the app for %1?"), line.title),
           _("Connections that signed in through it cannot renew their tokens."), _("Remove"),
           [this, id = line.id] {
             const auto end = id.find('\n');
             json::object params{{"type", id.substr(0, end)}};
             if (end + 1 < id.size()) params["server_url"] = id.substr(end + 1);
             call("oauth_app.remove", std::move(params), [this](const json::object&) { reload(); });
           });
}

}  // namespace forgelink::gtk
