// SPDX-License-Identifier: MIT
// git setup, git unset, git identity
#include "clients/cli/git_setup.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/owner.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/files.hpp"
#include "clients/cli/git_by_hand.hpp"
#include "clients/cli/git_config.hpp"
#include "clients/cli/git_identity.hpp"
#include "clients/cli/git_memory.hpp"
#include "clients/cli/process.hpp"
#include "clients/cli/show.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/daemon_status.hpp"
#include "ipc/protocol/identity_render.hpp"

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

std::string key_of(const std::string& url, const char* name) { return "credential." + url + "." + name; }

std::vector<std::string> values_of(const std::string& key) {
  const Finished git = run_program({"git", "config", "--global", "-z", "--get-all", key}, true);
  std::vector<std::string> values;
  std::string value;
  for (const char c : git.output) {
    if (c == '\0') {
      values.push_back(std::move(value));
      value.clear();
    } else {
      value += c;
    }
  }
  return values;
}

// Changes one setting through git itself, and shows how.
class Editor {
 public:
  Editor(Context& context, bool dry) : context_(context), dry_(dry) {}

  void git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"git", "config", "--global"});
    std::string line;
    for (const std::string& argument : arguments)
      line += (line.empty() ? "" : " ") + (argument.empty() ? "''" : quoted_argument(argument));
    changes_.emplace_back(line);
    if (dry_) return;
    const Finished done = run_program(arguments);
    // 5: there was nothing to take away.
    if (done.status == 0 || done.status == 5) return;
    context_.refuse(Error{.message = "git refused: " + line});
  }

  void set_all(const std::string& key, const std::vector<std::string>& values) {
    const auto there = taken_away_.contains(key) ? std::vector<std::string>() : values_of(key);
    if (there == values) return;
    if (!there.empty()) git({"--unset-all", key});
    taken_away_.insert(key);
    for (const std::string& value : values) git({"--add", key, value});
  }

  // For a file that nobody may write: what a person adds to it, or what would be taken away from it. Exits 1.
  [[noreturn]] void leave_by_hand(const fs::path& file, const std::string& why,
                                  const std::vector<std::string>& lines) const {
    complain(fmt::format(
        "{} cannot be written: {}. {}", file.string(), why,
        lines.empty() ? "Take out by hand what these would:" : "Add these lines by hand, where it is made:"));
    if (context_.json_output) {
      print(json::object{{"file", file.string()},
                         {"changes", json::value_from(changes_)},
                         {"dry_run", true},
                         {"by_hand", json::value_from(lines)}});
    } else if (!lines.empty()) {
      print(shown_lines(lines, 2));
    } else {
      for (const std::string& change : changes_) print("  " + change + "\n");
    }
    throw Exit{1};
  }

  void report(const fs::path& file, const std::string& nothing) const {
    if (context_.json_output)
      return print(
          json::object{{"file", file.string()}, {"changes", json::value_from(changes_)}, {"dry_run", dry_}});
    if (changes_.empty()) return print(nothing + "\n");
    std::string lines;
    for (const std::string& change : changes_) lines += "  " + change + "\n";
    print(fmt::format("{} {}:\n{}", dry_ ? "This would change" : "Changed", file.string(), lines));
  }

  bool has_changed() const { return !changes_.empty(); }

 private:
  static std::string quoted_argument(const std::string& argument) {
    return argument.find_first_of(" '\"$!\\") == std::string::npos ? argument : quoted(argument);
  }

  Context& context_;
  bool dry_;
  std::vector<std::string> changes_;
  std::set<std::string> taken_away_;  // that a dry run would have taken
};

// Is git told just what it is to be told for that address by the global file, and nothing after it?
bool is_set_up(const std::vector<GitSetting>& global, const std::string& url, const std::string& helper) {
  const auto helpers = helpers_for(global, url);
  return helpers.size() == 1 && helpers[0].value == helper && http_path_for(global, url) &&
         values_of(key_of(url, "helper")) == std::vector<std::string>{"", helper};
}

std::vector<GitSetting> global_settings() {
  std::vector<GitSetting> all = credential_settings();
  std::erase_if(all, [](const GitSetting& setting) { return setting.scope != "global"; });
  return all;
}

// Where a person wrote the lines, in whatever file: git asks us alone.
bool is_set_up_by_hand(const std::vector<GitSetting>& all, const std::string& url) {
  const auto helpers = helpers_for(all, url);
  return helpers.size() == 1 && is_our_helper(helpers[0].value) && http_path_for(all, url);
}

