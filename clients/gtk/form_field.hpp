// SPDX-License-Identifier: MIT
// A labelled entry of a form, with its help below and, if it was refused, why. Main thread only.
#pragma once

#include <gtkmm/box.h>
#include <gtkmm/button.h>
#include <gtkmm/entry.h>
#include <gtkmm/label.h>

#include "clients/gtk/secret_entry.hpp"
#include "clients/gtk/type_catalogue.hpp"

namespace forgelink::gtk {

class FormField : public Gtk::Box {
 public:
  explicit FormField(const ConnectionType::Field& description);

  const std::string& name() const { return name_; }
  bool is_required() const { return required_; }
  bool is_secret() const { return secret_entry_ != nullptr; }

  // The typed text without blanks around it; empty for a secret.
  std::string text() const;
  void set_text(const Glib::ustring& text);
  // REQUIRES, of both: is_secret().
  Secret secret() const { return secret_entry_->secret(); }
  void set_secret(const Secret& text) { secret_entry_->set(text); }
  bool is_empty() const { return entry_->get_text_length() == 0; }
  void clear();

  // Shows the sentence beside the entry, with the page that helps if there is one, and marks the entry; an
  // empty sentence takes that back.
  void refuse(const Glib::ustring& sentence, const std::string& url = "");

  Gtk::Entry& entry() { return *entry_; }
  sigc::signal<void()>& signal_changed() { return changed_; }
  // Enter was pressed.
  sigc::signal<void()>& signal_activated() { return activated_; }

 private:
  std::string name_, help_url_;
  bool required_;
  Gtk::Label label_, help_, error_;
  Gtk::Button help_page_;
  Gtk::Entry* entry_ = nullptr;
  SecretEntry* secret_entry_ = nullptr;  // the same widget, if it is one
  sigc::signal<void()> changed_, activated_;
};

}  // namespace forgelink::gtk
