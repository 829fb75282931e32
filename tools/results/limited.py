# SPDX-License-Identifier: Apache-2.0
"""Layout and batch under a limit of the time per output token, and what makes that time hard to predict."""
from collections import defaultdict
from statistics import median

from section import Section
from text import command, grid, percent

BASE = "mlenergy_v3.csv --protocol limited --pool --min-layouts 2"
RISKS = (0.2, 0.3, 0.4, 0.5)
SERIES = ("model", "gpu", "quant", "workload", "tp", "dp", "ep")


def kept(s):
    return s["top1"] >= 0.55 and s["regret_mean"] <= 0.10 and s["breach_rate"] <= 0.10


def scores(s):
    return [percent(s["top1"], 1), percent(s["regret_mean"]), percent(s["breach_rate"], 1)]


def tpot_error(s):
    return f"{percent(s['tpot_median_ape'], 1)} / {percent(s['tpot_mape'], 1)}"


def steady_rows(program):
    """Rows with both measures of the time per output token: the median `tpot_s`, and the mean `mean_s` from the throughput."""
    rows = []
    for row in program.rows("mlenergy_v3.csv"):
        if row["tpot_s"] and row["total_time_s"] and row["osl"]:
            rows.append(dict(row, mean_s=float(row["total_time_s"]) / float(row["osl"]), tpot_s=float(row["tpot_s"])))
    return rows


def growth(rows, gpu, first, second):
    """Median factor by which (median, mean) time per token grow from one limit of the batch to another."""
    series = defaultdict(dict)
    for row in rows:
        if row["gpu"].startswith(gpu) and row["max_batch"]:
            series[tuple(row[c] for c in SERIES)][float(row["max_batch"])] = row
    pairs = [(s[first], s[second]) for s in series.values() if first in s and second in s]
    return [median(b[key] / a[key] for a, b in pairs) for key in ("tpot_s", "mean_s")]


def what_is_hard(program, report):
    rows = steady_rows(program)
    apart = [row for row in rows if row["mean_s"] >= 2 * row["tpot_s"]]
    most = max(rows, key=lambda row: row["mean_s"] / row["tpot_s"])
    before, after = growth(rows, "B200", 256, 512), growth(rows, "B200", 512, 1024)
    table = [[column, value, str(own["n_rows"]), tpot_error(own["predictors"]["law"]), percent(own["predictors"]["law"]["mape"], 1)]
             for column, values in report["by"].items() for value, own in sorted(values.items())]
    return "\n\n".join([
        "### What makes the time per output token hard to predict",
        "Errors of the law's prediction (median / mean, percent) and the mean error of its energy, in the same fits:",
        grid(["column", "value", "rows", "TPOT", "energy"], table),
        f"- `tpot_s` of these data is the *median* time between tokens, energy and throughput follow the *mean*. The mean is at least twice "
        f"the median in {len(apart)} of {len(rows)} rows ({percent(len(apart) / len(rows), 1)} %), up to {most['mean_s'] / most['tpot_s']:.0f} "
        f"times ({most['model']}, max_batch {most['max_batch']}): as where steps that do the prefill of newcomers are long, and the median "
        "passes over them until they are the majority. That is not a smooth function of the load.\n"
        f"- Engines switch: on B200 the median time grows by a factor of {before[0]:.2f} from 256 to 512 requests and of {after[0]:.2f} from 512 to "
        f"1024 (the mean by {before[1]:.2f} and {after[1]:.2f}; medians over the layouts that have both).\n"
        "- Energy suffers less, since power times *mean* time is what is measured."])


def limited(program):
    by_measured = f"{BASE} --seeds 3 --latency measured --predictors law,xgboost,forest,fewest-gpus"
    by_predicted = f"{BASE} --seeds {{}} --latency predicted --breach-risk {{}} --predictors law"
    measured = program.evaluate(by_measured)["overall"]
    table = [["measured", name] + scores(s) for name, s in measured.items()]
    at_risk = {}
    for risk in RISKS:
        at_risk[risk] = program.evaluate(by_predicted.format(3, risk))["overall"]["law"]
        table.append([f"predicted, risk {risk}", "law"] + scores(at_risk[risk]))
    by_column = by_predicted.format(10, 0.5) + " --by gpu,arch"
    report = program.evaluate(by_column)
    last = report["overall"]["law"]
    table.append(["predicted, risk 0.5, 10 seeds", "law"] + scores(last))
    top1, reached = measured["law"]["top1"], [str(risk) for risk in RISKS if kept(at_risk[risk])]
    return "\n\n".join([
        "A question is a group and a limit on the time per output token (10 to 150 ms); candidates are layouts and batches; "
        "5 folds over rows. A pick that breaks the limit is wrong and has no regret.",
        command(by_measured, *[by_predicted.format(3, risk) for risk in RISKS], by_column),
        grid(["latency", "predictor", "top1", "regret %", "breaches %"], table),
        f"Error of the predicted time per output token: median {percent(last['tpot_median_ape'], 1)} %, mean {percent(last['tpot_mape'], 1)} %. "
        "Neighbouring batches of these data differ by 10 to 50 % in it, so picks under a limit between two of them are often wrong.",
        f"- law, measured latency, top1 >= 95 %: {percent(top1, 1)} %, {'reached' if top1 >= 0.95 else '**not reached**'}\n"
        "- law, predicted latency, top1 >= 55 % with regret and breaches <= 10 % each: "
        f"{'reached at risk ' + ', '.join(reached) if reached else '**not reached** at any of these risks'}; with 10 seeds at risk 0.5 "
        f"{'reached' if kept(last) else '**not reached**'}",
        "The share of a step's time that is the same however few experts it reads (docs/method/law.md (4)) was chosen while looking at rows of ML.ENERGY v3; "
        "docs/experiments/law.md has other choices, and what a fit to all rows would pick.",
        what_is_hard(program, report)])


SECTIONS = [Section("limited", "## Latency limits: ML.ENERGY v3, groups with two layouts", limited)]
