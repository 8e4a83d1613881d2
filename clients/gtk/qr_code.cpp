// SPDX-License-Identifier: MIT
#include "clients/gtk/qr_code.hpp"

#include <qrencode.h>

#include <memory>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

constexpr int shown_size = 180;
// Cameras need four light squares around the code (ISO/IEC 18004).
constexpr int quiet_zone = 4;

}  // namespace

QrCode::QrCode() {
  set_content_width(shown_size);
  set_content_height(shown_size);
  set_halign(Gtk::Align::CENTER);
  set_accessible_role(*this, Gtk::Accessible::Role::IMG);
  set_accessible_label(*this, _("The address as a QR code"));
  set_draw_func(sigc::mem_fun(*this, &QrCode::draw));
}

void QrCode::set_address(const std::string& address) {
  squares_.clear();
  side_ = 0;
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      address.empty() ? nullptr : QRcode_encodeString(address.c_str(), 0, QR_ECLEVEL_L, QR_MODE_8, 1),
      QRcode_free);
  if (code) {
    side_ = code->width;
    squares_.assign(code->data, code->data + side_ * side_);
  }
  set_visible(side_ > 0);
  queue_draw();
}

void QrCode::draw(const Cairo::RefPtr<Cairo::Context>& to, int width, int height) const {
  if (side_ == 0) return;
  const double square = static_cast<double>(std::min(width, height)) / (side_ + 2 * quiet_zone);
  to->set_antialias(Cairo::ANTIALIAS_NONE);
  to->set_source_rgb(1, 1, 1);
  to->paint();
  to->set_source_rgb(0, 0, 0);
  for (int y = 0; y < side_; ++y) {
    for (int x = 0; x < side_; ++x) {
      if ((squares_[static_cast<std::size_t>(y * side_ + x)] & 1) == 0) continue;
      to->rectangle((x + quiet_zone) * square, (y + quiet_zone) * square, square, square);
    }
  }
  to->fill();
}

}  // namespace forgelink::gtk
