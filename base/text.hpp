// SPDX-License-Identifier: MIT
// Small helpers for text. Plain functions of their arguments; any thread.
#pragma once

#include <string>
#include <string_view>

namespace forgelink {

// ASCII letters only: what hosts, schemes and header names are compared by. Other bytes stay as they are.
std::string lower_case(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

// True if it holds a C0 control character or DEL.
bool has_control_character(std::string_view text);

// True if it holds one of C0, DEL or C1 (U+0080 to U+009F in UTF-8): what no name shown to people may hold.
bool has_control_code_point(std::string_view text);

// With a blank in the place of each byte of a C0, DEL or C1 control character: one line that steers no
// terminal.
std::string one_clean_line(std::string_view text);

// True for a code point that text of others must not bring to a screen: a control character (C0, DEL, C1), a
// separator of lines or paragraphs (U+2028, U+2029), or one that reorders the text around it (Unicode TR 9,
// "explicit directional formatting", and the byte order mark).
bool is_unsafe_code_point(char32_t code);

// Well-formed UTF-8 (RFC 3629): neither overlong forms nor surrogates.
bool is_utf8(std::string_view text);

// The text as well-formed UTF-8: each byte that is part of no code point is replaced by U+FFFD.
std::string with_utf8_mended(std::string text);

// Without blanks, tabs, CR and LF at both ends. Points into `text`.
std::string_view trimmed(std::string_view text);

}  // namespace forgelink
