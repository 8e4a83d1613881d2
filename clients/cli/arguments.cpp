// SPDX-License-Identifier: MIT
#include "clients/cli/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <sstream>

#include "base/text.hpp"

namespace forgelink::cli {
namespace {

constexpr const char *empty_mark = "may be empty", *bytes_mark = "may be bytes";

// A validator that takes everything: the mark is its name.
CLI::Option* marked(CLI::Option* option, const char* mark) {
  return option->check([](const std::string&) { return std::string(); }, "", mark);
}

bool has_mark(CLI::Option& option, const char* mark) {
  try {
    return option.get_validator(mark) != nullptr;
  } catch (const CLI::OptionNotFound&) {
    return false;
  }
}

void check_values(CLI::Option& option, const Context& context) {
  const bool empty_is_good = has_mark(option, empty_mark), bytes_are_good = has_mark(option, bytes_mark);
  const std::string name = option.get_name();
  option.check([=, &context](const std::string& value) {
    if (value.empty() && !empty_is_good) context.misused(name + " must not be empty.");
    if (!bytes_are_good && !is_utf8(value))
      context.misused(fmt::format("{} is not UTF-8 text: “{}”.", name, value));
    return std::string();
  });
}

// Ends with the command that a mistake is about.
const CLI::App& command_typed(const CLI::App& app) {
  const std::vector<CLI::App*> below = app.get_subcommands();
  return below.empty() ? app : command_typed(*below.back());
}

// Without a command the commands are listed; before that, what was taken for one is told.
[[noreturn]] void refuse_without_command(const CLI::App& app, const Context& context) {
  const std::vector<std::string> others = app.remaining();
  if (!others.empty())
    context.misused("there is no command “" + others.front() + "”; forgelink --help lists them.");
  if (context.json_output) context.misused("The command is missing.");
  std::fputs(app.help().c_str(), stderr);
  throw Exit{2};
}

}  // namespace

CLI::Option* may_be_empty(CLI::Option* option) { return marked(option, empty_mark); }
CLI::Option* may_be_bytes(CLI::Option* option) { return marked(option, bytes_mark); }

CLI::Option* counted(CLI::Option* option, const Context& context) {
  const std::string name = option->get_name();
  return option->type_name("N")->check([name, &context](const std::string& typed) {
    std::int64_t count = 0;
    const char* const end = typed.data() + typed.size();
    const auto [rest, failed] = std::from_chars(typed.data(), end, count);
    if (typed.empty() || (failed == std::errc() && rest == end && count > 0)) return std::string();
    context.misused(fmt::format("{} takes a whole number from 1 to {}, not “{}”.", name,
                                std::numeric_limits<std::int64_t>::max(), typed));
  });
}

void check_all_arguments(CLI::App& app, const Context& context) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_expected_max() > 0) check_values(*option, context);
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    check_all_arguments(*command, context);
}

bool wants_json(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, "--json") != end;
}

int end_of_parsing(const CLI::App& app, const Context& context, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    std::ostringstream text;
    app.exit(error, text, text);
    print(text.str());
    return 0;
  }
  const CLI::App& command = command_typed(app);
  const bool lacks_something = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (lacks_something && command.get_require_subcommand_min() > 0) refuse_without_command(app, context);
  std::string sentence = error.what();
  constexpr std::string_view required = " is required";
  if (lacks_something && sentence.ends_with(required))
    sentence.replace(sentence.size() - required.size(), required.size(), " is missing.");
  if (context.json_output) context.misused(sentence);
  complain(sentence);
  std::fputs(lacks_something ? app.help().c_str() : "Run with --help for more information.\n", stderr);
  return 2;
}

}  // namespace forgelink::cli
