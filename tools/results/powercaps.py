# SPDX-License-Identifier: Apache-2.0
"""How energy and time follow a power limit, with models left out."""
import json

from section import Section
from text import code, grid, percent, verdict

FILE = "powercap_rtx.csv"
COMMAND = f"power-caps {FILE} --format json"


def line(one):
    return [one["gpu"] or "all", str(one["models"]), str(one["points"]), percent(one["energy_median_ape"]), percent(one["energy_p90_ape"], 1),
            percent(one["time_median_ape"]), percent(one["two_caps_energy_median_ape"]), percent(one["prior_energy_median_ape"]),
            percent(one["best_cap_within_one_step"], 0), percent(one["best_cap_regret"])]


def curve(one):
    return [one["gpu"], f"{one['static_w']:.0f}", f"{one['knee']:.2f}", f"{one['exponent']:.2f}", f"{one['cap_use']:.2f}"]


def powercaps(program):
    answer = json.loads(program.run(COMMAND))
    results, everything = answer["models_left_out"], answer["models_left_out"][-1]
    return "\n\n".join([
        "Seven models of 3 to 14 B in `ollama`, batch 1, under 11 and 46 power limits of two types of GPU. The published energies are about a quarter too low, "
        "alike at all limits, so only ratios to the greatest limit are judged. Each model is left out once, and its ratios follow from the curve of "
        "the other models on the same GPU (docs/method/power-caps.md). Errors in percent:",
        code(f"energylens {COMMAND}"),
        grid(["GPU", "models", "points", "energy: median", "90 %", "time: median", "from two limits alone: energy", "prior alone: energy",
              "best limit within one step", "its regret"], [line(one) for one in results]),
        "`from two limits alone` fits the prior to the greatest limit of the model and one other, a quarter or half way up, without any other model. One step is "
        "10 W: on the larger GPU the energies of neighbouring limits near the best differ by less than their noise. The curves:",
        grid(["GPU", "static W", "knee", "exponent", "power / limit"], [curve(one) for one in answer["curves"]]),
        "\n".join([
            verdict("median error of energy with models left out", everything["energy_median_ape"], 0.06),
            verdict("median error of energy from two limits", everything["two_caps_energy_median_ape"], 0.08),
            verdict("best limit named within one step", everything["best_cap_within_one_step"], 0.8, ">=")])])


POWERCAPS = Section("powercaps", "## Power limits, models left out", powercaps)
SECTIONS = [POWERCAPS]
