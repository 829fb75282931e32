# SPDX-License-Identifier: Apache-2.0
"""Sections of docs/results.md beyond one table per benchmark: curves, extrapolation, limits of latency, pairs.

Used by tools/write_results. `evaluate` takes the arguments of `energylens evaluate` without the format and returns the
report; figures are what the program printed.
"""

MAIN = "gpu_llm_profile.csv --where model=Llama-3-70B --where gpu=RTX4090 --where quant=FP16 --where 'total_time_s>=1'"
H800 = "gpu_llm_profile.csv --where model=Llama-3.1-70B --where gpu=H800-80GB --where quant={}"
BEYOND = "law,law+residual,xgboost+waves,loglinear,nearest"


def percent(value, digits=2):
    return "-" if value is None else f"{100 * value:.{digits}f}"


def command_text(arguments):
    return f"    energylens evaluate {arguments} --format json"


def rows_of(table):
    return "\n".join("| " + " | ".join(row) + " |" for row in table)


def grid(header, table):
    return "| " + " | ".join(header) + " |\n" + "|---" * len(header) + "|\n" + rows_of(table)


def verdict(words, value, bound):
    return f"- {words}: {percent(value)} %, {'reached' if value <= bound else '**not reached**'}"


def learning_curve(evaluate):
    names = ["law", "law+residual", "xgboost+waves", "forest+waves", "xgboost", "forest", "threshold"]
    arguments = f"{MAIN} --protocol learning-curve --seeds 20 --same-gpus --predictors {','.join(names)}"
    reports = evaluate(arguments)["reports"]
    table, mape = [], {name: {} for name in names}
    for report in reports:
        scores = report["groups"][0]["predictors"]
        cells = []
        for name in names:
            s = scores[name]
            mape[name][report["train"]] = s["mape"]
            cells.append(f"{percent(s['top1'], 1)} / {percent(s['regret_mean'])} / {percent(s['mape'])}")
        table.append([str(report["train"])] + cells)
    goal = mape["law"][50]
    needed = []
    for name in names[2:6]:
        sizes = [n for n, value in mape[name].items() if value is not None and value <= goal]
        needed.append(f"{name}: " + (f"{sizes[0]} rows" if sizes
                                     else f"more than {max(mape[name])} rows, the most tried"))
    return "\n\n".join([
        "## Main group: learning curves", command_text(arguments), "top1 / regret % / mape %.",
        grid(["rows"] + names, table),
        f"Rows that others need for the law's mape at 50 rows ({percent(goal)} %), among the sizes tried: " + "; ".join(needed) + "."])


def blocked(evaluate):
    parts = ["## Main group: ranges held out whole", "No neighbour of a test row is in training. top1 / regret % / mape %."]
    for axis in ("batch", "osl"):
        arguments = (f"{MAIN} --protocol selection --blocked {axis} --same-gpus --train 50 --seeds 20 "
                     f"--predictors law,law+residual,xgboost+waves,nearest,threshold,majority")
        scores = evaluate(arguments)["groups"][0]["predictors"]
        table = [[name, percent(s["top1"], 1), percent(s["regret_mean"]), percent(s["mape"])] for name, s in scores.items()]
        parts += [command_text(arguments), grid(["predictor", "top1", "regret %", "mape %"], table)]
    return "\n\n".join(parts)


def extrapolation(evaluate):
    names = BEYOND.split(",")
    tasks = [("main group, batch <= 32 to > 32", MAIN, "--axis batch --cut 32", None, 0.05),
             ("main group, tp4pp2 left out", MAIN, "--axis layout", "tp4pp2", 0.05),
             ("main group, tp1pp8 left out", MAIN, "--axis layout", "tp1pp8", 0.10),
             ("main group, tp8 left out", MAIN, "--axis layout", "tp8", None),
             ("main group, osl <= 1280 to > 1280", MAIN, "--axis osl --cut 1280", None, 0.08),
             ("H800 FP16, batch <= 32 to > 32", H800.format("FP16"), "--axis batch --cut 32", None, 0.11),
             ("H800 FP16, osl <= 1280 to > 1280", H800.format("FP16"), "--axis osl --cut 1280", None, 0.08),
             ("H800 FP8, batch <= 32 to > 32", H800.format("FP8"), "--axis batch --cut 32", None, None),
             ("H800 FP8, osl <= 1280 to > 1280", H800.format("FP8"), "--axis osl --cut 1280", None, 0.08)]
    table, verdicts = [], []
    for title, data, axis, layout, bound in tasks:
        scores = evaluate(f"{data} --protocol extrapolate {axis} --train 50 --seeds 20 --predictors {BEYOND}")["groups"][0]["predictors"]
        picked = {name: (scores[name]["by_layout"][layout] if layout else scores[name]) for name in names}
        table.append([title] + [f"{percent(s.get('median_ape'), 1)} / {percent(s.get('mape'), 1)}" for s in picked.values()]
                     + [percent(picked["law"]["coverage_90"], 0)])
        if bound:
            verdicts.append(verdict(f"{title}: law, median error <= {percent(bound, 0)} %", picked["law"]["median_ape"], bound))
    return "\n\n".join([
        "## Beyond the rows", command_text(f"FILE WHERE --protocol extrapolate AXIS --train 50 --seeds 20 --predictors {BEYOND}"),
        "Median error / mape, percent; the last column is how much the law's 90 % intervals cover.",
        grid(["task"] + names + ["coverage %"], table), "\n".join(verdicts),
        "H800, batch > 32: kernels switch at 6 to 8 and at 32 to 34 requests (energy falls by 24 % and by 12 %), so what "
        "lies beyond is not in the rows up to 32; docs/law.md says what was tried. The last column shows that intervals do not "
        "know of such switches either."])


