# SPDX-License-Identifier: Apache-2.0
"""The claims of arXiv 2605.10556 (its abstract), each beside our figure. Theirs are on data that are not public."""
import beyond
import curves
import families
from groups import H800_50, MAIN_50, SIMULATED_50, SPLITWISE
from text import grid, percent

ANALYTICAL = ["wilkins", "sweetspot", "loglinear"]


def scores(program, arguments):
    return program.evaluate(arguments)["groups"][0]["predictors"]


def sample_ratio(program):
    """Of an ensemble of trees that knows nothing of waves: the least rows for the law's mape at 50."""
    goal = curves.scores_at(program, 50)["law"]["mape"]
    needed = [curves.rows_needed(program, name, goal) for name in ("xgboost", "forest")]
    known = [size for size in needed if size is not None]
    return f"{min(known) / 50:g} times" if known else f"more than {curves.SIZES[-1] / 50:.0f} times (not with all {curves.SIZES[-1]} rows)"


def by_arch(program):
    own = program.evaluate(families.V3)["by"]["arch"]
    return ", ".join(f"{arch} {percent(entry['predictors']['law']['mape'], 1)} %" for arch, entry in sorted(own.items()))


def by_column(program, column):
    own = program.evaluate(families.V3)["by"][column]
    return ", ".join(f"{value} {percent(entry['predictors']['law']['mape'], 1)} %" for value, entry in sorted(own.items()))


def claims(program):
    main, h800 = scores(program, MAIN_50), scores(program, H800_50["FP16"])
    best = max(ANALYTICAL, key=lambda name: main[name]["top1"])
    beyond_batch = beyond.scores_of(program, beyond.TASKS[0])["law"]
    beyond_osl = beyond.scores_of(program, beyond.TASKS[4])["law"]
    splitwise, simulated = scores(program, SPLITWISE)["law"], scores(program, SIMULATED_50)["law"]
    differ = program.evaluate(MAIN_50)["groups"][0]["latency_energy_differ"]
    fp8 = scores(program, H800_50["FP8"])["law"]
    rows = [
        ["Top-1 from 50 measurements", "88.2 %", f"law {percent(main['law']['top1'], 1)} %, law+residual {percent(main['law+residual']['top1'], 1)} %; "
         f"H800 FP16 {percent(h800['law']['top1'], 1)} %", "main group; H800", "first table below", "isl = 1 and tp*pp = 8 throughout"],
        ["closest analytical baseline", "60.9 %", f"{best} {percent(main[best]['top1'], 1)} %", "main group", "first table below", "theirs are not public; ours are the forms of two papers and a log-linear fit"],
        ["one form, twelve parameters, prefill apart from decode, TP from PP", "yes",
         f"yes; prefill {percent(simulated['prefill_median_ape'], 1)} % and decode {percent(simulated['decode_median_ape'], 1)} % median error on simulated rows; Splitwise "
         f"(isl 128 to 4096) {percent(splitwise['mape'], 1)} % mape", "simulator; Splitwise", "sections below", "no public rows split energy by phase and cross tp with pp"],
        ["as accurate as ensembles with ten times fewer samples", "10 times", sample_ratio(program), "main group", "learning curves", "at most some 550 rows can train"],
        ["extrapolates to unseen batches", "yes", f"median error {percent(beyond_batch['median_ape'], 1)} % beyond batch 32, {percent(beyond_osl['median_ape'], 1)} % beyond osl 1280",
         "main group", "beyond the rows", "on H800 kernels switch beyond what was seen: see there"],
        ["dense, mixtures of experts, hybrids", "yes", by_arch(program) + " (mape)", "ML.ENERGY v3", "ML.ENERGY v3", "no pure state-space model is in public data"],
        ["text, image, video", "yes", by_column(program, "workload") + " (mape)", "ML.ENERGY v3", "ML.ENERGY v3", "tokens only: encoder energy is not in the data"],
        ["quantisation", "yes", f"FP8 {percent(fp8['mape'], 1)} % mape on H800; " + by_column(program, "quant") + " (mape)", "H800; ML.ENERGY v3", "sections below", "one engine each"],
        ["NVIDIA, AMD, Intel", "yes", "NVIDIA only: " + by_column(program, "gpu") + " (mape)", "ML.ENERGY v3", "ML.ENERGY v3", "no public energy of serving on other vendors' GPUs"],
        ["latency-optimal and energy-optimal differ", "over 20 %", f"{percent(differ, 1)} % of the main group's scenarios", "main group", "the fastest and the least-energy layout", ""],
    ]
    return "\n\n".join([
        "## The claims of the paper and what public data show",
        "Their benchmark is not public: figures stand beside each other, never as if on the same data.",
        grid(["claim (arXiv 2605.10556)", "theirs", "ours", "on", "section with the command", "what the data cannot show"], rows)])
