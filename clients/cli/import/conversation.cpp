// SPDX-License-Identifier: MIT
#include "clients/cli/import/conversation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "clients/cli/git_setup.hpp"
#include "clients/cli/import/asking.hpp"
#include "clients/cli/import/files.hpp"
#include "clients/cli/import/import_planner.hpp"
#include "clients/cli/import/originals.hpp"
#include "clients/cli/import/rule_import.hpp"
#include "clients/cli/import/sources.hpp"
#include "clients/cli/process.hpp"
#include "clients/cli/show.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/connection_add.hpp"
#include "ipc/protocol/connection_list.hpp"
#include "ipc/protocol/connection_remove.hpp"

namespace forgelink::cli {
namespace {

constexpr std::chrono::minutes import_patience{4};  // as Context's: a person may have to unlock the keyring

class Import {
 public:
  Import(Context& context, const ImportOptions& options, ImportPlanner planner)
      : context_(context),
        options_(options),
        planner_(std::move(planner)),
        rules_(context, propose_rules_of_git()) {}

  void run(Haul haul) {
    findings_ = planner_.plan(std::move(haul.found));
    troubles_ = std::move(haul.troubles);
    tell_findings();
    if (may_import()) {
      if (asks()) ask_for_what_is_missing(planner_, findings_);
      if (!asks() || ask_which(findings_)) {
        for (Finding& finding : findings_) {
          if (finding.state == "new") import(finding);
        }
      }
      clear_originals();
    }
    settle_rules();
    tell_end();
  }

 private:
  bool asks() const {
    return !options_.yes && !options_.dry_run && !context_.json_output && stdin_is_terminal();
  }
  bool may_import() const { return !options_.dry_run && (options_.yes || asks()); }
  void say(const std::string& line) const {
    if (!context_.json_output) print(clean(line) + "\n");
  }

  std::size_t count(const char* state) const {
    return static_cast<std::size_t>(std::count_if(
        findings_.begin(), findings_.end(), [&](const Finding& finding) { return finding.state == state; }));
  }

  void tell_findings() const {
    if (context_.json_output) return;
    for (const Trouble& trouble : troubles_) complain(fmt::format("{}: {}", trouble.place, trouble.sentence));
    if (findings_.empty()) return say("Nothing was found that could become a connection.");
    Table table({"HOST", "USER", "TYPE", "", "FOUND IN"});
    for (const Finding& finding : findings_) {
      std::string places;
      for (const Found& found : finding.places) {
        const std::string place =
            found.place == "keyring" ? "keyring (" + found.source + ")" : shown(found.place);
        if (places.find(place) == std::string::npos) places += (places.empty() ? "" : ", ") + place;
      }
      const std::string who = !finding.username.empty() ? finding.username : finding.email;
      table.add({finding.found().host, who.empty() ? "-" : who,
                 finding.type.empty() ? "?" : planner_.label_of(finding.type), in_words(finding.state),
                 places});
    }
    print(table.text());
    for (const Finding& finding : findings_) {
      if (!finding.sentence.empty()) say(fmt::format("{}: {}", finding.subject(), finding.sentence));
    }
  }

  static const char* in_words(const std::string& state) {
    if (state == "exists") return "there already";
    if (state == "needs") return "not told enough";
    if (state == "cannot") return "cannot be used";
    return "new";
  }

  protocol::ConnectionAdd::Params params_of(const Finding& finding, const std::string& name) const {
    const auto if_told = [](const std::string& value) {
      return value.empty() ? std::nullopt : std::optional(value);
    };
    protocol::ConnectionAdd::Params params{.name = name,
                                           .type = finding.type,
                                           .username = if_told(finding.username),
                                           .server_url = if_told(finding.server_url),
                                           .organization = if_told(finding.organization),
                                           .token = finding.token().duplicate(),
                                           .expires_at = parse_time(finding.expires_at.value_or("")),
                                           .verify = !options_.no_verify,
                                           .allow_http = options_.allow_http};
    if (planner_.has_field(finding.type, "email")) params.email = if_told(finding.email);
    if (options_.keep || options_.session) params.retention = options_.keep ? "keep" : "session";
    return params;
  }

  void import(Finding& finding) {
    // Another token of the same account may have become a connection a moment ago.
    planner_.decide(finding);
    if (finding.state != "new") return say(fmt::format("{}: {}", finding.subject(), finding.sentence));
    auto answer = add(finding, finding.name);
    // The planner's name was free when the import began; another client may have taken it since.
    for (int number = 2; is_name_taken(answer) && number < 20; ++number)
      answer = add(finding, fmt::format("{} {}", finding.name, number));
    if (const auto* refusal = std::get_if<Refusal>(&answer)) return tell_refusal(finding, *refusal);
    const protocol::ConnectionView& connection =
        std::get<Answer<protocol::ConnectionAdd>>(answer).reply.connection;
    const std::string& name = connection.name;
    if (const std::string other = planner_.other_of_account(connection); !other.empty()) {
      // Who an unnamed token belongs to shows only now.
      context_.call<protocol::ConnectionRemove>({.connection = name});
      finding.state = "exists";
      finding.connection = other;
      finding.sentence = fmt::format("There is “{}” of the same account already.", other);
      return say(fmt::format("{}: {}", finding.subject(), finding.sentence));
    }
    finding.state = "imported";
    finding.connection = name;
    finding.verified = connection.token.state == "valid";
    finding.sentence = connection.hint.value_or("");
    say(fmt::format("Created connection “{}”: {}, token {}.{}{}", name, planner_.label_of(finding.type),
                    token_in_words(connection), finding.sentence.empty() ? "" : " ", finding.sentence));
    planner_.add(connection);
  }

