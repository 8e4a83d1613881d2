// SPDX-License-Identifier: MIT
#include "clients/gtk/main_window.hpp"

#include "clients/gtk/accessible.hpp"
#include "clients/gtk/repositories_page.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

constexpr int usual_width = 960, usual_height = 700;

}  // namespace

MainWindow::MainWindow(Context& context)
    : context_(context),
      list_(context),
      lock_bar_(context),
      panel_(pages_, panel_parts_),
      toasts_(panel_.widget()),
      questions_(context, *this),
      menu_(context) {
  set_title("Forgelink");
  set_icon_name("org.forgelink.Forgelink");
  set_default_size(usual_width, usual_height);
  pages_.show_page(list_);
  panel_.on_hidden = [this] { panel_parts_.show_nothing(); };
  body_.append(lock_bar_);
  body_.append(toasts_.widget());
  toasts_.widget().set_vexpand(true);
  set_child(body_);
  build_header();
  connect_parts();
  list_.focus_list();
}

void MainWindow::build_header() {
  add_.set_label(_("Add connection"));
  add_.signal_clicked().connect(sigc::mem_fun(*this, &MainWindow::add_connection));
  back_.set_icon_name("go-previous-symbolic");
  back_.set_tooltip_text(_("Back"));
  set_accessible_label(back_, _("Back"));
  back_.signal_clicked().connect(sigc::mem_fun(*this, &MainWindow::go_back));
  back_.set_visible(false);
  search_.set_icon_name("edit-find-symbolic");
  search_.set_tooltip_text(_("Search"));
  set_accessible_label(search_, _("Search"));
  search_.signal_toggled().connect([this] {
    auto* page = open_pages_.empty() ? nullptr : open_pages_.back().get();
    Gtk::SearchBar& bar = page != nullptr ? page->search_bar() : list_.search_bar();
    bar.set_search_mode(search_.get_active());
  });
  title_.add_css_class("title");
  show_title();
  header_.set_title_widget(adwaita::make_squeezer(title_));
  header_.pack_start(back_);
  header_.pack_start(add_);
  header_.pack_end(menu_);
  header_.pack_end(search_);
  set_titlebar(header_);
}

// The list's own title says little, and goes where there is no room for it; a page's is cut.
void MainWindow::show_title() {
  const bool at_list = open_pages_.empty();
  title_.set_text(at_list ? _("Connections") : open_pages_.back()->title());
  title_.set_ellipsize(at_list ? Pango::EllipsizeMode::NONE : Pango::EllipsizeMode::END);
}

// The focus goes in afterwards, by each part itself: a widget in no window takes none, and one that is still
// sliding in cannot be found by moving the focus.
template <class Part>
void MainWindow::show_panel(Part& part) {
  // It would lie over the panel's buttons, and is about what was done before.
  toasts_.dismiss();
  panel_parts_.show_page(part);
  panel_.show(true);
  part.focus_first();
}

void MainWindow::connect_parts() {
  list_.signal_opened().connect(sigc::mem_fun(*this, &MainWindow::open_connection));
  list_.signal_add_wanted().connect(sigc::mem_fun(*this, &MainWindow::add_connection));
  questions_.signal_toast().connect(sigc::mem_fun(*this, &MainWindow::show_toast));
  context_.connections.signal_removed().connect(sigc::mem_fun(*this, &MainWindow::on_removed));
  context_.connections.signal_known().connect(sigc::mem_fun(*this, &MainWindow::on_known));
}

ConnectionForm& MainWindow::form() {
  if (form_) return *form_;
  form_ = std::make_unique<ConnectionForm>(context_);
  form_->signal_saved().connect(sigc::mem_fun(*this, &MainWindow::on_saved));
  form_->signal_cancelled().connect(sigc::mem_fun(*this, &MainWindow::close_panel));
  form_->signal_sign_in().connect([this](SignInRequest request, const protocol::SignInStart::Reply& started) {
    sign_in().begin(std::move(request), started);
    show_panel(sign_in());
  });
  return *form_;
}

