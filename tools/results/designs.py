# SPDX-License-Identifier: Apache-2.0
"""30 rows picked by a design against 50 drawn at random, revealed as if they were measured."""
from section import Section
from text import H800, MAIN, command, grid, percent

STRATEGIES = ["random", "spread", "d-optimal", "i-optimal", "sequential"]
DATA = [("main group", f"{MAIN} --same-gpus"), ("H800 FP16", H800.format("FP16")), ("H800 FP8", H800.format("FP8"))]
COMMON = "--protocol learning-curve --train-sizes 30,50 --seeds 20 --predictors law,law+residual --sampling {}"
SERVED = f"{MAIN} --same-gpus --where isl=1 --where 'osl>=1024' --where 'osl<=2048'"
METRICS = [("top1", 1), ("regret_mean", -1), ("mape", -1)]


def scores(program, data, strategy, size):
    reports = program.evaluate(f"{data} {COMMON.format(strategy)}")["reports"]
    return next(r for r in reports if r["train"] == size)["groups"][0]["predictors"]


def cell(s):
    return f"{percent(s['top1'], 1)} / {percent(s['regret_mean'])} / {percent(s['mape'])}"


def judged(title, name, designed, random):
    """One line: which figures of 30 designed rows are no worse than those of 50 random ones."""
    worse = [metric for metric, sign in METRICS if sign * (designed[metric] - random[metric]) < 0]
    verdict = "reached" if not worse else "**not reached** in " + ", ".join(
        f"{metric} ({percent(designed[metric])} against {percent(random[metric])} %, standard deviation over seeds "
        f"{percent(random[metric + '_sd'])})" for metric in worse)
    return f"- {title}, {name}: 30 rows by `sequential` do what 50 random ones do: {verdict}"


def designs(program):
    table, verdicts = [], []
    for name in ("law+residual", "law"):
        for strategy, size in [(s, 30) for s in STRATEGIES] + [("random", 50)]:
            table.append([f"{name}, {strategy}, {size} rows"] + [cell(scores(program, data, strategy, size)[name]) for _, data in DATA])
        for title, data in DATA:
            verdicts.append(judged(title, name, scores(program, data, "sequential", 30)[name], scores(program, data, "random", 50)[name]))
    control = scores(program, SERVED, "random", 30)["law+residual"], scores(program, SERVED, "random", 50)["law+residual"]
    return "\n\n".join([
        "top1 / regret % / mape %. `docs/method/design.md` has the strategies; a row's result is seen only once it is picked.",
        grid(["rows"] + [title for title, _ in DATA], table), "\n".join(verdicts),
        f"Most of the gain of the main group is measuring what is served: random rows among the lengths that its scenarios have, {cell(control[0])} "
        f"(law+residual, 30 rows) and {cell(control[1])} (50 rows); command:", command(f"{SERVED} {COMMON.format('random')}"),
        "The settings of `sequential` were chosen on these three groups, on seeds that contain those reported. The commands of the table:",
        command(*[f"{data} {COMMON.format(strategy)}" for _, data in DATA for strategy in STRATEGIES])])


SECTIONS = [Section("designs", "## What to measure: designed rows", designs)]
