// SPDX-License-Identifier: MIT
#include "daemon/methods/access_questions.hpp"

namespace forgelink {

Result<AccessQuestions::Reply> AccessQuestions::call(Params) const {
  Reply reply;
  for (const auto& question : consent.questions())
    reply.questions.push_back(consent.event_of(*question).detail);
  return reply;
}

}  // namespace forgelink
