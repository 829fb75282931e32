// SPDX-License-Identifier: Apache-2.0
// formulas.cpp: what can be corrected: the law, and formulas of discovery. Held by fit_test.cpp.
#include "residual/formulas.hpp"

#include "energylens/parametric/one_wave.hpp"

namespace energylens::residual {
namespace {

template <class Fit>
std::optional<Doubt> doubt_of(const std::optional<Fit>& energy) {
  if (!energy) return std::nullopt;
  return Doubt{energy->covariance, energy->degrees_of_freedom, energy->effective_parameters};
}

class OfLaw final : public Formula {
 public:
  explicit OfLaw(std::shared_ptr<const law::Model> law) : law_(std::move(law)) {}
  const predictor::Predictor& predictor() const override { return *law_; }
  std::optional<predictor::Anatomy> anatomy(std::size_t group,
                                            const table::Configuration& config) const override {
    return law::anatomy(law_->laws()[group], config, true);
  }
  std::optional<Doubt> doubt(std::size_t group) const override {
    return doubt_of(law_->laws()[group].energy);
  }

 private:
  std::shared_ptr<const law::Model> law_;
};

class OfDiscovered final : public Formula {
 public:
  explicit OfDiscovered(std::shared_ptr<const discovered::Model> found) : found_(std::move(found)) {}
  const predictor::Predictor& predictor() const override { return *found_; }
  std::optional<predictor::Anatomy> anatomy(std::size_t group,
                                            const table::Configuration& config) const override {
    return found_->anatomy(group, config);
  }
  std::optional<Doubt> doubt(std::size_t group) const override {
    return doubt_of(found_->content().groups[group].energy);
  }

 private:
  std::shared_ptr<const discovered::Model> found_;
};

}  // namespace

std::shared_ptr<const Formula> formula_of(std::shared_ptr<const law::Model> law) {
  return std::make_shared<OfLaw>(std::move(law));
}

std::shared_ptr<const Formula> formula_of(std::shared_ptr<const discovered::Model> found) {
  return std::make_shared<OfDiscovered>(std::move(found));
}

}  // namespace energylens::residual
