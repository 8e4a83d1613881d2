// SPDX-License-Identifier: MIT
#include "clients/gtk/access_questions.hpp"

#include "clients/gtk/adwaita.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {

AccessQuestions::AccessQuestions(Context& context, Gtk::Window& window)
    : context_(context), window_(window), calls_(context.client()) {
  context_.connections.signal_event().connect(sigc::mem_fun(*this, &AccessQuestions::on_event));
}

void AccessQuestions::on_event(const json::object& event) {
  const std::string kind = text_of(event, "kind");
  const std::string request = text_of(object_of(event, "detail"), "request");
  if (request.empty()) return;
  if (kind == "access.asked" && !open_.contains(request)) ask(request, event);
  if (kind != "access.answered") return;
  const auto found = open_.find(request);
  if (found == open_.end()) return;
  Gtk::Window* question = found->second;
  open_.erase(found);
  adwaita::dismiss(*question);
}

void AccessQuestions::ask(const std::string& request, const json::object& event) {
  const json::object& detail = object_of(event, "detail");
  const std::string name = text_of(object_of(event, "connection"), "name");
  const std::string program = text_of(detail, "program");
  const std::string directory = text_of(detail, "directory");
  Glib::ustring text =
      Glib::ustring::compose(_("For %1/%2."), text_of(detail, "host"), text_of(detail, "path"));
  if (!directory.empty()) text += "\n" + Glib::ustring::compose(_("In the folder %1."), directory);
  open_[request] = &adwaita::ask(window_, Glib::ustring::compose(_("May %1 use “%2”?"), program, name), text,
                                 {{"deny", _("Deny")},
                                  {"once", _("Once")},
                                  {"session", _("This session")},
                                  {.id = "always", .label = _("Always"), .suggested = true}},
                                 nullptr, [this, request](const std::string& decision) {
                                   if (open_.erase(request) > 0) answer(request, decision);
                                 });
}

void AccessQuestions::answer(const std::string& request, const std::string& decision) {
  calls_.call("access.answer", {{"request", request}, {"decision", decision}}, [this](const Reply& reply) {
    if (const auto* refusal = std::get_if<Refusal>(&reply)) toast_.emit(refusal->message);
  });
}

}  // namespace forgelink::gtk
