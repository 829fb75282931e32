// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/parametric/model.hpp"
#include "energylens/parametric/structure_model.hpp"
#include "energylens/residual/corrected.hpp"

namespace energylens::residual {

/// The law, corrected.
class Model final : public Corrected {
 public:
  /// Requires: one correction, or none, for each group of `law`.
  Model(law::Model law, std::vector<std::optional<Correction>> corrections);

  /// The model file: that of the law and the rows that teach the process; some hundred bytes a row.
  std::string to_json() const;
  /// Throws Error for text that is truncated, newer than this program, or of another kind.
  static Model from_json(std::string_view text, const std::string& file);
  static Model from_json(const io::Json& json);

  const law::Model& law() const { return *law_; }

 private:
  Model(std::shared_ptr<const law::Model> law, std::vector<std::optional<Correction>> corrections);

  std::shared_ptr<const law::Model> law_;
};

/// Power times time (discovered::fit_power_time), corrected.
class PowerTime final : public Corrected {
 public:
  /// Requires: one correction, or none, for each group of `formula`.
  PowerTime(std::shared_ptr<const discovered::Model> formula,
            std::vector<std::optional<Correction>> corrections);

  /// As those of Model: the model file of the formula and the rows that teach the process.
  std::string to_json() const;
  static PowerTime from_json(std::string_view text, const std::string& file);
  static PowerTime from_json(const io::Json& json);

  const discovered::Model& formula() const { return *formula_; }

 private:
  std::shared_ptr<const discovered::Model> formula_;
};

}  // namespace energylens::residual
