# SPDX-License-Identifier: Apache-2.0
"""The rows that EnergyLens measured itself, on one GPU; they stand in the repository, so they are never absent."""
from section import Section
from text import command, grid, percent

FILE = "h200_pytorch.csv"  # data/h200_pytorch/rows.csv
NAMES = ["law", "law+residual", "gp", "xgboost+waves", "xgboost", "loglinear", "nearest"]
DENSE = f"{FILE} --where model=dense-8b --where quant=bf16"
COMMON = f"--predictors {','.join(NAMES)}"
LEFT_OUT = f"{FILE} --protocol loo {COMMON}"
BEYOND = [("batch 1 to 16, then 32 and 64", f"{DENSE} --protocol extrapolate --axis batch --cut 16 {COMMON}"),
          ("osl 64 and 128, then 192 and 256", f"{DENSE} --protocol extrapolate --axis osl --cut 128 {COMMON}"),
          ("isl 128 and 512, then 2048", f"{DENSE} --protocol extrapolate --axis isl --cut 512 {COMMON}")]


def group_scores(program):
    """(title, rows, figures by predictor) of each group, each row left out once."""
    for group in program.evaluate(LEFT_OUT)["groups"]:
        yield f"{group['group']['model']} {group['group']['quant']}", group["n_rows"], group["predictors"]


def phases(program):
    """Median errors of prefill and decode, dense shape in bf16."""
    return next(scores["law"] for title, _, scores in group_scores(program) if title == "dense-8b bf16")


def line(title, rows, scores):
    return [title, str(rows)] + [percent(scores[name].get("mape"), 1) for name in NAMES]


def measured(program):
    groups = list(group_scores(program))
    beyond = [line(f"dense-8b bf16, {title}", "", program.evaluate(arguments)["groups"][0]["predictors"]) for title, arguments in BEYOND]
    parts = [[title] + [percent(scores[name].get(f"{phase}_median_ape"), 1) for name in ("law", "law+residual") for phase in ("prefill", "decode")]
             for title, _, scores in groups]
    return "\n\n".join([
        "58 jobs of five models of random weights in PyTorch, measured by `energylens profile` on one H200 after the law and its priors were fixed "
        "(`data/h200_pytorch`, here under the name " + FILE + "). One GPU: there is no layout to choose. mape, percent; each row left out once, then whole ranges:",
        command(LEFT_OUT, *(arguments for _, arguments in BEYOND)),
        grid(["group", "rows"] + NAMES, [line(*one) for one in groups] + beyond),
        "The energy of prefill was measured separately, by jobs of one output token. Median error of each phase, percent, each row left out once:",
        grid(["group", "law: prefill", "law: decode", "law+residual: prefill", "law+residual: decode"], parts),
        "The law knows the mixture's experts from the catalogue; docs/evidence/measuring.md has its figures without. All groups but the first have few "
        "rows: their figures are rough."])


MEASURED = Section("measured", "## One H200, measured by EnergyLens", measured)
SECTIONS = [MEASURED]
