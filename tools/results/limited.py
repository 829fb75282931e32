# SPDX-License-Identifier: Apache-2.0
"""Layout and batch under a limit of the time per output token."""
from text import command, grid, percent

BASE = "mlenergy_v3.csv --protocol limited --pool --min-layouts 2 --seeds 3"
RISKS = (0.2, 0.3, 0.4, 0.5)


def limited(program):
    table = []
    by_measured = f"{BASE} --latency measured --predictors law,xgboost,forest,fewest-gpus"
    measured = program.evaluate(by_measured)["overall"]
    for name, s in measured.items():
        table.append(["measured", name, percent(s["top1"], 1), percent(s["regret_mean"]), percent(s["breach_rate"], 1)])
    kept = 0
    for risk in RISKS:
        s = program.evaluate(f"{BASE} --latency predicted --breach-risk {risk} --predictors law")["overall"]["law"]
        kept += s["top1"] >= 0.55 and s["regret_mean"] <= 0.10 and s["breach_rate"] <= 0.10
        table.append([f"predicted, risk {risk}", "law", percent(s["top1"], 1), percent(s["regret_mean"]), percent(s["breach_rate"], 1)])
    top1 = measured["law"]["top1"]
    return "\n\n".join([
        "## Latency limits: ML.ENERGY v3, groups with two layouts",
        "A question is a group and a limit on the time per output token (10 to 150 ms); candidates are layouts and batches; "
        "5 folds over rows. A pick that breaks the limit is wrong and has no regret.",
        command(by_measured), command(f"{BASE} --latency predicted --breach-risk R --predictors law"),
        grid(["latency", "predictor", "top1", "regret %", "breaches %"], table),
        f"Error of the predicted time per output token: median {percent(s['tpot_median_ape'], 1)} %, mean {percent(s['tpot_mape'], 1)} %. "
        "Neighbouring batches of these data differ by 10 to 50 % in it, so a limit between two of them is often misjudged.",
        f"- law, measured latency, top1 >= 95 %: {percent(top1, 1)} %, {'reached' if top1 >= 0.95 else '**not reached**'}\n"
        f"- law, predicted latency, top1 >= 55 % with regret and breaches <= 10 % each: "
        f"{'reached' if kept else '**not reached**'} by {kept} of {len(RISKS)} risks"])


SECTIONS = [limited]
