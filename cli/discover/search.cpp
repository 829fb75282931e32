// SPDX-License-Identifier: Apache-2.0
#include "cli/discover/search.hpp"

#include <filesystem>
#include <system_error>

#include "cli/console.hpp"
#include "energylens/core/error.hpp"
#include "energylens/search/identify.hpp"
#include "energylens/search/proofs.hpp"

namespace energylens::cli {

search::Front search_into(const std::string& folder, const search::Problem& problem,
                          const search::Options& options) {
  if (folder.empty()) return search::search(problem, options);
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw Error::cannot_write(folder, failure.message());
  try {
    return search::search(problem, options);
  } catch (const Error&) {
    std::filesystem::remove(folder, failure);  // only if it is empty
    throw;
  }
}

void forget_model(const std::string& folder) {
  std::error_code ignored;
  if (!folder.empty() && std::filesystem::remove(folder + "/model.json", ignored))
    warn(
        folder +
        "/model.json of an earlier search was removed; a formula of other columns cannot be used as a model");
}

void judge_constants(search::Front& front, const search::Problem& problem, const search::Options& search) {
  search::identify(front, problem, search);
  search::prove(front, problem, search);
  RunOptions run;
  run.threads = search.threads;
  for (search::Formula& formula : front.formulas) {
    if (formula.chosen) search::profile(formula, problem, search, run);
  }
}

}  // namespace energylens::cli
