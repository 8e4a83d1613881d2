// SPDX-License-Identifier: MIT
// repos, commits
#include <fmt/format.h>

#include <thread>
#include <unordered_set>

#include "clients/cli/commands.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

constexpr std::int64_t page_size = 100;
constexpr std::chrono::minutes list_patience{4};
constexpr std::int64_t longest_wait = 300;  // seconds that a forge may want in the middle of a list

using Row = std::vector<std::string>;

// The next page. In the middle of a list a forge that wants to be left alone for a while is.
std::variant<json::value, json::object> next_page(Context& context, std::string_view method,
                                                  const json::object& asked) {
  while (true) {
    auto answer = context.try_call(method, asked, list_patience);
    const auto* refused = std::get_if<json::object>(&answer);
    if (refused == nullptr || !asked.contains("cursor")) return answer;
    const json::value error(*refused);
    const json::value* data = member(error, "data");
    const json::value* wait = data != nullptr ? member(*data, "retry_after") : nullptr;
    if (wait == nullptr || !wait->is_int64() || wait->get_int64() > longest_wait) return answer;
    complain(text(error, "message") + " Waiting.");
    std::this_thread::sleep_for(std::chrono::seconds(std::max<std::int64_t>(1, wait->get_int64())));
  }
}

// A list on its way to the standard output, page by page, as rows or as one JSON value.
class Listing {
 public:
  Listing(Context& context, const char* list, Row (*row)(const json::value&))
      : session_(context), list_(list), row_(row) {}

  std::int64_t count() const { return count_; }

  void add(const json::value& page) {
    // Opened with the first page, so that a refusal is a JSON value of its own.
    std::string out = session_.json_output && !opened_ ? fmt::format("{{\"{}\":[", list_) : "";
    opened_ = true;
    std::vector<Row> rows;
    for (const json::value& item : page.at(list_).as_array()) {
      if (session_.json_output) {
        out += (count_ > 0 ? "," : "") + json::serialize(item);
      } else {
        rows.push_back(row_(item));
      }
      ++count_;
    }
    print(out + columns_.text(rows));
    if (shows_progress()) std::fprintf(stderr, "\r%lld", static_cast<long long>(count_));
    partial_ = partial_ || member(page, "partial") != nullptr;
    if (notice_.empty()) notice_ = text(page, "notice");
  }

  // `cursor`: where it could go on. `error`: why it does not.
  void close(const json::value& cursor, const json::object* error = nullptr) {
    if (shows_progress()) std::fprintf(stderr, "\n");
    if (session_.json_output && opened_) {
      json::object rest{{"next_cursor", cursor}};
      if (partial_) rest["partial"] = true;
      if (!notice_.empty()) rest["notice"] = notice_;
      if (error != nullptr) rest["error"] = *error;
      print("]," + json::serialize(rest).substr(1) + "\n");
      session_.json_output = false;  // what is said from now on is for people
    }
    if (partial_) complain("The forge left some out: an organization wants single sign-on for this token.");
    if (!notice_.empty()) complain(notice_);
    if (error != nullptr) session_.refuse(*error);
  }

 private:
  bool shows_progress() const {
    // A pipe may end on this very terminal (`| head`), where the counter would mix into the lines.
    return !session_.json_output && stderr_is_terminal() && stdout_is_file();
  }

  Context& session_;
  const char* list_;
  Row (*row_)(const json::value&);
  Columns columns_;
  std::int64_t count_ = 0;
  bool opened_ = false, partial_ = false;
  std::string notice_;
};

// Walks a list to its end, or to `limit`; each page is shown as it comes.
void print_pages(Context& context, std::string_view method, const char* list, const json::object& params,
                 std::int64_t limit, Row (*row)(const json::value&)) {
  Listing listing(context, list, row);
  json::value cursor;
  std::unordered_set<std::string> seen;  // a forge whose pages lead round in a circle has no end
  do {
    json::object asked = params;
    asked["limit"] = limit > 0 ? std::min(page_size, limit - listing.count()) : page_size;
    if (!cursor.is_null()) asked["cursor"] = cursor;
    const auto answer = next_page(context, method, asked);
    if (const auto* error = std::get_if<json::object>(&answer)) return listing.close(cursor, error);
    const json::value& page = std::get<json::value>(answer);
    listing.add(page);
    cursor = page.at("next_cursor");
    if (cursor.is_string() && !seen.emplace(cursor.get_string()).second) {
      complain("The forge's list leads back to a page that was shown already; it ends here.");
      break;
    }
  } while (!cursor.is_null() && (limit <= 0 || listing.count() < limit));
  listing.close(cursor);
}

constexpr const char* not_told = "–";

// What the forge does not tell is neither private nor public.
Row repository_row(const json::value& item) {
  const std::string hidden = text(item, "private"), clone_url = text(item, "clone_url");
  std::string kind = hidden == "true" ? "private" : hidden == "false" ? "public" : not_told;
  if (text(item, "archived") == "true") kind += ", archived";
  return {text(item, "path"), kind, clone_url.empty() ? not_told : clone_url};
}

Row commit_row(const json::value& item) {
  const json::value* author = member(item, "author");
  return {text(item, "id").substr(0, 10), author != nullptr ? text(*author, "date").substr(0, 10) : "",
          text(item, "author_display"), text(item, "title")};
}

}  // namespace

void declare_forge(CLI::App& app, Context& context) {
  static std::string name, repository, branch;
  static std::int64_t limit = 0;

  CLI::App* c = command(app, context, "repos", "List the repositories that a connection can see");
  c->add_option("NAME", name, "The connection")->required();
  c->add_option("--limit", limit, "At most so many; all if left out")->check(CLI::PositiveNumber);
  c->callback([&] {
    print_pages(context, "repository.list", "repositories", {{"connection", name}}, limit, repository_row);
  });

  c = command(app, context, "commits", "List the commits of a repository, newest first");
  c->add_option("NAME", name, "The connection")->required();
  c->add_option("REPOSITORY", repository, "Its path, its id, or any address of it")->required();
  c->add_option("--branch", branch, "A branch, tag or commit");
  c->add_option("--limit", limit, "At most so many; all if left out")->check(CLI::PositiveNumber);
  c->callback([&] {
    json::object params{{"connection", name}, {"repository", repository}};
    if (!branch.empty()) params["branch"] = branch;
    print_pages(context, "commit.list", "commits", params, limit, commit_row);
  });
}

}  // namespace forgelink::cli
