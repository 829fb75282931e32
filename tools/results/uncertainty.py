# SPDX-License-Identifier: Apache-2.0
"""Are the stated intervals and chances true? Coverage and interval score, by layout and beyond the rows; reliability."""
import beyond
import groups
from groups import H800_50, LLAMA_8B, MAIN_50, SIMULATED_50, SPLITWISE
from section import Section
from text import figure, grid, percent

NAMES = ["law", "law+residual", "gp", "xgboost:quantile"]
DATA = [("main group", MAIN_50), ("H800 FP16", H800_50["FP16"]), ("H800 FP8", H800_50["FP8"]), ("Llama-3-8B", LLAMA_8B),
        ("Splitwise", SPLITWISE), ("simulated", SIMULATED_50)]


def cells(scores):
    return [f"{percent(scores[n].get('coverage_90'), 0)} / {percent(scores[n].get('interval_score'), 0)}" for n in NAMES]


def better(scores, name):
    """Whether the interval score of the predictor beats that of gp and of quantile XGBoost; the latter may have none."""
    rivals = [scores[rival].get("interval_score") for rival in NAMES[2:]]
    return all(rival is None or scores[name]["interval_score"] < rival for rival in rivals)


def intervals(program):
    table, beaten = [], {name: [] for name in NAMES[:2]}
    for title, arguments in DATA:
        scores = program.evaluate(arguments)["groups"][0]["predictors"]
        table.append([title] + cells(scores))
        for name, own in beaten.items():
            own.append(better(scores, name))
    layouts = program.evaluate(MAIN_50)["groups"][0]["predictors"]
    table += [[f"main group, {layout}"] + cells({n: layouts[n]["by_layout"][layout] for n in NAMES})
              for layout in layouts["law"]["by_layout"]]
    table += [[task[0]] + cells(beyond.scores_of(program, task)) for task in beyond.TASKS]
    lines = [f"- {name}: interval score better than that of gp and of quantile XGBoost in {sum(own)} of {len(own)} data sets"
             f"{', reached' if all(own) else ', **not reached** everywhere'}" for name, own in beaten.items()]
    return "\n\n".join([
        "Coverage of the 90 % intervals / interval score (width and 20 times what lies outside, over the measured energy), percent; the "
        f"smaller score is the better interval. The commands are those of {', '.join(one.link(name) for name, one in groups.OF.items())} and "
        f"{beyond.BEYOND.link('beyond the rows')}; layouts of the main group are `by_layout` of its command.",
        grid(["data"] + NAMES, table), "\n".join(lines),
        "Beyond the rows intervals rest on the form of the law: they do not include kernel switches that no row shows (H800, batch > 32)."])


def reliability(program):
    parts = ["Every candidate of a held-out scenario gets a chance of being the best from 500 joint draws, as `choose` states it in "
             "`chance_best`. By tenths of the chance: candidates, mean chance stated, share that was the best (percent). "
             "`calibration error` is the mean distance of the two; compare `stated for the pick` with top1. The commands are those of "
             f"{', '.join(groups.OF[name].link(name) for name in ('main-group', 'h800-fp16', 'h800-fp8', 'simulated'))}."]
    table, summary = [], []
    for title, arguments in DATA[:3] + DATA[5:]:
        for name in ("law", "law+residual"):
            s = program.evaluate(arguments)["groups"][0]["predictors"][name]
            summary.append([title, name, percent(s["calibration_error"], 1), percent(s["chance_best"], 1), percent(s["top1"], 1)])
            if title == "main group":
                table += [[name, f"{percent(b['from'], 0)} to {percent(b['to'], 0)}", str(b["n"]), percent(b["chance"], 1), percent(b["share"], 1)]
                          for b in s["reliability"]]
    parts += [grid(["data", "predictor", "calibration error %", "stated for the pick %", "top1 %"], summary),
              "Main group, 50 rows, 20 seeds:", grid(["predictor", "chance %", "candidates", "stated %", "came true %"], table),
              figure("reliability", "Stated chance of being the best against the share that was")]
    return "\n\n".join(parts)


SECTIONS = [Section("intervals", "## Are the intervals true?", intervals),
            Section("chances", "## Do stated chances come true?", reliability, ("reliability",))]
