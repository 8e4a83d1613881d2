// repos, commits
#include <fmt/format.h>

#include "clients/cli/commands.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

constexpr std::int64_t page_size = 100;

// Walks a list to its end, or to `limit`, page by page; each page is shown as it comes.
void walk(Session& session, std::string_view method, const char* list, json::object params,
          std::int64_t limit, const std::function<std::string(const json::value&)>& line) {
  json::value cursor;
  std::int64_t count = 0;
  bool partial = false;
  do {
    json::object asked = params;
    asked["limit"] = limit > 0 ? std::min(page_size, limit - count) : page_size;
    if (!cursor.is_null()) asked["cursor"] = cursor;
    const json::value page = session.call(method, std::move(asked));
    // Opened with the first page, so that a refusal is a JSON value of its own.
    std::string out = session.json_output && cursor.is_null() ? fmt::format("{{\"{}\":[", list) : "";
    for (const json::value& item : page.at(list).as_array()) {
      if (session.json_output) {
        out += (count > 0 ? "," : "") + json::serialize(item);
      } else {
        out += line(item);
      }
      ++count;
    }
    print(out);
    if (!session.json_output && stderr_is_terminal() && !stdout_is_terminal())
      std::fprintf(stderr, "\r%lld", static_cast<long long>(count));
    cursor = page.at("next_cursor");
    partial = partial || member(page, "partial") != nullptr;
  } while (!cursor.is_null() && (limit <= 0 || count < limit));
  if (session.json_output)
    print(fmt::format("],\"next_cursor\":{}{}}}\n", json::serialize(cursor),
                      partial ? ",\"partial\":true" : ""));
  if (!session.json_output && stderr_is_terminal() && !stdout_is_terminal()) std::fprintf(stderr, "\n");
  if (!session.json_output && partial)
    complain("The forge left some out: an organization wants single sign-on for this token.");
}

std::string repository_line(const json::value& item) {
  const std::string marks = std::string(text(item, "private") == "true" ? "private" : "public") +
                            (text(item, "archived") == "true" ? ", archived" : "");
  return fmt::format("{}  ({})  {}\n", clean(text(item, "path")), marks, clean(text(item, "clone_url")));
}

std::string commit_line(const json::value& item) {
  const json::value* author = member(item, "author");
  const std::string date = author != nullptr ? text(*author, "date").substr(0, 10) : "";
  return fmt::format("{}  {}  {}  {}\n", clean(text(item, "id").substr(0, 10)), clean(date),
                     clean(text(item, "author_display")), clean(text(item, "title")));
}

}  // namespace

void declare_forge(CLI::App& app, Session& session) {
  static std::string name, repository, branch;
  static std::int64_t limit = 0;

  CLI::App* c = command(app, session, "repos", "List the repositories that a connection can see");
  c->add_option("NAME", name, "The connection")->required();
  c->add_option("--limit", limit, "At most so many; all if left out")->check(CLI::PositiveNumber);
  c->callback([&] {
    walk(session, "repository.list", "repositories", {{"connection", name}}, limit, repository_line);
  });

  c = command(app, session, "commits", "List the commits of a repository, newest first");
  c->add_option("NAME", name, "The connection")->required();
  c->add_option("REPOSITORY", repository, "Its path, its id, or any address of it")->required();
  c->add_option("--branch", branch, "A branch, tag or commit");
  c->add_option("--limit", limit, "At most so many; all if left out")->check(CLI::PositiveNumber);
  c->callback([&] {
    json::object params{{"connection", name}, {"repository", repository}};
    if (!branch.empty()) params["branch"] = branch;
    walk(session, "commit.list", "commits", std::move(params), limit, commit_line);
  });
}

}  // namespace forgelink::cli
