// git setup, git unset
#include "clients/cli/git_setup.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/paths.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/process.hpp"
#include "clients/cli/show.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

// Where `git config --global` writes (git-config(1), FILES).
fs::path global_file() {
  if (const char* named = std::getenv("GIT_CONFIG_GLOBAL"); named != nullptr && *named != '\0') return named;
  const fs::path own = home() / ".gitconfig", shared = config_home() / "git" / "config";
  return !fs::exists(own) && fs::exists(shared) ? shared : own;
}

std::optional<std::string> content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// What setup found and left, so that unset can go back.
struct Memory {
  std::string file;
  std::optional<std::string> before;  // the whole file; nothing: there was none
  bool exact = true;                  // nobody else has changed it since, as far as we know
  std::string after;
  struct Host {
    std::vector<std::string> helpers;  // what was set for this host
    std::optional<std::string> http_path;
  };
  std::map<std::string, Host> hosts;

  static fs::path place() { return state_home() / "forgelink" / "git-setup.json"; }

  static std::optional<Memory> load() {
    const auto text_there = content_of(place());
    boost::system::error_code wrong;
    const json::value value = text_there ? json::parse(*text_there, wrong) : json::value();
    if (wrong || !value.is_object()) return std::nullopt;
    Memory memory{
        .file = text(value, "file"), .exact = text(value, "exact") == "true", .after = text(value, "after")};
    if (member(value, "before") != nullptr) memory.before = text(value, "before");
    if (const json::value* hosts = member(value, "hosts"); hosts != nullptr && hosts->is_object()) {
      for (const auto& [url, was] : hosts->get_object()) {
        Host host;
        if (const json::value* helpers = member(was, "helpers"))
          host.helpers = json::value_to<std::vector<std::string>>(*helpers);
        if (member(was, "http_path") != nullptr) host.http_path = text(was, "http_path");
        memory.hosts.emplace(url, std::move(host));
      }
    }
    return memory;
  }

  void save() const {
    json::object all;
    for (const auto& [url, was] : hosts) {
      json::object host{{"helpers", json::value_from(was.helpers)}};
      if (was.http_path) host["http_path"] = *was.http_path;
      all[url] = std::move(host);
    }
    json::object value{{"file", file}, {"exact", exact}, {"after", after}, {"hosts", std::move(all)}};
    if (before) value["before"] = *before;
    fs::create_directories(place().parent_path());
    std::ofstream(place(), std::ios::binary) << json::serialize(value) << "\n";
    fs::permissions(place(), fs::perms::owner_read | fs::perms::owner_write);
  }
};

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
  Editor(Session& session, bool dry) : session_(session), dry_(dry) {}

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
    complain("git refused: " + line);
    throw Exit{1};
  }

  void set_all(const std::string& key, const std::vector<std::string>& values) {
    const auto there = values_of(key);
    if (there == values) return;
    if (!there.empty()) git({"--unset-all", key});
    for (const std::string& value : values) git({"--add", key, value});
  }

  void report(const fs::path& file, const std::string& nothing) const {
    if (session_.json_output)
      return print(json::object{{"file", file.string()}, {"changes", changes_}, {"dry_run", dry_}});
    if (changes_.empty()) return print(nothing + "\n");
    std::string lines;
    for (const json::value& change : changes_) lines += "  " + std::string(change.get_string()) + "\n";
    print(fmt::format("{} {}:\n{}", dry_ ? "This would change" : "Changed", file.string(), lines));
  }

  bool has_changed() const { return !changes_.empty(); }

 private:
  static std::string quoted_argument(const std::string& argument) {
    return argument.find_first_of(" '\"$!\\") == std::string::npos ? argument : quoted(argument);
  }

  Session& session_;
  bool dry_;
  json::array changes_;
};

// "forgelink" where git finds the helper by itself, else its path.
std::string helper_name() {
  const fs::path beside = fs::read_symlink("/proc/self/exe").parent_path() / "git-credential-forgelink";
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    if (access((fs::path(folder) / "git-credential-forgelink").c_str(), X_OK) == 0) return "forgelink";
  }
  return access(beside.c_str(), X_OK) == 0 ? quoted(beside.string()) : "forgelink";
}

