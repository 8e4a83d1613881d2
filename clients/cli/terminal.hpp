// SPDX-License-Identifier: MIT
// The terminal: what is one, and never letting text from elsewhere steer it.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "clients/cli/prompt.hpp"

namespace forgelink::cli {

bool stdin_is_terminal();
bool stdout_is_terminal();
bool stderr_is_terminal();
bool stdout_is_file();  // a regular one: neither a terminal nor a pipe

// With U+FFFD for what is_unsafe_code_point() names and for bytes that are not UTF-8; line breaks and tabs
// become blanks.
std::string clean(std::string_view text);

// Columns that a terminal gives it.
std::size_t width_of(std::string_view text);

// The width of the terminal that standard output is; 0 if it is none.
std::size_t terminal_width();
// Broken between words to that width, the lines after the first moved in; as it is where there is no
// terminal.
std::string wrapped(const std::string& text, std::size_t indent);

enum class Color { none, good, warning, bad };

// For standard output, where that is a terminal and NO_COLOR (no-color.org) does not forbid it; else as it
// is. Colour never says alone what the text does not say.
std::string colored(const std::string& text, Color color);

// Standard input to its end, without one trailing newline. On a terminal a line, which is asked for by `what`
// and not echoed.
Secret read_secret_from_stdin(const std::string& what);

// Is there a screen to open a browser on, and is the person in front of it?
bool has_display();
// Opens a page with xdg-open, if it can.
void open_page(const std::string& url);

}  // namespace forgelink::cli
