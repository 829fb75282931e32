# SPDX-License-Identifier: Apache-2.0
"""What stands at the top of the page: how to read it, and what the main benchmark cannot show."""
from figures import CROSSING
from groups import MAIN_50
from section import Section
from text import code, figure

HOW_TO_READ = """Written by `./results`, which runs every command below in a folder that holds the data sets; `./results --only NAME...` rewrites single
sections. `docs/evidence/data.md` states the source of each data set, `docs/method/evaluation.md` defines the protocols and figures. The
commands run as printed, with `energylens` for `build/release/energylens`. Figures are percent, means over seeds ± standard deviation over
seeds (of one run, with 20 seeds, the mean is known to a quarter of that). `top1` is the share of held-out scenarios in which the picked
layout used the least measured energy."""

LIMITS = """**Limits of the main benchmark.** All its scenarios have isl = 1 and tp*pp = 8, so it does not test prefill, and does
not test tp and pp separately (Splitwise varies isl with tp; the simulator varies all). Its KV capacities were read from the same
measurements, so `law:fitted-capacity`, which reads them from the training rows only, is shown with the law. A plain rule that sees every
training scenario, "tp4pp2 from some batch on, or where tp8 needs a second wave" (`threshold`), picks the best layout in {share}. The priors of the
law (docs/method/law.md) were chosen with these same groups in view, so no figure here is free of selection. The settings of forest and
xgboost were chosen on the splits below, so they are as strong there as we could make them. The 88.2 % Top-1 that arXiv 2605.10556 reports
was measured on data that are not public; it is not comparable with the figures here."""


def share(program):
    """How often the rule that sees every training scenario is right, and the law."""
    scores = program.evaluate(MAIN_50)["groups"][0]["predictors"]
    return f"{scores['threshold']['top1']:.2f} of the held-out scenarios (the law from 50 rows in {scores['law']['top1']:.2f})"


def introduction(program):
    return "\n\n".join([
        HOW_TO_READ, LIMITS.format(share=share(program)),
        figure("crossing", "Energy per request of three layouts: waves and the crossing that the law predicts"),
        "The law of this figure, from 50 rows, and its prediction for each batch:", code(*CROSSING),
        figure("regrets", "Regret of the picks of the main group"),
        "The regrets are `regret_percentiles` of the first command below."])


SECTIONS = [Section("introduction", "# Results", introduction, ("crossing", "regrets"))]
