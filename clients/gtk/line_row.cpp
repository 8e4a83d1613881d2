// SPDX-License-Identifier: MIT
#include "clients/gtk/line_row.hpp"

#include <giomm/simpleactiongroup.h>

#include "clients/gtk/accessible.hpp"

namespace forgelink::gtk {

LineRow::LineRow(std::function<void(const Line&)> on_open)
    : Gtk::Box(Gtk::Orientation::HORIZONTAL, 12), on_open_(std::move(on_open)) {
  set_margin(10);
  auto* texts = Gtk::make_managed<Gtk::Box>(Gtk::Orientation::VERTICAL, 2);
  texts->set_hexpand(true);
  for (Gtk::Label* label : {&title_, &subtitle_, &note_}) {
    label->set_xalign(0);
    label->set_ellipsize(Pango::EllipsizeMode::END);
  }
  subtitle_.add_css_class("caption");
  subtitle_.add_css_class("dim-label");
  note_.add_css_class("caption");
  texts->append(title_);
  texts->append(subtitle_);
  append(*texts);
  append(note_);
}

void LineRow::show_whole(bool whole) {
  for (Gtk::Label* label : {&title_, &subtitle_}) {
    label->set_wrap(whole);
    label->set_wrap_mode(Pango::WrapMode::WORD_CHAR);
    label->set_ellipsize(whole ? Pango::EllipsizeMode::NONE : Pango::EllipsizeMode::END);
  }
  // Beside a text that can always be broken once more, one that can be cut would lose all of its room.
  note_.set_ellipsize(whole ? Pango::EllipsizeMode::NONE : Pango::EllipsizeMode::END);
}

void LineRow::bind(const Line& line) {
  line_ = line;
  show_whole(line.wraps);
  title_.set_text(line.title);
  subtitle_.set_text(line.subtitle);
  subtitle_.set_visible(!line.subtitle.empty());
  note_.set_text(line.note);
  note_.set_visible(!line.note.empty());
  set_tooltip_text(line.title);
  Gtk::Widget* item = get_parent();
  if (item == nullptr) return;
  std::string spoken = line.title;
  for (const std::string* text : {&line.subtitle, &line.note}) {
    if (!text->empty()) spoken += ", " + *text;
  }
  set_accessible_label(*item, spoken);
  if (has_action_) return;
  has_action_ = true;
  auto actions = Gio::SimpleActionGroup::create();
  actions->add_action("activate", [this] { on_open_(Line(line_)); });
  item->insert_action_group("row", actions);
}

}  // namespace forgelink::gtk
