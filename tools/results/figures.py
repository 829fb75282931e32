# SPDX-License-Identifier: Apache-2.0
"""Draws docs/figures with gnuplot, from what the program printed and from the rows themselves."""
import json
import subprocess
from collections import defaultdict

import curves
from groups import MAIN_50
from text import H800, MAIN

OSL = 1024  # of the loads whose energy is drawn against the batch
FIRST = 2  # requests: below, the energy of one request falls so steeply that the rest would be a line
EACH, STEP = 128, 8  # up to 128 requests the law is asked at each number of requests, then at every eighth
PREDICT = "predict {file} --layout {layout} --batch {batch} --isl 1 --osl " + str(OSL) + " --format json"
FIT_CROSSING = f"fit {MAIN} --train 50 --seed 0 -o crossing.json"
FIT_BELOW = f"fit {H800.format('FP16')} --where 'batch<=32' -o below.json"
PREAMBLE = """set terminal svg size {width},{height} font 'sans,13' background '#ffffff' enhanced
set grid linecolor '#dddddd'
set key {key}
set border 3 linecolor '#555555'
set tics nomirror
set xtics out
set ytics out
"""
COLOURS = ["#0060ad", "#d95319", "#2ca02c", "#7e2f8e", "#777777", "#b8860b", "#17a2b8", "#000000"]
INTERVAL = "keyentry with filledcurves fillcolor '#777777' fillstyle transparent solid 0.25 noborder title '90 % interval of the law'"
REGRET_COLOURS = ["#b8860b", "#7e2f8e", "#2ca02c", "#0060ad", "#d95319", "#000000"]


def shell(file, layouts, most):
    """What prints the lines of a figure, for a reader."""
    said = PREDICT.format(file=file, layout="$layout", batch="$batch")
    batches = f"$(seq {FIRST} {min(most, EACH)})" + (f" $(seq {EACH + STEP} {STEP} {most})" if most > EACH else "")
    return f"for layout in {' '.join(layouts)}; do for batch in {batches}; do energylens {said}; done; done"


CROSSING = [f"energylens {FIT_CROSSING}", shell("crossing.json", ["tp8", "tp4pp2"], 128), shell("crossing.json", ["tp1pp8"], 64)]
BELOW = [f"energylens {FIT_BELOW}", shell("below.json", ["tp2"], 128), shell("below.json", ["tp8"], 1024)]


def block(name, rows):
    """A data block of gnuplot; what is not known is a gap."""
    lines = [" ".join("NaN" if value is None else f"{value:.6g}" for value in row) for row in rows]
    return f"${name} << EOD\n" + "\n".join(lines) + "\nEOD\n"


def draw(folder, name, script, width=760, height=420, key="outside right top"):
    text = f"{PREAMBLE.format(width=width, height=height, key=key)}set output '{name}.svg'\n{script}\n"
    subprocess.run(["gnuplot", "-"], input=text, text=True, cwd=folder, check=True)


def tics(axis, values, labels=None):
    """Marks of an axis at these values."""
    return f"set {axis}tics out ({', '.join(f'{label!r} {value}' for value, label in zip(values, labels or map(str, values)))})\n"


def span(rows, margin=1.1):
    """Range of an axis with logarithmic scale that holds the values of these (batch, kJ, ...), a little wider."""
    values = [value for _, *others in rows for value in others if value is not None]
    return f"[{min(values) / margin:.4g}:{max(values) * margin:.4g}]"


