// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "energylens/core/parallel.hpp"
#include "energylens/hardware/catalogue.hpp"
#include "energylens/table/row.hpp"
#include "energylens/table/table.hpp"

namespace energylens::simulate {

/// A simulated campaign: every layout under every combination of batch, isl and osl.
/// The engine that simulated rows name, and whose rule of KV capacity they follow (predictor::engine_memory).
inline constexpr std::string_view kEngine = "energylens-simulate";

/// All members change the answer.
struct Options {
  std::string model = "Llama-3.1-70B";  ///< a name of the catalogue
  std::string gpu = "H100-80GB-SXM";    ///< a name of the catalogue
  std::string quant = "fp16";           ///< a label known to hardware::bytes_per_weight
  std::string kv_dtype;                 ///< blank: the default of hardware::bytes_per_kv_element
  int total_gpus = 8;                   ///< GPUs with one link between any two of them; >= 1
  /// Blank: all powers of two tp, pp (and dp with `replicas`) of at most total_gpus GPUs that hold the model.
  /// A layout listed here is refused if it does not hold the model. Expert parallelism is not simulated: ep is 1.
  std::vector<table::Layout> layouts;
  bool replicas = false;

  /// `job`: `batches` requests start together. `steady`: `batches` are the limits of the server (max_batch), the
  /// queue is never empty, and the column batch is the mean number in flight.
  table::RowKind kind = table::RowKind::job;
  std::vector<double> batches{1, 4, 16, 64, 256};  ///< whole numbers >= 1
  std::vector<double> isls{512};                   ///< tokens, whole, >= 1
  std::vector<double> osls{256};                   ///< tokens, whole, >= 1; >= 2 if steady
  double image_tokens = 0;          ///< of each isl, from images; needs a model with a known image encoder
  double cached_tokens = 0;         ///< of each isl, found in the prefix cache; less than every isl
  double power_limit_w = kUnknown;  ///< W per GPU; unknown: the TDP
  double gpu_memory_utilization = kUnknown;  ///< share of memory that the engine uses; unknown: 0.9

  double noise =
      0;  ///< standard deviation of ln(value) of every measured phase, energy and time alike; 0 to 1
  int repeats = 1;                      ///< rows per configuration, which differ by noise only; >= 1
  std::uint64_t seed = 0;               ///< of the noise
  const CancelToken* cancel = nullptr;  ///< stops the work: Error (cancelled)

  /// Throws Error (usage) naming every bad member at once.
  void validate() const;
};

/// The rows of the campaign as a measurement table in CSV, in the order layout, isl, osl, batch, repeat;
/// every row has simulated=1 and engine=energylens-simulate. Layouts whose KV cache does not hold one request
/// are left out, like a measurement that is impossible. Same options, same bytes.
///
/// Time and energy are built bottom-up from layers: operations and bytes against the GPU's rates, messages
/// against its link, waiting against its idle power (src/simulate/phases.cpp has the physics and its
/// constants). Throws Error (usage) for bad options, an unknown model, GPU or label, a figure that the catalogue
/// lacks, a power limit too low for any work, and a layout that does not hold the model; Error (bad input) if no
/// row is left.
std::string simulate_csv(const Options& options,
                         const hardware::Catalogue& catalogue = hardware::Catalogue::builtin());

/// The same as a table.
table::Table simulate(const Options& options,
                      const hardware::Catalogue& catalogue = hardware::Catalogue::builtin());

}  // namespace energylens::simulate
