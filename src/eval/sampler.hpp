// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "energylens/design/design.hpp"

namespace energylens::eval {

/// Training rows picked by a design: the rows of the pool are its grid, their scenarios the workload, and it
/// sees the result of a row once it has picked the row. Each design is made once. Safe from any thread.
class Sampler {
 public:
  /// Index of a group, and a seed: name one pool.
  using Pool = std::pair<std::size_t, std::uint64_t>;

  /// `groups` must outlive the sampler. The seed of the design is that of the pool.
  Sampler(std::span<const table::Group> groups, const design::DesignOptions& options);

  /// options.rows rows in the order in which they were picked; fewer where there are fewer, and none after a
  /// cancel. `may_train` and `scenarios` are those of the pool, the same each time.
  const std::vector<std::size_t>& rows(const Pool& pool, const std::vector<bool>& may_train,
                                       const std::vector<table::Scenario>& scenarios) const;

 private:
  struct Sample {
    std::once_flag once;
    std::vector<std::size_t> rows;
  };
  Sample& sample(const Pool& pool) const;
  std::vector<std::size_t> designed(const Pool& pool, const std::vector<bool>& may_train,
                                    const std::vector<table::Scenario>& scenarios) const;

  std::span<const table::Group> groups_;
  design::DesignOptions options_;
  mutable std::mutex mutex_;
  mutable std::map<Pool, std::unique_ptr<Sample>> samples_;
};

}  // namespace energylens::eval
