// SPDX-License-Identifier: MIT
// A place that holds one of several widgets at a time.
//
// Unlike Gtk::Stack it holds nothing else: what is not shown is not on the accessibility bus either, so that
// a screen reader finds each button once. Main thread only.
#pragma once

#include <gtkmm/box.h>

#include <set>

namespace forgelink::gtk {

class Pages : public Gtk::Box {
 public:
  Pages();
  ~Pages() override;

  // Takes the place of what was shown. A managed widget lives as long as this place, or until it is
  // forgotten.
  void show_page(Gtk::Widget& page);
  void show_nothing();
  bool shows(const Gtk::Widget& page) const { return shown_ == &page; }
  Gtk::Widget* shown() const { return shown_; }

  // Lets go of a page. REQUIRES: it is not shown.
  void forget(Gtk::Widget& page);

 private:
  Gtk::Widget* shown_ = nullptr;
  std::set<Gtk::Widget*> kept_;  // each with a reference of ours
};

}  // namespace forgelink::gtk
