// SPDX-License-Identifier: MIT
#include "clients/gtk/secret_entry_buffer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <gtkmm/init.h>

namespace forgelink::gtk {
namespace {

class SecretEntryBuffer : public testing::Test {
 protected:
  static void SetUpTestSuite() { Gtk::init_gtkmm_internals(); }

  std::string secret() const { return std::string(secret_entry_buffer::text(*buffer_).reveal()); }

  Glib::RefPtr<Gtk::EntryBuffer> buffer_ = secret_entry_buffer::create();
};

TEST_F(SecretEntryBuffer, ShowsABulletForEachCharacter) {
  buffer_->set_text("tökén");
  EXPECT_EQ(buffer_->get_text(), "●●●●●");
  EXPECT_EQ(buffer_->get_length(), 5u);
  EXPECT_EQ(secret(), "tökén");
}

TEST_F(SecretEntryBuffer, InsertsInTheMiddleByCharacters) {
  buffer_->set_text("äc");
  buffer_->insert_text(1, "ß");
  EXPECT_EQ(secret(), "äßc");
}

TEST_F(SecretEntryBuffer, DeletesByCharactersAndNotBeyondTheEnd) {
  buffer_->set_text("aäb");
  buffer_->delete_text(1, 100);
  EXPECT_EQ(secret(), "a");
  EXPECT_EQ(buffer_->get_text(), "●");
}

TEST_F(SecretEntryBuffer, PutsAnExpectedTextInPlaceOfItsBullets) {
  secret_entry_buffer::expect(*buffer_, Secret("real"));
  buffer_->insert_text(0, "●●●●");
  EXPECT_EQ(secret(), "real");
  buffer_->insert_text(4, "x");
  EXPECT_EQ(secret(), "realx");
}

TEST_F(SecretEntryBuffer, TellsOnlyBulletsInItsSignals) {
  Glib::ustring told;
  buffer_->signal_inserted_text().connect(
      [&](guint, const gchar* text, guint count) { told = Glib::ustring(text, count); });
  buffer_->set_text("abc");
  EXPECT_EQ(told, "●●●");
}

TEST_F(SecretEntryBuffer, TakesNoMoreThanAToken) {
  buffer_->set_text(std::string(16 << 10, 'a'));
  buffer_->insert_text(0, "b");
  EXPECT_EQ(secret().size(), std::size_t{16} << 10);
}

TEST_F(SecretEntryBuffer, IsEmptyAfterItWasCleared) {
  buffer_->set_text("abc");
  secret_entry_buffer::clear(*buffer_);
  EXPECT_EQ(secret(), "");
  EXPECT_EQ(buffer_->get_text(), "");
}

}  // namespace
}  // namespace forgelink::gtk
