// SPDX-License-Identifier: Apache-2.0
#include "energylens/simulate/simulate.hpp"

#include <memory>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"

namespace energylens::cli {
namespace {

struct SimulateOptions {
  simulate::Options simulate;
  SystemFlags system;
  std::vector<std::string> layouts;
  std::string row_kind = "job", output = "-";
};

int simulate_rows(const SimulateOptions& options) {
  simulate::Options settings = options.simulate;
  for (const std::string& layout : options.layouts) settings.layouts.push_back(table::parse_layout(layout));
  settings.cancel = &interrupted();
  settings.kind = options.row_kind == "job" ? table::RowKind::job : table::RowKind::steady;
  write_file(options.output, simulate::simulate_csv(settings, options.system.open()));
  return kOk;
}

void declare_machine(Arguments& args, SimulateOptions& options) {
  simulate::Options& s = options.simulate;
  args.text("--model", s.model, "NAME", "model name in the catalogue");
  args.text("--gpu", s.gpu, "NAME", "GPU name in the catalogue");
  args.text("--quant", s.quant, "LABEL", "quantisation of the weights");
  args.text("--kv-dtype", s.kv_dtype, "LABEL",
            "data type of the KV cache [that in --quant, if any, else 16 bit]");
  args.whole("--total-gpus", s.total_gpus, {.min = 1, .max = 4096, .whole = true},
             "number of GPUs available");
  args.words("--layouts", options.layouts, "L,L,...", "parallel layouts such as tp8,tp4pp2 [all that fit]");
  args.flag("--replicas", s.replicas, "include data-parallel layouts");
  args.number("--power-limit-w", s.power_limit_w, kPositive, "power limit of one GPU (W) [its TDP]");
  declare_memory_utilization(args, s.gpu_memory_utilization);
  args.text("--catalogue", options.system.catalogue_file, "FILE",
            "file with additional GPUs and models (JSON)");
  args.reads();
}

}  // namespace

Run simulate_verb(Arguments& args) {
  const auto options = std::make_shared<SimulateOptions>();
  simulate::Options& s = options->simulate;
  declare_machine(args, *options);
  args.choice("--row-kind", options->row_kind, {"job", "steady"},
              "job: the requests start together; steady: the server is kept full");
  args.numbers("--batch", s.batches, kCount, "requests per job, or server limits on concurrent requests");
  args.numbers("--isl", s.isls, kCount, "input tokens per request");
  args.numbers("--osl", s.osls, kCount, "output tokens per request");
  args.number("--image-tokens", s.image_tokens, kCountOrZero, "input tokens that come from images");
  args.number("--cached-tokens", s.cached_tokens, kCountOrZero,
              "input tokens that are already in the prefix cache");
  args.number("--noise", s.noise, {.min = 0, .max = 1}, "relative standard deviation of the noise");
  args.whole("--repeats", s.repeats, {.min = 1, .max = 10000, .whole = true},
             "number of rows per configuration");
  args.seed("--seed", s.seed, "random seed for the noise");
  args.text("-o,--output", options->output, "DATA", "table to write; - writes to standard output");
  args.writes();
  args.example(
      "energylens simulate --gpu H100-80GB-SXM --batch 1,8,64 --isl 128,2048 --osl 256 --noise 0.02 -o "
      "sim.csv");
  return [options] { return simulate_rows(*options); };
}

}  // namespace energylens::cli
