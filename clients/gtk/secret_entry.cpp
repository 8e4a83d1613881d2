// SPDX-License-Identifier: MIT
#include "clients/gtk/secret_entry.hpp"

#include <gtk/gtk.h>

#include <cstring>

#include "clients/gtk/secret_entry_buffer.hpp"

namespace forgelink::gtk {

SecretEntry::SecretEntry() : Gtk::Entry(secret_entry_buffer::create()), buffer_(get_buffer()) {
  set_visibility(false);
  set_input_purpose(Gtk::InputPurpose::PASSWORD);
  set_input_hints(Gtk::InputHints::PRIVATE | Gtk::InputHints::NO_SPELLCHECK | Gtk::InputHints::NO_EMOJI);
  GtkEditable* text = gtk_editable_get_delegate(GTK_EDITABLE(gobj()));
  // An undo history would keep what was typed.
  g_object_set(text, "enable-undo", FALSE, nullptr);
  // Connected before GTK's accessible text is made, so it runs before that one.
  g_signal_connect(text, "insert-text", G_CALLBACK(&SecretEntry::on_insert), this);
}

void SecretEntry::on_insert(GtkEditable* editable, const char* text, int length, int* position, void* self) {
  auto& entry = *static_cast<SecretEntry*>(self);
  if (entry.announcing_) return;
  // The insertion starts anew with bullets in its place: what listens on the accessibility bus sees those.
  g_signal_stop_emission_by_name(editable, "insert-text");
  const std::string_view typed(text, length < 0 ? std::strlen(text) : static_cast<std::size_t>(length));
  if (typed.empty()) return;
  const auto count = g_utf8_strlen(typed.data(), static_cast<gssize>(typed.size()));
  const Glib::ustring bullets = secret_entry_buffer::bullets(static_cast<std::size_t>(count));
  secret_entry_buffer::expect(*entry.buffer_, Secret(typed));
  entry.announcing_ = true;
  g_signal_emit_by_name(editable, "insert-text", bullets.c_str(), static_cast<int>(bullets.bytes()),
                        position);
  entry.announcing_ = false;
}

Secret SecretEntry::secret() const { return secret_entry_buffer::text(*buffer_); }

void SecretEntry::set(const Secret& text) { secret_entry_buffer::set(*buffer_, text); }

void SecretEntry::clear() { secret_entry_buffer::clear(*buffer_); }

}  // namespace forgelink::gtk
