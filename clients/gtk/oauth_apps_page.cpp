// SPDX-License-Identifier: MIT
#include "clients/gtk/oauth_apps_page.hpp"

#include "clients/gtk/translate.hpp"
#include "ipc/protocol/oauth_app_list.hpp"
#include "ipc/protocol/oauth_app_remove.hpp"
#include "ipc/protocol/oauth_app_set.hpp"

namespace forgelink::gtk {
namespace {

// A type and a server in one text; neither holds a line break.
std::string app_key(const std::string& type, const std::string& server) { return type + "\n" + server; }

std::vector<ConnectionType::Field> app_fields() {
  return {{"server_url", _("Server"), _("For one server of a self-hosted type."), false, false},
          {"client_id", _("Client ID"), _("As the forge shows it for the app."), true, false},
          {"client_secret", _("Client secret"), _("Where the forge wants one."), false, true}};
}

Glib::ustring origin_text(const std::string& from) {
  if (from == "stored") return _("set here");
  if (from == "settings") return _("from the settings");
  if (from == "policy") return _("from the administrator");
  return from == "build" ? _("built in") : Glib::ustring(from);
}

}  // namespace

OauthAppsPage::OauthAppsPage(Context& context)
    : ListPage(context, _("Sign-in apps"), _("No apps"),
               _("Signing in goes through an app that you register at the forge once.")),
      form_(_("Add an app"), app_fields(), _("Add")) {
  form_.put_first(_("Type"), types_);
  set_tools(form_);
  show_types();
  context.types.signal_changed().connect(sigc::mem_fun(*this, &OauthAppsPage::show_types));
  form_.signal_submitted().connect(sigc::mem_fun(*this, &OauthAppsPage::set_app));
  reload();
}

// Those that one can sign in with.
void OauthAppsPage::show_types() {
  std::vector<ConnectionType> types;
  for (const ConnectionType& type : context_.types.types()) {
    if (type.has_sign_in) types.push_back(type);
  }
  types_.set_types(types);
}

void OauthAppsPage::ask(const std::string&) {
  list<protocol::OAuthAppList>({}, [this](const protocol::OAuthAppList::Reply& reply) {
    std::vector<Line> lines;
    for (const protocol::OAuthAppList::App& app : reply.apps) {
      const std::string type = app.type.value_or(""), server = app.server_url.value_or("");
      Line line{.title = context_.types.label_of(type), .subtitle = app.client_id};
      if (app.from == "stored") line.id = app_key(type, server);
      if (!server.empty()) line.title += (type.empty() ? "" : " · ") + server;
      line.note = (app.has_secret ? _("with secret") : _("without secret")) + " · " + origin_text(app.from);
      lines.push_back(std::move(line));
    }
    add(std::move(lines), std::nullopt);
  });
}

void OauthAppsPage::set_app() {
  using Set = protocol::OAuthAppSet;
  json::object params = form_.values();
  params["type"] = types_.chosen();
  actions_.ask_with<Set>(
      std::move(params),
      [this](const Answer<Set::Reply>& answer) {
        if (const auto* refusal = std::get_if<Refusal>(&answer)) {
          if (!form_.refuse(*refusal)) say(refusal->sentence());
          return;
        }
        form_.clear();
        say("");
        toast_.emit(_("Added the app"));
        reload();
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
             protocol::OAuthAppRemove::Params params;
             params.type = id.substr(0, end);
             if (end + 1 < id.size()) params.server_url = id.substr(end + 1);
             act<protocol::OAuthAppRemove>(std::move(params));
           });
}

}  // namespace forgelink::gtk
