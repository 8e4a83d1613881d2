// SPDX-License-Identifier: MIT
// A filter of a list model by a C++ function; gtkmm 4.8 has none. Main thread only.
#pragma once

#include <gtkmm/filter.h>

#include <functional>

namespace forgelink::gtk {

// `keep` says whether an item is shown. It lives as long as the filter.
Glib::RefPtr<Gtk::Filter> make_item_filter(std::function<bool(Glib::ObjectBase&)> keep);

// What `keep` says has changed.
void filter_again(Gtk::Filter& filter);

}  // namespace forgelink::gtk
