// SPDX-License-Identifier: MIT
// A client that keeps what it is told, and can be closed.
#pragma once

#include <string>
#include <vector>

#include "ipc/peer.hpp"

namespace forgelink {

class FakePeer : public ipc::Peer {
 public:
  explicit FakePeer(std::string executable = "/usr/bin/editor") {
    caller_ = std::make_shared<const Caller>(
        Caller{.pid = 1, .program = "Editor", .executable = std::move(executable), .directory = "/srv/tree"});
  }
  void notify(std::shared_ptr<const std::string> line) override { told.push_back(*line); }
  bool is_gone() const override { return gone_; }
  std::shared_ptr<const Caller> caller() override { return caller_; }

  void close() {
    gone_ = true;
    run_at_close();
  }

  std::vector<std::string> told;

 private:
  std::shared_ptr<const Caller> caller_;
  bool gone_ = false;
};

}  // namespace forgelink
