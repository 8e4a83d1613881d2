// SPDX-License-Identifier: MIT
#include "clients/gtk/pages.hpp"

namespace forgelink::gtk {

Pages::Pages() : Gtk::Box(Gtk::Orientation::VERTICAL) {}

Pages::~Pages() {
  show_nothing();
  for (Gtk::Widget* page : kept_) page->unreference();
}

void Pages::show_page(Gtk::Widget& page) {
  if (shown_ == &page) return;
  show_nothing();
  if (kept_.insert(&page).second) page.reference();
  page.set_vexpand(true);
  append(page);
  shown_ = &page;
}

void Pages::show_nothing() {
  if (shown_ == nullptr) return;
  remove(*shown_);
  shown_ = nullptr;
}

void Pages::forget(Gtk::Widget& page) {
  if (kept_.erase(&page) > 0) page.unreference();
}

}  // namespace forgelink::gtk
