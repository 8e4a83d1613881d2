// SPDX-License-Identifier: MIT
#include "clients/gtk/token_help.hpp"

#include <glibmm/uriutils.h>
#include <gtkmm/label.h>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/context.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

void replace_in(std::string& text, std::string_view from, const std::string& to) {
  const auto at = text.find(from);
  if (at != std::string::npos) text.replace(at, from.size(), to);
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

Gtk::Widget& make_note(const Glib::ustring& text) {
  auto* label = Gtk::make_managed<Gtk::Label>(text);
  label->set_xalign(0);
  label->set_wrap(true);
  label->set_wrap_mode(Pango::WrapMode::WORD_CHAR);
  label->add_css_class("caption");
  return *label;
}

Gtk::Widget& make_page_button(const Glib::ustring& label, const std::string& url) {
  auto* button = Gtk::make_managed<Gtk::Button>(label);
  button->set_halign(Gtk::Align::START);
  button->add_css_class("flat");
  button->set_tooltip_text(url);
  button->signal_clicked().connect([button, url] { open_page(*button, url); });
  return *button;
}

TokenHelp::TokenHelp() : Gtk::Box(Gtk::Orientation::VERTICAL, 6) {
  make_.signal_clicked().connect(sigc::mem_fun(*this, &TokenHelp::open));
  append(make_);
  scopes_.set_label(_("What the token must be allowed"));
  set_accessible_label(scopes_, scopes_.get_label());
  scopes_.set_child(scope_lines_);
  append(scopes_);
  notices_.set_label(_("News from the forge"));
  set_accessible_label(notices_, notices_.get_label());
  notices_.set_child(notice_lines_);
  append(notices_);
}

void TokenHelp::empty(Gtk::Box& box) {
  while (Gtk::Widget* child = box.get_first_child()) box.remove(*child);
}

void TokenHelp::show_type(const ConnectionType& type) {
  page_ = type.token_page;
  make_.set_label(Glib::ustring::compose(_("Make a token at %1"), type.label));
  make_.set_visible(!page_.empty());
  empty(scope_lines_);
  for (const ConnectionType::Scope& scope : type.scopes) {
    const Glib::ustring reason = scope.required
                                     ? Glib::ustring(scope.needed_for)
                                     : Glib::ustring::compose(_("%1 (optional)"), scope.needed_for);
    scope_lines_.append(make_note(scope.scope + " – " + reason));
  }
  scopes_.set_visible(!type.scopes.empty());
  empty(notice_lines_);
  for (const ConnectionType::Notice& notice : type.notices) {
    notice_lines_.append(make_note(notice.date + ": " + notice.text));
    if (!notice.url.empty()) notice_lines_.append(make_page_button(_("Read more"), notice.url));
  }
  notices_.set_visible(!type.notices.empty());
}

void TokenHelp::set_place(const std::string& server_url, const std::string& organization) {
  server_url_ = without_slash(server_url);
  organization_ = organization;
  // An address with a hole in it is no address.
  const bool wants_server = page_.find("{server_url}") != std::string::npos && server_url_.empty();
  const bool wants_organization = page_.find("{organization}") != std::string::npos && organization_.empty();
  make_.set_sensitive(!wants_server && !wants_organization);
  make_.set_tooltip_text(wants_server         ? _("Fill in the server first.")
                         : wants_organization ? _("Fill in the organization first.")
                                              : Glib::ustring(page_));
}

void TokenHelp::open() {
  std::string url = page_;
  replace_in(url, "{server_url}", server_url_);
  replace_in(url, "{organization}", Glib::uri_escape_string(organization_));
  open_page(*this, url);
}

}  // namespace forgelink::gtk
