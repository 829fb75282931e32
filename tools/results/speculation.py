# SPDX-License-Identifier: Apache-2.0
"""Speculative decoding: the ratio of energies with and without it, pairs and groups left out."""
import json

from section import Section
from text import code, grid, percent, verdict

FILES = "inferencex_m3.csv inferencex_models.csv"
COMMAND = f"speculation {FILES} --format json"


def line(one, name):
    return [name, str(one["pairs"]), f"{one['measured_ratio']:.2f}", percent(one["pairs_left_out_median_ape"], 1),
            percent(one["groups_left_out_median_ape"], 1)]


def loads(one, everything):
    return "all" if one is everything else f"{one['from']:.0f} to {one['to']:.0f}"


def speculation(program):
    answer = json.loads(program.run(COMMAND))
    by_requests, everything = answer["by_requests"], answer["by_requests"][-1]
    accepted = [one["accepted_per_step"] for one in answer["groups"]]
    return "\n\n".join([
        "Pairs of rows that differ in speculative decoding alone. The law is fitted to the rows without it and asked for the energy with it: "
        f"{answer['drafted_per_step']:.0f} tokens drafted per step, and the accepted ones as one fitted number. `pairs left out` fits law and acceptance to the other "
        "pairs of a group, with the other groups as a prior; `groups left out` takes the acceptance of all other groups. No row states its acceptance. "
        "Median errors of the ratio, percent:",
        code(f"energylens {COMMAND}"),
        grid(["requests", "pairs", "energy with / without", "pairs left out", "groups left out"],
             [line(one, loads(one, everything)) for one in by_requests]),
        f"Accepted tokens per step of all groups together: {answer['accepted_per_step']:.2f}; of single groups {min(accepted):.2f} to {max(accepted):.2f}.",
        verdict("ratio of energies, pairs left out", everything["pairs_left_out_median_ape"], 0.08)])


SECTIONS = [Section("speculation", "## Servers: speculative decoding", speculation)]
