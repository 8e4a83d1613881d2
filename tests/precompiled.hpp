// SPDX-License-Identifier: MIT
// What every test source reads.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/precompiled.hpp"
