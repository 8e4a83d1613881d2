// SPDX-License-Identifier: MIT
#include "clients/cli/run_environment.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <system_error>

#include <boost/json/serialize.hpp>

namespace forgelink::cli {
namespace {

// What leads to the daemon, the session bus with its keyring, or brings a token of another origin.
constexpr const char* taken_out[] = {"FORGELINK_SOCKET",
                                     "XDG_RUNTIME_DIR",
                                     "DBUS_SESSION_BUS_ADDRESS",
                                     "DBUS_SYSTEM_BUS_ADDRESS",
                                     "DBUS_STARTER_ADDRESS",
                                     "DBUS_STARTER_BUS_TYPE",
                                     "GITHUB_TOKEN",
                                     "GITHUB_ENTERPRISE_TOKEN",
                                     "GH_HOST",
                                     "GITLAB_ACCESS_TOKEN",
                                     "OAUTH_TOKEN",
                                     "GITLAB_HOST",
                                     "GL_HOST",
                                     "GITLAB_URI",
                                     "GITLAB_API_HOST"};

std::string base_of(const Front& front) { return "http://127.0.0.1:" + std::to_string(front.port); }

// "github.com/" of "https://github.com", "host/sub/" of "https://host/sub"
std::string place_of_root(const std::string& root) { return root.substr(root.find("://") + 3) + "/"; }

// Beside what the caller has set there (git-config(1), GIT_CONFIG_COUNT).
class GitSettings {
 public:
  explicit GitSettings(Environment& environment) : environment_(environment) {
    const std::string& count = environment_["GIT_CONFIG_COUNT"];
    std::from_chars(count.data(), count.data() + count.size(), count_);
  }

  void add(const std::string& key, const std::string& value) {
    environment_["GIT_CONFIG_KEY_" + std::to_string(count_)] = key;
    environment_["GIT_CONFIG_VALUE_" + std::to_string(count_)] = value;
    environment_["GIT_CONFIG_COUNT"] = std::to_string(++count_);
  }

 private:
  Environment& environment_;
  unsigned count_ = 0;
};

void write_private(const std::string& path, const std::string& content) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written =
      file >= 0 && write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  const int error = errno;
  if (file >= 0) close(file);
  if (!written) throw std::system_error(error, std::generic_category(), path);
}

}  // namespace

Environment environment_for(Environment from, const Front& front, const std::string& folder,
                            const std::string& repository) {
  for (const char* name : taken_out) from.erase(name);
  const std::string base = base_of(front);
  // The front's secret is worth nothing anywhere else, and the command is meant to have it.
  const std::string secret(front.secret.secret.reveal()), header = front.header + ": " + secret;
  from["GH_CONFIG_DIR"] = folder + "/gh";
  from["GH_NO_UPDATE_NOTIFIER"] = "1";
  from["GH_TOKEN"] = front.placeholder;
  from["GH_ENTERPRISE_TOKEN"] = front.placeholder;
  from["GLAB_CONFIG_DIR"] = folder + "/glab";
  from["GITLAB_TOKEN"] = secret;  // glab sends it as PRIVATE-TOKEN, which the port takes
  const bool own_host = !front.client_host;
  if (own_host) from["GH_HOST"] = from["GITLAB_HOST"] = front.host;
  if (!repository.empty() && !from.contains("GH_REPO"))
    from["GH_REPO"] = own_host ? front.host + "/" + repository : repository;
  from["FORGELINK_FRONT_SOCKET"] = front.socket;
  from["FORGELINK_FRONT_URL"] = base;
  from["FORGELINK_FRONT_HEADER"] = header;

  GitSettings git(from);
  for (const std::string& root : front.git_roots)
    git.add("url." + base + "/" + place_of_root(root) + ".insteadOf", root + "/");
  git.add("http." + base + "/.extraHeader", header);
  // The front is on this machine, where no proxy finds it.
  git.add("http." + base + "/.proxy", "");
  // No helper is asked for the real token.
  git.add("credential.helper", "");
  // git-lfs's objects on the forge itself come through the front as well.
  git.add("lfs.transfer.enablehrefrewrite", "true");
  return from;
}

void write_tool_settings(const Front& front, const std::string& folder) {
  for (const char* name : {"/gh", "/glab"}) {
    if (mkdir((folder + name).c_str(), 0700) != 0)
      throw std::system_error(errno, std::generic_category(), folder + name);
  }
  write_private(folder + "/gh/config.yml",
                fmt::format("version: \"1\"\ngit_protocol: https\nhttp_unix_socket: {}\n",
                            boost::json::serialize(boost::json::value(front.socket))));
  write_private(
      folder + "/glab/config.yml",
      fmt::format("git_protocol: https\ncheck_update: false\nhosts:\n  {}:\n    api_host: 127.0.0.1:{}\n"
                  "    api_protocol: http\n    git_protocol: https\n",
                  front.host, front.port));
}

std::string repository_of_remotes(const Front& front, const std::vector<std::string>& urls) {
  for (const std::string& url : urls) {
    for (const std::string& root : front.git_roots) {
      if (!url.starts_with(root + "/")) continue;
      std::string repository = url.substr(root.size() + 1);
      while (repository.ends_with('/')) repository.pop_back();
      if (repository.ends_with(".git")) repository.resize(repository.size() - 4);
      if (repository.find('/') != std::string::npos) return repository;
    }
  }
  return "";
}

}  // namespace forgelink::cli
