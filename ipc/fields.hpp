// SPDX-License-Identifier: MIT
// Turns the `fields` of a parameter or reply type into decoding, encoding and a JSON Schema.
//
// A type describes itself once:
//
//   struct Params {
//     std::string connection;
//     std::optional<std::string> cursor;
//     void fields(auto& f) {
//       f.required("connection", connection, "Id or name.");
//       f.optional("cursor", cursor, "Where the last page ended.");
//     }
//   };
//
// `required` must be there and not null; `optional` may be left out or null, and keeps its default then.
// Fields that are not described are ignored. Text holds at most 255 characters (code points), a Secret 16
// KiB. Plain functions of their arguments; any thread.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ipc/field_types.hpp"

namespace forgelink::ipc {

namespace json = boost::json;

class Decoder;
class Encoder;
class Describer;

template <class T>
concept Fielded = requires(T value, Decoder& decoder) {
  value.fields(decoder);  // names each field, for encoding and describing too
};

// --- decoding

// Each gives nothing, or the Error that names the field.
using Refusal = std::optional<Error>;

Refusal decode(const json::value& from, std::string& into, const std::string& name);
Refusal decode(const json::value& from, LongText& into, const std::string& name);
Refusal decode(const json::value& from, BodyText& into, const std::string& name);
Refusal decode(const json::value& from, json::object& into, const std::string& name);
Refusal decode(const json::value& from, bool& into, const std::string& name);
Refusal decode(const json::value& from, std::int64_t& into, const std::string& name);
Refusal decode(const json::value& from, Limit& into, const std::string& name);
Refusal decode(const json::value& from, Secret& into, const std::string& name);
Refusal decode(const json::value& from, Time& into, const std::string& name);
template <Fielded T>
Refusal decode(const json::value& from, T& into, const std::string& name);
template <class T>
Refusal decode(const json::value& from, std::optional<T>& into, const std::string& name);
template <class T>
Refusal decode(const json::value& from, std::vector<T>& into, const std::string& name);

class Decoder {
 public:
  Decoder(const json::object& from, std::string prefix) : from_(from), prefix_(std::move(prefix)) {}

  template <class T>
  void required(std::string_view name, T& into, std::string_view) {
    if (refusal_) return;
    const json::value* found = from_.if_contains(name);
    if (found == nullptr || found->is_null()) {
      refusal_ = invalid(full(name), '`' + full(name) + "` is missing.");
    } else {
      refusal_ = decode(*found, into, full(name));
    }
  }

  template <class T>
  void optional(std::string_view name, T& into, std::string_view) {
    if (refusal_) return;
    const json::value* found = from_.if_contains(name);
    if (found != nullptr && !found->is_null()) refusal_ = decode(*found, into, full(name));
  }

  template <class T>
  void optional(std::string_view name, Change<T>& into, std::string_view help) {
    into.given = from_.contains(name);
    optional(name, into.value, help);
  }

  Refusal refusal() && { return std::move(refusal_); }

 private:
  std::string full(std::string_view name) const {
    return prefix_.empty() ? std::string(name) : prefix_ + "." + std::string(name);
  }

  const json::object& from_;
  std::string prefix_;
  Refusal refusal_;
};

template <Fielded T>
Refusal decode(const json::value& from, T& into, const std::string& name) {
  if (!from.is_object())
    return invalid(name,
                   name.empty() ? "The parameters must be an object." : '`' + name + "` must be an object.");
  Decoder decoder(from.get_object(), name);
  into.fields(decoder);
  return std::move(decoder).refusal();
}

template <class T>
Refusal decode(const json::value& from, std::optional<T>& into, const std::string& name) {
  return decode(from, into.emplace(), name);
}

template <class T>
Refusal decode(const json::value& from, std::vector<T>& into, const std::string& name) {
  if (!from.is_array()) return invalid(name, '`' + name + "` must be a list.");
  for (const json::value& item : from.get_array()) {
    if (Refusal refusal = decode(item, into.emplace_back(), name)) return refusal;
  }
  return std::nullopt;
}

// --- encoding: straight to JSON text, appended to `into`

void encode(const std::string& from, std::string& into);
void encode(bool from, std::string& into);
void encode(std::int64_t from, std::string& into);
void encode(Time from, std::string& into);
void encode(const HandedOut& from, std::string& into);
void encode(const json::object& from, std::string& into);
template <Fielded T>
void encode(T& from, std::string& into);
template <class T>
void encode(std::vector<T>& from, std::string& into);
template <class T>
void encode(std::optional<T>& from, std::string& into);

class Encoder {
 public:
  explicit Encoder(std::string& into) : into_(into) {}

