# SPDX-License-Identifier: Apache-2.0
"""Fitted models and the commands that make and ask them. Keywords are the options of the command line with
underscores: `total_gpus=8` is `--total-gpus 8`; `energylens help COMMAND` describes them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Mapping, Optional, Union

import numpy as np

from . import _core, _frames
from ._commands import Folder, run, run_json
from ._progress import Bar, Progress
from .errors import Error
from .formula import Formula
from .results import Choice, Design, Evaluation, Explanation, Result
from .table import Table, table_of

_NUMBERS = (
    "batch", "max_batch", "isl", "osl", "image_tokens", "cached_tokens", "accepted_per_step", "kv_capacity_tokens"
)
_DEGREES = ("tp", "pp", "dp", "ep")


class Model:
    """A fitted model: a law, a formula that was found, or one with corrections. Made by :func:`fit` and :func:`load`."""

    def __init__(self, text: str, name: str = "model.json", report: Optional[Result] = None,
                 table: Optional[Table] = None) -> None:
        self._text = text
        self.name = name
        self._core = _core.Predictor.from_json(text, name)
        #: What `energylens fit` reports, if this model was fitted here.
        self.report = report
        #: The training table, if this model was fitted here.
        self.table = table

    # What it is

    @property
    def kind(self) -> str:
        return str(self._core.kind)

    @property
    def groups(self) -> list[dict[str, str]]:
        """What identifies each group: model, GPU, engine, precision, ..."""
        return list(self._core.groups)

    @property
    def formula(self) -> Formula:
        """The energy (J) of one wave of requests on one replica, of a model with one group."""
        return self.formula_of()

    def formula_of(self, metric: str = "energy", where: Optional[Mapping[str, str]] = None) -> Formula:
        """The formula of energy (J) or time (s) of one wave of requests on one replica."""
        if metric not in ("energy", "time"):
            raise Error(f'unknown metric "{metric}"; available: energy, time')
        found = self._core.formula(self._group(where), metric)
        if found is None:
            raise Error(f"this model has no formula of {metric}")
        return Formula(found)

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes the model file, whole or not at all."""
        target = Path(path)
        unfinished = target.with_name(f"{target.name}.part{os.getpid()}")
        try:
            unfinished.write_text(self._text, encoding="utf-8")
            unfinished.replace(target)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise Error(f"cannot write: {error.strerror}", "io", os.fspath(path)) from None

    def to_dict(self) -> dict[str, Any]:
        """The content of the model file."""
        content: dict[str, Any] = json.loads(self._text)
        return content

    def __reduce__(self) -> tuple[Any, ...]:
        return (Model, (self._text, self.name))

    def __repr__(self) -> str:
        groups = ", ".join(" ".join(group.values()) or "all rows" for group in self.groups)
        return f"<energylens.Model {self.kind}: {groups}>"

    def _repr_html_(self) -> str:
        return f"<p>{self!r}</p>".replace("<energylens", "&lt;energylens").replace("></p>", "&gt;</p>") + (
            self.report._repr_html_() if self.report is not None else ""
        )

    # What it answers

    def predict(self, configurations: Any = None, *, intervals: bool = False, where: Optional[Mapping[str, str]] = None,
                threads: int = 0, progress: Progress = None, **one: Any) -> Any:
        """Predicts energy, time and power.

        `configurations` is a data frame (pandas, polars, Arrow or a dict of arrays) with the columns layout (or tp, pp,
        dp, ep), batch, isl, osl, ...; the result is a frame of the same library with one row for each. With
        `intervals`, it holds every quantity with its 90 % interval. Without a frame, keywords describe one
        configuration, and the result is that of `energylens predict`:
        `model.predict(layout="tp4", batch=32, isl=512, osl=256)`.
        """
        if configurations is None:
            with Folder() as folder:
                return Result(run_json(folder, "predict", self._file(folder), options={**one, "where": where}))
        if one:
            raise Error(f"a frame states every configuration: {', '.join(one)} cannot be given too")
        if isinstance(configurations, Table):
            configurations = configurations.to_dict()
        columns = _frames.columns_of(configurations)
        layouts, codes = _layouts_of(columns)
        numbers = {name: _frames.numbers_of(name, columns[name]) for name in _NUMBERS if name in columns}
        steady = _steady_of(columns, len(codes))
        ask = self._core.estimates if intervals else self._core.values
        with Bar(progress) as bar:
            answer = ask(self._group(where), layouts, codes, numbers, steady, threads, bar.report)
        answer["inside_domain"] = answer["inside_domain"].astype(bool)
        return _frames.frame_like(configurations, answer)

    def choose(self, *, progress: Progress = None, **options: Any) -> Choice:
        """The configurations that serve a workload, by energy: `choose(rate=2, isl=512, osl=256, total_gpus=8,
        ttft=500, tpot=50)`, as `energylens choose`."""
        with Folder() as folder:
            return Choice(run_json(folder, "choose", self._file(folder), options=options, progress=progress))

    def explain(self, *, progress: Progress = None, **options: Any) -> Explanation:
        """The parts of the energy and time of a configuration, as `energylens explain`: `explain(layout="tp4", batch=8,
        isl=512, osl=64)`."""
        with Folder() as folder:
            return Explanation(run_json(folder, "explain", self._file(folder), options=options, progress=progress))

    def evaluate(self, data: Any = None, *, progress: Progress = None, **options: Any) -> Evaluation:
        """The accuracy of this kind of model on held-out rows of the table (by default the training table), as
        `energylens evaluate`."""
        data = self.table if data is None else data
        if data is None:
            raise Error("this model does not hold its table: evaluate(table)")
        options.setdefault("predictors", [self.kind])
        return evaluate(data, progress=progress, **options)

    def transfer(self, *data: Any, progress: Progress = None, **options: Any) -> Model:
        """The law for another GPU, model or quantisation, from specifications and rows, if any: `model.transfer(rows,
        to={"gpu": "H100-80GB-SXM"})`, as `energylens transfer`."""
        return transfer(self, *data, progress=progress, **options)

    @property
    def plot(self) -> Any:
        """Figures of matplotlib: `plot.pareto(...)`, `plot.crossing(...)`, `plot.residuals()`, `plot.breakdown(...)`."""
        from .plots import Plots

        return Plots(self)

    def _file(self, folder: Folder, number: int = 0) -> str:
        return folder.write(self.name, self._text, number)

    def _group(self, where: Optional[Mapping[str, str]]) -> int:
        found = [i for i, group in enumerate(self.groups)
                 if all(group.get(key, "") == value for key, value in (where or {}).items())]
        if len(found) != 1:
            listed = "; ".join(" ".join(group.values()) for group in self.groups)
            raise Error(f"{len(found) or 'no'} groups match; select one with where: {listed}")
        return found[0]


