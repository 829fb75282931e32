# SPDX-License-Identifier: Apache-2.0
"""A law moved to another GPU or quantisation: error with the prior of other groups and without, by rows."""
from section import Section
from text import command, grid, percent

SIZES = [0, 5, 10, 25, 30, 50]
JOBS = "gpu_llm_profile.csv --where 'total_time_s>=1' --protocol transfer"
COMMON = f"--predictors law --train-sizes {','.join(map(str, SIZES))} --seeds 20"
TASKS = [
    ("RTX 4090 FP16 to H800 FP16", f"{JOBS} --source model=Llama-3-70B --source quant=FP16 --target gpu=H800-80GB --target quant=FP16 {COMMON}"),
    ("all Llama-3-70B on RTX 4090 to H800 FP16", f"{JOBS} --source model=Llama-3-70B --source gpu=RTX4090 --target gpu=H800-80GB --target quant=FP16 {COMMON}"),
    ("H800 FP16 to FP8", f"{JOBS} --source gpu=H800-80GB --source quant=FP16 --target gpu=H800-80GB --target quant=FP8 {COMMON}"),
    ("H800 FP8 to FP16", f"{JOBS} --source gpu=H800-80GB --source quant=FP8 --target gpu=H800-80GB --target quant=FP16 {COMMON}"),
    ("RTX 4090 FP16 to W4A16KV8G128", f"{JOBS} --source model=Llama-3-70B --source quant=FP16 --target model=Llama-3-70B --target quant=W4A16KV8G128 {COMMON}"),
    ("all jobs to Splitwise", "gpu_llm_profile.csv splitwise.csv --where 'total_time_s>=1' --where 'isl<8192' --protocol transfer "
     f"--source 'gpu!=A100-80GB-SXM' --target gpu=A100-80GB-SXM --target model=Llama-2-70B {COMMON}"),
]


def curve(program, arguments, with_sources):
    """{rows asked for: figures of the law}, where there are any."""
    found = {}
    for report in program.evaluate(arguments)["reports"]:
        if report["with_sources"] == with_sources and report["groups"]:
            law = report["groups"][0]["predictors"]["law"]
            if law["mape"] is not None:
                found[report["train"]] = law
    return found


def few_rows(program, title, arguments):
    """Why figures of a task stop changing, where fewer rows may train than were asked for: a sentence, or none."""
    used = {report["train"]: report["groups"][0]["train_used"] for report in program.evaluate(arguments)["reports"]
            if not report["with_sources"] and report["groups"]}
    equal = [size for size in SIZES if size > used.get(size, size)]
    if not equal:
        return []
    return [f"Columns {', '.join(map(str, equal))} of \"{title}\" are equal because only {used[equal[0]]} rows may train there: all of them do."]


def cell(scores):
    return "-" if scores is None else f"{percent(scores['mape'], 1)} / {percent(scores['median_ape'], 1)}, {percent(scores['coverage_90'], 0)}"


def transfers(program):
    table, verdicts, short = [], [], []
    for title, arguments in TASKS:
        known, alone = curve(program, arguments, True), curve(program, arguments, False)
        table.append([title, "with"] + [cell(known.get(n)) for n in SIZES])
        table.append(["", "without"] + [cell(alone.get(n)) for n in SIZES])
        short += few_rows(program, title, arguments)
        ten, thirty = known[10]["mape"], alone[30]["mape"]
        worth = next((n for n in SIZES if n in alone and alone[n]["mape"] <= ten), None)
        verdicts.append(f"- {title}: error at 10 rows with the prior {percent(ten, 1)} %, at 30 without {percent(thirty, 1)} %: "
                        f"{'reached' if ten <= thirty else '**not reached**'}; without, it takes {worth or 'more than 50'} rows (of the sizes tried) to be as good")
    return "\n\n".join([
        "mape / median error and coverage of 90 % intervals of the law, percent, by rows of the target; 0 rows: ratios of published figures alone "
        "(`docs/method/transfer.md`).", grid(["transfer", "sources"] + [str(n) for n in SIZES], table), *short, "\n".join(verdicts),
        "Where the ceiling comes from: growth with the batch differs between GPUs beyond what groups of one GPU show (b4 0.74 on RTX 4090, 1.00 on H800), and ten "
        "random rows miss a layout in some draws; `docs/experiments/transfer.md` has what was tried. The commands:",
        command(*[arguments for _, arguments in TASKS])])


SECTIONS = [Section("transfers", "## Transfer to another GPU or quantisation", transfers)]
