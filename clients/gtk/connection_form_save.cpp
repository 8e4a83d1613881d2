// SPDX-License-Identifier: MIT
// What the form asks of the daemon, and what it does with the answer.
#include <gtkmm/adjustment.h>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/adwaita.hpp"
#include "clients/gtk/connection_form.hpp"
#include "clients/gtk/translate.hpp"
#include "ipc/protocol/connection_add.hpp"
#include "ipc/protocol/connection_remove.hpp"
#include "ipc/protocol/connection_update.hpp"

namespace forgelink::gtk {
namespace {

// A few frames.
constexpr unsigned layout_milliseconds = 80;

}  // namespace

void ConnectionForm::save() {
  if (!open_ || !save_.get_sensitive() || type() == nullptr) return;
  fields_.accept_all();
  say("", "");
  send(false);
}

std::optional<SecretParameter> ConnectionForm::token() const {
  const FormField* field = fields_.secret();
  if (field == nullptr || field->is_empty() || choice_.chosen() != "token") return std::nullopt;
  return SecretParameter{field->name(), field->secret()};
}

json::object ConnectionForm::params_of_add() const {
  json::object params{{"type", type()->id}, {"retention", session_.get_active() ? "session" : "keep"}};
  for (const FormField* field : fields_.all()) {
    const bool of_token = field->is_secret() || field->name() == "expires_at";
    if (of_token && (field->is_secret() || wants_sign_in())) continue;
    // A name that is missing is for the daemon to refuse, like everything else.
    if (!field->text().empty() || field->name() == "name") params[field->name()] = field->text();
  }
  if (plain_http_row_->get_visible() && plain_http_.get_active()) params["allow_http"] = true;
  if (ask_.get_active()) params["access"] = "ask";
  return params;
}

json::object ConnectionForm::params_of_edit() const {
  json::object params;
  for (const FormField* field : fields_.all()) {
    const std::string text = field->text();
    if (field->is_secret() || text == edited_->field(field->name())) continue;
    if (field->name() == "expires_at" && choice_.chosen() != "token") continue;
    params[field->name()] = text.empty() && field->name() != "name" ? json::value() : json::value(text);
  }
  const std::string retention = session_.get_active() ? "session" : "keep";
  if (retention != edited_->retention) params["retention"] = retention;
  const std::string access = ask_.get_active() ? "ask" : "allow";
  if (ask_row_->get_visible() && access != (edited_->access.empty() ? "allow" : edited_->access))
    params["access"] = access;
  if (plain_http_row_->get_visible() && plain_http_.get_active()) params["allow_http"] = true;
  return params;
}

void ConnectionForm::send(bool accept_account_change) {
  if (!edited_ && wants_sign_in()) {
    start_sign_in(accept_account_change);
    return;
  }
  json::object params = edited_ ? params_of_edit() : params_of_add();
  std::optional<SecretParameter> secret = token();
  if (edited_ && params.empty() && !secret) {
    if (wants_sign_in()) {
      start_sign_in(accept_account_change);
    } else {
      saved_.emit(Connection(*edited_), false);
    }
    return;
  }
  wait(secret ? Glib::ustring::compose(_("Asking %1 about the token…"), type()->label) : _("Saving…"));
  if (edited_) params["connection"] = edited_->id;
  if (accept_account_change) params["accept_account_change"] = true;
  if (edited_) {
    calls_.ask_with<protocol::ConnectionUpdate>(
        std::move(params), sigc::mem_fun(*this, &ConnectionForm::on_answer), std::move(secret));
  } else {
    send_add(std::move(params), std::move(secret));
  }
}

// The daemon goes on with what was sent, cancelled or not: a connection that nobody wants any more by the
// time it is made is removed again.
void ConnectionForm::send_add(json::object params, std::optional<SecretParameter> secret) {
  using Add = protocol::ConnectionAdd;
  DaemonClient& client = context_.client();
  const auto answered = [this, &client, wanted = std::weak_ptr(wanted_)](const Answer<Add::Reply>& answer) {
    if (!wanted.expired()) return on_answer(answer);
    const auto* made = std::get_if<Add::Reply>(&answer);
    using Remove = protocol::ConnectionRemove;
    if (made != nullptr)
      ask<Remove>(client, {.connection = made->connection.id}, [](const Answer<Remove::Reply>&) {});
  };
  client.call(Add::name, std::move(params), in_types<Add>(answered), std::move(secret));
}

void ConnectionForm::on_answer(const Answer<protocol::ConnectionReply>& answer) {
  stop_waiting();
  const auto* refusal = std::get_if<Refusal>(&answer);
  if (refusal == nullptr) return on_saved(std::get<protocol::ConnectionReply>(answer));
  if (!ask_about_account(*refusal, [this] { send(true); })) refuse(*refusal);
}

void ConnectionForm::on_saved(const protocol::ConnectionReply& reply) {
  const Connection connection = connection_of(reply.connection);
  context_.connections.put(connection);
  if (edited_ && wants_sign_in()) {
    edited_ = connection;
    start_sign_in(false);
    return;
  }
  saved_.emit(connection, !edited_);
}

void ConnectionForm::start_sign_in(bool accept_account_change) {
  const ConnectionType& kind = *type();
  SignInRequest request{.type = kind.id, .is_new = !edited_};
  if (edited_) {
    request.name = edited_->name;
    request.params["connection"] = edited_->id;
    if (accept_account_change) request.params["accept_account_change"] = true;
  } else {
    const FormField* name = fields_.find("name");
    request.name = name != nullptr ? name->text() : "";
    request.params["add"] = params_of_add();
  }
  json::object params = request.params;
  params["method"] = kind.has_method("browser") ? "browser" : "device";
  wait(Glib::ustring::compose(_("Starting the sign-in with %1…"), kind.label));
  using Start = protocol::SignInStart;
  calls_.ask_with<Start>(std::move(params), [this, request](const Answer<Start::Reply>& answer) {
    stop_waiting();
    if (const auto* refusal = std::get_if<Refusal>(&answer)) {
      refuse(*refusal);
    } else {
      sign_in_.emit(request, std::get<Start::Reply>(answer));
    }
  });
}

// True if the refusal is the question whether the connection may change hands; `again` runs after a yes.
bool ConnectionForm::ask_about_account(const Refusal& refusal, std::function<void()> again) {
  auto* window = dynamic_cast<Gtk::Window*>(get_root());
  if (refusal.kind != "account_changed" || window == nullptr) return false;
  adwaita::ask(*window, _("Another account"), refusal.sentence(),
               {{"cancel", _("Cancel")}, {"accept", _("Use this account")}}, nullptr,
               [this, again = std::move(again)](const std::string& response) {
                 if (response == "accept" && open_) again();
               });
  return true;
}

void ConnectionForm::refuse(const Refusal& refusal) {
  FormField* field = fields_.refuse(refusal);
  if (field != nullptr) {
    say("", "");
  } else {
    say(refusal.sentence(), refusal.url);
  }
  apps_page_.set_visible(refusal.kind == "oauth_app_missing");
  if (field == nullptr) return;
  // The sentence has its height once it has been laid out. Until then the field may have gone with its type.
  refused_ = field;
  Glib::signal_timeout().connect_once(sigc::mem_fun(*this, &ConnectionForm::show_refused),
                                      layout_milliseconds);
}

void ConnectionForm::show_refused() {
  for (const FormField* field : fields_.all()) {
    if (field == refused_) scroll_to(*field);
  }
}

void ConnectionForm::wait(const Glib::ustring& what) {
  save_.set_sensitive(false);
  spinner_.start();
  waiting_for_.set_text(what);
  waiting_row_.set_visible(true);
}

void ConnectionForm::stop_waiting() {
  save_.set_sensitive(true);
  spinner_.stop();
  waiting_for_.set_text("");
  waiting_row_.set_visible(false);
}

void ConnectionForm::say(const Glib::ustring& sentence, const std::string& url) {
  message_.set_text(sentence);
  message_.set_visible(!sentence.empty());
  if (!sentence.empty()) {
    gtk::announce(message_, sentence);
    scroller_.get_vadjustment()->set_value(0);
  }
  help_url_ = url;
  help_page_.set_label(_("Open the page that helps"));
  help_page_.set_tooltip_text(url);
  help_page_.set_visible(!url.empty());
  apps_page_.set_visible(false);
}

}  // namespace forgelink::gtk
