// SPDX-License-Identifier: MIT
// Runs the `forgelink` program that lies beside this one and gives what it prints, without blocking.
//
// One run at a time: a new one ends the run before. Main thread only; a run ends with its object.
#pragma once

#include <gio/gio.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace forgelink::gtk {

class ChildProgram {
 public:
  // What was written to standard output; nothing if the program could not be run or took too long, which
  // ends it. Its exit status does not matter.
  using OnOutput = std::function<void(std::optional<std::string>)>;

  ChildProgram() = default;
  ~ChildProgram() { stop(); }
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  // `on_output` runs from the main loop, never from within `run`.
  void run(const std::vector<std::string>& words, OnOutput on_output);

  // Ends the run; its `on_output` does not run any more.
  void stop();

 private:
  struct Run;

  std::shared_ptr<Run> run_;
};

}  // namespace forgelink::gtk
