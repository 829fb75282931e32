// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <exception>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/verb.hpp"

namespace {

using namespace energylens::cli;

constexpr std::array kVerbs = {
    Verb{"fit", "Fit the law to measurements; report how sure the numbers are.", fit_verb},
    Verb{"predict", "Predict energy and time of one configuration.", predict_verb},
    Verb{"choose", "Rank the configurations that serve a workload by energy.", choose_verb},
    Verb{"transfer", "Move a fitted law to another GPU, model or quantisation.", transfer_verb},
    Verb{"evaluate", "Judge predictors on measurements they have not seen.", evaluate_verb},
    Verb{"design", "Pick the configurations that are worth measuring next.", design_verb},
    Verb{"discover", "Find formulas of energy or time in measurements.", discover_verb},
    Verb{"simulate", "Make measurements on a simulated machine.", simulate_verb},
    Verb{"doctor", "Tell what can be measured here, how finely, and what is missing.", doctor_verb},
    Verb{"meter", "Run a command, given after --, and tell what energy it took.", meter_verb, kMeterFailure},
    Verb{"profile", "Measure a plan of configurations; make rows one can trust.", profile_verb},
    Verb{"collect", "Gather the rows of a campaign; tell what is missing.", collect_verb},
    Verb{"bench", "Load a running server; tell its latencies and throughput.", bench_verb},
    Verb{"import", "Bring measurements of other tools into the measurement table.", import_verb},
    Verb{"catalogue", "List the GPUs and models whose figures are known.", catalogue_verb},
    Verb{"table check", "Check measurement tables and tell what is in them.", table_check_verb},
    Verb{"table template", "Print an empty measurement table, or what each column means.",
         table_template_verb},
    Verb{"table convert", "Filter and join measurement tables; write CSV or JSON.", table_convert_verb},
};

}  // namespace

int main(int argc, char** argv) {
  install_signal_handlers();
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const int code = run_program(kVerbs, words);
    return interrupted().cancelled() ? int{kInterrupted} : code;
  } catch (const energylens::Error& error) {
    if (interrupted().cancelled()) {  // whatever went wrong, it did because reading or work was cut off
      note("stopped");
      return kInterrupted;
    }
    note(error.what());
    return exit_code(error.code());
  } catch (const std::exception& error) {
    note("energylens: " + std::string(error.what()));
    return kFailure;
  }
}
