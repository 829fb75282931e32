// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "campaign/serving/context.hpp"
#include "energylens/core/parallel.hpp"
#include "energylens/io/json.hpp"

namespace energylens::campaign {

/// Requests of equal length.
struct Job {
  int batch = 1;     ///< requests in flight
  int requests = 1;  ///< total number; equals `batch` where all start together
  int isl = 1, osl = 1, image_tokens = 0;
  std::uint64_t seed = 0;  ///< of the prompts: two jobs with one seed send the same prompts
};

/// One request that was answered. Times are of the steady clock, s.
struct Answer {
  double begin_s = kUnknown, first_s = kUnknown, end_s = kUnknown;
  double output_tokens = kUnknown;
};

/// Times and token counts of a job.
struct JobResult {
  double begin_s = kUnknown, end_s = kUnknown;
  double first_s = kUnknown;                    ///< when the last of the first tokens arrived
  double ttft_s = kUnknown, tpot_s = kUnknown;  ///< means over requests
  double prompt_tokens = kUnknown;              ///< of one request, as counted by the server
  double image_tokens = kUnknown;               ///< how many of them come from images
  std::vector<Answer> answers;                  ///< may be empty where requests are not distinguished
  std::string problem;                          ///< why it is not valid; empty if it is
  double seconds() const { return end_s - begin_s; }
};

/// One running deployment. Made and used by one thread.
class Driver {
 public:
  virtual ~Driver() = default;
  virtual JobResult run(const Job& job) = 0;
  virtual bool alive() = 0;
  /// How it ended, for a message. Requires: not alive.
  virtual std::string end_text() = 0;
  virtual bool simulated() const = 0;  ///< it reports that it is a simulation
  /// What it reports about itself: versions and the like.
  virtual io::Json about() const = 0;
  /// Tokens that the KV cache of one replica holds, as reported; unknown if it is not.
  virtual double kv_capacity_tokens() = 0;
};

/// Starts the deployment and waits until it is ready. Throws Error (io) with the reason if it does not start,
/// Error (cancelled).
std::unique_ptr<Driver> start_http(const Context& context, const Deployment& deployment);
std::unique_ptr<Driver> start_exec(const Context& context, const Deployment& deployment);

}  // namespace energylens::campaign
