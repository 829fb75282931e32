# SPDX-License-Identifier: Apache-2.0
"""Figures by family of model, modality, quantisation and GPU; and how often the fastest layout is not the cheapest."""
from section import Section
from text import command, grid, percent, verdict

V3 = ("mlenergy_v3.csv --protocol loo --pool --by arch,workload,quant,gpu "
      "--predictors law,majority,fewest-gpus,latency,loglinear,nearest,forest,xgboost")
V2 = "mlenergy_v2.csv --protocol loo --pool --by arch,workload,gpu --predictors law,fewest-gpus,loglinear,forest"
PROFILE = ("gpu_llm_profile.csv --where 'total_time_s>=1' --protocol selection --train 50 --seeds 20 --by quant,gpu "
           "--predictors law,law+residual,xgboost+waves,majority,latency")
ONE_SEED = "--protocol selection --train 50 --seeds 1 --predictors latency"
LATENCY = {"gpu_llm_profile.csv": f"gpu_llm_profile.csv --where 'total_time_s>=1' {ONE_SEED}"}
LATENCY |= {file: f"{file} {ONE_SEED}" for file in ("splitwise.csv", "mlenergy_v2.csv", "mlenergy_v3.csv", "simulated.csv")}


def by_table(report, names, cell):
    table = []
    for column, values in report["by"].items():
        for value, own in sorted(values.items()):
            table.append([column, value or "(not stated)", str(own["n_groups"]), str(own["n_rows"])] +
                         [cell(own["predictors"][name]) for name in names])
    return grid(["column", "value", "groups", "rows"] + names, table)


def error_cell(s):
    return "-" if s["mape"] is None else f"{percent(s['mape'], 1)} / {percent(s['median_ape'], 1)}"


def ml_energy(program):
    report = program.evaluate(V3)
    law, names = report["overall"]["law"], ["law", "xgboost", "forest", "loglinear"]
    overall = [[name, percent(s["top1"], 1), percent(s["regret_mean"]), error_cell(s), percent(s["coverage_90"], 1), percent(s["interval_score"], 1)]
               for name, s in report["overall"].items()]
    return "\n\n".join([
        command(V3),
        f"{len(report['groups'])} groups, {sum(g['n_scenarios'] for g in report['groups'])} scenarios, "
        f"{sum(g['n_rows'] for g in report['groups'])} rows.",
        grid(["predictor", "top1", "regret %", "mape / median %", "coverage of 90 %", "interval score %"], overall),
        verdict("law: mape <= 7 %", law["mape"], 0.07) + "\n" + verdict("law: median <= 5 %", law["median_ape"], 0.05),
        f"Effective parameters of the law: {law['effective_parameters']:.1f}. Continuous batching; isl is not published, so prefill is one "
        "constant per request. The settings of pooling were chosen on a first study of the same rows.",
        "### By family, modality, quantisation and GPU",
        "mape / median error, percent. `arch` is the family of model (hybrid: attention and state-space layers); workloads image-chat and "
        "video-chat read images and video, the others text.", by_table(report, names, error_cell),
        "Image and video: these rows contain the work of the language model on the tokens. The energy of the vision encoder is not measured separately, nor are the counts of image tokens published: a claim about encoders cannot be tested here."])


def older(program):
    report = program.evaluate(V2)
    return "\n\n".join([command(V2), "mape / median error, percent.",
                        by_table(report, ["law", "forest", "loglinear"], error_cell),
                        f"All {sum(g['n_rows'] for g in report['groups'])} rows: law {error_cell(report['overall']['law'])} %, forest "
                        f"{error_cell(report['overall']['forest'])} %, loglinear {error_cell(report['overall']['loglinear'])} %."])


def by_quantisation(program):
    def cell(s):
        errors = "-" if s["mape"] is None else percent(s["mape"], 1)
        return f"{percent(s['top1'], 1)} / {percent(s['regret_mean'])} / {errors}"

    report = program.evaluate(PROFILE)
    names = ["law", "law+residual", "xgboost+waves", "majority", "latency"]
    return "\n\n".join([
        command(PROFILE), "top1 / regret % / mape %; all groups of the file, each alone, "
        "layouts of all GPU counts.", by_table(report, names, cell),
        "Vendors: rows of AMD GPUs are in the sections about servers. No public measurement of the energy of serving on Intel, Google or Amazon "
        "accelerators was found whose layouts and batches are stated, and nothing is claimed for them. State-space models without "
        "attention are absent too: hybrids are the nearest."])


def latency(program):
    """Over all scenarios with times, all GPU counts."""
    table, differing, scenarios = [], 0.0, 0
    for file, arguments in LATENCY.items():
        for group in program.evaluate(arguments)["groups"]:
            if group["n_scenarios"] == 0 or group["latency_energy_differ"] is None:
                continue
            table.append([f"{file}: {', '.join(group['group'].values())}", str(group["n_scenarios"]),
                          f"{percent(group['latency_energy_differ'], 1)} %", f"{percent(group['latency_extra_energy'], 2)} % more energy"])
            if file != "simulated.csv":
                scenarios += group["n_scenarios"]
                differing += group["n_scenarios"] * group["latency_energy_differ"]
    return "\n\n".join([
        "Over all scenarios of each group, all GPU counts; the cost is the mean over all scenarios.",
        command(*LATENCY.values()),
        grid(["group", "scenarios", "fastest is not least energy", "following latency costs"], table),
        f"Measured data together: in {percent(differing / scenarios, 1)} % of {scenarios} scenarios the fastest layout is not the one of "
        "least energy (the paper: over 20 %)."])


V3_POOLED = Section("ml-energy-v3", "## ML.ENERGY v3, all groups pooled, each row left out once", ml_energy)
FASTEST = Section("fastest", "## The fastest and the least-energy layout", latency)
SECTIONS = [V3_POOLED, Section("ml-energy-v2", "## ML.ENERGY v2, all groups pooled, each row left out once", older),
            Section("quantisations", "## TensorRT-LLM jobs by quantisation and GPU", by_quantisation), FASTEST]