  using Added = std::variant<Answer<protocol::ConnectionAdd>, Refusal>;

  Added add(const Finding& finding, const std::string& name) {
    return context_.try_call<protocol::ConnectionAdd>(params_of(finding, name), import_patience);
  }

  static bool is_name_taken(const Added& answer) {
    const auto* refusal = std::get_if<Refusal>(&answer);
    return refusal != nullptr && refusal->error.data.kind == "name_taken";
  }

  void tell_refusal(Finding& finding, const Refusal& refusal) const {
    finding.state = "refused";
    finding.error = refusal.json;
    finding.sentence = refusal.error.message;
    // There is no connection to edit, which is what the hint for a rejected token proposes.
    const auto& data = refusal.error.data;
    if (data.hint && data.kind != "token_rejected") finding.sentence += " " + *data.hint;
    say(fmt::format("{}: not imported. {}", finding.subject(), finding.sentence));
  }

  void clear_originals() {
    // Only where something may be deleted, because it has the daemon hand out the tokens.
    if (asks() || options_.delete_originals) recognize(context_, findings_);
    for (const std::string& file : files_to_clear(findings_)) {
      const std::string what = what_goes(findings_, file), where = shown(file),
                        program = owner_of(findings_, file);
      const std::string then = program.empty() ? "" : fmt::format(" ({} is signed out by that)", program);
      const bool yes =
          options_.delete_originals ||
          (asks() && agreed(fmt::format("Delete {} from {}{}?", what, clean(where), then), false));
      if (!yes) {
        say(fmt::format("{} still holds {}, as plain text.{}", where, what,
                        asks() ? "" : " --delete-originals deletes it."));
        continue;
      }
      bool done = false;
      const std::string told = clear(findings_, file, done);
      if (!done) {
        troubles_.push_back({shown(file), told});
        failed_ = true;
        complain(told);
      } else {
        say(program.empty() ? told
                            : fmt::format("{} {} is signed out by that; sign in again with: {} auth login",
                                          told, program, program));
      }
    }
  }

  // What git's configuration says of user names, once their connections are there.
  void settle_rules() {
    rules_.match();
    for (const std::string& line : rules_.lines()) say(line);
    if (may_import() && rules_.has_new()) rules_.make(asks());
  }

  void tell_end() {
    if (context_.json_output) {
      print(as_json());
    } else if (!may_import() && count("new") > 0) {
      say(fmt::format("Nothing is imported{}.",
                      options_.dry_run ? "" : " without --yes, as there is no terminal to ask on"));
    } else if (count("imported") > 0) {
      extend_git_setup(context_);
      if (!git_asks_us()) say("git does not ask Forgelink yet. Let it: forgelink git setup");
    }
    if (failed_ || count("refused") > 0) throw Exit{1};
  }

  static bool git_asks_us() {
    const Finished git =
        run_program({"git", "config", "--get-regexp", "^credential\\.(.*\\.)?helper$", "forgelink"}, true);
    return git.status != 1;
  }

  json::value as_json() const {
    json::array all, troubles;
    const auto or_null = [](const std::string& value) {
      return value.empty() ? json::value() : json::value(value);
    };
    for (const Finding& finding : findings_) {
      json::array places;
      for (const Found& found : finding.places)
        places.push_back(
            json::object{{"source", found.source}, {"place", found.place}, {"deleted", found.deleted}});
      json::object one{{"host", finding.found().host},
                       {"username", or_null(finding.username)},
                       {"email", or_null(finding.email)},
                       {"type", or_null(finding.type)},
                       {"server_url", or_null(finding.server_url)},
                       {"organization", or_null(finding.organization)},
                       {"expires_at", or_null(finding.expires_at.value_or(""))},
                       {"state", finding.state},
                       {"missing", or_null(finding.missing)},
                       {"sentence", or_null(finding.sentence)},
                       {"name", or_null(finding.name)},
                       {"connection", or_null(finding.connection)},
                       {"verified", finding.verified},
                       {"places", std::move(places)}};
      if (!finding.error.is_null()) one["error"] = finding.error;
      all.push_back(std::move(one));
    }
    for (const Trouble& trouble : troubles_)
      troubles.push_back(json::object{{"place", trouble.place}, {"sentence", trouble.sentence}});
    return json::object{{"findings", std::move(all)},
                        {"troubles", std::move(troubles)},
                        {"rules", rules_.as_json()},
                        {"imported", may_import()}};
  }

  Context& context_;
  const ImportOptions& options_;
  ImportPlanner planner_;
  RuleImport rules_;
  std::vector<Finding> findings_;
  std::vector<Trouble> troubles_;
  bool failed_ = false;
};

std::vector<protocol::ConnectionView> all_connections(Context& context) {
  std::vector<protocol::ConnectionView> all;
  protocol::ConnectionList::Params params{.limit = {.value = ipc::Limit::most}};
  while (true) {
    auto page = context.call<protocol::ConnectionList>(params).reply;
    for (auto& connection : page.connections) all.push_back(std::move(connection));
    if (!page.next_cursor) return all;
    params.cursor = {.value = *page.next_cursor};
  }
}

}  // namespace

void run_import(Context& context, const ImportOptions& options, KeyringReader read_keyring) {
  ImportPlanner planner(all_types(context), all_connections(context));
  const bool may_ask = !context.json_output && stdin_is_terminal();
  Haul haul = look_everywhere({options.from.begin(), options.from.end()}, planner.hosts_of_program("gh"),
                              planner.hosts_of_program("glab"), may_ask, read_keyring);
  Import(context, options, std::move(planner)).run(std::move(haul));
}

}  // namespace forgelink::cli
