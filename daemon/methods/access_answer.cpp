// SPDX-License-Identifier: MIT
#include "daemon/methods/access_answer.hpp"

namespace forgelink {

Result<AccessAnswer::Reply> AccessAnswer::call(Params params) const {
  const auto decision = decision_of(params.decision);
  if (!decision) return invalid("decision", "`decision` is once, session, always or deny.");
  Result<> answered = consent.answer(params.request, *decision);
  if (!answered) return answered.error();
  return Reply{.request = std::move(params.request), .decision = std::move(params.decision)};
}

}  // namespace forgelink
