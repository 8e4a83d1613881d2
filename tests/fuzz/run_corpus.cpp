// SPDX-License-Identifier: MIT
//
// A plain main for a fuzz target: feeds each file named on the command line, and each file of each folder
// named, to LLVMFuzzerTestOneInput once. So the kept inputs run in every sanitized test build, by any
// compiler; libFuzzer itself is needed only to look for new ones.
//
// Exit status 1: a file cannot be read, or there was none. A fault aborts, after the file's name was printed.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

namespace {

std::vector<std::filesystem::path> inputs_of(int count, char** names) {
  std::vector<std::filesystem::path> inputs;
  for (int i = 1; i < count; ++i) {
    if (!std::filesystem::is_directory(names[i])) {
      inputs.emplace_back(names[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(names[i])) inputs.push_back(entry.path());
  }
  return inputs;
}

bool run(const std::filesystem::path& input) {
  std::ifstream file(input, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "%s cannot be read.\n", input.c_str());
    return false;
  }
  // Flushed at once: an abort in the target must leave the name of the input behind.
  std::printf("%s\n", input.c_str());
  std::fflush(stdout);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return true;
}

}  // namespace

int main(int count, char** names) {
  const auto inputs = inputs_of(count, names);
  bool all = !inputs.empty();
  for (const auto& input : inputs) all = run(input) && all;
  std::printf("%zu inputs\n", inputs.size());
  return all ? 0 : 1;
}
