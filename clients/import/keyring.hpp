// SPDX-License-Identifier: MIT
// The Secret Service, to read only, by libsecret. GLib is known in keyring.cpp alone. Calls block, each for a
// limited time; one thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/secret.hpp"

namespace forgelink::cli {

using Attributes = std::map<std::string, std::string>;

class Keyring {
 public:
  struct Item {
    Attributes attributes;
    std::string label;
    Secret secret;

    std::string attribute(const std::string& name) const;
  };

  // Null where there is no session bus, or with a sentence in `trouble` where it cannot be used. `may_ask`: a
  // person may be asked to unlock it.
  static std::unique_ptr<Keyring> open(bool may_ask, std::string& trouble);
  ~Keyring();

  // All items with these attributes, but those that stay locked.
  std::vector<Item> search(const Attributes& attributes);

  int locked() const { return locked_; }       // so many could not be read
  bool has_failed() const { return failed_; }  // it did not answer, once at least

 private:
  struct Calls;

  Keyring();

  std::unique_ptr<Calls> calls_;
  int locked_ = 0;
  bool failed_ = false;
};

}  // namespace forgelink::cli
