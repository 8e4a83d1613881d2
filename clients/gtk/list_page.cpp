// SPDX-License-Identifier: MIT
#include "clients/gtk/list_page.hpp"

#include <gtkmm/noselection.h>
#include <gtkmm/signallistitemfactory.h>

#include <algorithm>

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/adwaita.hpp"
#include "clients/gtk/display_text.hpp"
#include "clients/gtk/item_filter.hpp"
#include "clients/gtk/line_row.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

// The next page is asked for when this many pixels are left below.
constexpr double almost_at_end = 600;

// As display_text(), with the line breaks kept.
std::string display_lines(const std::string& text) {
  std::string shown;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    shown += (begin > 0 ? "\n" : "") + display_text(text.substr(begin, end - begin)).raw();
    begin = end + 1;
  }
  return shown;
}

// Wants little height, so that the page's tools get theirs.
Gtk::Widget& make_low(Gtk::Widget& content) {
  auto* scroller = Gtk::make_managed<Gtk::ScrolledWindow>();
  scroller->set_policy(Gtk::PolicyType::NEVER, Gtk::PolicyType::AUTOMATIC);
  scroller->set_focusable(false);
  scroller->set_child(content);
  return *scroller;
}

}  // namespace

Glib::RefPtr<LineItem> LineItem::create(Line line) {
  return Glib::make_refptr_for_instance<LineItem>(new LineItem(std::move(line)));
}

LineItem::LineItem(Line line) : line_(std::move(line)) {
  for (std::string* text : {&line_.title, &line_.note}) *text = display_text(*text);
  line_.subtitle = line_.wraps ? display_lines(line_.subtitle) : display_text(line_.subtitle).raw();
}

bool LineItem::matches(const std::string& folded) const {
  for (const std::string* text : {&line_.title, &line_.subtitle, &line_.note}) {
    if (Glib::ustring(*text).casefold().raw().find(folded) != std::string::npos) return true;
  }
  return folded.empty();
}

ListPage::ListPage(Context& context, Glib::ustring title, const Glib::ustring& nothing_title,
                   const Glib::ustring& nothing_text)
    : Gtk::Box(Gtk::Orientation::VERTICAL),
      context_(context),
      calls_(context.client()),
      actions_(context.client()),
      title_(std::move(title)),
      lines_(Gio::ListStore<LineItem>::create()) {
  set_accessible_label(search_, _("Filter"));
  search_.set_hexpand(true);
  search_bar_.set_child(search_);
  search_bar_.connect_entry(search_);
  search_.signal_search_changed().connect([this] {
    wanted_ = search_.get_text().casefold();
    filter_again(*filter_);
    show_state();
  });
  append(search_bar_);
  append(tools_);
  message_.set_wrap(true);
  message_.set_justify(Gtk::Justification::CENTER);
  message_.set_margin(12);
  message_.add_css_class("error");
  set_accessible_role(message_, Gtk::Accessible::Role::ALERT);
  append(message_);
  build_view();
  nothing_page_ =
      &make_low(adwaita::make_status_page("edit-find-symbolic", nothing_title, nothing_text, nullptr));
  again_.set_label(_("Try again"));
  again_.set_halign(Gtk::Align::CENTER);
  again_.signal_clicked().connect(sigc::mem_fun(*this, &ListPage::reload));
  refused_page_ = &make_low(
      adwaita::make_status_page("dialog-warning-symbolic", _("This could not be listed"), "", &again_));
  for (Gtk::Widget* page : {nothing_page_, refused_page_}) states_.show_page(*page);
  states_.show_page(scroller_);
  append(states_);
  auto* label = Gtk::make_managed<Gtk::Label>(_("Waiting for the answer…"));
  waiting_.set_halign(Gtk::Align::CENTER);
  waiting_.set_margin(6);
  waiting_.append(spinner_);
  waiting_.append(*label);
  append(waiting_);
  say("");
  context_.lock.signal_changed().connect(sigc::mem_fun(*this, &ListPage::on_lock_changed));
}

// What was refused because of a lock is listed once that is gone.
void ListPage::on_lock_changed() {
  if (refused_ && !context_.lock.is_locked()) reload();
}

void ListPage::build_view() {
  filter_ = make_item_filter(
      [this](Glib::ObjectBase& item) { return dynamic_cast<LineItem&>(item).matches(wanted_); });
  filtered_ = Gtk::FilterListModel::create(lines_, filter_);
  auto factory = Gtk::SignalListItemFactory::create();
  factory->signal_setup().connect([this](const Glib::RefPtr<Gtk::ListItem>& slot) {
    slot->set_child(*Gtk::make_managed<LineRow>([this](const Line& line) { open(line); }));
  });
  factory->signal_bind().connect([](const Glib::RefPtr<Gtk::ListItem>& slot) {
    const auto item = std::dynamic_pointer_cast<LineItem>(slot->get_item());
    dynamic_cast<LineRow&>(*slot->get_child()).bind(item->line());
  });
  view_.set_model(Gtk::NoSelection::create(filtered_));
  view_.set_factory(factory);
  view_.set_single_click_activate(true);
  view_.set_show_separators(true);
  set_accessible_label(view_, title_);
  view_.signal_activate().connect([this](guint position) {
    const auto item = std::dynamic_pointer_cast<LineItem>(filtered_->get_object(position));
    if (item) open(item->line());
  });
  scroller_.set_policy(Gtk::PolicyType::NEVER, Gtk::PolicyType::AUTOMATIC);
  scroller_.set_child(view_);
  scroller_.get_vadjustment()->signal_value_changed().connect(sigc::mem_fun(*this, &ListPage::on_scrolled));
  // Also when the bounds change: a first page that does not fill the window cannot be scrolled.
  scroller_.get_vadjustment()->signal_changed().connect(sigc::mem_fun(*this, &ListPage::on_scrolled));
}

