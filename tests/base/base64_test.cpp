// SPDX-License-Identifier: MIT
#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace forgelink {
namespace {

// RFC 4648 section 10.
const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};

TEST(Base64, TheVectorsOfTheRfcAreEncodedAndDecoded) {
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(base64_of(bytes), text);
    EXPECT_EQ(bytes_of_base64(text), bytes);
  }
}

TEST(Base64, UrlHasItsOwnLettersAndNoPadding) {
  const std::string bytes = "\xfb\xff\xfe\xff";
  EXPECT_EQ(base64_of(bytes), "+//+/w==");
  EXPECT_EQ(base64_of(bytes, Base64::url), "-__-_w");
  EXPECT_EQ(bytes_of_base64("-__-_w", Base64::url), bytes);
}

TEST(Base64, EveryLengthComesBackAndHasTheSizeThatWasTold) {
  for (const Base64 kind : {Base64::standard, Base64::url}) {
    std::string bytes;
    for (int i = 0; i < 70; ++i) {
      const std::string text = base64_of(bytes, kind);
      EXPECT_EQ(text.size(), base64_size(bytes.size(), kind));
      EXPECT_EQ(bytes_of_base64(text, kind), bytes) << text;
      bytes += static_cast<char>(i * 37 + 200);
    }
  }
}

TEST(Base64, WhatIsMalformedIsRefused) {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "Z===", "Zm9v=", "Zm 9v", "Zm-v", "Zh==", "====", "=Zg="})
    EXPECT_FALSE(bytes_of_base64(text)) << text;
  for (const char* text : {"Z", "Zg==", "Zm+v", "Zh"})
    EXPECT_FALSE(bytes_of_base64(text, Base64::url)) << text;
}

}  // namespace
}  // namespace forgelink
