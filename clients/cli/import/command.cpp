// SPDX-License-Identifier: MIT
// import: its options, declared for help, manual and completion; run by the program forgelink-import, so that
// no other command loads libsecret.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "clients/cli/commands.hpp"
#include "clients/cli/import/command.hpp"

namespace forgelink::cli {
namespace {

// Beside this program (a build, or an installation into one folder), or where packages put it.
std::filesystem::path import_program() {
  std::error_code unknown;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path();
  for (const auto& place :
       {folder / "forgelink-import", folder.parent_path() / "libexec/forgelink/forgelink-import"}) {
    if (access(place.c_str(), X_OK) == 0) return place;
  }
  return "forgelink-import";
}

}  // namespace

void declare_import(CLI::App& app, Context& context, ImportOptions& options, std::function<void()> run) {
  CLI::App* c =
      command(app, context, "import", "Create connections from what git, gh, glab and others have stored");
  c->add_option("--from", options.from,
                "Look only there: git-store, netrc, libsecret, gcm (Git Credential Manager), gh or glab; may "
                "be repeated")
      ->type_name("SOURCE")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(import_sources), std::end(import_sources))));
  auto* dry = c->add_flag("--dry-run,-n", options.dry_run, "Only show what there is");
  c->add_flag("--yes,-y", options.yes, "Do not ask: import all that can be")->excludes(dry);
  auto* clear =
      c->add_flag("--delete-originals", options.delete_originals,
                  "Then delete the plain text of what was imported and verified; gh and glab are signed "
                  "out by that");
  clear->excludes(dry);
  auto* keep = c->add_flag("--keep", options.keep, "Keep the tokens until they are removed");
  c->add_flag("--session", options.session, "The tokens end with the login session")->excludes(keep);
  c->add_flag("--no-verify", options.no_verify, "Do not ask the forges first")->excludes(clear);
  c->add_flag("--allow-http", options.allow_http, "Accept a server by http://");
  c->callback(std::move(run));
}

void declare_import(CLI::App& app, Context& context) {
  static ImportOptions options;
  declare_import(app, context, options, [&context] {
    const std::string program = import_program();
    execvp(program.c_str(), context.arguments);
    complain("forgelink-import cannot be run: " + std::string(std::strerror(errno)) + ".");
    throw Exit{1};
  });
}

}  // namespace forgelink::cli
