# SPDX-License-Identifier: Apache-2.0
"""Servers under continuous batching: mixtures of experts on NVIDIA and AMD, long prompts, layouts and loads left out."""
from section import Section
from text import command, grid, percent, verdict

NAMES = ["law", "law+residual", "xgboost", "loglinear", "nearest"]
PREDICTORS = f"--predictors {','.join(NAMES)}"
M3, MODELS = "inferencex_m3.csv", "inferencex_models.csv"
BEYOND = "--protocol extrapolate --axis {} --train 1000 --seeds 1"
# title, arguments, figure of the law that is judged, the most it should be
TASKS = [("MiniMax-M3, each row left out once", f"{M3} --protocol loo", "mape", 0.055),
         ("four other models, each row left out once", f"{MODELS} --protocol loo", "mape", 0.065),
         ("MiniMax-M3, isl 922 to 7,373", f"{M3} {BEYOND.format('isl')}", "median_ape", 0.20),
         ("MiniMax-M3, each layout left out", f"{M3} {BEYOND.format('layout')}", "mape", 0.10),
         ("MiniMax-M3, batch beyond the median", f"{M3} {BEYOND.format('batch')}", "median_ape", 0.09)]
CHOICE = ("inferencex_scenarios.csv --protocol loo --unit scenario --min-layouts 2 "
          f"--predictors {','.join(NAMES)},fewest-gpus --compare law,fewest-gpus --compare law,xgboost")
RESIDUAL = {M3: 0.04, MODELS: 0.05}  # the most the mape of law+residual should be, each row left out once
SIZES = "0,5,10"
TRANSFER = (f"{M3} --protocol transfer --source gpu=B200-180GB-SXM --target gpu=MI355X --train-sizes {SIZES} --seeds 5 "
            "--predictors law,xgboost,loglinear")


def cell(s):
    return f"{percent(s['mape'], 1)} / {percent(s['median_ape'], 1)} / {percent(s['coverage_90'], 0)}"


def errors(program):
    table, verdicts = [], []
    for title, arguments, metric, bound in TASKS:
        scores = program.evaluate(f"{arguments} {PREDICTORS}")["overall"]
        table.append([title] + [cell(scores[name]) for name in NAMES])
        verdicts.append(verdict(f"{title}: law, {metric} <= {percent(bound, 1)} %", scores["law"][metric], bound))
        if arguments.endswith("--protocol loo"):
            residual = RESIDUAL[arguments.split()[0]]
            verdicts.append(verdict(f"{title}: law+residual, mape <= {percent(residual, 1)} %", scores["law+residual"]["mape"], residual))
    return "\n\n".join(["mape / median error / coverage of 90 % intervals, percent. The terms of the law of servers were chosen with these rows in view "
                        "(docs/experiments/server-law.md).", grid(["task"] + NAMES, table), "\n".join(verdicts),
                        command(*[f"{arguments} {PREDICTORS}" for _, arguments, _, _ in TASKS])])


def choice(program):
    report = program.evaluate(CHOICE)
    scores = report["overall"]
    table = [[name, percent(s["top1"], 1), percent(s["top1_within_1pct"], 1), percent(s["regret_mean"]), percent(s["mape"], 1)]
             for name, s in scores.items()]
    pairs = "\n".join(f"- {pair['first']} less {pair['second']}, top1: {percent(pair['top1']['difference'], 1)} points "
                      f"[{percent(pair['top1']['lo'], 1)}, {percent(pair['top1']['hi'], 1)}]" for pair in report["comparisons"])
    return "\n\n".join([
        command(CHOICE), f"{sum(g['n_scenarios'] for g in report['groups'])} scenarios.",
        grid(["predictor", "top1", "within 1 %", "regret %", "mape %"], table),
        verdict("law: top1 >= 95 %", scores["law"]["top1"], 0.95, ">=") + "\n" +
        verdict("law: regret_mean <= 0.5 %", scores["law"]["regret_mean"], 0.005), pairs])


def moved(program):
    table = []
    for report in program.evaluate(TRANSFER)["reports"]:
        scores = report["overall"]
        table.append([str(report["train"]), "yes" if report["with_sources"] else "no"] +
                     [cell(scores[name]) for name in ("law", "xgboost", "loglinear")])
    return "\n\n".join([command(TRANSFER), "mape / median error / coverage, percent.",
                        grid(["rows of MI355X", "with B200", "law", "xgboost", "loglinear"], table)])


SECTIONS = [Section("servers", "## Servers: rows, layouts and lengths left out", errors),
            Section("servers-choice", "## Servers: each scenario left out", choice),
            Section("servers-transfer", "## Servers: from B200 to MI355X", moved)]
