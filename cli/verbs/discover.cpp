// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <system_error>

#include "../console.hpp"
#include "../flags.hpp"
#include "../output.hpp"
#include "../verb.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/file.hpp"
#include "energylens/core/rounded_text.hpp"
#include "energylens/discovered/fit.hpp"
#include "energylens/search/measurements.hpp"
#include "energylens/search/search.hpp"

namespace energylens::cli {
namespace {

struct Options {
  DataFlags data;
  SystemFlags system;
  RunFlags run;
  std::string target = "energy", form, operators, checkpoint, output, with, format = "table";
  std::vector<std::string> guesses;
  double time_limit_s = kUnknown, evaluations = kUnknown, max_complexity = 40;
  std::uint64_t seed = 0;
  bool resume = false;
};

/// "12,300 formulas, 2,100/s, 45 s left; 5: 31 %, 9: 12 %, 21: 4.4 %": complexities and errors of the front.
std::string status_text(const search::Status& status) {
  constexpr std::size_t kMost = 6;
  std::string text = rounded_text(static_cast<double>(status.evaluations), 12) + " formulas, " +
                     rounded_text(status.formulas_per_s) + "/s";
  if (std::isfinite(status.seconds_left))
    text += ", " + rounded_text(std::max(0.0, status.seconds_left)) + " s left";
  const std::size_t count = status.best.size();
  for (std::size_t i = count > kMost ? count - kMost : 0; i < count; ++i) {
    const search::Status::Best& best = status.best[i];
    text += (i == 0 || i + kMost == count ? "; " : ", ") + rounded_text(best.complexity) + ": " +
            rounded_text(100 * std::sqrt(best.loss)) + " %";
  }
  return text;
}

search::Options search_options(const search::Measurements& data, const Options& options) {
  search::Options out = search::measurement_options(data, options.target == "energy");
  if (!options.operators.empty()) out.operators = search::parse_operators(options.operators);
  out.guesses = options.guesses;
  out.max_complexity = options.max_complexity;
  out.evaluations = known(options.evaluations) ? static_cast<std::uint64_t>(options.evaluations) : 0;
  out.seed = options.seed;
  constexpr double kDefaultLimit = 60;
  const double unlimited = std::numeric_limits<double>::infinity();
  const double unset = out.evaluations > 0 ? unlimited : kDefaultLimit;
  out.time_limit_s = known(options.time_limit_s) ? options.time_limit_s : unset;
  out.checkpoint = options.checkpoint;
  out.resume = options.resume;
  out.threads = options.run.threads;
  out.cancel = &interrupted();
  if (const auto line = status_line(options.run.quiet)) {
    out.watch = [line](const search::Status& status) { line(status_text(status)); };
  }
  return out;
}

std::string front_table(const search::Front& front) {
  TextTable table("lrrrl", {"pick", "complexity", "error", "score", "formula"});
  for (const search::Formula& f : front.formulas) {
    table.add({f.chosen ? ">>>>" : "", rounded_text(f.complexity),
               rounded_text(100 * std::sqrt(f.loss)) + " %", rounded_text(f.score), f.text()});
  }
  return table.text();
}

std::string report(const search::Front& front, const search::Problem& problem, const std::string& format) {
  if (format == "json") return front_json(front, problem);
  return format == "csv" ? hall_of_fame_csv(front) : front_table(front);
}

/// Makes sure that the folder can be written to before a long search, and leaves no empty one after a
/// refusal.
search::Front search_into(const std::string& folder, const search::Problem& problem,
                          const search::Options& options) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw Error::cannot_write(folder, failure.message());
  try {
    return search::search(problem, options);
  } catch (const Error&) {
    std::filesystem::remove(folder, failure);  // only if it is empty
    throw;
  }
}

discovered::Model model_of(const search::Front& front, const search::Measurements& data,
                           const Options& options, const hardware::Catalogue& catalogue) {
  model::FitOptions fit;
  fit.kv_capacity_tokens = options.system.kv_capacity_tokens;
  fit.catalogue = &catalogue;
  fit.seed = options.seed;
  discovered::Model model = discovered::from_front(front, data, options.target == "energy", fit);
  if (options.with.empty()) return model;
  return discovered::joined(model, discovered::Model::from_json(read_file(options.with), options.with));
}

int discover(const Options& options) {
  const std::vector<table::Group> groups = options.data.read_groups();
  const hardware::Catalogue catalogue = options.system.open();
  const search::Measurements data = search::measurements(
      groups, {options.target == "energy", options.form, options.system.kv_capacity_tokens, &catalogue});
  warn(data.warnings);
  const search::Front front = search_into(options.output, data.problem, search_options(data, options));
  if (const auto line = status_line(options.run.quiet)) line("");
  write_file(options.output + "/hall_of_fame.csv", hall_of_fame_csv(front));
  write_file(options.output + "/front.json", front_json(front, data.problem));
  write_file(options.output + "/model.json", model_of(front, data, options, catalogue).to_json());
  print(report(front, data.problem, options.format));
  return kOk;
}

}  // namespace

Run discover_verb(Arguments& args) {
  const auto options = std::make_shared<Options>();
  options->data.declare(args);
  args.text("-o,--output", options->output, "DIR", "folder for hall_of_fame.csv, front.json and model.json");
  declare_format(args, options->format);
  args.choice("--target", options->target, {"energy", "time"}, "what to find a formula of");
  args.text("--template", options->form, "FORM",
            "what is given: \"prefill(batch, isl, tp) + osl*decode(batch, tp, L)\"");
  args.text("--operators", options->operators, "OP:PRICE,...",
            "such as +,*,/,^,exp:3; what is not named is not used");
  args.repeated("--guess", options->guesses, "FORMULA",
                "begin with it; numbers and unknown names are fitted");
  args.text("--with", options->with, "MODEL",
            "model file of the other target, to be held by the new one too: energy and time");
  args.number("--max-complexity", options->max_complexity, {.min = 1, .max = 1000},
              "sum of prices; columns and constants cost 1");
  args.number("--time-limit", options->time_limit_s, kPositive, "seconds; 60 unless --evaluations is given");
  args.number("--evaluations", options->evaluations, {.min = 1, .max = 1e15, .whole = true},
              "stop after about N fitted formulas");
  args.seed("--seed", options->seed, "of every random number");
  args.text("--checkpoint", options->checkpoint, "DIR", "keep the state of the search there");
  args.flag("--resume", options->resume, "go on from the checkpoint, if there is one");
  options->system.declare_catalogue(args);
  options->run.declare(args);
  args.example("energylens discover measurements.csv --time-limit 300 --checkpoint state -o found");
  return [options] {
    if (options->output.empty()) throw Error::usage("discover needs -o, the folder to write to");
    return discover(*options);
  };
}

}  // namespace energylens::cli
