// SPDX-License-Identifier: MIT
// Shows open questions about access on the desktop, with buttons that answer them (Desktop Notifications
// Specification 1.2, `actions` and `ActionInvoked`).
//
// At most `most_shown` at once, so that many questions do not fill the screen; the others follow as those are
// answered. Silent where nobody shows notices or the settings turn them off. On the loop; what is given must
// outlive it.
#pragma once

#include <map>

#include "base/bus.hpp"
#include "daemon/access/consent.hpp"
#include "daemon/settings/settings.hpp"

namespace forgelink {

class QuestionNotices {
 public:
  static constexpr std::size_t most_shown = 3;

  QuestionNotices(asio::any_io_executor executor, Consent& consent, const Registry& registry,
                  const Settings& settings)
      : executor_(std::move(executor)), consent_(consent), registry_(registry), settings_(settings) {}

  void on_event(const Event& event);

 private:
  void show_some();
  void show(const Consent::Question& question);
  void withdraw(const std::string& question);
  bool open_bus();

  asio::any_io_executor executor_;
  Consent& consent_;
  const Registry& registry_;
  const Settings& settings_;
  std::unique_ptr<Bus> bus_;                    // opened with the first question
  std::map<std::string, std::uint32_t> shown_;  // question and notice; 0 until the server has named it
};

}  // namespace forgelink
