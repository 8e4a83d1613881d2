// SPDX-License-Identifier: MIT
// The functions that forgelinkd puts in the place of free() and realloc(), here under names of their own, so
// that they can be watched: what they give back is read afterwards, which nobody else may do.
#include <gtest/gtest.h>
#include <malloc.h>
#include <string.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#define free wiping_free
#define realloc wiping_realloc
#define reallocarray wiping_reallocarray
#include "daemon/process/wiping_free.cpp"
#undef free
#undef realloc
#undef reallocarray

namespace forgelink {
namespace {

constexpr std::size_t size_of_block = 512;

// A block full of 'S' from the heap's middle, so that its page stays when it is given back.
char* block_of_secrets() {
  char* block = static_cast<char*>(std::malloc(size_of_block));
  memset(block, 'S', size_of_block);
  return block;
}

// How many of the letters are still where the block was. The allocator writes its own links into the first
// bytes.
std::size_t secrets_left_at(std::uintptr_t place) {
  const volatile char* bytes = reinterpret_cast<const volatile char*>(place);
  std::size_t left = 0;
  for (std::size_t i = 0; i < size_of_block; ++i) left += bytes[i] == 'S' ? 1 : 0;
  return left;
}

TEST(WipingFree, LeavesNothingOfWhatItGivesBack) {
  char* block = block_of_secrets();
  const auto place = reinterpret_cast<std::uintptr_t>(block);
  ASSERT_EQ(secrets_left_at(place), size_of_block);
  wiping_free(block);
  EXPECT_EQ(secrets_left_at(place), 0u);
}

TEST(WipingFree, KeepsErrnoAndTakesNothing) {
  errno = EAGAIN;
  wiping_free(nullptr);
  wiping_free(std::malloc(16));
  EXPECT_EQ(errno, EAGAIN);
}

TEST(WipingRealloc, MovesTheContentAndLeavesNothingBehind) {
  char* block = block_of_secrets();
  const auto place = reinterpret_cast<std::uintptr_t>(block);
  char* moved = static_cast<char*>(wiping_realloc(block, 64 * size_of_block));
  ASSERT_NE(reinterpret_cast<std::uintptr_t>(moved), place);
  EXPECT_EQ(secrets_left_at(place), 0u);
  EXPECT_EQ(secrets_left_at(reinterpret_cast<std::uintptr_t>(moved)), size_of_block);
  wiping_free(moved);
}

TEST(WipingRealloc, ShrunkByMuchItMovesAsWell) {
  char* block = block_of_secrets();
  const auto place = reinterpret_cast<std::uintptr_t>(block);
  char* moved = static_cast<char*>(wiping_realloc(block, 32));
  EXPECT_EQ(secrets_left_at(place), 0u);
  for (int i = 0; i < 32; ++i) EXPECT_EQ(moved[i], 'S');
  wiping_free(moved);
}

TEST(WipingRealloc, OfNothingIsANewBlockAndToNothingFrees) {
  void* block = wiping_realloc(nullptr, 32);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(wiping_realloc(block, 0), nullptr);
}

TEST(WipingReallocarray, RefusesWhatDoesNotFitIntoANumber) {
  errno = 0;
  EXPECT_EQ(wiping_reallocarray(nullptr, SIZE_MAX / 2, 4), nullptr);
  EXPECT_EQ(errno, ENOMEM);
  void* block = wiping_reallocarray(nullptr, 4, 8);
  EXPECT_NE(block, nullptr);
  wiping_free(block);
}

}  // namespace
}  // namespace forgelink
