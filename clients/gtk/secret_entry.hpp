// SPDX-License-Identifier: MIT
// An entry for a token or a client secret: bullets on the screen and on the accessibility bus.
//
// What is typed, pasted or set over the bus goes straight into the secret buffer; the signals that GTK sends
// around an insertion carry bullets. Nothing can be copied out of it. Main thread only.
#pragma once

#include <gtkmm/entry.h>

#include "base/secret.hpp"

namespace forgelink::gtk {

class SecretEntry : public Gtk::Entry {
 public:
  SecretEntry();

  // A Secret with what stands in the entry.
  Secret secret() const;
  // Puts the text in place of what stands in the entry.
  void set(const Secret& text);
  bool is_empty() const { return get_text_length() == 0; }
  void clear();

 private:
  static void on_insert(GtkEditable* editable, const char* text, int length, int* position, void* self);

  Glib::RefPtr<Gtk::EntryBuffer> buffer_;  // wipes the text with its last reference
  bool announcing_ = false;
};

}  // namespace forgelink::gtk
