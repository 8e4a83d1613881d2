// SPDX-License-Identifier: MIT
// The toolkit, whole: the build reads it first in every unit of the window.
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
