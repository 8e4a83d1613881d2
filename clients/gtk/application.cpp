// SPDX-License-Identifier: MIT
#include "clients/gtk/application.hpp"

#include <glibmm/miscutils.h>

#include "base/version.hpp"
#include "clients/gtk/access_log_page.hpp"
#include "clients/gtk/adwaita.hpp"
#include "clients/gtk/doctor_page.hpp"
#include "clients/gtk/grants_page.hpp"
#include "clients/gtk/oauth_apps_page.hpp"
#include "clients/gtk/rules_page.hpp"
#include "clients/gtk/shortcuts.hpp"
#include "clients/gtk/status_page.hpp"
#include "clients/gtk/translate.hpp"
#include "ipc/protocol/daemon_lock.hpp"
#include "ipc/protocol/daemon_status.hpp"
#include "ipc/protocol/daemon_unlock.hpp"
#include "ipc/protocol/type_list.hpp"

namespace forgelink::gtk {

Glib::RefPtr<Application> Application::create() {
  return Glib::make_refptr_for_instance<Application>(new Application);
}

Application::Application() : Gtk::Application(id) { Glib::set_application_name("Forgelink"); }

void Application::on_startup() {
  Gtk::Application::on_startup();
  adwaita::set_up();
  context_ = std::make_unique<Context>();
  context_->link.signal_changed().connect(sigc::mem_fun(*this, &Application::on_link_changed));
  // Asked once more after the subscription: a lock just before it has no event for us.
  context_->connections.signal_known().connect(sigc::mem_fun(*this, &Application::ask_for_status));
  add_actions();
  context_->link.begin();
}

void Application::on_activate() { window().present(); }

MainWindow& Application::window() {
  if (!window_) {
    window_ = std::make_unique<MainWindow>(*context_);
    add_window(*window_);
    // Closing the window ends the program; the daemon goes on without it.
    window_->signal_close_request().connect(
        [this] {
          quit();
          return true;
        },
        false);
  }
  return *window_;
}

void Application::add_actions() {
  add_action("add", [this] {
    window().present();
    window().add_connection();
  });
  add_action_with_parameter(
      "open-connection", Glib::VARIANT_TYPE_STRING, [this](const Glib::VariantBase& given) {
        window().present();
        window().open_connection(Glib::VariantBase::cast_dynamic<Glib::Variant<Glib::ustring>>(given).get());
      });
  add_page_actions();
  add_action("lock",
             [this] { tell_daemon(protocol::DaemonLock::name, _("Locked; no program gets a token")); });
  add_action("unlock", [this] { tell_daemon(protocol::DaemonUnlock::name, _("Unlocked")); });
  add_action("back", [this] { window().go_back(); });
  add_action("search", [this] { window().toggle_search(); });
  add_action("shortcuts", [this] { show_shortcuts(window()); });
  add_action("about", [this] { adwaita::show_about(window(), id, FORGELINK_VERSION); });
  add_action("quit", [this] { quit(); });
  set_accel_for_action("app.add", "<Control>n");
  set_accel_for_action("app.search", "<Control>f");
  set_accel_for_action("app.back", "<Alt>Left");
  set_accel_for_action("app.shortcuts", "<Control>question");
  set_accel_for_action("app.quit", "<Control>q");
}

void Application::add_page_actions() {
  add_action("rules", [this] { window().show_page(std::make_shared<RulesPage>(*context_)); });
  add_action("access-log", [this] { window().show_page(std::make_shared<AccessLogPage>(*context_)); });
  add_action("grants", [this] { window().show_page(std::make_shared<GrantsPage>(*context_)); });
  add_action("oauth-apps", [this] { window().show_page(std::make_shared<OauthAppsPage>(*context_)); });
  add_action("doctor", [this] { window().show_page(std::make_shared<DoctorPage>(*context_)); });
  add_action("status", [this] {
    auto page = std::make_shared<StatusPage>(*context_);
    // Opening a connection leaves the page, which is in the middle of its signal: later.
    page->signal_connection().connect([this](const std::string& connection) {
      Glib::signal_idle().connect_once([this, connection] { window().open_connection(connection); });
    });
    window().show_page(page);
  });
}

void Application::tell_daemon(std::string_view method, const Glib::ustring& done) {
  context_->client().call(method, {}, [this, done](const Reply& reply) {
    const auto* refusal = std::get_if<Refusal>(&reply);
    window().show_toast(refusal != nullptr ? Glib::ustring(refusal->message) : done);
  });
}

// Said once for each version of the daemon; what both know works all the same.
void Application::compare_versions(const std::string& daemon) {
  if (daemon.empty() || daemon == FORGELINK_VERSION || daemon == told_version_) return;
  told_version_ = daemon;
  window().show_toast(Glib::ustring::compose(
      _("The daemon is version %1 and this window %2. Restart both to bring them together."), daemon,
      FORGELINK_VERSION));
}

void Application::ask_for_status() {
  Context* context = context_.get();
  ask<protocol::DaemonStatus>(context->client(), {},
                              [this, context](const Answer<protocol::DaemonStatus::Reply>& answer) {
                                const auto* status = std::get_if<protocol::DaemonStatus::Reply>(&answer);
                                if (status == nullptr) return;
                                context->default_retention = status->retention;
                                context->lock.set(status->locked);
                                compare_versions(status->version);
                              });
}

void Application::on_link_changed() {
  if (context_->link.state() != DaemonLink::State::ready) return;
  DaemonClient& client = context_->client();
  Context* context = context_.get();
  ask<protocol::TypeList>(client, {}, [context](const Answer<protocol::TypeList::Reply>& answer) {
    if (const auto* types = std::get_if<protocol::TypeList::Reply>(&answer)) context->types.fill(*types);
  });
  context->connections.subscribe();
  ask_for_status();
  client.call("rpc.discover", {}, [context](const Reply& reply) {
    if (const auto* document = std::get_if<json::object>(&reply)) context->can.fill(*document);
  });
}

}  // namespace forgelink::gtk
