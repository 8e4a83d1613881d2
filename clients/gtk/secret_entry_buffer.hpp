// SPDX-License-Identifier: MIT
// The text of an entry for a token: kept as a Secret in locked memory, shown as bullets to every reader.
//
// GTK's own password entry hides the text on the screen only; GetText of the accessibility bus gives it in
// plain. Here GtkEntryBuffer's `get_text` itself gives bullets, one for each character. Main thread only;
// owned by reference, like every GObject.
#pragma once

#include <gtkmm/entrybuffer.h>

#include "base/secret.hpp"

namespace forgelink::gtk {

namespace secret_entry_buffer {

Glib::RefPtr<Gtk::EntryBuffer> create();

// A second Secret with the text. REQUIRES, here and below: the buffer was made by `create`.
Secret text(const Gtk::EntryBuffer& buffer);

// The next insertion stands for this text: the signals around it need only carry bullets.
void expect(Gtk::EntryBuffer& buffer, Secret text);

// Puts this text in place of what there is.
void set(Gtk::EntryBuffer& buffer, const Secret& text);

// Wipes the text.
void clear(Gtk::EntryBuffer& buffer);

// As many bullets as the text has characters.
Glib::ustring bullets(std::size_t count);

}  // namespace secret_entry_buffer

}  // namespace forgelink::gtk
