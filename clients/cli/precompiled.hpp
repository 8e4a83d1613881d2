// What every source of the command line reads.
#pragma once

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <string>
#include <vector>