def limited(evaluate):
    parts = ["## Latency limits: ML.ENERGY v3, groups with two layouts",
             "A question is a group and a limit on the time per output token (10 to 150 ms); candidates are layouts and batches; "
             "5 folds over rows. A pick that breaks the limit is wrong and has no regret."]
    table = []
    base = "mlenergy_v3.csv --protocol limited --pool --min-layouts 2 --seeds 3"
    arguments = f"{base} --latency measured --predictors law,xgboost,forest,fewest-gpus"
    measured = evaluate(arguments)["overall"]
    for name, s in measured.items():
        table.append(["measured", name, percent(s["top1"], 1), percent(s["regret_mean"]), percent(s["breach_rate"], 1)])
    parts.append(command_text(arguments))
    kept = 0
    for risk in (0.2, 0.3, 0.4, 0.5):
        s = evaluate(f"{base} --latency predicted --breach-risk {risk} --predictors law")["overall"]["law"]
        kept += s["top1"] >= 0.55 and s["regret_mean"] <= 0.10 and s["breach_rate"] <= 0.10
        table.append([f"predicted, risk {risk}", "law", percent(s["top1"], 1), percent(s["regret_mean"]), percent(s["breach_rate"], 1)])
    parts.append(command_text(f"{base} --latency predicted --breach-risk R --predictors law"))
    parts.append(grid(["latency", "predictor", "top1", "regret %", "breaches %"], table))
    parts.append(f"Error of the predicted time per output token: median {percent(s['tpot_median_ape'], 1)} %, mean {percent(s['tpot_mape'], 1)} %. "
                 "Neighbouring batches of these data differ by 10 to 50 % in it, so a limit between two of them is often misjudged.")
    top1 = measured["law"]["top1"]
    parts.append(f"- law, measured latency, top1 >= 95 %: {percent(top1, 1)} %, {'reached' if top1 >= 0.95 else '**not reached**'}\n"
                 f"- law, predicted latency, top1 >= 55 % with regret and breaches <= 10 % each: "
                 f"{'reached' if kept else '**not reached**'} by {kept} of 4 risks")
    return "\n\n".join(parts)


def pairs(evaluate):
    parts = ["## Main group: two predictors on the same questions",
             "Share of 20 seeds won by the first, and the mean difference (first less second, percentage points) with its 95 % interval by "
             "resampling scenarios."]
    table = []
    for n in (50, 300):
        arguments = (f"{MAIN} --protocol selection --same-gpus --train {n} --seeds 20 --compare law,xgboost+waves "
                     "--compare law+residual,xgboost+waves --compare law+residual,law --compare law+residual,threshold --predictors law,law+residual,xgboost+waves,threshold")
        for pair in evaluate(arguments)["comparisons"]:
            for metric in ("top1", "regret_mean", "mape"):
                m = pair[metric]
                if m["difference"] is not None:
                    table.append([str(n), f"{pair['first']} against {pair['second']}", metric, percent(m["won"], 0),
                                  f"{percent(m['difference'])} [{percent(m['lo'])}, {percent(m['hi'])}]"])
        parts.append(command_text(arguments))
    return "\n\n".join(parts + [grid(["rows", "pair", "metric", "won %", "difference [95 %]"], table)])


SECTIONS = [pairs, learning_curve, blocked, extrapolation, limited]
