// What every source of the command line reads.
#pragma once

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <string>
#include <vector>
