// SPDX-License-Identifier: MIT
// Every setting with what it does and its default, as a settings file: `forgelinkd --print-settings`, and the
// manual page. A test holds that none is missing and that the values are the defaults.
#pragma once

namespace forgelink {

extern const char* const settings_example;

}  // namespace forgelink
