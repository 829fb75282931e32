// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/library/file.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/library/evaluate.hpp"

namespace energylens::cli {
namespace {

struct LibraryEvaluateOptions {
  DataFlags data;
  std::string library, relation = "population", format = "table";
  std::vector<double> train{0, 5, 10};
  library::EvaluateOptions evaluate;
  RunFlags run;
};

io::Json summary_json(const library::Summary& one) {
  return io::Json::object({{"left_out", library::left_out_text(one.left_out)},
                           {"training_rows", one.train},
                           {"groups", one.groups},
                           {"test_rows", one.rows},
                           {"median_error", one.median_error},
                           {"median_of_group_medians", one.median_of_groups},
                           {"coverage_90", one.coverage},
                           {"scenarios", one.scenarios},
                           {"top1", one.top1},
                           {"regret", one.regret}});
}

/// One line for each group: what makes the figures of `library show`.
io::Json group_scores_json(const std::vector<library::GroupScore>& scores,
                           const std::vector<table::Group>& groups) {
  io::Json out = io::Json::array();
  for (const library::GroupScore& score : scores) {
    const std::vector<library::Summary> summary = library::summarise(std::span(&score, 1));
    if (summary.empty() || summary.front().groups == 0) continue;
    io::Json one = summary_json(summary.front());
    one["group"] = identity_json(groups[score.group].identity);
    out.push_back(std::move(one));
  }
  return out;
}

std::string evaluation_text(const std::vector<library::Summary>& all) {
  TextTable text("lrrrrrrrr", {"left out", "rows", "groups", "tested", "median error", "of groups",
                               "coverage", "Top-1", "regret"});
  for (const library::Summary& one : all) {
    text.add({std::string(library::left_out_text(one.left_out)), std::to_string(one.train),
              std::to_string(one.groups), std::to_string(one.rows), percent_text(one.median_error, 3),
              percent_text(one.median_of_groups, 3), percent_text(one.coverage, 3), percent_text(one.top1, 3),
              percent_text(one.regret, 2)});
  }
  return text.text();
}

int evaluate_library(const LibraryEvaluateOptions& options) {
  const library::Library read = library_of(options.library);
  const std::vector<table::Group> groups = options.data.read_groups();
  library::EvaluateOptions settings = options.evaluate;
  settings.train.clear();
  for (const double count : options.train) settings.train.push_back(static_cast<std::size_t>(count));
  settings.relation =
      options.relation == "pairs" ? parametric::Relation::pairs : parametric::Relation::population;
  settings.fit.run = options.run.options("library evaluate");
  const std::vector<library::GroupScore> scores = library::evaluate(read, groups, settings);
  if (interrupted().cancelled()) throw Error::cancelled();
  const std::vector<library::Summary> summaries = library::summarise(scores);
  io::Json rows = io::Json::array();
  for (const library::Summary& one : summaries) rows.push_back(summary_json(one));
  if (options.format == "csv") {
    print(csv_text(rows));
  } else if (options.format == "json") {
    print(io::print_json(io::Json::object(
              {{"summaries", std::move(rows)}, {"groups", group_scores_json(scores, groups)}})) +
          '\n');
  } else {
    print(evaluation_text(summaries));
  }
  return kOk;
}

}  // namespace

Run library_evaluate_verb(Arguments& args) {
  const auto options = std::make_shared<LibraryEvaluateOptions>();
  options->data.declare(args);
  args.text("--library", options->library, "FILE", "library of fitted laws (JSON) [built-in]");
  args.reads();
  args.numbers("--train-sizes", options->train, kCountOrZero,
               "numbers of training rows of the group that is left out");
  args.whole("--seeds", options->evaluate.seeds, {.min = 1, .max = 1000, .whole = true},
             "number of random samples of training rows");
  args.seed("--seed", options->evaluate.seed, "random seed of the samples");
  args.choice("--relation", options->relation, {"population", "pairs"},
              "how groups are related: the population of the library, or pairs as in transfer");
  options->run.declare(args);
  declare_format(args, options->format);
  args.example("energylens library evaluate mlenergy_v3.csv --train-sizes 0,5,10");
  return [options] { return evaluate_library(*options); };
}

}  // namespace energylens::cli
