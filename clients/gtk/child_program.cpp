// SPDX-License-Identifier: MIT
#include "clients/gtk/child_program.hpp"

#include <filesystem>
#include <utility>

namespace forgelink::gtk {
namespace {

// The doctor asks the keyring and git, each with limits of its own.
constexpr unsigned longest_run_seconds = 120;

// The one of the same installation; else what PATH has.
std::string forgelink_program() {
  std::error_code error;
  const auto here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / "forgelink";
  return std::filesystem::exists(here, error) ? here.string() : "forgelink";
}

}  // namespace

struct ChildProgram::Run {
  GSubprocess* process = nullptr;
  OnOutput on_output;
  sigc::connection limit;

  ~Run() {
    limit.disconnect();
    if (process == nullptr) return;
    g_subprocess_force_exit(process);
    g_object_unref(process);
  }

  void finish(std::optional<std::string> output) {
    limit.disconnect();
    const OnOutput told = std::exchange(on_output, nullptr);
    if (told) told(std::move(output));
  }

  // GIO calls it in any case, also after the run was stopped: hence the weak pointer.
  static void on_ended(GObject* source, GAsyncResult* result, gpointer data) {
    const std::unique_ptr<std::weak_ptr<Run>> kept(static_cast<std::weak_ptr<Run>*>(data));
    char* text = nullptr;
    const bool read =
        g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, &text, nullptr, nullptr) != 0;
    const std::unique_ptr<char, decltype(&g_free)> owned(text, g_free);
    if (const auto run = kept->lock())
      run->finish(read && text != nullptr ? std::optional<std::string>(text) : std::nullopt);
  }
};

void ChildProgram::run(const std::vector<std::string>& words, OnOutput on_output) {
  const std::string program = forgelink_program();
  std::vector<const char*> arguments = {program.c_str()};
  for (const std::string& word : words) arguments.push_back(word.c_str());
  arguments.push_back(nullptr);
  run_ = std::make_shared<Run>();
  run_->on_output = std::move(on_output);
  run_->process = g_subprocess_newv(
      arguments.data(), GSubprocessFlags(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE),
      nullptr);
  const std::weak_ptr<Run> weak = run_;
  const auto give_up = [weak] {
    const auto run = weak.lock();
    if (!run) return;
    if (run->process != nullptr) g_subprocess_force_exit(run->process);
    run->finish(std::nullopt);
  };
  if (run_->process == nullptr) {
    Glib::signal_idle().connect_once(give_up);
    return;
  }
  run_->limit = Glib::signal_timeout().connect_seconds(sigc::bind_return(sigc::slot<void()>(give_up), false),
                                                       longest_run_seconds);
  g_subprocess_communicate_utf8_async(run_->process, nullptr, nullptr, &Run::on_ended,
                                      new std::weak_ptr<Run>(run_));
}

void ChildProgram::stop() { run_.reset(); }

}  // namespace forgelink::gtk
