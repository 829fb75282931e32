# SPDX-License-Identifier: Apache-2.0
"""Pieces of Markdown, and the verdicts on goals."""

MAIN = "gpu_llm_profile.csv --where model=Llama-3-70B --where gpu=RTX4090 --where quant=FP16 --where 'total_time_s>=1'"
H800 = "gpu_llm_profile.csv --where model=Llama-3.1-70B --where gpu=H800-80GB --where quant={}"


def percent(value, digits=2):
    return "-" if value is None else f"{100 * value:.{digits}f}"


def spread(scores, metric, digits=2):
    """The mean with its standard deviation over seeds, if there is one."""
    value, sd = scores.get(metric), scores.get(metric + "_sd")
    return percent(value, digits) + ("" if value is None or sd is None else f" ± {percent(sd, digits)}")


def code(*lines):
    """A block of command lines, each as it is typed."""
    return "\n".join(f"    {line}" for line in lines)


def command(*evaluations):
    """A block of runs of `evaluate`."""
    return code(*[f"energylens evaluate {arguments} --format json" for arguments in evaluations])


def grid(header, table):
    lines = ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in table])


def verdict(words, value, bound, relation="<="):
    """"- words: 4.09 %, reached". A figure that is not there reaches nothing."""
    reached = value is not None and (value <= bound if relation == "<=" else value >= bound)
    return f"- {words}: {percent(value)} %, {'reached' if reached else '**not reached**'}"


def figure(name, words):
    return f"![{words}](../figures/{name}.svg)"