// What unset is to bring back: what stands there now, as far as it is not ours.
void remember(GitMemory& memory, const std::string& url) {
  GitMemory::Host was;
  for (const std::string& one : values_of(key_of(url, "helper"))) {
    if (!is_our_helper(one)) was.helpers.push_back(one);
  }
  const auto paths = values_of(key_of(url, "useHttpPath"));
  const bool is_new = !memory.hosts.contains(url);
  if (is_new && !paths.empty()) was.http_path = paths.back();
  // The empty one alone is what setup itself left; another tool may have put its own in since.
  const bool others = was.helpers.size() > 1 || (was.helpers.size() == 1 && !was.helpers[0].empty());
  if (is_new) {
    memory.hosts.emplace(url, std::move(was));
  } else if (others) {
    memory.hosts[url].helpers = std::move(was.helpers);
  }
}

// Lets git include what the daemon renders of the rules.
void include_identities(Context& context, GitMemory& memory, Editor& editor, bool dry) {
  protocol::IdentityRender::Params params;
  if (!dry) params.enabled = true;
  const std::string file = context.call<protocol::IdentityRender>(std::move(params)).reply.file;
  if (memory.identity_key.empty()) {
    // git adds to a section that is there, and `user` behind it would count for more: then in one of its own.
    memory.identity_key = values_of("include.path").empty() ? "include.path" : "includeIf.gitdir:/.path";
    memory.identity_file = file;
  }
  const std::vector<std::string> there = values_of(memory.identity_key);
  if (std::find(there.begin(), there.end(), memory.identity_file) == there.end())
    editor.git({"--add", memory.identity_key, memory.identity_file});
}

// The same for a person, where the file cannot be written.
std::vector<std::string> identity_lines(Context& context, bool dry) {
  protocol::IdentityRender::Params params;
  if (!dry) params.enabled = true;
  const std::string file = context.call<protocol::IdentityRender>(std::move(params)).reply.file;
  const std::vector<std::string> there = values_of("include.path");
  if (std::find(there.begin(), there.end(), file) != there.end()) return {};
  return section_lines("include", {{"path", file}});
}

// git's configuration cannot be written: says what to add to it, unless it holds that already.
void set_up_by_hand(Context& context, const std::vector<std::string>& hosts, bool dry, bool identity,
                    const std::string& why) {
  const std::vector<GitSetting> all = credential_settings();
  std::vector<std::string> missing;
  std::copy_if(hosts.begin(), hosts.end(), std::back_inserter(missing),
               [&](const std::string& url) { return !is_set_up_by_hand(all, url); });
  std::vector<std::string> lines = helper_lines(missing, helper_name());
  if (identity) {
    for (std::string& line : identity_lines(context, dry)) lines.push_back(std::move(line));
  }
  if (!lines.empty()) Editor(context, true).leave_by_hand(global_git_file(), why, lines);
}

void refuse_foreign_home(Context& context) {
  if (const std::string foreign = foreign_environment(); !foreign.empty()) context.misused(foreign);
}

// A lent socket does not tell for which hosts it answers.
[[noreturn]] void refuse_lent(const Context& context) {
  context.refuse(Error{
      .code = Errc::not_found,
      .message = "This socket is a lent one and does not tell its hosts, so nothing was set.",
      .hint =
          "Let git ask it for every host: git config --global credential.helper " + quoted(helper_name())});
}

Editor set_up(Context& context, bool dry, bool identity = false) {
  refuse_foreign_home(context);
  check_git(context);
  const auto status = context.call<protocol::DaemonStatus>().reply;
  if (status.registry.empty()) refuse_lent(context);
  const std::string helper = helper_name();
  const fs::path file = global_git_file();
  if (const std::string why = why_unwritable(file); !why.empty()) {
    set_up_by_hand(context, status.git_hosts, dry, identity, why);
    return Editor(context, dry);
  }
  const auto now = content_of(file);
  GitMemory memory = GitMemory::load().value_or(GitMemory{.file = file.string(), .before = now});
  if (!memory.hosts.empty() && (memory.file != file.string() || now.value_or("") != memory.after))
    memory.exact = false;

  Editor editor(context, dry);
  const std::vector<GitSetting> global = global_settings();
  for (const std::string& url : status.git_hosts) {
    remember(memory, url);
    if (is_set_up(global, url, helper)) continue;
    // Taken away and added again, so that it stands after every other helper in the file. The empty one ends
    // the list of those for this host: none of them is handed our token.
    editor.set_all(key_of(url, "helper"), {});
    editor.set_all(key_of(url, "useHttpPath"), {});
    editor.set_all(key_of(url, "helper"), {"", helper});
    editor.set_all(key_of(url, "useHttpPath"), {"true"});
  }
  if (identity) include_identities(context, memory, editor, dry);
  if (!dry && editor.has_changed()) {
    memory.file = file.string();
    memory.after = content_of(file).value_or("");
    memory.save();
  }
  return editor;
}