def learning_curves(program, folder):
    """One panel per figure of merit, one line per predictor, one legend below them."""
    blocks = ""
    for i, name in enumerate(curves.NAMES):
        rows = []
        for size in curves.SIZES:
            s = curves.scores_at(program, size)[name]
            rows.append([size] + [None if s[m] is None else 100 * s[m] for m in ("top1", "regret_mean", "mape")])
        blocks += block(f"p{i}", rows)
    script = ("set multiplot layout 1,3 margins 0.045,0.99,0.27,0.91 spacing 0.055\nset logscale x\nset xrange [9:560]\nset xlabel 'training rows'\n"
              + tics("x", [10, 25, 50, 100, 200, 500]))
    panels = [("top1 %", "set yrange [40:100]\n"),
              ("mean regret %", "set logscale y\nset yrange [0.1:40]\n" + tics("y", [0.1, 0.2, 0.5, 1, 2, 5, 10, 20])),
              ("mape %", "set yrange [1.5:400]\n" + tics("y", [2, 5, 10, 20, 50, 100, 200]))]
    styles = [f"with linespoints linewidth 2 pointtype {i + 1} pointsize 0.5 linecolor '{COLOURS[i]}' title '{name}'" for i, name in enumerate(curves.NAMES)]
    for column, (title, settings) in enumerate(panels, 2):
        lines = [f"$p{i} using 1:{column} {style}" for i, style in enumerate(styles)
                 if not (column == 4 and curves.NAMES[i] == "threshold")]
        script += f"{settings}set title '{title}'\nplot {', '.join(lines)}\n"
    legend = ("unset title\nunset border\nunset tics\nunset xlabel\nunset logscale\nset lmargin screen 0.02\nset rmargin screen 0.98\nset tmargin screen 0.12\n"
              "set bmargin screen 0.02\nset xrange [0:1]\nset yrange [0:1]\nset key horizontal center center maxrows 1 samplen 2.5\nplot -1 notitle, "
              + ", ".join(f"keyentry {style}" for style in styles))
    draw(folder, "learning_curves", blocks + script + legend + "\nunset multiplot", width=1120, height=450, key="off")


def predicted(program, file, layout, most):
    """(batch, kJ, lo, hi) per request by the program, up to the largest batch."""
    rows = []
    for batch in [*range(FIRST, min(most, EACH) + 1), *range(EACH + STEP, most + 1, STEP)]:
        said = json.loads(program.run(PREDICT.format(file=file, layout=layout, batch=batch)))
        rows.append([batch] + [None if said[k] is None else said[k] / 1e3 / batch
                               for k in ("total_energy_j", "total_energy_j_lo", "total_energy_j_hi")])
    return rows


def measured(program, tp, pp, **equal):
    """(batch, kJ) per request of the rows, repeats averaged."""
    energies = defaultdict(list)
    for row in program.rows("gpu_llm_profile.csv", tp=tp, pp=pp, **equal):
        if row["total_energy_j"] and float(row["osl"]) == OSL and float(row["isl"] or 1) == 1 and float(row["total_time_s"]) >= 1:
            energies[float(row["batch"])].append(float(row["total_energy_j"]) / 1e3)
    return [[batch, sum(e) / len(e) / batch] for batch, e in sorted(energies.items()) if batch >= FIRST]


def law_and_rows(program, file, layouts, **equal):
    """{layout: (lines of the law, measured points)} from 2 requests to where measurements of the layout end."""
    found = {}
    for layout, tp, pp in layouts:
        points = measured(program, tp, pp, **equal)
        found[layout] = predicted(program, file, layout, int(points[-1][0])), points
    return found


def energy_plot(found):
    """Blocks, axes and the plot of energy per request against the batch."""
    blocks, lines, shown = "", [], []
    for i, (layout, (said, points)) in enumerate(found.items()):
        blocks += block(f"l{i}", said) + block(f"m{i}", points)
        shown += said + points
        lines += [f"$l{i} using 1:3:4 with filledcurves fillcolor '{COLOURS[i]}' fillstyle transparent solid 0.15 noborder notitle",
                  f"$l{i} using 1:2 with lines linewidth 2 linecolor '{COLOURS[i]}' title '{layout}, law'",
                  f"$m{i} using 1:2 with points pointtype 7 pointsize 0.4 linecolor '{COLOURS[i]}' title '{layout}, measured'"]
    most = max(row[0] for row in shown)
    marks = [mark for mark in (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024) if mark <= most]
    axes = ("set logscale xy\nset xlabel 'batch (requests)'\nset ylabel 'kJ per request'\n" + tics("x", marks)
            + f"set xrange [{FIRST}:{most * 1.05:.4g}]\nset yrange {span(shown)}\n" + tics("y", [0.3, 0.5, 1, 2, 3, 5, 10, 20, 30, 50]))
    return blocks, axes, "plot " + ", ".join(lines + [INTERVAL])


def ratio(found, above, below):
    """Energy of one layout over that of another: (lines of the law, measured points)."""
    def over(k):
        bottom = {row[0]: row[1] for row in found[below][k]}
        return [[row[0], row[1] / bottom[row[0]]] for row in found[above][k] if row[0] in bottom]
    return over(0), over(1)


