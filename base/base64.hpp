// SPDX-License-Identifier: MIT
// Base64 (RFC 4648): the standard alphabet with padding (section 4), and base64url without it (section 5).
//
// By hand, since base links no library that offers it in public. The forms that write to memory of the caller
// serve secrets, which must not pass through a std::string. Plain functions of their arguments; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace forgelink {

enum class Base64 { standard, url };

// How many letters that many bytes become.
std::size_t base64_size(std::size_t bytes, Base64 kind = Base64::standard);

// Writes base64_size() letters. Returns behind the last one.
char* encode_base64(std::string_view bytes, char* into, Base64 kind = Base64::standard);
std::string base64_of(std::string_view bytes, Base64 kind = Base64::standard);

// Writes the bytes of a text, at most three for each four letters; returns how many. Nothing for what is not
// well-formed: other letters, a wrong length, wrong padding, or bits set behind the last byte.
std::optional<std::size_t> decode_base64(std::string_view text, char* into, Base64 kind = Base64::standard);
std::optional<std::string> bytes_of_base64(std::string_view text, Base64 kind = Base64::standard);

}  // namespace forgelink
