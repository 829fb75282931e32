// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>

#include "cli/verb.hpp"

namespace energylens::cli {

/// The text of --help: usage, arguments, options and examples, at most 100 columns wide.
std::string help_text(const CommandInfo& command);

/// "-o, --output FILE": how an option or argument is written.
std::string syntax_text(const ArgumentInfo& argument);

/// "energylens fit [OPTIONS] DATA..."
std::string usage_text(const CommandInfo& command);

}  // namespace energylens::cli
