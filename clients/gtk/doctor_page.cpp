// SPDX-License-Identifier: MIT
#include "clients/gtk/doctor_page.hpp"

#include <gdkmm/clipboard.h>

#include <algorithm>

#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

// What `forgelink doctor --json` prints.
struct Finding {
  std::string about, state, sentence, mend;
  bool fix = false;                  // running `mend` can do no harm
  std::vector<std::string> by_hand;  // lines to add to a file, where no command can

  void fields(auto& f) {
    f.required("about", about, "");
    f.required("state", state, "");
    f.required("sentence", sentence, "");
    f.optional("mend", mend, "");
    f.optional("fix", fix, "");
    f.optional("by_hand", by_hand, "");
  }
};

struct Report {
  std::vector<Finding> findings;

  void fields(auto& f) { f.required("findings", findings, ""); }
};

std::optional<Report> report_of(const std::optional<std::string>& output) {
  std::error_code error;
  const json::value value = json::parse(output.value_or(""), error);
  if (error || !value.is_object()) return std::nullopt;
  const Answer<Report> read = answer_of<Report>(value.get_object());
  const auto* report = std::get_if<Report>(&read);
  return report != nullptr ? std::optional(*report) : std::nullopt;
}

Glib::ustring state_word(const std::string& state) {
  if (state == "bad") return _("wrong");
  return state == "mended" ? _("fixed") : _("note");
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += (all.empty() ? "" : "\n") + line;
  return all;
}

// As joined_lines(), with blanks for the tab that a line of a section begins with.
std::string shown_lines(std::vector<std::string> lines) {
  for (std::string& line : lines) {
    if (line.starts_with('\t')) line.replace(0, 1, "    ");
  }
  return joined_lines(lines);
}

Line finding_line(const Finding& finding) {
  Line line{.id = finding.state == "mended" ? "" : finding.mend, .title = finding.sentence};
  if (!finding.mend.empty()) line.subtitle = Glib::ustring::compose(_("Fix: %1"), finding.mend);
  if (finding.mend.empty() && !finding.by_hand.empty()) {
    line.id = joined_lines(finding.by_hand);
    line.subtitle = _("Add these lines by hand:") + "\n" + shown_lines(finding.by_hand);
  }
  line.note = state_word(finding.state);
  line.wraps = true;
  return line;
}

// What is wrong comes first.
int rank(const Finding& finding) { return finding.state == "bad" ? 0 : finding.state == "mended" ? 1 : 2; }

}  // namespace

DoctorPage::DoctorPage(Context& context)
    : ListPage(context, _("Findings"), _("Nothing is wrong"),
               _("The daemon, the keyring, git and your connections are as they should be.")) {
  again_.set_label(_("Look again"));
  again_.signal_clicked().connect(sigc::mem_fun(*this, &DoctorPage::reload));
  fix_.set_label(_("Fix what can be fixed"));
  fix_.add_css_class("suggested-action");
  fix_.signal_clicked().connect(sigc::mem_fun(*this, &DoctorPage::on_fix));
  fix_.set_visible(false);
  buttons_.set_margin(12);
  // One above the other: side by side they are wider than the window of a telephone.
  buttons_.set_halign(Gtk::Align::START);
  buttons_.append(again_);
  buttons_.append(fix_);
  set_tools(buttons_);
  reload();
}

void DoctorPage::ask(const std::string&) { examine(false); }

void DoctorPage::examine(bool fix) {
  std::vector<std::string> words = {"doctor", "--json"};
  if (fix) words.emplace_back("--fix");
  // Another run would end this one in the middle of a command.
  allow_runs(!fix);
  program_.run(words, [this](const std::optional<std::string>& output) { show(output); });
}

void DoctorPage::allow_runs(bool allowed) {
  for (Gtk::Button* button : {&again_, &fix_}) button->set_sensitive(allowed);
}

void DoctorPage::show(const std::optional<std::string>& output) {
  allow_runs(true);
  std::optional<Report> report = report_of(output);
  if (!report) {
    refuse({.kind = "internal", .message = _("The command “forgelink doctor” gave no report.")});
    return;
  }
  std::stable_sort(report->findings.begin(), report->findings.end(),
                   [](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
  std::vector<Line> lines;
  safe_commands_.clear();
  for (const Finding& finding : report->findings) {
    if (finding.state == "good") continue;
    if (finding.state == "bad" && finding.fix && safe_commands_.find(finding.mend) == Glib::ustring::npos)
      safe_commands_ += (safe_commands_.empty() ? "" : "\n") + finding.mend;
    lines.push_back(finding_line(finding));
  }
  fix_.set_visible(!safe_commands_.empty());
  add(std::move(lines), std::nullopt);
}

void DoctorPage::on_fix() {
  question(_("Run these commands?"), safe_commands_, _("Run"),
           [this] { reload_by([this] { examine(true); }); });
}

void DoctorPage::open(const Line& line) {
  if (line.id.empty()) return;
  get_clipboard()->set_text(line.id);
  const bool several = line.id.find('\n') != std::string::npos;
  toast_.emit(several ? _("Copied the lines") : Glib::ustring::compose(_("Copied: %1"), line.id));
}

}  // namespace forgelink::gtk
