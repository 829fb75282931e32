// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "cli/verb.hpp"

namespace energylens::cli {

/// The manual page of a command, in the macros of man(7): energylens-fit(1), energylens-table-check(1).
std::string man_page(const Verb& verb);
/// That of the program, which lists the commands: energylens(1).
std::string man_page();
/// "energylens-table-check.1"
std::string man_page_name(const Verb& verb);

}  // namespace energylens::cli
