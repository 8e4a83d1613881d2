// SPDX-License-Identifier: MIT
// What every source of the command line reads. Not CLI11 and fmt: precompiled they cost more than they save,
// since GCC then compiles all their inline functions for each source.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>
