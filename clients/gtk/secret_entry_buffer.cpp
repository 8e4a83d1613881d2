// SPDX-License-Identifier: MIT
#include "clients/gtk/secret_entry_buffer.hpp"

#include <gtk/gtk.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace forgelink::gtk {
namespace {

constexpr std::string_view bullet = "●";
// As the protocol: a token holds at most 16 KiB.
constexpr std::size_t longest = 16 << 10;

struct Text {
  Secret secret, expected;
  std::size_t characters = 0;
  std::string shown;  // bullets: what `get_text` points to
};

struct SecretBuffer {
  GtkEntryBuffer parent;
  Text* text;
};
struct SecretBufferClass {
  GtkEntryBufferClass parent;
};

G_DEFINE_TYPE(SecretBuffer, secret_buffer, GTK_TYPE_ENTRY_BUFFER)

Text& text_in(GtkEntryBuffer* buffer) { return *reinterpret_cast<SecretBuffer*>(buffer)->text; }

std::string bullets_of(std::size_t count) {
  std::string made;
  made.reserve(count * bullet.size());
  while (count-- > 0) made += bullet;
  return made;
}

std::size_t offset_of(std::string_view text, std::size_t character) {
  return static_cast<std::size_t>(g_utf8_offset_to_pointer(text.data(), static_cast<glong>(character)) -
                                  text.data());
}

// The text with `length` bytes from `begin` on replaced.
Secret spliced(std::string_view old, std::size_t begin, std::size_t length, std::string_view with) {
  return Secret::of_size(old.size() - length + with.size(), [&](char* to) {
    to = std::copy_n(old.data(), begin, to);
    to = std::copy(with.begin(), with.end(), to);
    std::copy(old.begin() + static_cast<std::ptrdiff_t>(begin + length), old.end(), to);
  });
}

void set_secret(Text& text, Secret secret, std::size_t characters) {
  text.secret = std::move(secret);
  text.characters = characters;
  text.shown = bullets_of(characters);
}

const char* get_text(GtkEntryBuffer* buffer, gsize* bytes) {
  const Text& text = text_in(buffer);
  if (bytes != nullptr) *bytes = text.shown.size();
  return text.shown.c_str();
}

guint get_length(GtkEntryBuffer* buffer) { return static_cast<guint>(text_in(buffer).characters); }

guint insert_text(GtkEntryBuffer* buffer, guint position, const char* chars, guint count) {
  Text& text = text_in(buffer);
  const Secret expected = std::exchange(text.expected, Secret());
  std::string_view added(chars, offset_of(chars, count));
  if (!expected.empty()) added = expected.reveal();
  const std::string_view old = text.secret.reveal();
  if (old.size() + added.size() > longest) return 0;
  count = static_cast<guint>(g_utf8_strlen(added.data(), static_cast<gssize>(added.size())));
  const std::size_t at = offset_of(old, std::min<std::size_t>(position, text.characters));
  set_secret(text, spliced(old, at, 0, added), text.characters + count);
  gtk_entry_buffer_emit_inserted_text(buffer, position, bullets_of(count).c_str(), count);
  return count;
}

guint delete_text(GtkEntryBuffer* buffer, guint position, guint count) {
  Text& text = text_in(buffer);
  if (position >= text.characters) return 0;
  count = static_cast<guint>(std::min<std::size_t>(count, text.characters - position));
  if (count == 0) return 0;
  const std::string_view old = text.secret.reveal();
  const std::size_t begin = offset_of(old, position), end = offset_of(old, position + count);
  set_secret(text, spliced(old, begin, end - begin, ""), text.characters - count);
  gtk_entry_buffer_emit_deleted_text(buffer, position, count);
  return count;
}

// The default handler of both signals. GTK's own one of `deleted-text` (4.8) deletes from a text of its own.
void tell_properties(GtkEntryBuffer* buffer) {
  g_object_notify(G_OBJECT(buffer), "text");
  g_object_notify(G_OBJECT(buffer), "length");
}

void secret_buffer_class_init(SecretBufferClass* type) {
  type->parent.get_text = get_text;
  type->parent.get_length = get_length;
  type->parent.insert_text = insert_text;
  type->parent.delete_text = delete_text;
  type->parent.inserted_text = [](GtkEntryBuffer* buffer, guint, const char*, guint) {
    tell_properties(buffer);
  };
  type->parent.deleted_text = [](GtkEntryBuffer* buffer, guint, guint) { tell_properties(buffer); };
  G_OBJECT_CLASS(type)->finalize = [](GObject* object) {
    delete reinterpret_cast<SecretBuffer*>(object)->text;
    G_OBJECT_CLASS(secret_buffer_parent_class)->finalize(object);
  };
}

void secret_buffer_init(SecretBuffer* buffer) { buffer->text = new Text; }

}  // namespace

namespace secret_entry_buffer {

Glib::RefPtr<Gtk::EntryBuffer> create() {
  auto* made = static_cast<GtkEntryBuffer*>(g_object_new(secret_buffer_get_type(), nullptr));
  return Glib::wrap(made);
}

Secret text(const Gtk::EntryBuffer& buffer) {
  return text_in(const_cast<GtkEntryBuffer*>(buffer.gobj())).secret.duplicate();
}

void expect(Gtk::EntryBuffer& buffer, Secret expected) {
  text_in(buffer.gobj()).expected = std::move(expected);
}

void set(Gtk::EntryBuffer& buffer, const Secret& text) {
  clear(buffer);
  const std::string_view plain = text.reveal();
  const auto count = g_utf8_strlen(plain.data(), static_cast<gssize>(plain.size()));
  expect(buffer, text.duplicate());
  gtk_entry_buffer_insert_text(buffer.gobj(), 0, bullets(static_cast<std::size_t>(count)).c_str(),
                               static_cast<int>(count));
}

void clear(Gtk::EntryBuffer& buffer) {
  gtk_entry_buffer_delete_text(buffer.gobj(), 0, -1);
  text_in(buffer.gobj()).expected = Secret();
}

Glib::ustring bullets(std::size_t count) { return bullets_of(count); }

}  // namespace secret_entry_buffer

}  // namespace forgelink::gtk
