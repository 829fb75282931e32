// SPDX-License-Identifier: Apache-2.0
// The only file that calls XGBoost's C interface. Handles are owned; every return code is
// checked. A booster configures itself lazily even when it only predicts, so predictions hold a mutex: one
// row takes microseconds and callers that want speed run several boosters. Held by learners_test.cpp.
#include "baseline/booster.hpp"

#include <mutex>
#include <string>

#include "baseline/xgboost.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::baseline {
namespace {

void check(int code) {
  if (code == 0) return;
  const std::string text = xgboost().last_error();
  throw Error(ErrorCode::io, {}, "XGBoost failed: " + text.substr(0, text.find('\n')));
}

/// A matrix of XGBoost's, freed with its owner.
class Matrix {
 public:
  Matrix(std::span<const float> values, std::size_t rows, std::size_t columns) {
    check(xgboost().matrix_create(values.data(), rows, columns, static_cast<float>(kUnknown), &handle_, 1));
  }
  ~Matrix() { xgboost().matrix_free(handle_); }
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;
  DMatrixHandle handle() const { return handle_; }

 private:
  DMatrixHandle handle_ = nullptr;
};

std::vector<float> flatten(const std::vector<std::vector<float>>& rows) {
  std::vector<float> values;
  for (const std::vector<float>& row : rows) values.insert(values.end(), row.begin(), row.end());
  return values;
}

}  // namespace

struct Booster::Impl {
  explicit Impl(const Matrix& matrix) {
    const DMatrixHandle handle = matrix.handle();
    check(xgboost().create(&handle, 1, &booster));
  }
  ~Impl() { xgboost().free(booster); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void set(const char* name, const std::string& value) {
    check(xgboost().set_parameter(booster, name, value.c_str()));
  }

  std::span<const float> predict(const Matrix& matrix) const {
    constexpr const char* kPlainPrediction =
        R"({"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false})";
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* result = nullptr;
    check(xgboost().predict(booster, matrix.handle(), kPlainPrediction, &shape, &dimensions, &result));
    return {result, shape[0]};
  }

  /// One round down the gradient of the pinball loss, which has no curvature: a Hessian of 1 makes each leaf
  /// the mean gradient of its rows.
  void boost_quantile(const Matrix& matrix, const std::vector<float>& targets, double quantile) {
    const std::span<const float> predicted = predict(matrix);
    std::vector<float> gradient, hessian(targets.size(), 1.0F);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      gradient.push_back(static_cast<float>(targets[i] > predicted[i] ? -quantile : 1 - quantile));
    }
    check(xgboost().boost(booster, matrix.handle(), gradient.data(), hessian.data(), targets.size()));
  }

  BoosterHandle booster = nullptr;
  std::mutex mutex;
};

Booster::Booster(const LearningSet& set, const BoosterOptions& options) {
  const Matrix matrix(flatten(set.features), set.features.size(), set.features.front().size());
  check(xgboost().matrix_set_floats(matrix.handle(), "label", set.targets.data(), set.targets.size()));
  impl_ = std::make_unique<Impl>(matrix);
  impl_->set("objective", "reg:squarederror");
  impl_->set("tree_method", "exact");
  impl_->set("nthread", "1");
  impl_->set("verbosity", "0");
  impl_->set("base_score", "0");
  impl_->set("seed", std::to_string(options.seed % 2147483647));
  impl_->set("max_depth", std::to_string(options.max_depth));
  impl_->set("learning_rate", number_text(options.learning_rate));
  impl_->set("min_child_weight", number_text(options.min_child_weight));
  impl_->set("subsample", number_text(options.subsample));
  for (int round = 0; round < options.rounds; ++round) {
    if (known(options.quantile)) {
      impl_->boost_quantile(matrix, set.targets, options.quantile);
    } else {
      check(xgboost().update(impl_->booster, round, matrix.handle()));
    }
  }
}

Booster::~Booster() = default;
Booster::Booster(Booster&&) noexcept = default;
Booster& Booster::operator=(Booster&&) noexcept = default;

float Booster::predict(std::span<const float> features) const {
  const Matrix matrix(features, 1, features.size());
  const std::lock_guard lock(impl_->mutex);
  return impl_->predict(matrix)[0];
}

}  // namespace energylens::baseline
