# SPDX-License-Identifier: Apache-2.0
"""The claims of arXiv 2605.10556 (its abstract), each beside our figure. Theirs are on data that are not public."""
import beyond
import curves
import families
import groups
import measured
from groups import H800_50, MAIN_50, OF, SIMULATED_50, SPLITWISE
from section import Section
from text import grid, percent

ANALYTICAL = ["wilkins", "sweetspot", "loglinear"]


def scores(program, arguments):
    return program.evaluate(arguments)["groups"][0]["predictors"]


def sample_ratio(program):
    """How many times the law's 50 rows each learner needs for the law's mape, of the sizes tried."""
    goal = curves.scores_at(program, 50)["law"]["mape"]
    sizes = {name: curves.rows_needed(program, name, goal) for name in curves.AWARE + curves.BLIND}
    never = [name for name, size in sizes.items() if size is None]
    found = [f"{size / 50:g} times ({name})" for name, size in sizes.items() if size is not None]
    more = f"more than {curves.SIZES[-1] / 50:.0f} times ({', '.join(never)}: not with all {curves.SIZES[-1]} rows)"
    return ", ".join(found + ([more] if never else []))


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
    own = measured.phases(program)
    main_group, simulator, split = OF["main-group"].link("main group"), OF["simulated"].link("simulated"), OF["splitwise"].link("Splitwise")
    v3 = families.V3_POOLED.link("ML.ENERGY v3")
    rows = [
        ["Top-1 from 50 measurements", "88.2 %", f"law {percent(main['law']['top1'], 1)} %, law+residual {percent(main['law+residual']['top1'], 1)} %; "
         f"H800 FP16 {percent(h800['law']['top1'], 1)} %", "main group; H800", f"{main_group}, {OF['h800-fp16'].link('H800 FP16')}", "isl = 1 and tp*pp = 8 throughout the main group, isl = 1 and pp = 1 on H800"],
        ["closest analytical baseline", "60.9 %", f"{best} {percent(main[best]['top1'], 1)} %", "main group", main_group, "theirs are not public; ours are the forms of two papers and a log-linear fit"],
        ["one form, twelve parameters, prefill separate from decode, TP from PP", "yes",
         f"yes; prefill {percent(simulated['prefill_median_ape'], 1)} % and decode {percent(simulated['decode_median_ape'], 1)} % median error on simulated rows; Splitwise "
         f"(isl 128 to 4096) {percent(splitwise['mape'], 1)} % mape; measured on one H200, prefill {percent(own['prefill_median_ape'], 1)} % and decode {percent(own['decode_median_ape'], 1)} %",
         "simulator; Splitwise; own", f"{simulator}, {groups.DETERMINED.link('what 50 rows determine')}, {split}, {measured.MEASURED.link('measured')}",
         "no public rows split energy by phase and cross tp with pp; ours have one GPU"],
        ["as accurate as ensembles with ten times fewer samples", "10 times", sample_ratio(program), "main group", curves.LEARNING.link("learning curves"), "at most some 550 rows can train"],
        ["extrapolates to unseen batches", "yes", f"median error {percent(beyond_batch['median_ape'], 1)} % beyond batch 32, {percent(beyond_osl['median_ape'], 1)} % beyond osl 1280",
         "main group", beyond.BEYOND.link("beyond the rows"), "on H800 kernels switch beyond what was seen: see there"],
        ["dense, mixtures of experts, hybrids", "yes", by_column(program, "arch") + " (mape)", "ML.ENERGY v3", v3, "no pure state-space model is in public data"],
        ["text, image, video", "yes", by_column(program, "workload") + " (mape)", "ML.ENERGY v3", v3, "tokens only: encoder energy is not in the data"],
        ["quantisation", "yes", f"FP8 {percent(fp8['mape'], 1)} % mape on H800; " + by_column(program, "quant") + " (mape)", "H800; ML.ENERGY v3", f"{OF['h800-fp8'].link('H800 FP8')}, {v3}", "one engine each"],
        ["NVIDIA, AMD, Intel", "yes", "NVIDIA only: " + by_column(program, "gpu") + " (mape)", "ML.ENERGY v3", v3, "no public energy of serving on other vendors' GPUs"],
        ["latency-optimal and energy-optimal differ", "over 20 %", f"{percent(differ, 1)} % of the main group's scenarios", "main group", families.FASTEST.link("the fastest and the least-energy layout"), "whether it does depends on the group: 0 to 100 %, see there"],
    ]
    return "\n\n".join([
        "Their benchmark is not public: the figures are shown next to each other but are not on the same data.",
        grid(["claim (arXiv 2605.10556)", "theirs", "ours", "on", "section with the command", "what the data cannot show"], rows)])


SECTIONS = [Section("claims", "## The claims of the paper and what public data show", claims)]
