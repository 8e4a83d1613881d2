// SPDX-License-Identifier: MIT
// git-credential-forgelink: git's credential helper (gitcredentials(7)). Asks the daemon and prints what it
// says; knows no forge itself. Unknown operations are ignored, as git wants it of helpers.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "base/standard_files.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "clients/daemon_start.hpp"
#include "clients/git_credential/credential_input.hpp"
#include "clients/git_credential/work_tree.hpp"
#include "clients/hidden_process.hpp"

namespace {

using namespace forgelink;
namespace json = boost::json;

constexpr std::chrono::milliseconds patience{3000};

// One line, whatever it is made of: it may hold text of a server's or of another program's.
void tell(std::string_view sentence) {
  std::fprintf(stderr, "forgelink: %s\n", one_clean_line(sentence).c_str());
}

int complain(std::string_view sentence) {
  tell(sentence);
  return 1;
}

// All of it up to the blank line, or to the end, or to more than anybody would write.
std::string read_input() {
  std::string input;
  char piece[4096];
  while (input.size() <= longest_credential_input && input.find("\n\n") == std::string::npos) {
    const ssize_t got = read(STDIN_FILENO, piece, sizeof piece);
    if (got <= 0) break;
    input.append(piece, static_cast<std::size_t>(got));
  }
  explicit_bzero(piece, sizeof piece);
  return input;
}

// One line for git, if it can be one.
void add_line(std::string& out, std::string_view key, const json::value* value) {
  if (value == nullptr) return;
  std::string text;
  if (value->is_string()) {
    text = std::string(value->get_string());
  } else if (value->is_bool()) {
    text = value->get_bool() ? "1" : "0";
  } else {
    text = json::serialize(*value);
  }
  if (is_clean(text)) out.append(key).append("=").append(text).append("\n");
  explicit_bzero(text.data(), text.size());
}

// Half an answer must not pass for a whole one.
bool write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      tell(std::string("the answer could not be written: ") + std::strerror(errno) + ".");
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool print_answer(const json::object& answer) {
  std::string out;
  // git takes `authtype` and `credential` only from a helper that names the capability (git-credential(1)).
  if (answer.contains("credential")) out += "capability[]=authtype\n";
  for (const char* key : {"authtype", "credential", "ephemeral", "username", "password",
                          "password_expiry_utc", "oauth_refresh_token", "quit"}) {
    add_line(out, key, answer.if_contains(key));
  }
  const bool written = write_out(out);
  explicit_bzero(out.data(), out.size());
  for (const char* key : {"message", "notice"}) {
    const json::value* sentence = answer.if_contains(key);
    if (sentence != nullptr && sentence->is_string()) tell(sentence->get_string());
  }
  return written;
}

constexpr std::chrono::seconds patience_of_person{65};  // the daemon gives a question 60 s
constexpr int method_not_found = -32601;

// A connection that asks first: the person is told at once what is waited for and how to answer.
std::chrono::milliseconds on_question(const json::value& event) {
  const json::object* params = event.if_object();
  const json::value* kind = params != nullptr ? params->if_contains("kind") : nullptr;
  if (kind == nullptr || *kind != "access.asked") return {};
  const json::value* detail = params->if_contains("detail");
  const json::value* message =
      detail != nullptr && detail->is_object() ? detail->get_object().if_contains("message") : nullptr;
  if (message != nullptr && message->is_string()) tell(message->get_string());
  return patience_of_person;
}

int run(const std::string& operation) {
  std::string input = read_input();
  std::string why;
  std::optional<CredentialInput> asked = parse_credential(input, why);
  explicit_bzero(input.data(), input.size());
  if (!asked) return complain(why);
  const json::value* protocol = asked->params.if_contains("protocol");
  const json::value* host = asked->params.if_contains("host");
  if (asked->is_empty || ((protocol == nullptr || *protocol == "") && (host == nullptr || *host == "")))
    return 0;

  if (const std::string directory = work_tree_top();
      !directory.empty() && is_clean(directory) && is_utf8(directory))
    asked->params["directory"] = directory;

  if (operation == "get") asked->params["client_version"] = FORGELINK_VERSION;
  std::optional<ipc::Client> client = connect_or_start(patience, why);
  if (!client) return complain(why);
  client->on_event = on_question;
  ipc::Response response = client->call("credential." + operation, asked->params, patience);
  if (const auto* unreached = std::get_if<ipc::Unreached>(&response)) return complain(unreached->message);
  if (const auto* refused = std::get_if<ipc::Refused>(&response)) {
    // A lent socket gives credentials and takes none.
    const json::value* code = refused->error.if_contains("code");
    if (code != nullptr && *code == method_not_found && operation != "get") return 0;
    const json::value* message = refused->error.if_contains("message");
    return complain(message != nullptr && message->is_string() ? std::string_view(message->get_string())
                                                               : "The daemon refused.");
  }
  const json::value& answer = std::get<json::value>(response);
  return operation != "get" || !answer.is_object() || print_answer(answer.get_object()) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || std::strcmp(argv[1], "--help") == 0) {
    std::fputs(
        "git-credential-forgelink is run by git. Set it up with: forgelink git setup\nusage: git "
        "credential-forgelink get|store|erase|capability\n",
        stderr);
    return 2;
  }
  const std::string operation = argv[1];
  if (operation == "--version") return write_out("git-credential-forgelink " FORGELINK_VERSION "\n") ? 0 : 1;
  if (operation == "capability") {
    return write_out("version 0\ncapability authtype\n") ? 0 : 1;
  }
  if (operation != "get" && operation != "store" && operation != "erase") return 0;
  occupy_standard_files();
  hide_process();
  return run(operation);
}