bool is_ours(const std::string& helper) {
  return helper == "forgelink" || helper.find("git-credential-forgelink") != std::string::npos;
}

void check_git(Session& session) {
  if (run_program({"git", "--version"}, true).status != 0) session.misused("git is not installed.");
}

void set_up(Session& session, bool dry) {
  check_git(session);
  const json::value status = session.call("daemon.status");
  const std::string helper = helper_name();
  const fs::path file = global_file();
  const auto now = content_of(file);
  Memory memory = Memory::load().value_or(Memory{.file = file.string(), .before = now});
  if (!memory.hosts.empty() && (memory.file != file.string() || now.value_or("") != memory.after))
    memory.exact = false;

  Editor editor(session, dry);
  for (const json::value& host : status.at("git_hosts").as_array()) {
    const std::string url(host.as_string());
    const auto helpers = values_of(key_of(url, "helper"));
    const auto paths = values_of(key_of(url, "useHttpPath"));
    if (!memory.hosts.contains(url)) {
      Memory::Host was;
      for (const std::string& one : helpers) {
        if (!is_ours(one)) was.helpers.push_back(one);
      }
      if (!paths.empty()) was.http_path = paths.back();
      memory.hosts.emplace(url, std::move(was));
    }
    // The empty one ends the list of other helpers for this host, so that none of them is handed our token.
    editor.set_all(key_of(url, "helper"), {"", helper});
    editor.set_all(key_of(url, "useHttpPath"), {"true"});
  }
  if (!dry && editor.has_changed()) {
    memory.file = file.string();
    memory.after = content_of(file).value_or("");
    memory.save();
  }
  editor.report(file, "git asks Forgelink for all of its hosts already.");
}

void unset(Session& session, bool dry) {
  check_git(session);
  const auto memory = Memory::load();
  if (!memory) return Editor(session, dry).report(global_file(), "git was not set up by Forgelink.");
  const auto now = content_of(memory->file);
  if (memory->exact && now && *now == memory->after) {
    // Nobody has touched it since: as it was, to the byte.
    if (!dry) {
      if (memory->before) {
        std::ofstream(memory->file, std::ios::binary | std::ios::trunc) << *memory->before;
      } else {
        fs::remove(memory->file);
      }
      fs::remove(Memory::place());
    }
    if (session.json_output)
      return print(json::object{{"file", memory->file}, {"restored", true}, {"dry_run", dry}});
    return print(fmt::format("{} {} as it was before.\n", memory->file, dry ? "would be" : "is"));
  }
  Editor editor(session, dry);
  for (const auto& [url, was] : memory->hosts) {
    editor.set_all(key_of(url, "helper"), was.helpers);
    editor.set_all(key_of(url, "useHttpPath"),
                   was.http_path ? std::vector<std::string>{*was.http_path} : std::vector<std::string>{});
  }
  if (!dry) fs::remove(Memory::place());
  editor.report(memory->file, "There was nothing of ours left to take away.");
}

}  // namespace

void extend_git_setup(Session& session) {
  const auto memory = Memory::load();
  if (!memory) return;
  const json::value status = session.call("daemon.status");
  bool is_new = false;
  for (const json::value& host : status.at("git_hosts").as_array())
    is_new |= !memory->hosts.contains(std::string(host.as_string()));
  if (!is_new) return;
  const bool was_json = std::exchange(session.json_output, false);
  if (was_json) {
    // The protocol's JSON was printed already; git is set up without a word.
    session.json_output = true;
    return;
  }
  print(std::string("\ngit asks Forgelink for this server from now on, as for the others. "));
  set_up(session, false);
}

void declare_git(CLI::App& app, Session& session) {
  static bool dry = false;
  CLI::App* git = app.add_subcommand("git", "Let git ask Forgelink");
  git->require_subcommand(1);
  CLI::App* c = command(*git, session, "setup", "Make Forgelink git's credential helper for its hosts");
  c->add_flag("--dry-run,-n", dry, "Show what would change");
  c->callback([&] { set_up(session, dry); });
  c = command(*git, session, "unset", "Undo what setup did");
  c->add_flag("--dry-run,-n", dry, "Show what would change");
  c->callback([&] { unset(session, dry); });
}

}  // namespace forgelink::cli
