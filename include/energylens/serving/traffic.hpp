// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::serving {

/// One request of a stream: when it arrives, and its tokens.
struct Request {
  double arrival_s = 0;
  std::int32_t prompt = 1;  ///< input tokens
  std::int32_t output = 1;  ///< output tokens, the first of which comes from prefill
  std::int32_t cached = 0;  ///< input tokens that the prefix cache holds, part of `prompt`
};

/// A stream of requests in the order of their arrivals, read once.
class Traffic {
 public:
  virtual ~Traffic() = default;
  /// The next request; false at the end. Throws Error where the stream comes from a file that is wrong.
  virtual bool next(Request& request) = 0;
};

/// How requests arrive. `closed`: each of `clients` sends the next request when the last is answered.
enum class ArrivalKind { poisson, gamma, even, closed };

struct Arrivals {
  ArrivalKind kind = ArrivalKind::poisson;
  double rate_rps = kUnknown;  ///< mean requests per second; not of `closed`
  double cv = 1;    ///< `gamma`: coefficient of variation of the gaps; 1 = Poisson, above 1 = bursts
  int clients = 0;  ///< `closed`
};

/// "poisson", "even", "gamma:2"; throws Error (usage) for other text. The rate stays unknown.
Arrivals parse_arrivals(std::string_view text);
/// The inverse of parse_arrivals.
std::string arrivals_text(const Arrivals& arrivals);

/// The arrivals at one of `replicas` that round-robin routing serves in turn: every `replicas`-th of the stream. Exact for
/// independent gaps, since the sum of d gamma gaps is one gamma gap whose variation is smaller by sqrt(d).
Arrivals every_nth(const Arrivals& arrivals, int replicas);

/// How one number of tokens varies between requests: constant where `cv` is 0, else log-normal.
struct TokenLength {
  double mean = 1;
  double cv = 0;
};

/// Tokens of one request.
struct Tokens {
  std::int32_t prompt = 1, output = 1, cached = 0;
};

/// The lengths of requests: drawn from `observed` where that is not empty, each as it is, else input and output
/// independently.
struct Lengths {
  TokenLength prompt, output;
  double cached_share = 0;  ///< of the prompt that the prefix cache holds
  std::vector<Tokens> observed;
  std::int32_t most_tokens = 0;  ///< input and output together; longer draws are cut; 0: no limit

  /// Throws Error (usage) naming the first invalid member.
  void validate() const;
};

/// A synthetic stream of `requests` requests.
struct TrafficPlan {
  Arrivals arrivals;
  Lengths lengths;
  std::size_t requests = 0;
  std::uint64_t seed = 0;
  /// From 0 to 1: the quantile of the time that all arrivals take together. Streams at evenly spread quantiles represent
  /// the average stream with fewer draws, because busy and quiet periods occur in their right shares. Unknown: random.
  double duration_quantile = kUnknown;

  void validate() const;
};

/// The stream of a plan; the same for the same seed. Arrivals of `closed` are all at 0: the simulator delays them.
std::unique_ptr<Traffic> synthetic_traffic(const TrafficPlan& plan);

}  // namespace energylens::serving
