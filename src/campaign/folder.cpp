// SPDX-License-Identifier: Apache-2.0
// The folder of a campaign and the plan that it belongs to. Held by loop_test.cpp and array_test.cpp.
#include "campaign/folder.hpp"

#include <filesystem>
#include <random>

#include "energylens/campaign/campaign.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/file.hpp"

namespace energylens::campaign {
namespace {

std::string new_id() {
  std::random_device random;
  std::string id = "campaign-";
  for (int i = 0; i < 16; ++i) id += "0123456789abcdef"[random() % 16];
  return id;
}

}  // namespace

void make_folder(const std::string& folder) {
  std::error_code error;
  for (const char* inside : {"", "/logs", "/samples"}) {
    std::filesystem::create_directories(folder + inside, error);
    if (error) throw Error::cannot_write(folder + inside, error.message());
  }
}

void settle_plan(Plan& plan, const std::string& folder, bool resume) {
  const std::string file = folder + '/' + kPlanFile;
  if (std::filesystem::exists(file)) {
    if (!resume) throw Error::usage(folder + " holds a campaign already; --resume goes on with it");
    const Plan before = parse_plan(read_file(file), file);
    plan.id = before.id;
    if (!(plan_json(plan) == plan_json(before)))
      throw Error::usage(folder + " holds a campaign of another plan; give that one (" + file +
                         "), or another folder");
  }
  if (!plan.id.empty() && std::filesystem::exists(file)) return;
  plan.id = new_id();
  write_file(file, wire::print_json(plan_json(plan)) + '\n');
}

}  // namespace energylens::campaign
