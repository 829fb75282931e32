# SPDX-License-Identifier: Apache-2.0
"""Results of commands: the JSON of the command line as an object."""

from __future__ import annotations

import html
import json
import math
from typing import Any, Iterator, Mapping, Sequence


def _shown(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value)


def html_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as an HTML table, without columns that are blank in every row."""
    names = [name for name in (rows[0] if rows else {}) if any(_shown(row.get(name)) for row in rows)]
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_shown(row.get(name)))}</td>" for name in names) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


class Result(Mapping[str, Any]):
    """What a command answers: a mapping of the keys of its JSON (docs/reference/json.md), which are attributes too."""

    #: The key of the rows that `to_pandas` returns.
    _rows_key = "rows"

    def __init__(self, content: dict[str, Any]) -> None:
        self._content = content

    def __getitem__(self, key: str) -> Any:
        return self._content[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        try:
            return self._content[key]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no {key!r}; it has {', '.join(self._content)}") from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._content]

    def to_dict(self) -> dict[str, Any]:
        """The JSON of the command line."""
        copied: dict[str, Any] = json.loads(json.dumps(self._content))
        return copied

    def rows(self) -> list[dict[str, Any]]:
        found = self._content.get(self._rows_key)
        return found if isinstance(found, list) else [self._content]

    def to_pandas(self) -> Any:
        import pandas

        return pandas.DataFrame(self.rows())

    def to_polars(self) -> Any:
        import polars

        return polars.DataFrame(self.rows(), infer_schema_length=None)

    def _repr_html_(self) -> str:
        return html_table(self.rows())

    def __repr__(self) -> str:
        return f"<energylens.{type(self).__name__}: {len(self.rows())} rows; {', '.join(self._content)}>"


class Choice(Result):
    """Configurations in the order of their energy, and those that were rejected with the reason."""

    _rows_key = "configurations"

    @property
    def best(self) -> Any:
        """The configuration with the least energy within the limits, as a dict; None if there is none."""
        return next((one for one in self.rows() if one.get("rejected") is None), None)


class Evaluation(Result):
    """Accuracy on held-out rows: one row per group and predictor."""

    def rows(self) -> list[dict[str, Any]]:
        out: list[dict[str, Any]] = []
        for group in self._content["groups"]:
            predictors = group["predictors"]
            listed = predictors if isinstance(predictors, list) else [{"predictor": k, **v} for k, v in predictors.items()]
            out += [{**group["group"], **one} for one in listed]
        return out


class Design(Result):
    """What to measure next."""

    def rows(self) -> list[dict[str, Any]]:
        for value in self._content.values():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                return value
        return [self._content]


class Explanation(Result):
    """Why a prediction is what it is: one row per part of the energy."""

    _rows_key = "energy_parts"


class Measurement(Result):
    """Energy of a window: one row per device."""

    _rows_key = "devices"

    @property
    def total_energy_j(self) -> float:
        """Joules over all GPUs; NaN if one of them was not measured validly."""
        devices = [one for one in self.rows() if one.get("scope", "gpu") == "gpu"]
        total = 0.0
        for one in devices:
            energy = one.get("energy_j")
            total += math.nan if energy is None or not one.get("valid", True) else energy
        return total if devices else math.nan

    @property
    def time_s(self) -> float:
        return float(self._content["duration_s"])
