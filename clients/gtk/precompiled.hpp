// SPDX-License-Identifier: MIT
// What most sources of the window include: parsing it once halves the build.
#pragma once

#include <giomm.h>
#include <glibmm.h>
#include <gtkmm.h>

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>
