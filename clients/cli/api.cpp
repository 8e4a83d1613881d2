// SPDX-License-Identifier: MIT
// api: a request to the forge's API, with gh's habits
#include <fmt/format.h>

#include <cstdio>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "clients/cli/api_fields.hpp"
#include "clients/cli/arguments.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

struct ApiWish {
  std::string name, path, method, input;
  std::vector<std::string> texts, values, headers;
  bool paginate = false, include = false, silent = false;
};

json::object fields_of(Context& context, const ApiWish& wish) {
  json::object fields;
  for (const auto& [list, typed] : {std::pair(&wish.texts, false), std::pair(&wish.values, true)}) {
    for (const std::string& field : *list) {
      if (const auto mistake = add_field(fields, field, typed)) context.misused(*mistake);
    }
  }
  return fields;
}

json::object headers_of(Context& context, const ApiWish& wish) {
  json::object headers;
  for (const std::string& header : wish.headers) {
    const auto colon = header.find(':');
    if (colon == std::string::npos) context.misused("A header is written as NAME: VALUE.");
    const auto value = header.find_first_not_of(' ', colon + 1);
    headers[header.substr(0, colon)] = value == std::string::npos ? "" : header.substr(value);
  }
  return headers;
}

bool is_graphql(const ApiWish& wish) { return wish.path == "graphql" || wish.path == "/graphql"; }

// GraphQL wants its variables apart from the query.
json::object graphql_body(json::object fields) {
  json::object body, variables;
  for (auto& [name, value] : fields) {
    if (name == "query" || name == "operationName") {
      body[name] = value;
    } else {
      variables[name] = value;
    }
  }
  if (!variables.empty()) body["variables"] = std::move(variables);
  return body;
}

json::object params_of(Context& context, const ApiWish& wish) {
  json::object fields = fields_of(context, wish);
  const bool has_body = !fields.empty() || !wish.input.empty();
  const std::string method = !wish.method.empty() ? wish.method : has_body ? "POST" : "GET";
  json::object params{{"connection", wish.name}, {"path", wish.path}, {"method", method}};
  // A method, or fields that make it a POST, are the person's yes to a change.
  params["write"] = method != "GET" && method != "HEAD";
  if (json::object headers = headers_of(context, wish); !headers.empty())
    params["headers"] = std::move(headers);
  if (!wish.input.empty()) {
    auto body = content_of(wish.input);
    if (!body) context.misused("The file “" + wish.input + "” cannot be read.");
    if (is_utf8(*body)) {
      params["body"] = *body;
    } else {
      params["body_base64"] = base64_of(*body);
    }
    if (!fields.empty()) params["query"] = std::move(fields);
  } else if (method == "GET" || method == "HEAD") {
    if (!fields.empty()) params["query"] = std::move(fields);
  } else if (!fields.empty()) {
    params["body"] = json::serialize(is_graphql(wish) ? graphql_body(std::move(fields)) : std::move(fields));
  }
  return params;
}

std::string body_of(const json::value& reply) {
  const std::string encoded = text(reply, "body_base64");
  return encoded.empty() ? text(reply, "body") : bytes_of_base64(encoded).value_or("");
}

void print_head(const json::value& reply) {
  std::string head = fmt::format("HTTP/1.1 {}\n", text(reply, "status"));
  for (const auto& [name, value] : reply.at("headers").as_object())
    head += fmt::format("{}: {}\n", std::string_view(name), std::string(value.as_string()));
  print(clean(head.substr(0, head.find('\n'))) + "\n");
  for (std::size_t begin = head.find('\n') + 1; begin < head.size();) {
    const auto end = head.find('\n', begin);
    print(clean(head.substr(begin, end - begin)) + "\n");
    begin = end + 1;
  }
  print(std::string("\n"));
}

