// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/io/json.hpp"
#include "energylens/parametric/law_model.hpp"
#include "energylens/parametric/transfer.hpp"

/// Fitted laws of public measurements, for systems of which nobody measured a row: docs/guide/library.md.
namespace energylens::library {

/// A set of measurements that laws were fitted to.
struct DataSet {
  std::string name, tier, licence, origin;  ///< tier A: measured with care; B: a prior only
  std::string data_hash;                    ///< of its rows, as in model files
};

/// A language model on a GPU in a quantisation, as people name it. Blank parts are not stated.
struct System {
  std::string model, gpu, quant, engine;

  /// "library:llama-3.1-70b@h100-80gb-sxm:fp8"
  std::string address() const;
  /// The columns that distinguish groups.
  table::GroupIdentity identity() const;
};

/// Whether a text names a system of the library instead of a file.
bool is_address(std::string_view text);
/// Reads "library:MODEL@GPU" or "library:MODEL@GPU:QUANT". Throws Error (usage) for other text.
System parse_address(const std::string& text);

/// What rows of a group mean. A prior comes from groups that are read alike.
enum class Reading {
  job,         ///< requests that start together; isl is known
  server,      ///< continuous batching; isl is known
  no_lengths,  ///< isl is unknown
};
Reading reading_of(const predictor::GroupContext& context);
std::string_view reading_text(Reading reading);

/// How wrong the prior was on a group when it was made without all groups of its model, its GPU or its vendor, and
/// without a row of it: the median relative error of its energies. Unknown where nothing was left to learn from.
struct HeldOut {
  double model = kUnknown, gpu = kUnknown, vendor = kUnknown;
};

/// One fitted group.
struct Entry {
  System system;
  std::size_t data_set = 0;
  double assumed_isl = kUnknown;  ///< of a copy whose rows state no isl; it serves as a prior only
  HeldOut held_out;
  parametric::GroupLaw law;
};

/// An entry and how near it is to a system: 0 for nothing in common, 1 for the same.
struct Neighbour {
  std::size_t entry = 0;
  double likeness = 0;
};

/// What a prior is asked for.
struct PriorQuestion {
  const table::Group* group = nullptr;  ///< the target, with its measured rows or none
  predictor::Facts facts;
  Reading reading = Reading::server;  ///< of a target without rows; otherwise the rows decide
  /// Entries that may be used; nothing: all of them.
  std::function<bool(const Entry&)> allowed;
  parametric::Relation relation = parametric::Relation::population;
};

/// Immutable; safe from any thread.
class Library {
 public:
  /// The library that the program ships.
  static const Library& builtin();
  /// Throws Error with its place for a file of another kind or version.
  static Library from_json(const io::Json& json);

  const std::vector<DataSet>& data() const { return data_; }
  const std::vector<Entry>& entries() const { return entries_; }
  const std::string& hash() const { return hash_; }  ///< FNV-1a of its text; "" if it was not read from text
  static Library from_text(std::string_view text, const std::string& file);

  /// Entries of exactly this system that were measured as they are read, those with most rows first. Blank quantisation and
  /// engine match any.
  std::vector<std::size_t> matching(const System& system, Reading reading) const;
  /// All entries that are read like this, nearest first.
  std::vector<Neighbour> nearest(const table::GroupIdentity& identity, const predictor::Facts& facts,
                                 Reading reading) const;
  /// A fitted law of the library as a model of one group.
  parametric::LawModel model_of(std::size_t entry) const;
  /// The law of a group from its rows and what the library knows: docs/method/transfer.md (18). Throws Error (bad input)
  /// if no entry can be a source.
  parametric::LawModel prior(const PriorQuestion& question, const predictor::FitOptions& options) const;

  /// Every group fitted to its rows with the library as its prior, as one model. Throws as `prior` does.
  parametric::LawModel fit(const predictor::TrainingData& data, const predictor::FitOptions& options) const;
  /// The entries that a prior for the target would come from, nearest first; those of energies.
  std::vector<Neighbour> sources(const PriorQuestion& question, const predictor::FitOptions& options) const;

 private:
  std::vector<Neighbour> sources_of(const PriorQuestion& question, Reading reading,
                                    predictor::Metric metric) const;
  std::vector<DataSet> data_;
  std::vector<Entry> entries_;
  std::string hash_;
};

}  // namespace energylens::library
