# SPDX-License-Identifier: Apache-2.0
"""Draws docs/figures with gnuplot, from what the program printed and from the rows themselves."""
import json
import subprocess
from collections import defaultdict

import curves
from groups import MAIN_50
from text import H800, MAIN

BATCHES = [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120, 128]
PREAMBLE = """set terminal svg size {width},{height} font 'sans,13' background '#ffffff' enhanced
set grid linecolor '#dddddd'
set key {key}
set border 3 linecolor '#555555'
set tics nomirror
"""
COLOURS = ["#0060ad", "#d95319", "#2ca02c", "#7e2f8e", "#777777", "#b8860b", "#17a2b8", "#000000"]


def block(name, rows):
    """A data block of gnuplot; what is not known is a gap."""
    lines = [" ".join("NaN" if value is None else f"{value:.6g}" for value in row) for row in rows]
    return f"${name} << EOD\n" + "\n".join(lines) + "\nEOD\n"


def draw(folder, name, script, width=760, height=420, key="outside right top"):
    text = f"{PREAMBLE.format(width=width, height=height, key=key)}set output '{name}.svg'\n{script}\n"
    subprocess.run(["gnuplot", "-"], input=text, text=True, cwd=folder, check=True)


def learning_curves(program, folder):
    """One panel per figure of merit, one line per predictor."""
    script = "set multiplot layout 1,3\nset logscale x\nset xlabel 'training rows'\n"
    blocks = ""
    for i, name in enumerate(curves.NAMES):
        rows = []
        for size in curves.SIZES:
            s = curves.scores_at(program, size)[name]
            rows.append([size] + [None if s[m] is None else 100 * s[m] for m in ("top1", "regret_mean", "mape")])
        blocks += block(f"p{i}", rows)
    for column, (title, scale, position) in enumerate([("top1 %", "unset logscale y; set yrange [40:100]", "off"),
                                                       ("mean regret %", "set logscale y; set yrange [0.1:30]", "off"),
                                                       ("mape %", "set logscale y; set yrange [1.5:50]", "on; set key top right samplen 1.5")], 2):
        lines = [f"$p{i} using 1:{column} with linespoints linewidth 2 pointsize 0.5 linecolor '{COLOURS[i]}' title '{name}'"
                 for i, name in enumerate(curves.NAMES) if not (column == 4 and name == "threshold")]
        script += f"{scale}; set key {position}\nset title '{title}'\nplot {', '.join(lines)}\n"
    draw(folder, "learning_curves", blocks + script + "unset multiplot", width=1120, key="off")


def predicted(program, model, layout, batches, osl):
    """(batch, J, lo, hi) in kJ by the program."""
    rows = []
    for batch in batches:
        said = json.loads(program.run(f"predict {model} --layout {layout} --batch {batch} --isl 1 --osl {osl} --format json"))
        rows.append([batch] + [None if said[k] is None else said[k] / 1e3
                               for k in ("total_energy_j", "total_energy_j_lo", "total_energy_j_hi")])
    return rows


def measured(program, tp, pp, osl, **equal):
    """(batch, kJ) of the rows, repeats averaged."""
    energies = defaultdict(list)
    for row in program.rows("gpu_llm_profile.csv", tp=tp, pp=pp, **equal):
        if row["total_energy_j"] and float(row["osl"]) == osl and float(row["isl"] or 1) == 1 and float(row["total_time_s"]) >= 1:
            energies[float(row["batch"])].append(float(row["total_energy_j"]) / 1e3)
    return [[batch, sum(e) / len(e)] for batch, e in sorted(energies.items())]


def crossing(program, folder):
    """Energy per request of tp8 and tp4pp2 at osl 1024: waves are jumps, and the curves cross."""
    osl = 1024
    program.run(f"fit {MAIN} --train 50 --seed 0 -o crossing.json")
    blocks, lines = "", []
    for i, (layout, tp, pp) in enumerate([("tp8", "8", "1"), ("tp4pp2", "4", "2"), ("tp1pp8", "1", "8")]):
        rows = measured(program, tp, pp, osl, model="Llama-3-70B", gpu="RTX4090", quant="FP16")
        batches = sorted({int(row[0]) for row in rows} | set(BATCHES))
        blocks += block(f"m{i}", [[b, e / b] for b, e in rows])
        blocks += block(f"l{i}", [[r[0]] + [None if v is None else v / r[0] for v in r[1:]]
                                  for r in predicted(program, "crossing.json", layout, range(1, max(batches) + 1), osl)])
        lines += [f"$l{i} using 1:3:4 with filledcurves fillcolor '{COLOURS[i]}' fillstyle transparent solid 0.15 noborder notitle",
                  f"$l{i} using 1:2 with lines linewidth 2 linecolor '{COLOURS[i]}' title '{layout}, law'",
                  f"$m{i} using 1:2 with points pointtype 7 pointsize 0.45 linecolor '{COLOURS[i]}' title '{layout}, measured'"]
    draw(folder, "crossing", blocks + "set logscale xy\nset xlabel 'batch (requests)'\nset ylabel 'kJ per request'\n"
         "set title 'Llama-3-70B on eight RTX 4090, osl 1024; law from 50 rows'\nset yrange [0.3:60]\nplot " + ", ".join(lines))


