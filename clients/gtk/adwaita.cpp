// SPDX-License-Identifier: MIT
// Later versions of libadwaita deprecate some of these calls; all of 1.x has them.
#define ADW_DISABLE_DEPRECATION_WARNINGS
#include "clients/gtk/adwaita.hpp"

#include <adwaita.h>
#include <glibmm/markup.h>

#include "clients/gtk/translate.hpp"

namespace forgelink::gtk::adwaita {
namespace {

// As narrow as the window of a telephone lets it be.
constexpr int panel_width = 300;

Gtk::Widget* wrapped(GtkWidget* widget) { return Glib::wrap(widget); }

// The dialog's buttons hold labels, and before GTK 4.10 no button takes its accessible name from one.
void name_buttons(GtkWidget* widget) {
  GtkWidget* child = gtk_widget_get_first_child(widget);
  if (GTK_IS_BUTTON(widget) && GTK_IS_LABEL(child)) {
    GtkAccessible* button = GTK_ACCESSIBLE(widget);
    gtk_accessible_reset_relation(button, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
    gtk_accessible_update_property(button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   gtk_label_get_text(GTK_LABEL(child)), -1);
  }
  for (; child != nullptr; child = gtk_widget_get_next_sibling(child)) name_buttons(child);
}

}  // namespace

void set_up() { adw_init(); }

SidePanel::SidePanel(Gtk::Widget& content, Gtk::Widget& panel) : widget_(wrapped(adw_flap_new())) {
  AdwFlap* flap = ADW_FLAP(widget_->gobj());
  panel.set_size_request(panel_width, -1);
  // Where it lies over the content, that must not show through.
  panel.add_css_class("background");
  adw_flap_set_content(flap, content.gobj());
  adw_flap_set_flap(flap, panel.gobj());
  adw_flap_set_separator(flap, gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  adw_flap_set_flap_position(flap, GTK_PACK_END);
  // Neither a resize nor a stray click or swipe may hide what somebody is filling in.
  adw_flap_set_locked(flap, true);
  adw_flap_set_modal(flap, false);
  adw_flap_set_swipe_to_open(flap, false);
  adw_flap_set_swipe_to_close(flap, false);
  adw_flap_set_reveal_flap(flap, false);
  g_signal_connect(flap, "notify::reveal-progress",
                   G_CALLBACK(+[](AdwFlap* changed, GParamSpec*, SidePanel* self) {
                     const bool gone = adw_flap_get_reveal_progress(changed) == 0;
                     if (gone && !self->is_shown() && self->on_hidden) self->on_hidden();
                   }),
                   this);
}

void SidePanel::show(bool shown) { adw_flap_set_reveal_flap(ADW_FLAP(widget_->gobj()), shown); }

bool SidePanel::is_shown() const { return adw_flap_get_reveal_flap(ADW_FLAP(widget_->gobj())) != 0; }

Toasts::Toasts(Gtk::Widget& content) : widget_(wrapped(adw_toast_overlay_new())) {
  adw_toast_overlay_set_child(ADW_TOAST_OVERLAY(widget_->gobj()), content.gobj());
}

void Toasts::dismiss() {
  if (current_ != nullptr) adw_toast_dismiss(ADW_TOAST(current_));
}

void Toasts::show(const Glib::ustring& text) {
  dismiss();
  // The title is markup.
  AdwToast* toast = adw_toast_new(Glib::Markup::escape_text(text).c_str());
  g_set_weak_pointer(reinterpret_cast<AdwToast**>(&current_), toast);
  adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(widget_->gobj()), toast);
}

Gtk::Widget& make_status_page(const char* icon, const Glib::ustring& title, const Glib::ustring& text,
                              Gtk::Widget* below) {
  GtkWidget* page = adw_status_page_new();
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(page), icon);
  if (below != nullptr) adw_status_page_set_child(ADW_STATUS_PAGE(page), below->gobj());
  Gtk::Widget& made = *wrapped(page);
  set_status_page(made, title, text);
  return made;
}

void set_status_page(Gtk::Widget& page, const Glib::ustring& title, const Glib::ustring& text) {
  AdwStatusPage* status = ADW_STATUS_PAGE(page.gobj());
  adw_status_page_set_title(status, Glib::Markup::escape_text(title).c_str());
  adw_status_page_set_description(status, Glib::Markup::escape_text(text).c_str());
}

Gtk::Widget& make_clamp(Gtk::Widget& content, int width) {
  GtkWidget* clamp = adw_clamp_new();
  adw_clamp_set_maximum_size(ADW_CLAMP(clamp), width);
  adw_clamp_set_tightening_threshold(ADW_CLAMP(clamp), width);
  adw_clamp_set_child(ADW_CLAMP(clamp), content.gobj());
  return *wrapped(clamp);
}

Gtk::Widget& make_squeezer(Gtk::Widget& content) {
  GtkWidget* squeezer = adw_squeezer_new();
  adw_squeezer_set_allow_none(ADW_SQUEEZER(squeezer), true);
  adw_squeezer_add(ADW_SQUEEZER(squeezer), content.gobj());
  return *wrapped(squeezer);
}

Gtk::Window& ask(Gtk::Window& parent, const Glib::ustring& heading, const Glib::ustring& text,
                 const std::vector<Response>& responses, Gtk::Widget* extra,
                 std::function<void(const std::string&)> on_answer) {
  GtkWidget* dialog = adw_message_dialog_new(parent.gobj(), heading.c_str(), text.c_str());
  AdwMessageDialog* message = ADW_MESSAGE_DIALOG(dialog);
  for (const Response& response : responses) {
    adw_message_dialog_add_response(message, response.id, response.label.c_str());
    if (response.suggested)
      adw_message_dialog_set_response_appearance(message, response.id, ADW_RESPONSE_SUGGESTED);
    if (response.destructive)
      adw_message_dialog_set_response_appearance(message, response.id, ADW_RESPONSE_DESTRUCTIVE);
  }
  // The first one changes nothing: Escape, Return and a lost window choose it.
  adw_message_dialog_set_close_response(message, responses.front().id);
  adw_message_dialog_set_default_response(message, responses.front().id);
  if (extra != nullptr) adw_message_dialog_set_extra_child(message, extra->gobj());
  auto* kept = new std::function<void(const std::string&)>(std::move(on_answer));
  g_signal_connect_data(
      dialog, "response", G_CALLBACK(+[](AdwMessageDialog*, const char* response, gpointer data) {
        (*static_cast<std::function<void(const std::string&)>*>(data))(response);
      }),
      kept,
      [](gpointer data, GClosure*) { delete static_cast<std::function<void(const std::string&)>*>(data); },
      GConnectFlags{});
  name_buttons(dialog);
  gtk_window_present(GTK_WINDOW(dialog));
  return *Glib::wrap(GTK_WINDOW(dialog));
}

void dismiss(Gtk::Window& question) { gtk_window_destroy(question.gobj()); }

void show_about(Gtk::Window& parent, const char* application_id, const char* version) {
  adw_show_about_window(parent.gobj(), "application-name", "Forgelink", "application-icon", application_id,
                        "version", version, "developer-name", _("Forgelink developers").c_str(), "website",
                        "https://forgelink.org", "license-type", GTK_LICENSE_MIT_X11, "comments",
                        _("Your connections to git forges, in one place.").c_str(), nullptr);
}

}  // namespace forgelink::gtk::adwaita
