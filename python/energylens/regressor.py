# SPDX-License-Identifier: Apache-2.0
"""Symbolic regression as an estimator of scikit-learn."""

from __future__ import annotations

import re
import time
import warnings
from typing import Any, Optional, Sequence

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from . import _core
from ._progress import Bar, Progress
from .errors import Error, Warning
from .formula import sympy_of

_NAME = re.compile(r"[A-Za-z_]\w*")
_RESERVED = {"exp", "log", "sqrt", "abs", "floor", "ceil", "step", "sin", "cos", "tanh", "asin", "acos", "min", "max",
             "inf", "nan"}


class SymbolicRegressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Searches for closed-form formulas of the columns of X, by the method of `energylens discover`.

    Parameters
    ----------
    time_limit_s, evaluations : the search ends after this wall time, or after this many fitted formulas. Only
        `evaluations` gives the same formulas on every machine.
    operators : such as "+,-,*,/,^,exp:3" with costs; None: a default set.
    loss : "absolute" (1 - R^2), "relative" or "log_error"; the last two require y > 0.
    units, target_unit : SI units of the columns and of y, such as ["J s^2", "1/s"] and "J"; formulas then keep to them.
    constant_units : units that coefficients may have besides 1.
    template : known structure, such as "prefill(batch, isl) + osl*decode(batch)".
    guesses : formulas to start from.
    positive_coefficients, rising, concave : signs and monotonicity, as in `energylens discover`.
    feature_names : names of the columns of an array; by default x0, x1, ...
    pick : "description_length", or "loss" for the most accurate formula.
    warm_start : begin from the formulas of the last fit.
    random_state : the random seed.
    """

    def __init__(self, *, time_limit_s: float = 60.0, evaluations: int = 0, operators: Optional[str] = None,
                 max_complexity: float = 40.0, loss: str = "absolute", units: Optional[Sequence[str]] = None,
                 target_unit: Optional[str] = None, constant_units: Sequence[str] = (), template: Optional[str] = None,
                 guesses: Sequence[str] = (), positive_coefficients: bool = False, rising: Sequence[str] = (),
                 concave: Sequence[str] = (), real_exponents: bool = False, coefficients: str = "per_group",
                 feature_names: Optional[Sequence[str]] = None, pick: str = "description_length", islands: int = 8,
                 n_jobs: int = 0, warm_start: bool = False, random_state: int = 0, progress: Progress = False) -> None:
        self.time_limit_s = time_limit_s
        self.evaluations = evaluations
        self.operators = operators
        self.max_complexity = max_complexity
        self.loss = loss
        self.units = units
        self.target_unit = target_unit
        self.constant_units = constant_units
        self.template = template
        self.guesses = guesses
        self.positive_coefficients = positive_coefficients
        self.rising = rising
        self.concave = concave
        self.real_exponents = real_exponents
        self.coefficients = coefficients
        self.feature_names = feature_names
        self.pick = pick
        self.islands = islands
        self.n_jobs = n_jobs
        self.warm_start = warm_start
        self.random_state = random_state
        self.progress = progress

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> SymbolicRegressor:
        """Searches. `groups` are labels of rows: groups share the formula, and each has its own coefficients."""
        earlier = list(getattr(self, "equations_", [])) if self.warm_start else []
        X, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True, ensure_min_samples=2)
        y = np.ascontiguousarray(y, dtype=np.float64)
        if sample_weight is not None:
            X, y, sample_weight, groups = _weighted(X, y, sample_weight, groups)
        names = self._names(X.shape[1])
        more = self._more(names, sample_weight, groups)
        units = list(self.units) if self.units is not None else ["1"] * len(names)
        if len(units) != len(names):
            raise ValueError(f"{len(units)} units for {len(names)} columns")
        columns = [np.ascontiguousarray(X[:, i]) for i in range(X.shape[1])]
        guesses = [*self.guesses, *(one["equation"] for one in earlier[-3:])]
        with Bar(self.progress) as bar:
            found = _core.search(names, units, columns, y, more, self._settings(guesses), bar.report)
        self._keep(found, names)
        return self

    def _names(self, columns: int) -> list[str]:
        given = self.feature_names if self.feature_names is not None else getattr(self, "feature_names_in_", None)
        names = [str(name) for name in given] if given is not None else [f"x{i}" for i in range(columns)]
        if len(names) != columns:
            raise ValueError(f"{len(names)} feature names for {columns} columns")
        for name in names:
            if not _NAME.fullmatch(name) or name in _RESERVED:
                raise Error(f'"{name}" cannot stand in a formula: set feature_names')
        return names

    def _more(self, names: list[str], sample_weight: Any, groups: Any) -> dict[str, Any]:
        more: dict[str, Any] = {"target_name": "y" if "y" not in names else "target"}
        if self.target_unit is not None:
            more["target_unit"] = self.target_unit
        if self.template is not None:
            more["template"] = self.template
        if sample_weight is not None:
            more["weights"] = sample_weight
        self.groups_: list[Any] = []
        if groups is not None:
            labels, codes = np.unique(np.asarray(groups), return_inverse=True)
            self.groups_ = labels.tolist()
            more["groups"] = codes.reshape(-1).tolist()
            more["group_names"] = [str(label) for label in self.groups_]
        return more

    def _settings(self, guesses: list[str]) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "max_complexity": float(self.max_complexity), "loss": self.loss, "units": self.units is not None,
            "constant_units": list(self.constant_units), "guesses": guesses, "rising": list(self.rising),
            "positive_coefficients": bool(self.positive_coefficients), "concave": list(self.concave),
            "real_exponents": bool(self.real_exponents), "coefficients": self.coefficients,
            "evaluations": int(self.evaluations), "islands": int(self.islands), "threads": max(0, int(self.n_jobs or 0)),
            "seed": _seed(self.random_state),
            "time_limit_s": float(self.time_limit_s) if self.time_limit_s is not None else float("inf"),
        }
        if self.operators:
            settings["operators"] = self.operators
        return settings

    def _keep(self, found: dict[str, Any], names: list[str]) -> None:
        for text in found["warnings"]:
            warnings.warn(text, Warning, stacklevel=3)
        #: The front by rising complexity: equation, exact equations by group, LaTeX, complexity, loss, constants.
        self.equations_: list[dict[str, Any]] = found["formulas"]
        self.names_ = names
        chosen = [one for one in self.equations_ if one["chosen"]]
        if self.pick not in ("description_length", "loss"):
            raise ValueError(f"pick is description_length or loss, not {self.pick!r}")
        self.best_ = self.equations_[-1] if self.pick == "loss" or not chosen else chosen[0]
        self.evaluations_ = found["evaluations"]
        self.seconds_ = found["seconds"]
        self.ended_ = found["ended"]

    def predict(self, X: Any, groups: Any = None, index: Optional[int] = None) -> Any:
        """Values of the chosen formula, or of `equations_[index]`; `groups` are the labels of rows, if fit had some."""
        check_is_fitted(self, "equations_")
        X = validate_data(self, X, reset=False, dtype=np.float64)
        formula = self.best_ if index is None else self.equations_[index]
        columns = [np.ascontiguousarray(X[:, i]) for i in range(X.shape[1])]
        if len(formula["exact"]) == 1:
            return _core.evaluate(formula["exact"][0], self.names_, columns)
        if groups is None:
            raise ValueError("the formula has coefficients per group: predict(X, groups)")
        out = np.full(X.shape[0], np.nan)
        labels = np.asarray(groups)
        for label, exact in zip(self.groups_, formula["exact"]):
            rows = labels == label
            out[rows] = _core.evaluate(exact, self.names_, [column[rows] for column in columns])
        return out

    @property
    def equation_(self) -> str:
        """The text of the chosen formula."""
        check_is_fitted(self, "equations_")
        return str(self.best_["equation"])

    def sympy(self, index: Optional[int] = None) -> Any:
        """The formula as a SymPy expression with its exact numbers."""
        check_is_fitted(self, "equations_")
        return sympy_of((self.best_ if index is None else self.equations_[index])["exact"][0])

    def latex(self, index: Optional[int] = None) -> str:
        check_is_fitted(self, "equations_")
        return str((self.best_ if index is None else self.equations_[index])["latex"])

    def latex_table(self) -> str:
        """The front as a LaTeX tabular."""
        check_is_fitted(self, "equations_")
        rows = [f"{one['complexity']:g} & {one['loss']:.3g} & ${one['latex']}$ \\\\" for one in self.equations_]
        return "\n".join(["\\begin{tabular}{rrl}", "complexity & loss & formula \\\\ \\hline", *rows, "\\end{tabular}"])

    def to_pandas(self) -> Any:
        """The front as a data frame."""
        import pandas

        check_is_fitted(self, "equations_")
        kept = ("chosen", "complexity", "loss", "score", "description_length", "equation")
        return pandas.DataFrame([{name: one[name] for name in kept} for one in self.equations_])


def _weighted(X: Any, y: Any, sample_weight: Any, groups: Any) -> tuple[Any, Any, Any, Any]:
    """Without the rows of weight 0."""
    weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    used = weights > 0
    groups = None if groups is None else np.asarray(groups)[used]
    return X[used], np.ascontiguousarray(y[used]), np.ascontiguousarray(weights[used]), groups


def _seed(random_state: Any) -> int:
    if random_state is None:
        return time.time_ns() % 2**31
    if isinstance(random_state, (int, np.integer)):
        return int(random_state)
    return int(random_state.randint(2**31))
