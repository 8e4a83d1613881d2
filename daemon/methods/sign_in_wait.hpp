#pragma once

#include "daemon/methods/connection_reply.hpp"
#include "daemon/sign_ins.hpp"

namespace forgelink {

// What wait and complete answer.
struct SignInState {
  std::string state;
  std::optional<ConnectionView> connection;

  void fields(auto& f) {
    f.required("state", state, "pending or completed; a failed one is an error.");
    f.absent("connection", connection, "completed: the connection.");
  }

  static Result<SignInState> of(SignIns::Outcome outcome, const Viewer& viewer);
};

struct SignInWait {
  static constexpr std::string_view name = "sign_in.wait";
  static constexpr std::string_view summary = "Wait for a sign-in to end, for so long at most.";

  struct Params {
    std::string sign_in;
    std::int64_t timeout = 60;
    void fields(auto& f) {
      f.required("sign_in", sign_in, "The sign-in's id.");
      f.optional("timeout", timeout, "Seconds, 60 if left out, at most 300.");
    }
  };
  using Reply = SignInState;

  SignIns& sign_ins;
  Viewer viewer;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