def extrapolation(program, folder):
    """H800 FP16: the law fitted to batches up to 32, and what was measured beyond."""
    where = H800.format("FP16") + " --where 'batch<=32'"
    program.run(f"fit {where} -o below.json")
    rows = program.rows("gpu_llm_profile.csv", model="Llama-3.1-70B", gpu="H800-80GB", quant="FP16")
    counts = defaultdict(int)
    for row in rows:
        if row["total_energy_j"]:
            counts[float(row["osl"])] += 1
    osl = int(max(counts, key=lambda value: (counts[value], value)))
    blocks, lines = "", []
    for i, (layout, tp) in enumerate([("tp2", "2"), ("tp8", "8")]):
        points = measured(program, tp, "1", osl, model="Llama-3.1-70B", gpu="H800-80GB", quant="FP16")
        most = max(point[0] for point in points)
        batches = sorted({int(p[0]) for p in points} | {b for b in BATCHES + [160, 192, 256, 320, 384, 512, 640, 768, 1024] if b <= most})
        blocks += block(f"m{i}", [[b, e / b] for b, e in points])
        blocks += block(f"l{i}", [[r[0]] + [None if v is None else v / r[0] for v in r[1:]]
                                  for r in predicted(program, "below.json", layout, batches, osl)])
        lines += [f"$l{i} using 1:3:4 with filledcurves fillcolor '{COLOURS[i]}' fillstyle transparent solid 0.15 noborder notitle",
                  f"$l{i} using 1:2 with lines linewidth 2 linecolor '{COLOURS[i]}' title '{layout}, law from batch <= 32'",
                  f"$m{i} using 1:2 with points pointtype 7 pointsize 0.45 linecolor '{COLOURS[i]}' title '{layout}, measured'"]
    draw(folder, "extrapolation", blocks + "set logscale xy\nset xlabel 'batch (requests)'\nset ylabel 'kJ per request'\n"
         f"set title 'Llama-3.1-70B on H800, FP16, osl {osl}'\nset arrow from 32,graph 0 to 32,graph 1 nohead linecolor '#555555' dashtype 2\n"
         "plot " + ", ".join(lines))


def regrets(program, folder):
    """Share of picks whose regret is at most so much."""
    scores = program.evaluate(MAIN_50)["groups"][0]["predictors"]
    names = ["law", "law+residual", "xgboost+waves", "xgboost", "threshold", "majority"]
    blocks, lines = "", []
    for i, name in enumerate(names):
        points = scores[name]["regret_percentiles"]
        blocks += block(f"r{i}", [[100 * max(value, 1e-4), 100 * k / (len(points) - 1)] for k, value in enumerate(points)])
        lines.append(f"$r{i} using 1:2 with lines linewidth 2 linecolor '{COLOURS[i]}' title '{name}'")
    draw(folder, "regrets", blocks + "set logscale x\nset xrange [0.01:60]\nset xlabel 'regret of a pick, % (0.01: none)'\n"
         "set ylabel '% of picks with no more'\nset yrange [0:100]\nset title 'Main group, 50 rows, 20 seeds'\nplot " + ", ".join(lines))


def reliability(program, folder):
    scores = program.evaluate(MAIN_50)["groups"][0]["predictors"]
    blocks, lines = "", ["x with lines linecolor '#999999' dashtype 2 title 'as stated'"]
    for i, name in enumerate(["law", "law+residual"]):
        blocks += block(f"c{i}", [[100 * b["chance"], 100 * b["share"], b["n"]] for b in scores[name]["reliability"]])
        lines.append(f"$c{i} using 1:2 with linespoints linewidth 2 pointtype 7 pointsize 0.6 linecolor '{COLOURS[i]}' title '{name}'")
    draw(folder, "reliability", blocks + "set xrange [0:100]\nset yrange [0:100]\nset xlabel 'chance of being the best, as stated, %'\n"
         "set ylabel 'share that was the best, %'\nset title 'Main group, 50 rows, 20 seeds'\nplot " + ", ".join(lines), width=600)


FIGURES = [learning_curves, crossing, extrapolation, regrets, reliability]
