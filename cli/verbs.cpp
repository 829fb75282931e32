// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cli/verb.hpp"

namespace energylens::cli {
namespace {

constexpr std::array kVerbs = {
    Verb{"fit", "Fit the energy law to measurements and report its uncertainty.", fit_verb},
    Verb{"predict", "Predict the energy and time of one configuration.", predict_verb},
    Verb{"explain", "Explain what the energy and time of a configuration consist of.", explain_verb},
    Verb{"emit", "Write a fitted formula in another language.", emit_verb},
    Verb{"choose", "Rank the configurations that can serve a workload by energy.", choose_verb},
    Verb{"plan", "Assign a day of traffic to GPU pools with the least energy, cost or carbon.", plan_verb},
    Verb{"replay", "Simulate a server under a trace or random traffic: latency percentiles and energy.",
         replay_verb},
    Verb{"transfer", "Transfer a fitted law to another GPU, model or quantisation.", transfer_verb},
    Verb{"evaluate", "Evaluate predictors on held-out measurements.", evaluate_verb},
    Verb{"design", "Select the configurations to measure next.", design_verb},
    Verb{"discover", "Search for formulas that describe measured energy or time.", discover_verb},
    Verb{"power-caps", "Fit how energy and time depend on the power limit of a GPU.", power_caps_verb},
    Verb{"speculation", "Fit how many tokens speculative decoding accepts, and what it saves.",
         speculation_verb},
    Verb{"simulate", "Generate measurements on a simulated machine.", simulate_verb},
    Verb{"doctor", "Report which energy meters work here, their resolution, and what is missing.",
         doctor_verb},
    Verb{"meter", "Run a command and report the energy it used.", meter_verb, kMeterFailure},
    Verb{"profile", "Run a measurement campaign and write its results to a table.", profile_verb},
    Verb{"collect", "Merge the results of a campaign and report what is missing.", collect_verb},
    Verb{"bench", "Send load to a running server and report latency and throughput.", bench_verb},
    Verb{"import", "Convert the output of other tools to a measurement table.", import_verb},
    Verb{"observe", "Turn the metrics of a running server into a measurement table.", observe_verb},
    Verb{"catalogue", "List the GPUs and models in the catalogue.", catalogue_verb},
    Verb{"library list", "List the fitted laws that the program ships.", library_list_verb},
    Verb{"library show", "Show the fitted law of one system, where it comes from and its errors.",
         library_show_verb},
    Verb{"library nearest", "List the fitted systems that are nearest to a system.", library_nearest_verb},
    Verb{"library evaluate", "Evaluate the library on systems that are left out of it.",
         library_evaluate_verb},
    Verb{"table check", "Check measurement tables and summarise their contents.", table_check_verb},
    Verb{"table template", "Print an empty measurement table, or describe its columns.", table_template_verb},
    Verb{"table convert", "Filter and join measurement tables; write CSV or JSON.", table_convert_verb},
    Verb{"help", "Show the help of a command, or its manual page.", help_verb},
    Verb{"completion", "Print the completion script of bash, zsh or fish.", completion_verb},
};

}  // namespace

std::span<const Verb> verbs() {
  return kVerbs;
}

}  // namespace energylens::cli
