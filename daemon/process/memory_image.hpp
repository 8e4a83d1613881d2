// SPDX-License-Identifier: MIT
// Serialises what lives in the daemon's memory only and must survive a restart.
//
// Records of a kind, a name and a secret value; each part of the daemon writes and reads its own kinds. The
// bytes are kept in locked memory. A plain value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace forgelink {

class MemoryImage {
 public:
  struct Record {
    std::string kind, name;
    Secret value;
  };

  void add(std::string kind, std::string name, Secret value);
  bool empty() const { return records_.empty(); }
  const std::vector<Record>& records() const { return records_; }

  // To and from bytes; nothing for what no version of ours wrote.
  Secret bytes() const;
  static std::optional<MemoryImage> parse(std::string_view bytes);

 private:
  std::vector<Record> records_;
};

}  // namespace forgelink
