// SPDX-License-Identifier: MIT
#include "daemon/process/descriptor_store.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/process/restart_memory.hpp"
#include "tests/support/loop.hpp"

namespace forgelink {
namespace {

using testing::ElementsAre;

MemoryImage image_of(std::string_view token) {
  MemoryImage image;
  image.add("item", "name", Secret(token));
  return image;
}

class DescriptorStoreTest : public testing::Test {
 protected:
  // What the service manager would hear and hold.
  DescriptorStore::Notify manager() {
    return [this](const std::string& message, int descriptor) {
      messages_.push_back(message);
      if (descriptor >= 0) newest_ = DescriptorStore::read(descriptor);
      return there_;
    };
  }
  std::vector<std::string> messages_;
  std::optional<MemoryImage> newest_;
  bool there_ = true;
};

TEST_F(DescriptorStoreTest, AnImageIsSealedAgainstEveryChange) {
  const int descriptor = DescriptorStore::make(image_of("ghp_token"));
  ASSERT_GE(descriptor, 0);
  EXPECT_LT(write(descriptor, "x", 1), 0);
  EXPECT_NE(ftruncate(descriptor, 1), 0);
  EXPECT_NE(ftruncate(descriptor, 1 << 20), 0);
  EXPECT_NE(fcntl(descriptor, F_ADD_SEALS, F_SEAL_WRITE), 0);
  const std::optional<MemoryImage> back = DescriptorStore::read(descriptor);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->records()[0].value.reveal(), "ghp_token");
  close(descriptor);
}

TEST_F(DescriptorStoreTest, WhatIsNotSealedIsNotRead) {
  const int descriptor = memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  const Secret bytes = image_of("ghp_token").bytes();
  ASSERT_EQ(write(descriptor, bytes.reveal().data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  EXPECT_FALSE(DescriptorStore::read(descriptor));
  close(descriptor);
}

TEST_F(DescriptorStoreTest, ANewImageTakesTheOldOnesPlace) {
  DescriptorStore store(manager());
  store.keep(image_of("first"));
  store.keep(image_of("second"));
  EXPECT_THAT(messages_,
              ElementsAre("FDSTORE=1\nFDNAME=forgelink-memory-1", "FDSTORE=1\nFDNAME=forgelink-memory-2",
                          "FDSTOREREMOVE=1\nFDNAME=forgelink-memory-1"));
  ASSERT_TRUE(newest_);
  EXPECT_EQ(newest_->records()[0].value.reveal(), "second");
}

TEST_F(DescriptorStoreTest, NothingIsKeptOfAnEmptyImage) {
  DescriptorStore store(manager());
  store.keep(image_of("first"));
  store.keep(MemoryImage());
  EXPECT_EQ(messages_.back(), "FDSTOREREMOVE=1\nFDNAME=forgelink-memory-1");
  const std::size_t said = messages_.size();
  store.keep(MemoryImage());
  EXPECT_EQ(messages_.size(), said);
}

TEST_F(DescriptorStoreTest, WhatTheFormerProcessKeptIsReplaced) {
  DescriptorStore store(manager());
  store.inherited({"forgelink-memory-7"});
  store.keep(image_of("next"));
  EXPECT_THAT(messages_, ElementsAre("FDSTORE=1\nFDNAME=forgelink-memory-8",
                                     "FDSTOREREMOVE=1\nFDNAME=forgelink-memory-7"));
}

TEST_F(DescriptorStoreTest, OnlyItsOwnNamesAreImages) {
  EXPECT_TRUE(DescriptorStore::is_image("forgelink-memory-1"));
  EXPECT_FALSE(DescriptorStore::is_image("forgelink.socket"));
  EXPECT_FALSE(DescriptorStore::is_image("forgelink-memory-"));
}

TEST_F(DescriptorStoreTest, ManyAdditionsAreKeptTogetherAndAnErasureAtOnce) {
  Loop loop;
  DescriptorStore store(manager());
  RestartMemory memory(loop.executor(), store);
  std::string held = "token";
  memory.add_source([&](MemoryImage& image) {
    if (!held.empty()) image.add("item", "name", Secret(held));
  });
  auto wait = [](Milliseconds how_long) -> awaitable<int> {
    co_await sleep_for(how_long);
    co_return 0;
  };
  for (int i = 0; i < 100; ++i) memory.changed(RestartMemory::Change::added);
  loop.run(wait(Milliseconds(5)));
  EXPECT_TRUE(messages_.empty());
  held.clear();
  memory.changed(RestartMemory::Change::erased);
  loop.run(wait(Milliseconds(5)));
  EXPECT_TRUE(messages_.empty()) << "nothing was kept, so nothing is to be removed";
  held = "token";
  memory.changed(RestartMemory::Change::added);
  loop.run(wait(Milliseconds(150)));
  EXPECT_EQ(messages_.size(), 1u);
  held.clear();
  memory.changed(RestartMemory::Change::erased);
  loop.run(wait(Milliseconds(5)));
  EXPECT_EQ(messages_.back(), "FDSTOREREMOVE=1\nFDNAME=forgelink-memory-1");
}

}  // namespace
}  // namespace forgelink
