// SPDX-License-Identifier: MIT
#include "base/clock.hpp"

#include <cctype>

namespace forgelink {
namespace {

using namespace std::chrono;

// Reads numbers and separators off the front of a text; once one does not fit, none does.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    if (text_.size() < count) return fail();
    for (std::size_t i = 0; i < count; ++i) {
      if (std::isdigit(static_cast<unsigned char>(text_[i])) == 0) return fail();
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return value;
  }

  bool skip(std::string_view any_of) {
    if (text_.empty() || any_of.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }

  void expect(std::string_view any_of) {
    if (!skip(any_of)) fail();
  }

  void skip_digits() {
    while (!text_.empty() && std::isdigit(static_cast<unsigned char>(text_.front())) != 0)
      text_.remove_prefix(1);
  }

  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  bool done() const { return ok_ && text_.empty(); }
  bool ok() const { return ok_; }

 private:
  int fail() {
    ok_ = false;
    text_ = {};
    return 0;
  }

  std::string_view text_;
  bool ok_ = true;
};

// Not printf: every reply holds several times.
void write_digits(std::string& text, std::size_t at, std::size_t count, long value) {
  for (std::size_t i = at + count; i > at; value /= 10) text[--i] = static_cast<char>('0' + value % 10);
}

}  // namespace

Time SystemClock::now() const { return floor<seconds>(system_clock::now()); }

std::string rfc3339(Time time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  std::string text = "0000-00-00T00:00:00Z";
  write_digits(text, 0, 4, static_cast<int>(date.year()));
  write_digits(text, 5, 2, static_cast<unsigned>(date.month()));
  write_digits(text, 8, 2, static_cast<unsigned>(date.day()));
  write_digits(text, 11, 2, clock.hours().count());
  write_digits(text, 14, 2, clock.minutes().count());
  write_digits(text, 17, 2, clock.seconds().count());
  return text;
}

std::optional<Time> parse_time(std::string_view text) {
  Reader in(text);
  const int y = in.digits(4);
  in.expect("-");
  const int m = in.digits(2);
  in.expect("-");
  const int d = in.digits(2);
  const year_month_day date(year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d)));
  if (!in.ok() || !date.ok()) return std::nullopt;
  const sys_seconds midnight = sys_days(date);
  // A date alone, as GitLab tells the end of a token: 00:00 UTC of that day (docs/forges.md 4.3).
  if (in.done()) return midnight;

  // With a blank as in GitHub's expiry header (docs/forges.md 3.4).
  in.expect("Tt ");
  const int hour = in.digits(2);
  in.expect(":");
  const int minute = in.digits(2);
  in.expect(":");
  const int second = in.digits(2);
  if (in.skip(".")) in.skip_digits();
  minutes offset{0};
  if (!in.skip("Zz")) {
    const int sign = in.peek() == '-' ? -1 : 1;
    in.expect("+-");
    const int offset_hours = in.digits(2);
    in.skip(":");
    offset = sign * (hours(offset_hours) + minutes(in.digits(2)));
  }
  // 60 is a leap second (RFC 3339 section 5.7).
  if (!in.done() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return midnight + hours(hour) + minutes(minute) + seconds(second) - offset;
}

}  // namespace forgelink
