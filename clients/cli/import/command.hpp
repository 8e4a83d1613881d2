// SPDX-License-Identifier: MIT
// The declaration of `import`, shared by the command line, which hands over to forgelink-import, and by that
// program, which does it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "clients/cli/context.hpp"
#include "clients/cli/import/conversation.hpp"

namespace forgelink::cli {

// `options` must outlive the parsing.
void declare_import(CLI::App& app, Context& context, ImportOptions& options, std::function<void()> run);

}  // namespace forgelink::cli