  template <class T>
  void required(std::string_view name, T& from, std::string_view) {
    member(name);
    encode(from, into_);
  }
  // A reply leaves out what has no value only where its description says `absent`; null otherwise.
  template <class T>
  void optional(std::string_view name, T& from, std::string_view help) {
    required(name, from, help);
  }
  template <class T>
  void absent(std::string_view name, std::optional<T>& from, std::string_view help) {
    if (from) required(name, *from, help);
  }

  void end() { into_ += separator_ == '{' ? "{}" : "}"; }

 private:
  // Names of fields are ours: nothing in them needs an escape.
  void member(std::string_view name) {
    into_ += std::exchange(separator_, ',');
    into_.append(1, '"').append(name).append("\":");
  }

  std::string& into_;
  char separator_ = '{';
};

template <Fielded T>
void encode(T& from, std::string& into) {
  Encoder encoder(into);
  from.fields(encoder);
  encoder.end();
}

template <class T>
void encode(std::vector<T>& from, std::string& into) {
  char separator = '[';
  for (T& item : from) {
    into += std::exchange(separator, ',');
    encode(item, into);
  }
  into += separator == '[' ? "[]" : "]";
}

template <class T>
void encode(std::optional<T>& from, std::string& into) {
  if (from) {
    encode(*from, into);
  } else {
    into += "null";
  }
}

// --- describing: JSON Schema, for rpc.discover

template <class T>
json::object schema_of();

class Describer {
 public:
  template <class T>
  void required(std::string_view name, T&, std::string_view help) {
    required_.emplace_back(json::string(name));
    add<T>(name, help, false);
  }
  template <class T>
  void optional(std::string_view name, T&, std::string_view help) {
    add<T>(name, help, true);
  }
  template <class T>
  void absent(std::string_view name, std::optional<T>&, std::string_view help) {
    add<T>(name, help, false);
  }

  json::object schema() && {
    json::object schema{{"type", "object"}, {"properties", std::move(properties_)}};
    if (!required_.empty()) schema["required"] = std::move(required_);
    return schema;
  }

 private:
  template <class T>
  void add(std::string_view name, std::string_view help, bool nullable) {
    json::object schema = schema_of<T>();
    if (nullable && schema["type"].is_string()) schema["type"] = json::array{schema["type"], "null"};
    schema["description"] = help;
    properties_.emplace(name, std::move(schema));
  }

  json::object properties_;
  json::array required_;
};

template <class T>
struct OptionalOf : std::false_type {};
template <class T>
struct OptionalOf<std::optional<T>> : std::true_type {
  using Inner = T;
};
template <class T>
struct OptionalOf<Change<T>> : std::true_type {
  using Inner = T;
};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
json::object schema_of() {
  if constexpr (Fielded<T>) {
    T value;
    Describer describer;
    value.fields(describer);
    return std::move(describer).schema();
  } else if constexpr (OptionalOf<T>::value) {
    return schema_of<typename OptionalOf<T>::Inner>();
  } else if constexpr (IsVector<T>::value) {
    return {{"type", "array"}, {"items", schema_of<typename T::value_type>()}};
  } else if constexpr (std::is_same_v<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return {{"type", "integer"}};
  } else if constexpr (std::is_same_v<T, Limit>) {
    return {
        {"type", "integer"}, {"minimum", Limit::least}, {"maximum", Limit::most}, {"default", Limit{}.value}};
  } else if constexpr (std::is_same_v<T, Time>) {
    return {{"type", "string"}, {"format", "date-time"}};
  } else if constexpr (std::is_same_v<T, LongText>) {
    return {{"type", "string"}, {"maxLength", LongText::most}};
  } else if constexpr (std::is_same_v<T, BodyText>) {
    return {{"type", "string"}, {"maxLength", BodyText::most}};
  } else if constexpr (std::is_same_v<T, Secret> || std::is_same_v<T, HandedOut>) {
    return {{"type", "string"}, {"format", "password"}};
  } else if constexpr (std::is_same_v<T, json::object>) {
    return {{"type", "object"}};
  } else {
    static_assert(std::is_same_v<T, std::string>, "a field type without a schema");
    return {{"type", "string"}};
  }
}

}  // namespace forgelink::ipc
