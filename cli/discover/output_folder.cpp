// SPDX-License-Identifier: Apache-2.0
#include "cli/discover/output_folder.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/console.hpp"
#include "core/file.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {

OutputFolder::OutputFolder(std::string path) : path_(std::move(path)) {
  if (!given()) return;
  std::error_code failure;
  made_ = std::filesystem::create_directories(path_, failure);
  if (failure) throw Error::cannot_write(path_, failure.message());
}

OutputFolder::~OutputFolder() {
  std::error_code not_empty;
  if (made_) std::filesystem::remove(path_, not_empty);
}

std::vector<std::string> OutputFolder::files_in(const std::string& folder) {
  if (folder.empty()) return {};
  return {folder + "/front.json", folder + "/hall_of_fame.csv", folder + "/model.json"};
}

void OutputFolder::add(const std::string& name, std::string content) {
  if (given()) files_.push_back({path_ + '/' + name, std::move(content)});
}

void OutputFolder::write() const {
  write_files(files_);
}

void OutputFolder::remove_model() const {
  std::error_code ignored;
  if (given() && std::filesystem::remove(path_ + "/model.json", ignored))
    warn(
        path_ +
        "/model.json of an earlier search was removed; a formula of other columns cannot be used as a model");
}

}  // namespace energylens::cli
