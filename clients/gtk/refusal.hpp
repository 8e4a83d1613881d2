// SPDX-License-Identifier: MIT
// Why the daemon did not do what it was asked. A plain value. Its sentences may be a forge's: they are as
// display_text() gives them.
#pragma once

#include <string>

#include "clients/gtk/json_access.hpp"

namespace forgelink::gtk {

struct Refusal {
  std::string kind;     // as in the protocol; `lost` when the daemon went away before it answered
  std::string message;  // a sentence for people
  std::string hint;     // what to do next; may be empty
  std::string url;      // a page that helps; may be empty
  std::string field;    // the parameter it is about, without the name of an object around it; may be empty
  json::object data;    // everything else that came with it

  bool is_lost() const { return kind == "lost"; }

  // The message, and the hint after it.
  std::string sentence() const;
};

// From the `error` object of a JSON-RPC reply.
Refusal refusal_of(const json::object& error);

// The daemon ended in the middle of a call.
Refusal lost_refusal();

// The daemon's answer is of another version than this program.
Refusal unreadable_refusal();

}  // namespace forgelink::gtk
