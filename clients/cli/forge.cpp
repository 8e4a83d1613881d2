// SPDX-License-Identifier: MIT
// repos, commits
#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <unordered_set>

#include "clients/cli/arguments.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/commit_list.hpp"
#include "ipc/protocol/repository_list.hpp"

namespace forgelink::cli {
namespace {

constexpr std::int64_t page_size = 100;
constexpr std::chrono::minutes list_patience{4};
constexpr std::int64_t longest_wait = 300;  // seconds that a forge may want in the middle of a list
constexpr int most_waits = 10;              // for one page

using Row = std::vector<std::string>;

// How a list is shown: `name` is its member of the reply.
template <class Method>
struct List;

template <>
struct List<protocol::RepositoryList> {
  static constexpr const char* name = "repositories";
  static Row row(const protocol::RepositoryList::RepositoryView& repository);
  static const auto& of(const protocol::RepositoryList::Reply& page) { return page.repositories; }
};

template <>
struct List<protocol::CommitList> {
  static constexpr const char* name = "commits";
  static Row row(const protocol::CommitList::CommitView& commit);
  static const auto& of(const protocol::CommitList::Reply& page) { return page.commits; }
};

// The next page. In the middle of a list a rate limit is waited for, if it is short and has an end.
template <class Method>
std::variant<Answer<Method>, Refusal> next_page(Context& context, const typename Method::Params& asked) {
  for (int waits = 0;; ++waits) {
    auto answer = context.try_call<Method>(asked, list_patience);
    const Refusal* refusal = std::get_if<Refusal>(&answer);
    if (refusal == nullptr || !asked.cursor) return answer;
    const std::optional<std::int64_t> wait = refusal->error.data.retry_after;
    if (!wait || *wait > longest_wait || waits == most_waits) return answer;
    complain(refusal->error.message + " Waiting.");
    std::this_thread::sleep_for(std::chrono::seconds(std::max<std::int64_t>(1, *wait)));
  }
}

// A list on its way to the standard output, page by page, as rows or as one JSON value.
template <class Method>
class Listing {
 public:
  explicit Listing(Context& context) : context_(context) {}

  std::int64_t count() const { return count_; }

  void add(const Answer<Method>& page) {
    // Opened with the first page, so that a refusal is a JSON value of its own.
    std::string out = context_.json_output && !opened_ ? fmt::format("{{\"{}\":[", List<Method>::name) : "";
    opened_ = true;
    const std::int64_t before = count_;
    count_ += static_cast<std::int64_t>(List<Method>::of(page.reply).size());
    if (context_.json_output && count_ > before) {
      const std::string list = json::serialize(page.json.at(List<Method>::name));
      out += (before > 0 ? "," : "") + list.substr(1, list.size() - 2);
    }
    std::vector<Row> rows;
    if (!context_.json_output) {
      for (const auto& item : List<Method>::of(page.reply)) rows.push_back(List<Method>::row(item));
    }
    print(out + columns_.text(rows));
    if (shows_progress()) std::fprintf(stderr, "\r%lld", static_cast<long long>(count_));
    const bool partial = page.reply.partial.value_or(false);
    partial_ = partial_ || partial;
    // About a page that did not come: the next request tells, if it still does not.
    const bool goes_on = page.reply.next_cursor && !partial;
    if (notice_.empty() && !goes_on) notice_ = page.reply.notice.value_or("");
    last_notice_ = page.reply.notice.value_or("");
  }

  // `cursor`: where it could go on. `refusal`: why it does not.
  void close(const std::optional<std::string>& cursor, const Refusal* refusal = nullptr) {
    if (shows_progress()) std::fprintf(stderr, "\n");
    // --limit ended the list, so that no next request tells.
    if (notice_.empty() && !partial_ && refusal == nullptr) notice_ = last_notice_;
    if (context_.json_output && opened_) {
      json::object rest{{"next_cursor", json::value_from(cursor)}};
      if (partial_) rest["partial"] = true;
      if (!notice_.empty()) rest["notice"] = notice_;
      if (refusal != nullptr) rest["error"] = refusal->json;
      print("]," + json::serialize(rest).substr(1) + "\n");
      context_.json_output = false;  // what is said from now on is for people
    }
    if (partial_ && notice_.empty())
      complain("The forge left some out: an organization requires single sign-on for this token.");
    if (!notice_.empty()) complain(notice_);
    if (refusal != nullptr) context_.refuse(*refusal);
  }

 private:
  bool shows_progress() const {
    // A pipe may end on this very terminal (`| head`), where the counter would mix into the lines.
    return !context_.json_output && stderr_is_terminal() && stdout_is_file();
  }

  Context& context_;
  Columns columns_;
  std::int64_t count_ = 0;
  bool opened_ = false, partial_ = false;
  std::string notice_;       // the first that is about the list as a whole
  std::string last_notice_;  // of the last page; may be about the page after it
};

// Walks a list to its end, or to `limit`; each page is shown as it comes.
template <class Method>
void print_pages(Context& context, typename Method::Params params, std::int64_t limit) {
  Listing<Method> listing(context);
  std::optional<std::string> cursor;
  std::unordered_set<std::string> seen;  // a forge's pages may lead round in a circle, which has no end
  do {
    params.limit.value = limit > 0 ? std::min(page_size, limit - listing.count()) : page_size;
    if (cursor) params.cursor = {.value = *cursor};
    const auto answer = next_page<Method>(context, params);
    if (const auto* refusal = std::get_if<Refusal>(&answer)) return listing.close(cursor, refusal);
    const auto& page = std::get<Answer<Method>>(answer);
    listing.add(page);
    cursor = page.reply.next_cursor;
    if (cursor && !seen.insert(*cursor).second) {
      complain("The forge's list leads back to a page that was shown already; it ends here.");
      break;
    }
  } while (cursor && (limit <= 0 || listing.count() < limit));
  listing.close(cursor);
}

constexpr const char* not_told = "–";

// What the forge does not tell is neither private nor public.
Row List<protocol::RepositoryList>::row(const protocol::RepositoryList::RepositoryView& repository) {
  std::string kind = !repository.is_private ? not_told : *repository.is_private ? "private" : "public";
  if (repository.archived.value_or(false)) kind += ", archived";
  return {repository.path, kind, repository.clone_url.value_or(not_told)};
}

Row List<protocol::CommitList>::row(const protocol::CommitList::CommitView& commit) {
  return {commit.id.substr(0, 10), commit.author.date.substr(0, 10), commit.author_display, commit.title};
}

}  // namespace

void declare_forge(CLI::App& app, Context& context) {
  static std::string name, repository, branch;
  static std::int64_t limit = 0;

  CLI::App* c = command(app, context, "repos", "List the repositories that a connection can see");
  c->add_option("NAME", name, "The connection")->required();
  counted(c->add_option("--limit", limit, "At most so many; all if left out"), context);
  c->callback([&] { print_pages<protocol::RepositoryList>(context, {.connection = name}, limit); });

  c = command(app, context, "commits", "List the commits of a repository, newest first");
  c->add_option("NAME", name, "The connection")->required();
  c->add_option("REPOSITORY", repository, "Its path, its id, or any address of it")->required();
  c->add_option("--branch", branch, "A branch, tag or commit");
  counted(c->add_option("--limit", limit, "At most so many; all if left out"), context);
  c->callback([&] {
    protocol::CommitList::Params params{.connection = name, .repository = {.value = repository}};
    if (!branch.empty()) params.branch = branch;
    print_pages<protocol::CommitList>(context, std::move(params), limit);
  });
}

}  // namespace forgelink::cli
