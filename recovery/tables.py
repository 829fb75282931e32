#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""recovery/tables.py FILE...: outputs of `energylens-recovery --format json` as Markdown: files of one suite, noise and
units make one table, with the rates over all their problems. Ends with code 2 where a file is no such output."""
import json
import sys

GOOD = 0.999


def key(report):
    return report["suite"], report["units"], report["noise"]


def cell(value):
    return "-" if value is None else "yes" if value is True else "no" if value is False else str(value)


def missing(r2):
    return "-" if r2 is None else f"{max(0.0, 1 - r2):.1e}"


def share(values):
    return f"{sum(values)} of {len(values)} ({100 * sum(values) / len(values):.0f} %)"


def row(problem, energy):
    middle = [cell(problem.get("terms_found")), f"{100 * problem['held_out_error']:.2g} %"] if energy else [missing(problem["r2"])]
    return "| " + " | ".join([problem["name"], cell(problem["exact"]), *middle, f"{problem['seconds']:.2g}",
                              f"`{problem['formula']}`"]) + " |"


def table(problems, energy):
    head = ["law", "exact", "terms", "error", "s", "formula"] if energy else ["problem", "exact", "1 - R2", "s", "formula"]
    return ["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *(row(p, energy) for p in problems)]


def rates(problems, energy):
    text = f"exact {share([p['exact'] is True for p in problems])}, R2 > {GOOD} in "
    text += share([p["r2"] is not None and p["r2"] > GOOD for p in problems])
    if energy:
        errors = sorted(p["held_out_error"] for p in problems)
        text += f"; terms found in {share([p['terms_found'] for p in problems])}, error on rows held out at most 1.5 % in "
        text += f"{share([e <= 0.015 for e in errors])}, {100 * errors[len(errors) // 2]:.2g} % in the median"
    return text


def main():
    groups = {}
    for path in sys.argv[1:]:
        try:
            report = json.loads(open(path).read())
            groups.setdefault(key(report), []).append(report)
        except (OSError, ValueError, KeyError, TypeError) as error:
            print(f"{path}: not an output of energylens-recovery: {error}", file=sys.stderr)
            return 2
    for (suite, units, noise), reports in groups.items():
        problems = [p for report in reports for p in report["problems"]]
        energy = suite == "energy"
        noise_text = "noise of the suite" if noise is None else "no noise" if noise == 0 else f"{100 * noise:g} % noise"
        print(f"## {suite}, {noise_text}, {'with' if units else 'without'} units\n")
        print(f"{len(problems)} problems, at most {reports[0]['seconds_limit']:g} s each: {rates(problems, energy)}.\n")
        print("\n".join(table(problems, energy)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
