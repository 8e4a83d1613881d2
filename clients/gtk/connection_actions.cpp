// SPDX-License-Identifier: MIT
// What the buttons of a connection's details do.
#include <gtkmm/switch.h>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/adwaita.hpp"
#include "clients/gtk/connection_details.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {

void ConnectionDetails::on_edit() { edit_.emit(Connection(item_->connection())); }

void ConnectionDetails::on_repositories() { repositories_.emit(Connection(item_->connection())); }

void ConnectionDetails::ask_daemon(std::string_view method, json::object params, const Glib::ustring& waiting,
                                   std::function<void(const json::object&)> done) {
  calls_.forget_all();
  say(waiting, false);
  set_waiting(true);
  params["connection"] = item_->connection().id;
  calls_.call(method, std::move(params), [this, done = std::move(done)](const Reply& reply) {
    set_waiting(false);
    say("", false);
    if (const auto* refusal = std::get_if<Refusal>(&reply)) {
      say(refusal->sentence(), true);
    } else {
      done(std::get<json::object>(reply));
    }
  });
}

void ConnectionDetails::on_verify() {
  const std::string forge = context_.types.label_of(item_->connection().type);
  ask_daemon("connection.verify", {}, Glib::ustring::compose(_("Asking %1 about the token…"), forge),
             [this](const json::object& reply) {
               context_.connections.put(connection_of(object_of(reply, "connection")));
               toast_.emit(Glib::ustring::compose(_("Verified “%1”"), item_->connection().name));
             });
}

void ConnectionDetails::on_renew() {
  ask_daemon("token.renew", {}, _("Renewing the token…"), [this](const json::object& reply) {
    context_.connections.put(connection_of(object_of(reply, "connection")));
    toast_.emit(Glib::ustring::compose(_("Renewed the token of “%1”"), item_->connection().name));
  });
}

void ConnectionDetails::on_purge() {
  const Glib::ustring name = item_->connection().name;
  question(Glib::ustring::compose(_("Forget the token of “%1”?"), name),
           _("The connection stays, but it must be configured again before the next use."), _("Forget"),
           [this] {
             ask_daemon("token.purge", {{"scope", "connection"}}, _("Forgetting the token…"),
                        [](const json::object&) {});
           });
}

void ConnectionDetails::on_revoke() {
  const Glib::ustring name = item_->connection().name;
  const ConnectionType* type = context_.types.find(item_->connection().type);
  if (type == nullptr) return;
  Glib::ustring text = Glib::ustring::compose(
      _("%1 is asked to end the token, everywhere it is used. The connection stays."), type->label);
  if (!type->revoke_caution.empty()) text += "\n" + Glib::ustring(type->revoke_caution);
  question(Glib::ustring::compose(_("Revoke the token of “%1”?"), name), text, _("Revoke"), [this] {
    ask_daemon("token.revoke", {}, _("Revoking the token…"), [this](const json::object& reply) {
      const std::string message = text_of(reply, "message");
      const bool revoked = text_of(reply, "revocation") == "revoked";
      if (!message.empty()) say(message, !revoked);
      const std::string url = text_of(reply, "url");
      if (!revoked && !url.empty()) open_page(*this, url);
    });
  });
}

void ConnectionDetails::question(const Glib::ustring& heading, const Glib::ustring& text,
                                 const Glib::ustring& yes, std::function<void()> then) {
  auto* window = dynamic_cast<Gtk::Window*>(get_root());
  if (window == nullptr) return;
  const std::string id = item_->connection().id;
  adwaita::ask(*window, heading, text,
               {{"cancel", _("Cancel")}, {.id = "yes", .label = yes, .destructive = true}}, nullptr,
               [this, id, then = std::move(then)](const std::string& response) {
                 // Another program may have removed the connection meanwhile.
                 if (response == "yes" && item_ && item_->connection().id == id) then();
               });
}

void ConnectionDetails::on_remove() {
  auto* window = dynamic_cast<Gtk::Window*>(get_root());
  if (window == nullptr) return;
  const Connection& connection = item_->connection();
  Gtk::Switch* revoke = nullptr;
  Gtk::Box* row = nullptr;
  const ConnectionType* type = context_.types.find(connection.type);
  const bool can_revoke =
      type != nullptr && type->can_revoke && context_.can.takes("connection.remove", "revoke");
  if (connection.state != "missing" && can_revoke) {
    row = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::HORIZONTAL, 12);
    const Glib::ustring text =
        Glib::ustring::compose(_("Revoke the token at %1 too"), context_.types.label_of(connection.type));
    auto* label = Gtk::make_managed<Gtk::Label>(
        type->revoke_caution.empty() ? text : text + "\n" + Glib::ustring(type->revoke_caution));
    label->set_hexpand(true);
    label->set_xalign(0);
    label->set_wrap(true);
    revoke = Gtk::make_managed<Gtk::Switch>();
    set_accessible_label(*revoke, text);
    row->append(*label);
    row->append(*revoke);
  }
  adwaita::ask(
      *window, Glib::ustring::compose(_("Remove “%1”?"), connection.name),
      _("Git and other programs can no longer use this connection. Its token is deleted from this computer."),
      {{"cancel", _("Cancel")}, {.id = "remove", .label = _("Remove"), .destructive = true}}, row,
      [this, revoke, id = connection.id](const std::string& response) {
        if (response != "remove" || !item_ || item_->connection().id != id) return;
        remove_now(revoke != nullptr && revoke->get_active(), false);
      });
}

void ConnectionDetails::remove_now(bool revoke, bool force) {
  json::object params;
  if (revoke) params["revoke"] = true;
  if (force) params["force"] = true;
  const Connection connection = item_->connection();
  ask_daemon("connection.remove", std::move(params), _("Removing the connection…"),
             [this, connection](const json::object& reply) { on_removed_reply(reply, connection); });
}

void ConnectionDetails::on_removed_reply(const json::object& reply, const Connection& connection) {
  const std::string revocation = text_of(reply, "revocation"), url = text_of(reply, "url");
  if (revocation == "failed" && text_of(reply, "removed").empty()) {
    question(_("The token could not be revoked"), text_of(reply, "message"), _("Remove anyway"),
             [this] { remove_now(true, true); });
    return;
  }
  if (revocation == "unsupported" && !url.empty()) open_page(*this, url);
  toast_.emit(Glib::ustring::compose(_("Removed “%1”"), connection.name));
  closed_.emit();
}

void ConnectionDetails::say(const Glib::ustring& sentence, bool is_error) {
  message_.set_text(sentence);
  message_.set_visible(!sentence.empty());
  is_error ? message_.add_css_class("error") : message_.remove_css_class("error");
  if (is_error) gtk::announce(message_, sentence);
}

}  // namespace forgelink::gtk