def _layouts_of(columns: Mapping[str, Any]) -> tuple[list[str], Any]:
    """The distinct layouts, and the index of each row among them."""
    if "layout" in columns:
        return _frames.codes_of("layout", columns["layout"])
    given = [name for name in _DEGREES if name in columns]
    if not given:
        raise Error("configurations require the column layout, or tp, pp, dp and ep", "bad_input")
    degrees = np.stack([_frames.numbers_of(name, columns[name]) for name in given])
    distinct, codes = np.unique(degrees, axis=1, return_inverse=True)
    texts = ["".join(f"{name}{degree:g}" for name, degree in zip(given, column)) for column in distinct.T]
    texts = [text if text.startswith("tp") else "tp1" + text for text in texts]
    return texts, np.ascontiguousarray(codes.reshape(-1), dtype=np.uint32)


def _steady_of(columns: Mapping[str, Any], rows: int) -> Any:
    if "row_kind" not in columns:
        return np.zeros(0, dtype=np.uint8)
    kinds, codes = _frames.codes_of("row_kind", columns["row_kind"])
    for kind in kinds:
        if kind not in ("job", "steady"):
            raise Error(f'"{kind}" is neither job nor steady', "bad_input", column="row_kind")
    is_steady = np.array([kind == "steady" for kind in kinds], dtype=np.uint8)
    return is_steady[codes] if rows else np.zeros(0, dtype=np.uint8)


