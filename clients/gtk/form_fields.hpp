// SPDX-License-Identifier: MIT
// The fields of one connection type, drawn from `type.list`. Main thread only.
#pragma once

#include <memory>
#include <vector>

#include "clients/gtk/form_field.hpp"
#include "clients/gtk/refusal.hpp"

namespace forgelink::gtk {

class FormFields {
 public:
  // Fields about the token go into `token`, all others into `general`. Both outlive this object.
  FormFields(Gtk::Box& general, Gtk::Box& token) : general_(general), token_(token) {}

  // Draws the fields of the type. What was typed into fields of the same name stays; a token only while the
  // type is the same, since it belongs to one forge.
  void draw(const ConnectionType& type);

  // nullptr if the type has no such field.
  FormField* find(std::string_view name) const;
  FormField* secret() const;

  const std::vector<FormField*>& all() const { return fields_; }

  // Shows the refusal beside the field it is about. That field, or nullptr if there is none to be seen.
  FormField* refuse(const Refusal& refusal);
  // Takes back all refusals.
  void accept_all();
  // Wipes what was typed.
  void clear();

  // Something was typed, into any field.
  sigc::signal<void()>& signal_changed() { return changed_; }
  sigc::signal<void()>& signal_activated() { return activated_; }

 private:
  Gtk::Box& general_;
  Gtk::Box& token_;
  std::vector<FormField*> fields_;  // owned by their boxes
  std::string drawn_;               // the id of the type they are of
  sigc::signal<void()> changed_, activated_;
};

}  // namespace forgelink::gtk
