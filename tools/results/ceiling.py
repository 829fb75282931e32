# SPDX-License-Identifier: Apache-2.0
"""Where the ceiling of choosing right comes from in the main group: noise of repeats, margins, and the steps that no smooth
law has. Computed from the rows themselves, with a fixed seed."""
import math
import random
from collections import defaultdict

from curves import scores_at
from section import Section
from text import grid, percent

DRAWS = 200


def quantile(values, p):
    values = sorted(values)
    at = p * (len(values) - 1)
    below = int(at)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (at - below)


def main_rows(program):
    """{(batch, osl): {layout: [J of each repeat]}} of the main group."""
    cells = defaultdict(lambda: defaultdict(list))
    for row in program.rows("gpu_llm_profile.csv", model="Llama-3-70B", gpu="RTX4090", quant="FP16"):
        if row["total_energy_j"] and row["total_time_s"] and float(row["total_time_s"]) >= 1:
            load = (float(row["batch"]), float(row["isl"] or 0), float(row["osl"]))
            cells[load][row["tp"], row["pp"]].append(float(row["total_energy_j"]))
    return cells


def repeat_sds(cells):
    """Standard deviation of ln energy of each layout and load that was measured more than once."""
    sds = []
    for layouts in cells.values():
        for energies in layouts.values():
            if len(energies) > 1:
                logs = [math.log(e) for e in energies]
                centre = sum(logs) / len(logs)
                sds.append(math.sqrt(sum((x - centre) ** 2 for x in logs) / (len(logs) - 1)))
    return sds


def scenarios_of(cells):
    """Mean energies of the layouts of every load that has two of them."""
    return [[sum(e) / len(e) for e in layouts.values()] for layouts in cells.values() if len(layouts) > 1]


def top1_with_noise(scenarios, sd, rng):
    """Share of right picks of a predictor whose errors are independent and log-normal; and its mean regret."""
    right = regret = 0
    for _ in range(DRAWS):
        for energies in scenarios:
            said = [math.log(e) + rng.gauss(0, sd) for e in energies]
            picked = energies[said.index(min(said))]
            right += picked == min(energies)
            regret += picked / min(energies) - 1
    n = DRAWS * len(scenarios)
    return right / n, regret / n


def ceiling(program):
    cells = main_rows(program)
    scenarios, sds, rng = scenarios_of(cells), repeat_sds(cells), random.Random(1)
    margins = [sorted(e)[1] / sorted(e)[0] - 1 for e in scenarios]
    table = []
    for sd in (0.0033, 0.008, 0.01, 0.02, 0.03, 0.04):
        right, regret = top1_with_noise(scenarios, sd, rng)
        table.append([percent(sd), percent(right, 1), percent(regret)])
    fifty, more = scores_at(program, 50), scores_at(program, 300)
    shown = " and ".join(f"{name} {percent(s['median_ape'])} % median error, top1 {percent(s['top1'], 1)} %" for name, s in
                         (("the law at 300 rows", more["law"]), ("law+residual at 300 rows", more["law+residual"])))
    return "\n\n".join([
        f"{len(sds)} pairs of layout and load were measured more than once: the standard deviation of ln energy is "
        f"{percent(math.sqrt(sum(s * s for s in sds) / len(sds)))} % (root mean square), {percent(quantile(sds, 0.5))} % (median). The second-best layout "
        f"needs {percent(quantile(margins, 0.1), 1)}, {percent(quantile(margins, 0.25), 1)} and {percent(quantile(margins, 0.5), 1)} % more energy than the best at the "
        "10th, 25th and 50th percentile. A predictor whose errors are independent of each other, with this standard deviation, would have",
        grid(["error %", "top1 %", "regret %"], table),
        f"Measured: {shown}. More rows do not help the law (top1 {percent(fifty['law']['top1'], 1)} % at 50, {percent(more['law']['top1'], 1)} % at 300): what remains "
        "are steps of kernels, which a smooth closed form does not have. Noise of measurement is far below that; a table of steps (law+residual with many rows) gets close to it."])


SECTIONS = [Section("ceiling", "## Main group: where the ceiling is", ceiling)]