def crossing(program, folder):
    """Energy per request: waves are jumps; below, where the curves of two layouts cross."""
    program.run(FIT_CROSSING)
    found = law_and_rows(program, "crossing.json", [("tp8", "8", "1"), ("tp4pp2", "4", "2"), ("tp1pp8", "1", "8")],
                         model="Llama-3-70B", gpu="RTX4090", quant="FP16")
    blocks, axes, plot = energy_plot(found)
    said, points = ratio(found, "tp4pp2", "tp8")
    blocks += block("lr", said) + block("mr", points)
    script = (f"set multiplot\nset lmargin screen 0.1\nset rmargin screen 0.72\n{axes}set tmargin screen 0.93\nset bmargin screen 0.47\n"
              f"set title 'Llama-3-70B on eight RTX 4090, osl {OSL}; law from 50 rows'\nset xlabel ''\n{plot}\n"
              "unset title\nunset logscale y\nset tmargin screen 0.40\nset bmargin screen 0.11\nset xlabel 'batch (requests)'\n"
              "set ylabel 'tp4pp2 / tp8'\nset yrange [0.7:1.3]\n" + tics("y", [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3]) +
              "set arrow from graph 0,first 1 to graph 1,first 1 nohead linecolor '#555555' dashtype 2\n"
              f"plot $lr with lines linewidth 2 linecolor '{COLOURS[3]}' title 'ratio, law', "
              f"$mr with points pointtype 7 pointsize 0.4 linecolor '{COLOURS[3]}' title 'ratio, measured'\nunset multiplot")
    draw(folder, "crossing", blocks + script, height=640)


def extrapolation(program, folder):
    """H800 FP16: the law fitted to batches up to 32, and what was measured beyond."""
    program.run(FIT_BELOW)
    found = law_and_rows(program, "below.json", [("tp2", "2", "1"), ("tp8", "8", "1")],
                         model="Llama-3.1-70B", gpu="H800-80GB", quant="FP16")
    blocks, axes, plot = energy_plot(found)
    draw(folder, "extrapolation", blocks + axes + f"set title 'Llama-3.1-70B on H800, FP16, osl {OSL}; law from batches up to 32'\n"
         "set arrow from 32,graph 0 to 32,graph 1 nohead linecolor '#555555' dashtype 2\n"
         "set label 'fitted' at 32,graph 0.96 right offset character -1,0\nset label 'beyond: not fitted' at 32,graph 0.96 left offset character 1,0\n"
         + plot, height=480)


def regrets(program, folder):
    """Share of picks that cost more than so much; at the left edge the share that were not the best."""
    scores = program.evaluate(MAIN_50)["groups"][0]["predictors"]
    blocks, lines = "", []
    for i, (name, dashes) in enumerate([("majority", 2), ("xgboost", 1), ("xgboost+waves", 1), ("law", 1), ("law+residual", 1), ("threshold", 2)]):
        points = scores[name]["regret_percentiles"]
        share = [(100 * value, 100 - 100 * k / (len(points) - 1)) for k, value in enumerate(points)]
        blocks += block(f"r{i}", [(0.03, 100 - 100 * scores[name]["top1"])] + [point for point in share if point[0] > 0.03])
        lines.append(f"$r{i} using 1:2 with lines linewidth 2.5 dashtype {dashes} linecolor '{REGRET_COLOURS[i]}' title '{name}'")
    draw(folder, "regrets", blocks + "set logscale x\nset xrange [0.03:60]\nset xlabel 'regret, % (left edge: any)'\n"
         + tics("x", [0.03, 0.1, 0.3, 1, 3, 10, 30], ["> 0", "0.1", "0.3", "1", "3", "10", "30"])
         + "set ylabel '% of picks with more than that'\nset yrange [0:55]\n"
         "set title 'Main group, 50 rows, 20 seeds; dashed: rules that see every training scenario'\nplot " + ", ".join(lines))


def reliability(program, folder):
    scores = program.evaluate(MAIN_50)["groups"][0]["predictors"]
    blocks, lines = "", ["x with lines linecolor '#999999' dashtype 2 title 'as stated'"]
    for i, name in enumerate(["law", "law+residual"]):
        blocks += block(f"c{i}", [[100 * b["chance"], 100 * b["share"], b["n"]] for b in scores[name]["reliability"]])
        lines.append(f"$c{i} using 1:2 with linespoints linewidth 2 pointtype 7 pointsize 0.6 linecolor '{COLOURS[i]}' title '{name}'")
    draw(folder, "reliability", blocks + "set xrange [0:100]\nset yrange [0:100]\nset xlabel 'chance of being the best, as stated, %'\n"
         "set ylabel 'share that was the best, %'\nset title 'Main group, 50 rows, 20 seeds'\nplot " + ", ".join(lines), width=600)

