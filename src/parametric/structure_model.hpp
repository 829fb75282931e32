// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "energylens/parametric/model.hpp"
#include "energylens/predictor/structure.hpp"

namespace energylens::parametric {

/// The search that found a structure, and the rows on which the formula was chosen.
struct Provenance {
  std::string problem;  ///< fingerprint of the data of the search
  std::string ended;    ///< reason for the end of the search
  std::vector<std::string> groups;
  std::size_t rows = 0;
  std::uint64_t evaluations = 0, seed = 0;
  double complexity = kUnknown, loss = kUnknown, cv_mape = kUnknown;
};

/// The constants of one structure as fitted to one group.
struct StructureFit : TargetFit {
  std::vector<double> constants;  ///< by constant of the structure; the covariance is of ln(logarithmic ones)
};

/// One group of the model.
struct GroupStructure : predictor::GroupContext {
  std::optional<StructureFit> energy, time;
};

/// The content of a StructureModel and of its file. The effective parameters are those of the energy, or of the time if
/// there is no energy.
struct StructureContent : FitRecord {
  predictor::Structures structures;
  std::optional<Provenance> energy_search, time_search;  ///< none: not from a search of the user
  std::vector<GroupStructure> groups;
};

/// A formula that was found by search or written down, with fitted constants. Prefill is known if the form of the search
/// has a part of that name.
class StructureModel final : public Model {
 public:
  explicit StructureModel(StructureContent content);

  std::string_view kind() const override { return "discovered"; }
  bool states(std::size_t group, predictor::Quantity quantity) const override;

  const FitRecord& record() const override { return content_; }
  const predictor::GroupContext& context(std::size_t group) const override { return content_.groups[group]; }
  const StructureFit* fit(std::size_t group, Metric metric) const override;
  std::vector<FittedParameter> parameters(std::size_t group, Metric metric) const override;
  expr::Expr formula(std::size_t group, Metric metric) const override;
  std::optional<predictor::Breakdown> breakdown(std::size_t group,
                                                const table::Configuration& config) const override;

  const StructureContent& content() const { return content_; }
  /// Whether energy and time share one set of constants (power times time).
  bool joint() const;

  io::Json json() const override;
  /// Throws Error for text that is truncated, newer than this program, or of another kind.
  static StructureModel from_json(std::string_view text, const std::string& file);
  static StructureModel from_json(const io::Json& json);

 private:
  predictor::GroupContext& mutable_context(std::size_t group) override { return content_.groups[group]; }
  struct Compiled;  // the formulas as programs

  const predictor::Structure& structure(Metric metric) const;
  void predict_metrics(std::size_t group, const table::Configuration& config,
                       predictor::Prediction& out) const override;
  Energies energies_of(std::size_t group, std::span<const table::Configuration> configs) const override;
  std::vector<double> energy_coordinates(std::size_t group) const override;

  StructureContent content_;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace energylens::parametric