def _write(folder: Folder, data: Any, number: int = 0) -> str:
    table = table_of(data)
    return folder.write(table.name, table._text, number)


def load(path: Union[str, "os.PathLike[str]"]) -> Model:
    """Reads a model file."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise Error(f"cannot read: {error.strerror}", "bad_input", os.fspath(path)) from None
    return Model(text, os.fspath(path))


def fit(data: Any, *, progress: Progress = None, **options: Any) -> Model:
    """Fits a law to a table, as `energylens fit`: `fit("mine.csv")`, `fit(frame, where={"gpu": "A100"})`."""
    table = table_of(data)
    with Folder() as folder:
        output = folder.output("model.json")
        report = run_json(folder, "fit", _write(folder, table), "-o", str(output), options=options, progress=progress)
        return Model(output.read_text(encoding="utf-8"), "model.json", FitReport(report), table)


class FitReport(Result):
    """What a fit reports: one row per group."""

    _rows_key = "groups"


def evaluate(data: Any, *, progress: Progress = None, **options: Any) -> Evaluation:
    """The accuracy of predictors on held-out rows of a table, as `energylens evaluate`."""
    with Folder() as folder:
        return Evaluation(run_json(folder, "evaluate", _write(folder, data), options=options, progress=progress))


def design(data: Any = None, *, progress: Progress = None, **options: Any) -> Design:
    """What to measure next, as `energylens design`: `design(table, n=6)`."""
    if "n" in options:
        options["count"] = options.pop("n")
    with Folder() as folder:
        words = [] if data is None else [_write(folder, data)]
        count = options.pop("count", None)
        if count is not None:
            words += ["-n", str(count)]
        return Design(run_json(folder, "design", *words, options=options, progress=progress))


def transfer(model: Model, *data: Any, progress: Progress = None, **options: Any) -> Model:
    """The law for another GPU, model or quantisation, as `energylens transfer`."""
    with Folder() as folder:
        output = folder.output("transferred.json")
        files = [_write(folder, one, number) for number, one in enumerate(data, 1)]
        report = run_json(folder, "transfer", model._file(folder), *files, "-o", str(output), options=options,
                          progress=progress)
        return Model(output.read_text(encoding="utf-8"), "model.json", Result(report))


def simulate(*, progress: Progress = None, **options: Any) -> Table:
    """A simulated table, as `energylens simulate`: `simulate(gpu="H100-80GB-SXM", batch=[1, 8], isl=512, osl=256)`."""
    with Folder() as folder:
        output = folder.output("simulated.csv")
        run(folder, "simulate", "-o", str(output), options=options, progress=progress)
        return Table(output.read_text(encoding="utf-8"), "simulated.csv")


def observe(*words: str, progress: Progress = None, **options: Any) -> Result:
    """What `energylens observe` reports."""
    with Folder() as folder:
        return Result(run_json(folder, "observe", *words, options=options, progress=progress))


def plan(*words: str, progress: Progress = None, **options: Any) -> Result:
    """What `energylens plan` reports."""
    with Folder() as folder:
        return Result(run_json(folder, "plan", *words, options=options, progress=progress))


def profile(plan: Any, output: Union[str, "os.PathLike[str]"], *, progress: Progress = None, **options: Any) -> Result:
    """Measures the configurations of a plan (a path, or its content as a dict), as `energylens profile`."""
    with Folder() as folder:
        path = folder.write("plan.json", json.dumps(plan)) if isinstance(plan, Mapping) else os.fspath(plan)
        return Result(run_json(folder, "profile", path, "-o", os.fspath(output), options=options, progress=progress))
