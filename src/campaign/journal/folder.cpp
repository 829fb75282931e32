// SPDX-License-Identifier: Apache-2.0
// The folder of a campaign and its plan. Held by loop_test.cpp and array_test.cpp.
#include "campaign/journal/folder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "campaign/campaign.hpp"
#include "core/file.hpp"
#include "energylens/core/error.hpp"

namespace energylens::campaign {
namespace {

std::string new_id() {
  std::random_device random;
  std::string id = "campaign-";
  for (int i = 0; i < 16; ++i) id += "0123456789abcdef"[random() % 16];
  return id;
}

}  // namespace

void refuse_foreign_folder(const std::string& folder, const char* marker) {
  namespace fs = std::filesystem;
  std::error_code none;
  if (fs::exists(folder + '/' + marker, none)) return;
  for (const char* name :
       {kRowsFile, kPlanFile, kJournalFile, kEnvironmentFile, kTasksFile, "logs", "samples"}) {
    const std::string path = folder + '/' + name;
    const bool empty = fs::is_directory(path, none) && fs::is_empty(path, none);
    if (fs::exists(fs::symlink_status(path, none)) && !empty)
      throw Error::usage(folder + " contains " + name + " but no " + marker +
                         ", so no campaign wrote it; choose another folder, or move " + name + " away");
  }
}

bool would_lose_rows(const std::string& folder, std::size_t rows) {
  const std::string file = folder + '/' + kRowsFile;
  if (std::error_code none; !std::filesystem::exists(file, none)) return false;
  const std::string text = read_file(file);
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  return lines > rows + 1;  // and the header
}

std::string identity_of(const std::string& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return {};
  return std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
}

void make_folder(const std::string& folder) {
  std::error_code error;
  for (const char* inside : {"", "/logs", "/samples"}) {
    std::filesystem::create_directories(folder + inside, error);
    if (error) throw Error::cannot_write(folder + inside, error.message());
  }
}

std::vector<PlanChange> resolve_plan(Plan& plan, const std::string& folder, bool resume) {
  const std::string file = folder + '/' + kPlanFile;
  const bool exists = std::filesystem::exists(file);
  plan.id.clear();  // the file may be another campaign's plan, and that campaign may be running
  if (exists && !resume)
    throw Error::usage(folder + " already contains a campaign; use --resume to continue it");
  std::vector<PlanChange> changes;
  plan.id = new_id();
  if (exists) {
    const Plan before = parse_plan(read_file(file), file);
    if (!before.id.empty()) plan.id = before.id;
    changes = changes_on_resume(before, plan, file);
    if (!before.id.empty() && changes.empty()) return changes;
  }
  write_file(file, io::print_json(plan_json(plan)) + '\n');
  return changes;
}

}  // namespace energylens::campaign
