// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <vector>

#include "calculation/calculation.hpp"

namespace energylens::calculation {

/// Appends steps that are written as text.
class StepList {
 public:
  explicit StepList(Calculation& out);

  void add(std::string name, std::string meaning, const std::string& value);
  void add(std::string name, std::string meaning, expr::Expr value);
  void add_if(std::string name, std::string meaning, Condition when, const std::string& value,
              const std::string& otherwise);
  void add_if(std::string name, std::string meaning, Condition when, expr::Expr value, expr::Expr otherwise);

  expr::Expr parsed(const std::string& text) const;
  Condition positive(const std::string& text) const { return {Condition::Kind::positive, parsed(text)}; }
  Condition not_negative(const std::string& text) const {
    return {Condition::Kind::not_negative, parsed(text)};
  }
  Condition stated(const std::string& input) const { return {Condition::Kind::stated, parsed(input)}; }

 private:
  Calculation& out_;
};

/// KV tokens of a replica where nothing limits them: finite, so that 0 waves of them are 0 requests.
inline constexpr double kUnlimitedTokens = 1e18;

/// The step `capacity`: KV tokens of one replica, as predictor::resolve_kv_capacity decides.
void add_capacity(const parametric::Model& model, std::size_t group, StepList& steps);
/// The steps of predictor::waves: `wave_limit`, then `count_W` and `size_W` of waves W = 1 to the number returned.
int add_waves(predictor::Metric metric, StepList& steps);

}  // namespace energylens::calculation
