// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "cli/arguments.hpp"
#include "cli/asked_model.hpp"
#include "cli/flags.hpp"
#include "energylens/library/library.hpp"

namespace energylens::cli {

/// A system with its published figures.
struct AskedSystem {
  library::System system;
  table::GroupIdentity identity;
  predictor::Facts facts;
  hardware::Catalogue catalogue;
};

/// A system of the library in place of a model file: --model, --gpu, --quant and --engine, or an address.
struct SystemChoice {
  std::string model, gpu, quant, engine;

  void declare(Arguments& args);
  bool given() const { return !(model.empty() && gpu.empty() && quant.empty() && engine.empty()); }
  /// The system that the address or, if it is blank, the options name. Throws Error (usage) if both or neither do.
  library::System chosen(const std::string& address) const;
  /// The same with figures from the catalogue, the options of `system`, or the file that --model names. Throws Error
  /// (usage) for a model or a GPU without the figures that a prior needs.
  AskedSystem resolved(const std::string& address, const SystemFlags& system) const;
};

/// What may be asked: a model file, an address of the library, or a system by its names.
struct ModelChoice {
  const std::string& file;  ///< model file or address; "" if the system is named by options
  const SystemChoice& system;
  const std::vector<std::string>& where;
};

/// How the library is asked for a request without or with input tokens, in a job or on a server.
library::Reading library_reading(const table::Load& request, bool job);

/// Reads the model file, or takes the law from the library. Throws Error (usage) if both or neither is named.
AskedModel asked_model(const ModelChoice& choice, library::Reading reading, const SystemFlags& flags);

/// The fitted law of the system if the library has one that answers the question, else the prior from other groups.
AskedModel library_model(const AskedSystem& asked, library::Reading reading, const SystemFlags& system,
                         const std::string& address);

}  // namespace energylens::cli
