// SPDX-License-Identifier: MIT
// forgelinkd: the daemon. One per user and registry.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include "base/owner.hpp"
#include "base/paths.hpp"
#include "base/standard_files.hpp"
#include "base/version.hpp"
#include "daemon/application.hpp"
#include "daemon/process/process.hpp"
#include "daemon/settings/policy_file.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/settings/settings_example.hpp"

namespace {

// A sentence for a person: the standard library's words for files are none.
std::string sentence_of(const std::exception& error) {
  const auto* of_file = dynamic_cast<const std::filesystem::filesystem_error*>(&error);
  if (of_file == nullptr) return error.what();
  return of_file->path1().string() + " cannot be used: " + of_file->code().message() + ".";
}

}  // namespace

int main(int argc, char** argv) {
  using namespace forgelink;
  occupy_standard_files();
  CLI::App options(
      "Forgelink's daemon: owns your connections to git forges.\nPrograms reach it at "
      "$XDG_RUNTIME_DIR/forgelink/socket.",
      "forgelinkd");
  CommandLine command_line;
  bool check = false, print_settings = false;
  options.set_version_flag("--version", std::string("forgelinkd ") + FORGELINK_VERSION);
  options
      .add_option("--config", command_line.settings_file,
                  "The settings file, instead of ~/.config/forgelink/config.toml")
      ->type_name("FILE");
  options
      .add_option("--socket", command_line.socket,
                  "Where to listen, instead of $XDG_RUNTIME_DIR/forgelink/socket")
      ->type_name("PATH");
  options.add_flag("--check-config", check, "Read the settings, say what is wrong with them, and leave");
  options.add_flag("--print-settings", print_settings, "Print a settings file with all settings, explained");
  try {
    options.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = options.exit(error);
    return code == 0 ? 0 : 2;
  }

  if (print_settings) return std::fputs(settings_example, stdout) < 0 ? 1 : 0;
  try {
    if (check) {
      const auto file = command_line.settings_file.value_or(default_settings_file());
      read_settings(file, command_line.settings_file.has_value());
      read_policy();
      std::printf("%s: good\n", file.c_str());
      return 0;
    }
    if (const std::string foreign = foreign_environment({data_home(), runtime_dir()}); !foreign.empty()) {
      std::fprintf(stderr, "forgelinkd: %s\n", foreign.c_str());
      return 1;
    }
    harden_process();
    Application application(std::move(command_line));
    application.run();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "forgelinkd: %s\n", sentence_of(error).c_str());
    return 1;
  }
}