void ListPage::reload() {
  reload_by([this] { ask(""); });
}

void ListPage::reload_by(const std::function<void()>& asking) {
  calls_.forget_all();
  say("");
  asking_ = stale_ = true;
  ended_ = refused_ = false;
  next_cursor_.clear();
  show_state();
  asking();
}

void ListPage::ask_next() {
  if (asking_ || ended_) return;
  asking_ = true;
  show_state();
  ask(next_cursor_);
}

void ListPage::on_scrolled() {
  const auto place = scroller_.get_vadjustment();
  const double below = place->get_upper() - place->get_page_size() - place->get_value();
  if (lines_->get_n_items() > 0 && below < almost_at_end) ask_next();
}

void ListPage::add(std::vector<Line> lines, const std::optional<std::string>& next_cursor) {
  asking_ = false;
  // A list that gives the same cursor twice would never end.
  ended_ = !next_cursor || next_cursor->empty() || *next_cursor == next_cursor_;
  next_cursor_ = next_cursor.value_or("");
  std::vector<Glib::RefPtr<LineItem>> items;
  items.reserve(lines.size());
  for (Line& line : lines) items.push_back(LineItem::create(std::move(line)));
  const unsigned kept = stale_ ? 0 : lines_->get_n_items();
  lines_->splice(kept, lines_->get_n_items() - kept, items);
  stale_ = false;
  show_state();
}

void ListPage::add_first(Line line) {
  // Else the page that is still to come has it.
  if (stale_) return;
  lines_->insert(0, LineItem::create(std::move(line)));
  show_state();
}

void ListPage::refuse(const Refusal& refusal) {
  asking_ = false;
  ended_ = refused_ = true;
  // Stays stale: a line that comes now by an event must not pass for the whole list.
  if (stale_) lines_->remove_all();
  say(refusal.sentence());
  show_state();
}

void ListPage::show_state() {
  waiting_.set_visible(asking_);
  asking_ ? spinner_.start() : spinner_.stop();
  if (filtered_->get_n_items() > 0 || asking_) {
    show_in_place(scroller_);
  } else {
    show_in_place(message_.get_visible() ? *refused_page_ : *nothing_page_);
  }
}

// The focus of what goes would land anywhere: it goes to the first button that there is.
void ListPage::show_in_place(Gtk::Widget& page) {
  auto* window = dynamic_cast<Gtk::Window*>(get_root());
  Gtk::Widget* focus = window != nullptr ? window->get_focus() : nullptr;
  const bool had_focus = focus != nullptr && focus->is_ancestor(states_) && !states_.shows(page);
  states_.show_page(page);
  if (had_focus && !tools_.child_focus(Gtk::DirectionType::TAB_FORWARD))
    page.child_focus(Gtk::DirectionType::TAB_FORWARD);
}

void ListPage::open(const Line& line) {
  if (!line.url.empty() && !open_page(*this, line.url)) toast_.emit(_("This line has no page."));
}

void ListPage::set_tools(Gtk::Widget& tools) { tools_.append(tools); }

void ListPage::say(const Glib::ustring& sentence) {
  message_.set_text(sentence);
  message_.set_visible(!sentence.empty());
  if (!sentence.empty()) gtk::announce(message_, sentence);
}

void ListPage::follow(const protocol::EventView& event) {
  const auto kind = protocol::event_kind_of(event.kind);
  if (kind && followed_.contains(*kind)) reload();
}

void ListPage::question(const Glib::ustring& heading, const Glib::ustring& text, const Glib::ustring& yes,
                        std::function<void()> then) {
  auto* window = dynamic_cast<Gtk::Window*>(get_root());
  if (window == nullptr) return;
  adwaita::ask(*window, heading, text,
               {{"cancel", _("Cancel")}, {.id = "yes", .label = yes, .destructive = true}}, nullptr,
               [alive = std::weak_ptr(alive_), then = std::move(then)](const std::string& response) {
                 // The person may have left the page by then.
                 if (response == "yes" && !alive.expired()) then();
               });
}

void ListPage::focus_list() {
  if (!view_.grab_focus()) child_focus(Gtk::DirectionType::TAB_FORWARD);
}

}  // namespace forgelink::gtk