// A body goes to a terminal without what could steer it, and to a file as it is.
void print_body(const std::string& body) {
  if (!stdout_is_terminal()) return print(body);
  std::string shown;
  for (std::size_t begin = 0; begin < body.size();) {
    const auto end = std::min(body.find('\n', begin), body.size());
    shown += clean(body.substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  print(shown);
}

// Where GraphQL says that a list goes on: the first pageInfo with another page, however deep.
std::string graphql_cursor(const json::value& value) {
  if (const json::object* object = value.if_object()) {
    if (const json::value* info = object->if_contains("pageInfo"); info != nullptr && info->is_object()) {
      const json::value* more = info->get_object().if_contains("hasNextPage");
      if (more != nullptr && *more == true) return text(*info, "endCursor");
    }
    for (const auto& [name, inner] : *object) {
      if (std::string cursor = graphql_cursor(inner); !cursor.empty()) return cursor;
    }
  } else if (const json::array* list = value.if_array()) {
    for (const json::value& inner : *list) {
      if (std::string cursor = graphql_cursor(inner); !cursor.empty()) return cursor;
    }
  }
  return "";
}

// What the next page is asked with; false at the end.
bool turn_page(const ApiWish& wish, const json::value& reply, const json::value& body, json::object& params) {
  if (is_graphql(wish)) {
    const std::string cursor = graphql_cursor(body);
    const json::value* asked = params.if_contains("body");
    if (cursor.empty() || asked == nullptr) return false;
    json::value query = json::parse(asked->as_string());
    json::value& variables = query.as_object()["variables"];
    if (!variables.is_object()) variables = json::object();
    variables.get_object()["endCursor"] = cursor;
    params["body"] = json::serialize(query);
    return true;
  }
  const std::string next = text(reply, "next");
  if (next.empty() || params.at("method") != "GET") return false;
  params["path"] = next;
  params.erase("query");  // it stands in the address that the forge gave
  return true;
}

// With --json the reply as the daemon gave it.
void print_reply(const Context& context, const ApiWish& wish, json::value reply, const std::string& body) {
  if (context.json_output) {
    json::object& object = reply.as_object();
    if (wish.silent) {
      object.erase("body");
      object.erase("body_base64");
    } else if (body != body_of(reply)) {
      object["body"] = body;  // of several pages
    }
    return print(reply);
  }
  if (wish.include) print_head(reply);
  if (!wish.silent) print_body(body);
}

bool says_errors(const ApiWish& wish, const json::value& body) {
  return is_graphql(wish) && body.is_object() && body.get_object().contains("errors");
}

// As gh: what the forge answers is printed whatever its status, which decides the exit status.
void api(Context& context, const ApiWish& wish) {
  json::object params = params_of(context, wish);
  bool failed = false, merging = false;
  std::string merged;
  while (true) {
    json::value reply = context.call("forge.request", params);
    const std::string body = body_of(reply);
    boost::system::error_code wrong;
    const json::value parsed = json::parse(body, wrong);
    const auto status = reply.at("status").as_int64();
    failed = status >= 400 || (!wrong && says_errors(wish, parsed));
    const bool more = wish.paginate && !failed && turn_page(wish, reply, parsed, params);
    // Pages that are lists are one list together.
    const bool joins = wish.paginate && !wish.include && !wrong && parsed.is_array();
    if (joins && (more || merging)) {
      const std::string inner = json::serialize(parsed);
      if (inner != "[]") merged += (merged.empty() ? "" : ",") + inner.substr(1, inner.size() - 2);
      merging = true;
      if (!more) print_reply(context, wish, std::move(reply), "[" + merged + "]");
    } else {
      print_reply(context, wish, std::move(reply), body);
    }
    if (failed) {
      const std::string message = parsed.is_object() ? text(parsed, "message") : "";
      complain(fmt::format("{}(HTTP {})", message.empty() ? "" : message + " ", status));
      throw Exit{1};
    }
    if (!more) return;
  }
}

}  // namespace

void declare_api(CLI::App& app, Context& context) {
  static ApiWish wish;
  CLI::App* c = command(app, context, "api", "Ask the forge's API with a connection");
  c->add_option("NAME", wish.name, "The connection")->required();
  c->add_option("PATH", wish.path, "Below the API's root, as user/repos; graphql for GraphQL")->required();
  c->add_option("-X,--method", wish.method, "The method; one other than GET allows a change");
  c->add_option("-f,--raw-field", wish.texts, "A parameter as text")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  c->add_option("-F,--field", wish.values, "A parameter that may be true, a number, null or @FILE")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  c->add_option("-H,--header", wish.headers, "A further header")
      ->type_name("NAME:VALUE")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  may_be_bytes(c->add_option("--input", wish.input, "The file with the body; - for standard input"))
      ->type_name("FILE");
  c->add_flag("--paginate", wish.paginate, "All pages of a list");
  c->add_flag("-i,--include", wish.include, "Print the status and the headers too");
  c->add_flag("--silent", wish.silent, "Print no body");
  c->callback([&context] { api(context, wish); });
}

}  // namespace forgelink::cli
