// SPDX-License-Identifier: MIT
#include "clients/gtk/refusal.hpp"

#include "clients/gtk/display_text.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {

std::string Refusal::sentence() const { return hint.empty() ? message : message + "\n" + hint; }

Refusal refusal_of(const json::object& error) {
  const json::object& data = object_of(error, "data");
  Refusal refusal{.kind = text_of(data, "kind"),
                  .message = display_text(text_of(error, "message")),
                  .hint = display_text(text_of(data, "hint")),
                  .url = text_of(data, "url"),
                  .field = text_of(data, "field"),
                  .data = data};
  // A field of a nested object is named as `add.name`.
  if (const auto dot = refusal.field.rfind('.'); dot != std::string::npos) refusal.field.erase(0, dot + 1);
  return refusal;
}

Refusal lost_refusal() {
  return {.kind = "lost",
          .message = _("The daemon stopped before it answered."),
          .hint = _("Wait until it is back, then try again.")};
}

Refusal unreadable_refusal() {
  return {.kind = "internal",
          .message = _("The daemon’s answer is in a form that this window does not know."),
          .hint = _("Restart the daemon, so that both are of one version.")};
}

}  // namespace forgelink::gtk
