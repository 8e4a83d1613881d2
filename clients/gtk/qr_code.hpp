// SPDX-License-Identifier: MIT
// A picture of an address for a telephone's camera, dark on light in every colour scheme. Main thread only.
#pragma once

#include <gtkmm/drawingarea.h>

#include <string>
#include <vector>

namespace forgelink::gtk {

class QrCode : public Gtk::DrawingArea {
 public:
  QrCode();

  // An empty address shows nothing.
  void set_address(const std::string& address);

 private:
  void draw(const Cairo::RefPtr<Cairo::Context>& to, int width, int height) const;

  std::vector<unsigned char> squares_;
  int side_ = 0;
};

}  // namespace forgelink::gtk
