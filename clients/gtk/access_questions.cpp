// SPDX-License-Identifier: MIT
#include "clients/gtk/access_questions.hpp"

#include <set>

#include "clients/gtk/adwaita.hpp"
#include "clients/gtk/display_text.hpp"
#include "clients/gtk/translate.hpp"
#include "ipc/protocol/access_answer.hpp"
#include "ipc/protocol/access_place.hpp"
#include "ipc/protocol/access_questions.hpp"
#include "ipc/protocol/event_kind.hpp"

namespace forgelink::gtk {

AccessQuestions::AccessQuestions(Context& context, Gtk::Window& window)
    : context_(context), window_(window), calls_(context.client()) {
  context_.connections.signal_event().connect(sigc::mem_fun(*this, &AccessQuestions::on_event));
  context_.connections.signal_known().connect(sigc::mem_fun(*this, &AccessQuestions::ask_for_open));
  if (context_.connections.is_known()) ask_for_open();
}

void AccessQuestions::ask_for_open() {
  using Open = protocol::AccessQuestions;
  calls_.ask<Open>({}, [this](const Answer<Open::Reply>& answer) {
    if (const auto* open = std::get_if<Open::Reply>(&answer)) show_open(open->questions);
  });
}

// What was answered while there was no connection, its event has not told.
void AccessQuestions::show_open(const std::vector<json::object>& questions) {
  std::set<std::string> waiting;
  for (const json::object& question : questions) waiting.insert(text_of(question, "request"));
  std::vector<std::string> stale;
  for (const auto& [request, window] : open_) {
    if (!waiting.contains(request)) stale.push_back(request);
  }
  for (const std::string& request : stale) withdraw(request);
  for (const json::object& question : questions) ask(question);
}

void AccessQuestions::on_event(const protocol::EventView& event) {
  if (!event.detail) return;
  const auto kind = protocol::event_kind_of(event.kind);
  if (kind == protocol::EventKind::access_asked) ask(*event.detail);
  if (kind != protocol::EventKind::access_answered) return;
  const Answer<Question> answered = answer_of<Question>(*event.detail);
  if (const auto* question = std::get_if<Question>(&answered)) withdraw(question->request);
}

void AccessQuestions::withdraw(const std::string& request) {
  const auto found = open_.find(request);
  if (found == open_.end()) return;
  Gtk::Window* question = found->second;
  open_.erase(found);
  adwaita::dismiss(*question);
}

void AccessQuestions::ask(const json::object& detail) {
  const Answer<Question> read = answer_of<Question>(detail);
  const auto* question = std::get_if<Question>(&read);
  if (question != nullptr && !question->request.empty() && !open_.contains(question->request))
    show(*question);
}

void AccessQuestions::show(const Question& question) {
  const auto item = context_.connections.find(question.connection);
  const std::string name = item ? item->connection().name : question.connection;
  const Glib::ustring program = question.program ? display_text(*question.program) : _("A program");
  const std::string where = protocol::access_place(question.host, question.path);
  Glib::ustring text;
  if (!where.empty()) text = Glib::ustring::compose(_("For %1."), display_text(where));
  if (question.directory)
    text += "\n" + Glib::ustring::compose(_("In the folder %1."), display_text(*question.directory));
  open_[question.request] =
      &adwaita::ask(window_, Glib::ustring::compose(_("May %1 use “%2”?"), program, name), text,
                    {{"deny", _("Deny")},
                     {.id = "once", .label = _("Once"), .suggested = true},
                     {"session", _("This session")},
                     {"always", _("Always")}},
                    nullptr, [this, request = question.request](const std::string& decision) {
                      // A dialog that was withdrawn closes as well, and that is nobody's answer.
                      if (open_.erase(request) > 0) answer(request, decision);
                    });
}

void AccessQuestions::answer(const std::string& request, const std::string& decision) {
  using Decide = protocol::AccessAnswer;
  calls_.ask<Decide>({.request = request, .decision = decision}, [this](const Answer<Decide::Reply>& answer) {
    if (const auto* refusal = std::get_if<Refusal>(&answer)) toast_.emit(refusal->message);
  });
}

}  // namespace forgelink::gtk
