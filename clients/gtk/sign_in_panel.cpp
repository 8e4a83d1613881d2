// SPDX-License-Identifier: MIT
#include "clients/gtk/sign_in_panel.hpp"

#include <gtkmm/adjustment.h>
#include <gtkmm/separator.h>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/adwaita.hpp"
#include "clients/gtk/translate.hpp"
#include "ipc/protocol/sign_in_cancel.hpp"
#include "ipc/protocol/sign_in_complete.hpp"
#include "ipc/protocol/sign_in_wait.hpp"

namespace forgelink::gtk {
namespace {

// Seconds that the daemon may hold one answer back; after that it is asked again.
constexpr std::int64_t wait_seconds = 240;

void set_up_label(Gtk::Label& label) {
  label.set_xalign(0);
  label.set_wrap(true);
  label.set_wrap_mode(Pango::WrapMode::WORD_CHAR);
}

// A hyphen where an address is broken would pass for one of its characters.
void break_without_hyphens(Gtk::Label& label) {
  Pango::AttrList attributes;
  auto plain = Pango::Attribute::create_attr_insert_hyphens(false);
  attributes.insert(plain);
  label.set_attributes(attributes);
}

}  // namespace

SignInPanel::SignInPanel(Context& context)
    : Gtk::Box(Gtk::Orientation::VERTICAL), context_(context), calls_(context.client()) {
  build();
}

void SignInPanel::set_up_texts() {
  for (Gtk::Label* label : {&title_, &message_, &text_, &address_, &code_, &code_note_}) set_up_label(*label);
  title_.add_css_class("title-2");
  message_.add_css_class("error");
  set_accessible_role(message_, Gtk::Accessible::Role::ALERT);
  address_.set_selectable(true);
  address_.add_css_class("monospace");
  break_without_hyphens(address_);
  code_.set_selectable(true);
  code_.set_wrap(false);  // it is read and typed as one word
  code_.set_xalign(0.5);
  code_.add_css_class("title-1");
  code_.add_css_class("monospace");
  code_note_.add_css_class("caption");
  code_note_.set_text(
      _("This computer asked for the code, for Forgelink. Enter no code that somebody else gave you."));
}

void SignInPanel::set_up_buttons() {
  open_.set_label(_("Open the page"));
  open_.signal_clicked().connect([this] { open_page(*this, page_); });
  device_.set_label(_("Use a device code"));
  device_.signal_clicked().connect([this] { start("device"); });
  browser_.set_label(_("Use the browser"));
  browser_.signal_clicked().connect([this] { start("browser"); });
  paste_.set_label(_("Paste the address"));
  paste_.signal_clicked().connect(sigc::mem_fun(*this, &SignInPanel::show_paste_box));
  set_accessible_label(pasted_, _("Address that the browser ended at"));
  pasted_.set_placeholder_text("http://127.0.0.1:…");
  pasted_.signal_activate().connect(sigc::mem_fun(*this, &SignInPanel::paste));
  finish_.set_label(_("Finish"));
  finish_.signal_clicked().connect(sigc::mem_fun(*this, &SignInPanel::paste));
  paste_box_.append(pasted_);
  paste_box_.append(finish_);
}

void SignInPanel::build() {
  set_up_texts();
  set_up_buttons();
  auto* body = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::VERTICAL, 12);
  body->set_margin(18);
  for (Gtk::Widget* widget :
       std::initializer_list<Gtk::Widget*>{&title_, &message_, &text_, &paste_box_, &code_, &address_, &open_,
                                           &qr_code_, &code_note_, &device_, &browser_, &paste_})
    body->append(*widget);
  // As wide as the other panels, so that the content beside it does not move.
  scroller_.set_hexpand(true);
  scroller_.set_policy(Gtk::PolicyType::NEVER, Gtk::PolicyType::AUTOMATIC);
  scroller_.set_vexpand(true);
  scroller_.set_child(*body);
  append(scroller_);
  append(*Gtk::make_managed<Gtk::Separator>());
  build_bar();
}

void SignInPanel::build_bar() {
  auto* waiting = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::HORIZONTAL, 6);
  waiting->set_margin_start(18);
  waiting->set_margin_end(18);
  waiting->set_margin_top(12);
  set_up_label(waiting_);
  waiting_.set_hexpand(true);
  set_accessible_role(waiting_, Gtk::Accessible::Role::STATUS);
  waiting->append(spinner_);
  waiting->append(waiting_);
  append(*waiting);
  cancel_.set_label(_("Cancel"));
  cancel_.set_margin(12);
  cancel_.signal_clicked().connect([this] {
    end();
    ended_.emit(std::nullopt);
  });
  append(cancel_);
}

void SignInPanel::begin(SignInRequest request, const protocol::SignInStart::Reply& started) {
  end();
  request_ = std::move(request);
  const std::string label = type() != nullptr ? type()->sign_in_label : "";
  title_.set_text(label);
  show_started(started);
}

void SignInPanel::end() {
  calls_.forget_all();
  cancel_pending();
  for (Gtk::Label* label : {&address_, &code_}) label->set_text("");
  pasted_.clear();
  qr_code_.set_address("");
  page_.clear();
  spinner_.stop();
}

