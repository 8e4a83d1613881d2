// SPDX-License-Identifier: MIT
// What the buttons of a connection's details do.
#include <gtkmm/switch.h>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/adwaita.hpp"
#include "clients/gtk/connection_details.hpp"
#include "clients/gtk/display_text.hpp"
#include "clients/gtk/translate.hpp"
#include "ipc/protocol/connection_verify.hpp"
#include "ipc/protocol/token_purge.hpp"
#include "ipc/protocol/token_renew.hpp"
#include "ipc/protocol/token_revoke.hpp"

namespace forgelink::gtk {

void ConnectionDetails::on_edit() { edit_.emit(Connection(item_->connection())); }

void ConnectionDetails::on_repositories() { repositories_.emit(Connection(item_->connection())); }

void ConnectionDetails::begin_waiting(const Glib::ustring& for_what) {
  calls_.forget_all();
  say(for_what, false);
  set_waiting(true);
}

bool ConnectionDetails::end_waiting(const Refusal* refusal) {
  set_waiting(false);
  say(refusal != nullptr ? refusal->sentence() : "", refusal != nullptr);
  return refusal == nullptr;
}

void ConnectionDetails::on_verify() {
  const std::string forge = context_.types.label_of(item_->connection().type);
  ask_daemon<protocol::ConnectionVerify>(
      {}, Glib::ustring::compose(_("Asking %1 about the token…"), forge),
      [this](const protocol::ConnectionReply& reply) {
        context_.connections.put(connection_of(reply.connection));
        toast_.emit(Glib::ustring::compose(_("Verified “%1”"), item_->connection().name));
      });
}

void ConnectionDetails::on_renew() {
  ask_daemon<protocol::TokenRenew>(
      {}, _("Renewing the token…"), [this](const protocol::ConnectionReply& reply) {
        context_.connections.put(connection_of(reply.connection));
        toast_.emit(Glib::ustring::compose(_("Renewed the token of “%1”"), item_->connection().name));
      });
}

void ConnectionDetails::on_purge() {
  const Glib::ustring name = item_->connection().name;
  question(Glib::ustring::compose(_("Forget the token of “%1”?"), name),
           _("The connection stays, but it must be configured again before the next use."), _("Forget"),
           [this, name] {
             ask_daemon<protocol::TokenPurge>(
                 {.scope = "connection"}, _("Forgetting the token…"),
                 [this, name](const protocol::TokenPurge::Reply&) {
                   toast_.emit(Glib::ustring::compose(_("Forgot the token of “%1”"), name));
                 });
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
    using Revoke = protocol::TokenRevoke;
    ask_daemon<Revoke>({}, _("Revoking the token…"), [this](const Revoke::Reply& reply) {
      const bool revoked = reply.revocation == "revoked";
      if (reply.message) say(display_text(*reply.message), !revoked);
      if (!revoked && reply.url) open_page(*this, *reply.url);
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
    revoke->set_valign(Gtk::Align::CENTER);
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
  const Connection connection = item_->connection();
  using Remove = protocol::ConnectionRemove;
  ask_daemon<Remove>({.revoke = revoke, .force = force}, _("Removing the connection…"),
                     [this, connection](const Remove::Reply& reply) { on_removed_reply(reply, connection); });
}

void ConnectionDetails::on_removed_reply(const protocol::ConnectionRemove::Reply& reply,
                                         const Connection& connection) {
  if (reply.revocation == "failed" && !reply.removed) {
    question(_("The token could not be revoked"), display_text(reply.message.value_or("")),
             _("Remove anyway"), [this] { remove_now(true, true); });
    return;
  }
  if (reply.revocation == "unsupported" && reply.url) open_page(*this, *reply.url);
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