// Without a daemon its files stay; nothing includes them any more.
void stop_rendering(Context& context) {
  protocol::IdentityRender::Params off{.enabled = false};
  context.ask(protocol::IdentityRender::name, ipc::params_object(std::move(off)), std::chrono::seconds(5));
}

void unset(Context& context, bool dry) {
  refuse_foreign_home(context);
  check_git(context);
  const auto memory = GitMemory::load();
  // Lines that a person added leave no memory of what they let git include.
  if (!dry && (!memory || !memory->identity_key.empty())) stop_rendering(context);
  if (!memory) return Editor(context, dry).report(global_git_file(), "git was not set up by Forgelink.");
  const std::string why = why_unwritable(memory->file);
  const auto now = content_of(memory->file);
  if (why.empty() && memory->exact && now && *now == memory->after) {
    // Nobody has touched it since: as it was, to the byte.
    if (!dry) {
      if (memory->before) {
        replace_file(memory->file, *memory->before, 0644);
      } else {
        fs::remove(memory->file);
      }
      fs::remove(GitMemory::place());
    }
    if (context.json_output)
      return print(json::object{{"file", memory->file}, {"restored", true}, {"dry_run", dry}});
    return print(fmt::format("{} {} as it was before.\n", memory->file, dry ? "would be" : "is"));
  }
  Editor editor(context, dry || !why.empty());
  for (const auto& [url, was] : memory->hosts) {
    editor.set_all(key_of(url, "helper"), was.helpers);
    editor.set_all(key_of(url, "useHttpPath"),
                   was.http_path ? std::vector<std::string>{*was.http_path} : std::vector<std::string>{});
  }
  if (!memory->identity_key.empty())
    editor.git({"--fixed-value", "--unset-all", memory->identity_key, memory->identity_file});
  if (!why.empty() && editor.has_changed()) editor.leave_by_hand(memory->file, why, {});
  if (!dry) fs::remove(GitMemory::place());
  editor.report(memory->file, "There was nothing of Forgelink's left to remove.");
}

}  // namespace

void extend_git_setup(Context& context) {
  const auto memory = GitMemory::load();
  if (!memory) return;
  const auto hosts = context.call<protocol::DaemonStatus>().reply.git_hosts;
  const bool is_new = std::any_of(hosts.begin(), hosts.end(),
                                  [&](const std::string& url) { return !memory->hosts.contains(url); });
  if (!is_new) return;
  // The connection is made, whatever becomes of this: doctor says what is to be done by hand.
  if (trouble_with_git() || !why_unwritable(global_git_file()).empty()) return;
  // Under --json the answer to the command was printed already: git is set up without a word.
  const Editor editor = set_up(context, false);
  if (context.json_output || !editor.has_changed()) return;
  print(std::string("\ngit asks Forgelink for this server from now on, as for the others. "));
  editor.report(global_git_file(), "");
}

void declare_git(CLI::App& app, Context& context) {
  static bool dry = false, identity = false, set = false;
  CLI::App* git = app.add_subcommand("git", "Let git ask Forgelink");
  git->require_subcommand(1);
  CLI::App* c = command(*git, context, "setup", "Make Forgelink git's credential helper for its hosts");
  c->add_flag("--dry-run,-n", dry, "Show what would change");
  c->add_flag("--identity", identity, "Let the rules choose the name and address of commits as well");
  c->callback([&] {
    set_up(context, dry, identity)
        .report(global_git_file(), "git asks Forgelink for all of its hosts already.");
  });
  c = command(*git, context, "unset", "Undo what setup did");
  c->add_flag("--dry-run,-n", dry, "Show what would change");
  c->callback([&] { unset(context, dry); });
  c = command(*git, context, "identity", "Compare the identity of commits here with the connection's");
  c->add_flag("--set", set, "Set user.name and user.email in the repository here");
  c->callback([&] { git_identity(context, set); });
}

}  // namespace forgelink::cli
