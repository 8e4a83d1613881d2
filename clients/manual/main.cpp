// SPDX-License-Identifier: MIT
// Makes a manual page from its text and from what the programs themselves say.
//
//   manual_page TEXT OPENRPC SETTINGS
//
// TEXT is a page in man(7) macros. A line of it that is @commands@, @methods@, @kinds@, @events@ or
// @settings@ is replaced: by the commands of forgelink as they are declared, by what ipc/openrpc.json says,
// by the file SETTINGS. Writes the page to standard output.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/version.hpp"
#include "clients/cli/commands.hpp"

namespace {

using namespace forgelink::cli;
namespace json = boost::json;

std::string content_of(const char* path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error(fmt::format("{} cannot be read", path));
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Text as groff takes it literally.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\n') {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string item(const std::string& bold, const std::string& rest, std::string_view help) {
  return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", escaped(bold), rest, escaped(help));
}

std::string options_of(const CLI::App& command) {
  std::string out;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional() || option->get_lnames().empty()) continue;
    const std::string name = option->get_lnames().front();
    if (name == "help" || name == "json") continue;  // told once for all
    std::string names = "--" + name;
    for (const std::string& letter : option->get_snames()) names = "-" + letter + ", " + names;
    const std::string type = option->get_type_name() == "TEXT" ? "VALUE" : option->get_type_name();
    out += item(names,
                option->get_expected_max() > 0
                    ? fmt::format(" \\fI{}\\fR", escaped(type.substr(0, type.find(':'))))
                    : "",
                option->get_description() + ".");
  }
  return out.empty() ? "" : ".RS\n" + out + ".RE\n";
}

std::string commands_below(const CLI::App& app, const std::string& before) {
  std::string out;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    const std::string name = before + command->get_name();
    if (!command->get_subcommands([](const CLI::App*) { return true; }).empty()) {
      out += commands_below(*command, name + " ");
      continue;
    }
    std::string values;
    for (const CLI::Option* option : command->get_options()) {
      if (!option->get_positional()) continue;
      const std::string value = option->get_name(true);
      values +=
          option->get_required() ? fmt::format(" \\fI{}\\fR", value) : fmt::format(" [\\fI{}\\fR]", value);
    }
    out += item(name, values, command->get_description() + ".") + options_of(*command);
  }
  return out;
}

std::string commands() {
  Context context;
  CLI::App app;
  declare_all(app, context);
  return commands_below(app, "");
}

std::string type_of(const json::value& schema) {
  const json::value* type = member(schema, "type");
  if (type == nullptr) return "";
  if (type->is_string()) return text(schema, "type");
  return fmt::format("{} or null", std::string(type->as_array().at(0).as_string()));
}

std::string fields_of(const json::value& schema) {
  const json::value* properties = member(schema, "properties");
  if (properties == nullptr || properties->as_object().empty()) return "";
  std::string out = ".RS\n";
  for (const auto& [name, field] : properties->as_object()) {
    out += item(std::string(name), fmt::format(" ({})", type_of(field)), text(field, "description"));
    const json::value* items = member(field, "items");
    out += fields_of(items != nullptr ? *items : field);
  }
  return out + ".RE\n";
}

std::string methods(const json::value& document) {
  std::string out;
  for (const json::value& method : member(document, "methods")->as_array()) {
    out += fmt::format(".SS {}\n{}\n", escaped(text(method, "name")), escaped(text(method, "summary")));
    for (const json::value& param : member(method, "params")->as_array()) {
      const json::value* schema = member(param, "schema");
      out += item(
          text(param, "name"),
          fmt::format(" ({}{})", type_of(*schema), text(param, "required") == "true" ? ", required" : ""),
          text(*schema, "description"));
      out += fields_of(*schema);
    }
    const std::string fields = fields_of(*member(*member(method, "result"), "schema"));
    if (!fields.empty()) out += ".PP\nResult:\n" + fields;
  }
  return out;
}

std::string kinds(const json::value& document) {
  const json::value& kind = document.at_pointer("/components/schemas/ErrorData/properties/kind/enum");
  std::string out;
  for (const json::value& one : kind.as_array())
    out += fmt::format("{}\\fB{}\\fR", out.empty() ? "" : ",\n", escaped(std::string(one.as_string())));
  return out + ".\n";
}

std::string verbatim(const std::string& text) {
  std::string out = ".nf\n";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out += escaped(line) + "\n";
  return out + ".fi\n";
}

std::string page(const char* text_file, const char* openrpc_file, const char* settings_file) {
  const json::value document = json::parse(content_of(openrpc_file));
  std::istringstream lines(content_of(text_file));
  std::string out =
      ".\\\" Made from " + std::string(text_file).substr(std::string(text_file).rfind('/') + 1) + "\n";
  for (std::string line; std::getline(lines, line);) {
    if (line == "@commands@") {
      out += commands();
    } else if (line == "@methods@") {
      out += methods(document);
    } else if (line == "@kinds@") {
      out += kinds(document);
    } else if (line == "@settings@") {
      out += verbatim(content_of(settings_file));
    } else {
      const auto version = line.find("@version@");
      out += (version == std::string::npos ? line : line.replace(version, 9, FORGELINK_VERSION)) + "\n";
    }
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: manual_page TEXT OPENRPC SETTINGS\n";
    return 2;
  }
  try {
    std::cout << page(argv[1], argv[2], argv[3]);
    return 0;
  } catch (const std::exception& trouble) {
    std::cerr << "manual_page: " << trouble.what() << "\n";
    return 1;
  }
}
