// SPDX-License-Identifier: Apache-2.0
// energylens-recovery: how often the search finds formulas that are known.
#include <algorithm>
#include <exception>
#include <optional>

#include "cli/console.hpp"
#include "cli/help/text.hpp"
#include "cli/verb.hpp"
#include "core/named_table.hpp"
#include "energylens/core/error.hpp"
#include "recovery/report.hpp"

namespace energylens::recovery {
namespace {

struct Options {
  std::string suite = "feynman", units = "on", format = "json", clock = "wall";
  std::vector<std::string> problems;
  double noise = kUnknown, rows = kUnknown;
  double seconds = 60;
  int seeds = 1, threads = 2, first_seed = 0;
  bool quiet = false;
};

void declare(cli::Arguments& args, Options& o) {
  args.choice("--suite", o.suite, {"feynman", "nguyen", "strogatz", "empirical", "energy"},
              "formulas to look for");
  args.words("--problems", o.problems, "NAME,...", "only these of the suite");
  args.number("--noise", o.noise, {.min = 0, .max = 1},
              "standard deviation, as a share of the target's; default: what the suite asks for");
  args.number("--seconds", o.seconds, cli::kPositive, "limit of time of each search");
  args.whole("--seeds", o.seeds, cli::kCount, "samples of each formula, each with its own search");
  args.whole("--first-seed", o.first_seed, cli::kCountOrZero, "seed of the first of them");
  args.choice("--units", o.units, {"on", "off"}, "whether the search knows units");
  args.choice("--clock", o.clock, {"wall", "processor"},
              "what seconds are: of the wall, or of the processor by thread");
  args.whole("--threads", o.threads, cli::kCountOrZero, "of a search; 0: all cores");
  args.number("--rows", o.rows, {.min = 10, .max = 1e6, .whole = true},
              "instead of those of the suite, all groups together");
  args.choice("--format", o.format, {"json", "table"}, "what to print");
  args.flag("-q,--quiet", o.quiet, "no progress");
  args.example(
      "energylens-recovery --suite feynman --noise 0.01 --seconds 20 --units off --problems I.9.18,II.35.21");
}

std::vector<Known> chosen(const Options& o) {
  std::vector<Known> all = find_suite(o.suite).problems();
  if (energylens::known(o.rows)) {
    for (Known& k : all) k.rows = static_cast<std::size_t>(o.rows);
  }
  if (o.problems.empty()) return all;
  std::vector<Known> out;
  for (const std::string& name : o.problems) {
    const bool again = std::ranges::any_of(out, [&](const Known& one) { return one.name == name; });
    if (again) throw Error::usage("--problems names " + name + " twice");
    out.push_back(find_named(all, name, "problem of the suite"));
  }
  return out;
}

int run(const Options& o) {
  AttemptOptions how;
  how.seconds = o.seconds;
  how.noise = o.noise;
  how.units = o.units == "on";
  how.threads = o.threads;
  how.processor_time = o.clock == "processor";
  how.cancel = &cli::interrupted();
  const std::vector<Known> problems = chosen(o);
  SymPyJudge judge;
  std::vector<Outcome> outcomes;
  const auto line = cli::status_line(o.quiet);
  for (const Known& problem : problems) {
    for (int s = 0; s < o.seeds && !cli::interrupted().cancelled(); ++s) {
      if (line) line(problem.name + ": " + summary(outcomes));
      how.seed = static_cast<std::uint64_t>(o.first_seed + s);
      Outcome outcome = attempt(problem, how, judge);
      if (!cli::interrupted().cancelled()) outcomes.push_back(std::move(outcome));
    }
  }
  if (line) line("");
  cli::print(o.format == "json" ? outcome_json(o.suite, how, outcomes)
                                : outcome_table(outcomes) + '\n' + summary(outcomes) + '\n');
  return cli::interrupted().cancelled() ? cli::kInterrupted : cli::kOk;
}

int program(std::span<const std::string> words) {
  Options options;
  cli::Arguments args("energylens-recovery",
                      "Look for known formulas in samples of them and tell which are found again.");
  declare(args, options);
  if (!args.parse(words)) {
    cli::print(cli::help_text(args.info()));
    return cli::kOk;
  }
  return run(options);
}

}  // namespace
}  // namespace energylens::recovery

int main(int argc, char** argv) {
  using namespace energylens;
  cli::install_signal_handlers();
  try {
    return recovery::program(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const Error& error) {
    cli::note(cli::interrupted().cancelled() ? "stopped" : error.what());
    return cli::interrupted().cancelled() ? cli::kInterrupted : cli::exit_code(error.code());
  } catch (const std::exception& error) {
    cli::note("energylens-recovery: " + std::string(error.what()));
    return cli::kFailure;
  }
}