ConnectionDetails& MainWindow::details() {
  if (details_) return *details_;
  details_ = std::make_unique<ConnectionDetails>(context_);
  details_->signal_edit().connect([this](const Connection& connection) {
    details_->end();
    shown_.clear();
    form().begin_edit(connection);
    show_panel(form());
  });
  details_->signal_repositories().connect([this](const Connection& connection) {
    show_page(std::make_shared<RepositoriesPage>(context_, connection));
  });
  details_->signal_closed().connect(sigc::mem_fun(*this, &MainWindow::close_panel));
  details_->signal_toast().connect(sigc::mem_fun(*this, &MainWindow::show_toast));
  return *details_;
}

SignInPanel& MainWindow::sign_in() {
  if (sign_in_) return *sign_in_;
  sign_in_ = std::make_unique<SignInPanel>(context_);
  sign_in_->signal_completed().connect(sigc::mem_fun(*this, &MainWindow::on_saved));
  sign_in_->signal_ended().connect(sigc::mem_fun(*this, &MainWindow::on_sign_in_ended));
  return *sign_in_;
}

void MainWindow::add_connection() {
  close_panel();
  form().begin_add();
  show_panel(form());
}

void MainWindow::open_connection(const std::string& id) {
  if (!context_.connections.find(id)) {
    // Named by a notification that started this program: the list comes later, see on_known().
    awaited_ = id;
    return;
  }
  close_panel();
  while (!open_pages_.empty()) go_back();
  details().begin(id);
  shown_ = id;
  list_.mark(id);
  show_panel(details());
}

void MainWindow::on_known() {
  const std::string id = std::exchange(awaited_, "");
  if (!id.empty()) open_connection(id);
}

void MainWindow::close_panel() {
  if (form_) form_->end();
  if (details_) details_->end();
  if (sign_in_) sign_in_->end();
  shown_.clear();
  list_.mark("");
  if (!panel_.is_shown()) return;
  panel_.show(false);
  open_pages_.empty() ? list_.focus_list() : open_pages_.back()->focus_list();
}

void MainWindow::on_saved(const Connection& connection, bool is_new) {
  close_panel();
  list_.mark(connection.id);
  show_toast(
      Glib::ustring::compose(is_new ? _("Created connection “%1”") : _("Saved “%1”"), connection.name));
}

void MainWindow::on_sign_in_ended(const std::optional<Refusal>& refusal) {
  show_panel(form());
  if (refusal) form().refuse(*refusal);
}

void MainWindow::on_removed(const Connection& connection) {
  if (connection.id != shown_) return;
  close_panel();
  show_toast(Glib::ustring::compose(_("Removed “%1”"), connection.name));
}

void MainWindow::show_page(std::shared_ptr<ListPage> page) {
  page->signal_toast().connect(sigc::mem_fun(*this, &MainWindow::show_toast));
  page->signal_page().connect(sigc::mem_fun(*this, &MainWindow::show_page));
  close_panel();
  search_.set_active(false);
  open_pages_.push_back(page);
  pages_.show_page(*page);
  show_title();
  back_.set_visible(true);
  add_.set_visible(false);
  page->focus_list();
}

void MainWindow::go_back() {
  if (open_pages_.empty()) return;
  search_.set_active(false);
  // Kept to the end of this function, which may have been called from one of its signals.
  const std::shared_ptr<ListPage> gone = open_pages_.back();
  open_pages_.pop_back();
  const bool at_list = open_pages_.empty();
  pages_.show_page(at_list ? static_cast<Gtk::Widget&>(list_) : *open_pages_.back());
  pages_.forget(*gone);
  show_title();
  back_.set_visible(!at_list);
  add_.set_visible(at_list);
  at_list ? list_.focus_list() : open_pages_.back()->focus_list();
}

void MainWindow::toggle_search() { search_.set_active(!search_.get_active()); }

}  // namespace forgelink::gtk
