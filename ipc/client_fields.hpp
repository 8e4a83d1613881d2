// SPDX-License-Identifier: MIT
// The client's direction of ipc/fields.hpp: typed parameters to the JSON that is sent, and a reply to its
// type.
//
// Replies are read leniently, so that client and daemon of different versions understand each other: a field
// that is missing keeps its default, an unknown one is ignored, and only a field of another kind of value is
// an error. Text has no limit here. Plain functions of their arguments; any thread.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ipc/field_types.hpp"

namespace forgelink::ipc {

namespace json = boost::json;

class ParamsWriter;
class ReplyReader;

template <class T>
concept Writable = requires(T value, ParamsWriter& writer) {
  value.fields(writer);  // hands over each parameter
};
template <class T>
concept Readable = requires(T value, ReplyReader& reader) {
  value.fields(reader);  // takes in each member of a reply
};

// --- parameters to JSON

inline json::value to_json(const std::string& from) { return json::value(from); }
inline json::value to_json(const LongText& from) { return json::value(from.value); }
inline json::value to_json(bool from) { return json::value(from); }
inline json::value to_json(std::int64_t from) { return json::value(from); }
inline json::value to_json(const Limit& from) { return json::value(from.value); }
inline json::value to_json(Time from) { return json::value(rfc3339(from)); }
// A client's own token on its way to the daemon: the one place where a client needs it as JSON.
inline json::value to_json(const Secret& from) { return json::value(from.reveal()); }
inline json::value to_json(const json::object& from) { return json::value(from); }
template <Writable T>
json::value to_json(T& from);
template <class T>
json::value to_json(std::vector<T>& from);

template <class T>
json::value to_json(std::vector<T>& from) {
  json::array list;
  for (T& item : from) list.push_back(to_json(item));
  return list;
}

// Leaves out what has no value.
class ParamsWriter {
 public:
  template <class T>
  void required(std::string_view name, T& from, std::string_view) {
    object_[name] = to_json(from);
  }
  template <class T>
  void optional(std::string_view name, T& from, std::string_view help) {
    required(name, from, help);
  }
  template <class T>
  void optional(std::string_view name, std::optional<T>& from, std::string_view help) {
    if (from) required(name, *from, help);
  }
  template <class T>
  void optional(std::string_view name, Change<T>& from, std::string_view) {
    if (from.given) object_[name] = from.value ? to_json(*from.value) : json::value();
  }
  template <class T>
  void absent(std::string_view name, std::optional<T>& from, std::string_view help) {
    optional(name, from, help);
  }

  json::object object() && { return std::move(object_); }

 private:
  json::object object_;
};

template <Writable T>
json::value to_json(T& from) {
  ParamsWriter writer;
  from.fields(writer);
  return std::move(writer).object();
}

// What is sent as `params`.
template <Writable T>
json::object params_object(T params) {
  ParamsWriter writer;
  params.fields(writer);
  return std::move(writer).object();
}

// --- JSON to a reply; false if it is another kind of value

inline bool from_json(const json::value& from, std::string& into) {
  if (from.is_string()) into = std::string(from.get_string());
  return from.is_string();
}
inline bool from_json(const json::value& from, LongText& into) { return from_json(from, into.value); }
// A secret that was handed out to this program.
inline bool from_json(const json::value& from, HandedOut& into) {
  if (from.is_string()) into.secret = Secret(from.get_string());
  return from.is_string();
}
inline bool from_json(const json::value& from, bool& into) {
  if (from.is_bool()) into = from.get_bool();
  return from.is_bool();
}
inline bool from_json(const json::value& from, std::int64_t& into) {
  boost::system::error_code inexact;
  const auto number = from.to_number<std::int64_t>(inexact);
  if (!inexact) into = number;
  return !inexact;
}
inline bool from_json(const json::value& from, Time& into) {
  const auto time = from.is_string() ? parse_time(from.get_string()) : std::nullopt;
  if (time) into = *time;
  return time.has_value();
}
inline bool from_json(const json::value& from, json::object& into) {
  if (from.is_object()) into = from.get_object();
  return from.is_object();
}
template <Readable T>
bool from_json(const json::value& from, T& into);
template <class T>
bool from_json(const json::value& from, std::optional<T>& into);
template <class T>
bool from_json(const json::value& from, std::vector<T>& into);

template <class T>
bool from_json(const json::value& from, std::optional<T>& into) {
  return from_json(from, into.emplace());
}
template <class T>
bool from_json(const json::value& from, std::vector<T>& into) {
  if (!from.is_array()) return false;
  for (const json::value& item : from.get_array()) {
    if (!from_json(item, into.emplace_back())) return false;
  }
  return true;
}

class ReplyReader {
 public:
  explicit ReplyReader(const json::object& from) : from_(from) {}

  template <class T>
  void required(std::string_view name, T& into, std::string_view) {
    const json::value* found = from_.if_contains(name);
    if (found != nullptr && !found->is_null()) good_ = from_json(*found, into) && good_;
  }
  template <class T>
  void optional(std::string_view name, T& into, std::string_view help) {
    required(name, into, help);
  }
  template <class T>
  void absent(std::string_view name, T& into, std::string_view help) {
    required(name, into, help);
  }

  bool good() const { return good_; }

 private:
  const json::object& from_;
  bool good_ = true;
};

template <Readable T>
bool from_json(const json::value& from, T& into) {
  if (!from.is_object()) return false;
  ReplyReader reader(from.get_object());
  into.fields(reader);
  return reader.good();
}

// The reply in its type. Fails with `internal` if the daemon speaks of other kinds of values.
template <Readable T>
Result<T> reply_of(const json::value& from) {
  T reply;
  if (from_json(from, reply)) return reply;
  return Error{.code = Errc::internal,
               .message = "The daemon's answer has an unknown format.",
               .hint = "Restart the daemon, so that both are of one version."};
}

}  // namespace forgelink::ipc
