// SPDX-License-Identifier: Apache-2.0
// The folder of a campaign and the plan that it belongs to. Held by loop_test.cpp and array_test.cpp.
#include "campaign/journal/folder.hpp"

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

std::vector<PlanChange> settle_plan(Plan& plan, const std::string& folder, bool resume) {
  const std::string file = folder + '/' + kPlanFile;
  const bool begun = std::filesystem::exists(file);
  plan.id.clear();  // a plan file may be that of another campaign, which may be running
  if (begun && !resume) throw Error::usage(folder + " holds a campaign already; --resume goes on with it");
  std::vector<PlanChange> changes;
  plan.id = new_id();
  if (begun) {
    const Plan before = parse_plan(read_file(file), file);
    if (!before.id.empty()) plan.id = before.id;
    changes = changes_on_resume(before, plan, file);
    if (!before.id.empty() && changes.empty()) return changes;
  }
  write_file(file, io::print_json(plan_json(plan)) + '\n');
  return changes;
}

}  // namespace energylens::campaign