void SignInPanel::cancel_pending() {
  if (sign_in_.empty()) return;
  // Whatever comes of it: the daemon gives an unfinished sign-in up by itself.
  using Cancel = protocol::SignInCancel;
  ask<Cancel>(context_.client(), {.sign_in = sign_in_}, [](const Answer<Cancel::Reply>&) {});
  sign_in_.clear();
}

void SignInPanel::start(const char* method) {
  calls_.forget_all();
  cancel_pending();
  say("");
  waiting_.set_text(_("Starting the sign-in…"));
  json::object params = request_.params;
  params["method"] = method;
  using Start = protocol::SignInStart;
  calls_.ask_with<Start>(std::move(params), [this](const Answer<Start::Reply>& answer) {
    if (const auto* refusal = std::get_if<Refusal>(&answer)) {
      const Refusal told = *refusal;
      end();
      ended_.emit(told);
    } else {
      show_started(std::get<Start::Reply>(answer));
    }
  });
}

void SignInPanel::show_started(const protocol::SignInStart::Reply& started) {
  sign_in_ = started.sign_in;
  method_ = started.method;
  const bool device = method_ == "device";
  device ? show_device(started) : show_browser(started);
  for (Gtk::Widget* widget : std::initializer_list<Gtk::Widget*>{&code_, &code_note_, &qr_code_})
    widget->set_visible(device);
  device_.set_visible(!device && type() != nullptr && type()->has_method("device"));
  browser_.set_visible(device && type() != nullptr && type()->has_method("browser"));
  paste_.set_visible(!device);
  paste_box_.set_visible(false);
  say("");
  spinner_.start();
  const std::string forge = type() != nullptr ? type()->label : request_.type;
  waiting_.set_text(Glib::ustring::compose(_("Waiting for you to sign in with %1…"), forge));
  open_page(*this, page_);
  wait();
}

void SignInPanel::show_browser(const protocol::SignInStart::Reply& started) {
  page_ = started.authorize_url.value_or("");
  address_.set_text(page_);
  set_accessible_label(address_, page_);
  text_.set_text(
      _("Your browser opens the page to sign in. If it does not, open this address yourself; if the browser "
        "is on "
        "another computer, paste the address that it ends at."));
}

void SignInPanel::show_device(const protocol::SignInStart::Reply& started) {
  page_ = started.verification_uri.value_or("");
  address_.set_text(page_);
  code_.set_text(started.user_code.value_or(""));
  set_accessible_label(address_, page_);
  set_accessible_label(code_, code_.get_text());
  qr_code_.set_address(page_);
  text_.set_text(_("Open this address on any device and enter the code there."));
}

void SignInPanel::wait() {
  calls_.ask<protocol::SignInWait>({.sign_in = sign_in_, .timeout = wait_seconds},
                                   [this](const Answer<protocol::SignInState>& answer) { on_state(answer); });
}

void SignInPanel::on_refused(const Refusal& refusal) {
  sign_in_.clear();
  if (refusal.kind == "account_changed") {
    ask_about_account(refusal);
    return;
  }
  end();
  ended_.emit(refusal);
}

void SignInPanel::on_state(const Answer<protocol::SignInState>& answer) {
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return on_refused(Refusal(*refusal));
  const auto& state = std::get<protocol::SignInState>(answer);
  if (state.state != "completed" || !state.connection) {
    wait();
    return;
  }
  sign_in_.clear();
  const Connection connection = connection_of(*state.connection);
  const bool is_new = request_.is_new;
  end();
  context_.connections.put(connection);
  completed_.emit(connection, is_new);
}

void SignInPanel::ask_about_account(const Refusal& refusal) {
  auto* window = dynamic_cast<Gtk::Window*>(get_root());
  if (window == nullptr) return;
  adwaita::ask(*window, _("Another account"), refusal.sentence(),
               {{"cancel", _("Cancel")}, {"accept", _("Use this account")}}, nullptr,
               [this](const std::string& response) {
                 if (response == "accept") {
                   request_.params["accept_account_change"] = true;
                   start(method_ == "device" ? "device" : "browser");
                 } else {
                   end();
                   ended_.emit(std::nullopt);
                 }
               });
}

// It stands at the top: below the address it would be out of sight in a low window.
void SignInPanel::show_paste_box() {
  paste_.set_visible(false);
  paste_box_.set_visible(true);
  scroller_.get_vadjustment()->set_value(0);
  pasted_.grab_focus();
}

void SignInPanel::paste() {
  if (pasted_.is_empty() || sign_in_.empty()) return;
  say("");
  calls_.ask_with<protocol::SignInComplete>(
      {{"sign_in", sign_in_}},
      [this](const Answer<protocol::SignInState>& answer) {
        const auto* refusal = std::get_if<Refusal>(&answer);
        if (refusal == nullptr || refusal->kind != "invalid_params") {
          on_state(answer);
        } else {
          say(refusal->sentence());
        }
      },
      SecretParameter{"redirect_url", pasted_.secret()});
}

void SignInPanel::say(const Glib::ustring& sentence) {
  message_.set_text(sentence);
  message_.set_visible(!sentence.empty());
  if (!sentence.empty()) gtk::announce(message_, sentence);
}

}  // namespace forgelink::gtk
