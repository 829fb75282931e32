// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "campaign/serving/command.hpp"

namespace energylens::campaign {

/// The command as a script of /bin/sh, with each {name} replaced by its value, quoted for the place where it stands:
/// nothing of a value is read as a command, whether the place is bare, in '...' or in "...".
/// Throws Error (usage) for a value that `check_for_shell` refuses.
std::string shell_script(std::string_view command, const Values& values);

/// Throws Error (usage) for a value that some shell would take for more than text: a command may hand it on to another
/// shell (sh -c, ssh, eval), for which no quoting of ours counts. Letters, digits, blanks and _ - . / : @ % + = , ^ ~ pass, and
/// all letters beyond ASCII; a ~ may not be the first.
void check_for_shell(const Values& values);

}  // namespace energylens::campaign
