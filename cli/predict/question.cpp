// SPDX-License-Identifier: Apache-2.0
#include "cli/predict/question.hpp"

#include <algorithm>
#include <array>

#include "energylens/core/error.hpp"

namespace energylens::cli {

table::Layout QuestionFlags::chosen_layout() const {
  const bool by_degrees = tp > 0 || pp > 0 || dp > 0 || ep > 0;
  if (layout.empty() == !by_degrees)
    throw Error::usage("specify the layout with either --layout or --tp, --pp, --dp and --ep");
  if (!by_degrees) return table::parse_layout(layout);
  return {std::max(1, tp), std::max(1, pp), std::max(1, dp), std::max(1, ep)};
}

table::Configuration QuestionFlags::configuration() const {
  if (!known(batch)) throw Error::usage("--batch is required");
  if (!known(request.load.osl)) throw Error::usage("--osl is required");
  request.check();
  table::Configuration config{chosen_layout(), request.load, kv_capacity_tokens};
  config.load.kind = row_kind == "job" ? table::RowKind::job : table::RowKind::steady;
  config.load.batch = batch;
  config.load.max_batch = max_batch;
  return config;
}

bool QuestionFlags::describes_one() const {
  const std::array numbers{batch,
                           max_batch,
                           kv_capacity_tokens,
                           power_limit_w,
                           request.load.isl,
                           request.load.osl,
                           request.load.image_tokens,
                           request.load.cached_tokens,
                           request.load.accepted_per_step};
  return !layout.empty() || tp > 0 || pp > 0 || dp > 0 || ep > 0 || row_kind != "job" ||
         std::ranges::any_of(numbers, [](double value) { return known(value); });
}

AskedModel QuestionFlags::asked() const {
  return asked_model({model, library, where}, library_reading(request.load, row_kind == "job"), system);
}

void QuestionFlags::declare(Arguments& args) {
  constexpr Bounds kDegree{.min = 1, .max = 4096, .whole = true};
  args.positional("MODEL", model, "model file written by fit or discover, or library:MODEL@GPU:QUANT", false);
  args.reads();
  library.declare(args);
  args.text("--layout", layout, "LAYOUT",
            "parallel layout such as tp4pp2; alternatively --tp, --pp, --dp and --ep");
  args.whole("--tp", tp, kDegree, "tensor-parallel degree [1]");
  args.whole("--pp", pp, kDegree, "pipeline-parallel degree [1]");
  args.whole("--dp", dp, kDegree, "data-parallel replicas [1]");
  args.whole("--ep", ep, kDegree, "expert-parallel degree [1]");
  args.number("--batch", batch, kPositive,
              "requests in the job, or in flight if steady, over all replicas (required)");
  request.declare(args);
  args.choice("--row-kind", row_kind, {"job", "steady"},
              "job: the requests start together; steady: the requests are replaced as they finish");
  args.number("--max-batch", max_batch, kCount,
              "server limit on concurrent requests, over all replicas [none]");
  args.number("--kv-capacity-tokens", kv_capacity_tokens, kPositive,
              "KV cache capacity of one replica (tokens) [from the model file]");
  args.number("--power-limit-w", power_limit_w, kPositive,
              "power limit of each GPU (W) [that of the training rows]");
  args.number("--clock-share", clock_share, {.min = 0, .min_allowed = false, .max = 1},
              "clock of each GPU, as a share of that of the training rows [1]");
  system.declare_context(args);
  args.repeated("--where", where, "COL=VALUE",
                "group to use, such as quant=fp8, if the model file contains several; may be repeated");
}

}  // namespace energylens::cli
