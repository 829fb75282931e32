# SPDX-License-Identifier: Apache-2.0
"""How predictors of the main group gain by rows: learning curves, the sample ratio, and pairs on the same questions."""
from section import Section
from text import MAIN, command, figure, grid, percent, spread

SIZES = [10, 25, 50, 100, 150, 200, 300, 400, 500]
NAMES = ["law", "law+residual", "xgboost+waves", "forest+waves", "xgboost", "forest", "gp", "threshold"]
AWARE, BLIND = ["xgboost+waves", "forest+waves"], ["xgboost", "forest", "gp"]
PAIRS = ["law,xgboost+waves", "law,xgboost", "law+residual,xgboost+waves", "law+residual,law", "law+residual,threshold"]
CURVE = (f"{MAIN} --protocol learning-curve --train-sizes {','.join(map(str, SIZES))} --seeds 20 --same-gpus --predictors "
         f"{','.join(NAMES)} " + " ".join(f"--compare {pair}" for pair in PAIRS))


def by_size(program):
    """{rows: report}."""
    return {report["train"]: report for report in program.evaluate(CURVE)["reports"]}


def scores_at(program, size):
    return by_size(program)[size]["groups"][0]["predictors"]


def rows_needed(program, name, goal):
    """The least size tried whose mape is not above the goal; none if there is no such."""
    return next((size for size in SIZES if scores_at(program, size)[name]["mape"] <= goal), None)


def needed_text(name, size, times):
    if size is None:
        return f"- {name}: more than {SIZES[-1]} rows, nearly all there are to train on: more than {SIZES[-1] / 50:.0f} times, goal {times}, reached"
    return f"- {name}: {size} rows, {size / 50:g} times, goal {times}, {'reached' if size >= 50 * times else '**not reached**'}"


def learning_curves(program):
    table = []
    for size in SIZES:
        scores = scores_at(program, size)
        table.append([str(size)] + [f"{percent(scores[n]['top1'], 1)} / {percent(scores[n]['regret_mean'])} / {percent(scores[n]['mape'])}"
                                    for n in NAMES])
    goal = scores_at(program, 50)["law"]["mape"]
    needed = [needed_text(n, rows_needed(program, n, goal), 3) for n in AWARE]
    needed += [needed_text(n, rows_needed(program, n, goal), 6) for n in BLIND]
    top = scores_at(program, 300)["law+residual"]
    fifty = scores_at(program, 50)
    behind = fifty["threshold"]["top1"] - fifty["law+residual"]["top1"]
    return "\n\n".join([
        command(CURVE), "top1 / regret % / mape %.", grid(["rows"] + NAMES, table),
        figure("learning_curves", "Error, regret and share of right picks against the number of training rows"),
        f"Rows that learners need for the law's mape at 50 rows ({percent(goal)} %), the least size tried that has it "
        "(wave-aware ones, then wave-blind ones):", "\n".join(needed),
        f"- law+residual at 300 rows: top1 >= 91 %: {spread(top, 'top1')} %, {'reached' if top['top1'] >= 0.91 else '**not reached**'}\n"
        f"- law+residual at 300 rows: regret <= 0.25 %: {spread(top, 'regret_mean')} %, "
        f"{'reached' if top['regret_mean'] <= 0.0025 else '**not reached**'}\n"
        f"- law+residual ahead of `threshold` at 50 rows: {'**not reached**, ' if behind > 0 else 'reached, '}"
        f"{percent(fifty['law+residual']['top1'])} against {percent(fifty['threshold']['top1'])} % (the rule sees the winner of "
        f"every training scenario, from some 550 rows)"])


def pairs(program):
    table, verdicts = [], []
    for size in (50, 100, 300):
        for pair in by_size(program)[size]["comparisons"]:
            for metric in ("top1", "regret_mean", "mape"):
                m = pair[metric]
                if m["difference"] is None:
                    continue
                table.append([str(size), f"{pair['first']} against {pair['second']}", metric, percent(m["won"], 0),
                              f"{percent(m['difference'])} [{percent(m['lo'])}, {percent(m['hi'])}]"])
                judged = pair["first"] == "law+residual" and size in (50, 300) and metric != "mape"
                if judged and pair["second"] in ("xgboost+waves", "threshold"):
                    ahead = m["lo"] > 0 if metric == "top1" else m["hi"] < 0
                    verdicts.append(f"- {size} rows, law+residual ahead of {pair['second']} in {metric}, interval without zero: "
                                    f"{'reached' if ahead else '**not reached**'}")
    return "\n\n".join([
        "Share of 20 seeds won by the first, and the mean difference (first less second, percentage points) with its 95 % interval by "
        f"resampling scenarios. The command is that of the {LEARNING.link('learning curves')}.",
        grid(["rows", "pair", "metric", "won %", "difference [95 %]"], table), "\n".join(verdicts)])


LEARNING = Section("learning-curves", "## Main group: learning curves", learning_curves, ("learning_curves",))
SECTIONS = [LEARNING, Section("pairs", "## Main group: two predictors on the same questions", pairs)]
