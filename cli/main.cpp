// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "cli/host.hpp"

int main(int argc, char** argv) {
  return energylens::cli::run_main(std::vector<std::string>(argv + 1, argv + argc));
}
