# SPDX-License-Identifier: Apache-2.0
"""Figures of a model, by matplotlib."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Mapping, Optional, Sequence

import numpy as np

from .errors import Error

if TYPE_CHECKING:
    from .model import Model
    from .results import Choice


def _axes(size: tuple[float, float] = (6.0, 4.0)) -> tuple[Any, Any]:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise Error("figures require matplotlib: pip install matplotlib") from None

    class Shown(Figure):
        """Shows itself in notebooks, whatever backend is on."""

        def _repr_png_(self) -> bytes:
            content = io.BytesIO()
            self.savefig(content, format="png", dpi=80)
            return content.getvalue()

    figure = Shown(figsize=size, layout="constrained")
    return figure, figure.subplots()


class Plots:
    """Figures of one model; each function returns a matplotlib Figure."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def pareto(self, choice: Optional[Choice] = None, **options: Any) -> Any:
        """Energy per request against latency for the configurations of a choice, or of `choose(**options)`."""
        choice = self._model.choose(**options) if choice is None else choice
        rows = [one for one in choice.rows() if one.get("energy_per_request_j") is not None]
        name = "request_time_s" if any(one.get("request_time_s") for one in rows) else "total_time_s"
        figure, axes = _axes()
        for rejected in (False, True):
            shown = [one for one in rows if (one.get("rejected") is not None) is rejected and one.get(name) is not None]
            if not shown:
                continue
            axes.plot([one[name] for one in shown], [one["energy_per_request_j"] for one in shown],
                      "x" if rejected else "o", color="0.6" if rejected else "C0",
                      label="rejected" if rejected else "within the limits")
            for one in shown:
                axes.annotate(one["layout"], (one[name], one["energy_per_request_j"]), xytext=(4, 3),
                              textcoords="offset points", fontsize=8)
        axes.set(xlabel="time (s)", ylabel="energy per request (J)")
        axes.legend()
        return figure

    def crossing(self, layouts: Sequence[str], *, isl: float, osl: float, batch: Sequence[float] = (1, 256),
                 where: Optional[Mapping[str, str]] = None) -> Any:
        """Energy per output token of layouts over the batch, where their curves cross."""
        batches = np.unique(np.round(np.geomspace(min(batch), max(batch), 200)))
        figure, axes = _axes()
        for layout in layouts:
            rows = len(batches)
            answer = self._model.predict({"layout": [layout] * rows, "batch": batches, "isl": np.full(rows, float(isl)),
                                          "osl": np.full(rows, float(osl))}, where=where)
            axes.plot(batches, answer["energy_per_out_token_j"], label=layout)
        axes.set(xscale="log", yscale="log", xlabel="batch (requests)", ylabel="energy per output token (J)")
        axes.legend()
        return figure

    def residuals(self, data: Any = None) -> Any:
        """Measured over predicted energy of the rows of a table, by default the training table."""
        from .table import table_of

        data = self._model.table if data is None else data
        if data is None:
            raise Error("this model does not hold its table: residuals(table)")
        table = table_of(data)
        if "total_energy_j" not in table.columns:
            raise Error("the table has no column total_energy_j")
        measured = np.asarray(table["total_energy_j"])
        answer = self._model.predict(table)
        figure, axes = _axes()
        predicted = answer["total_energy_j"]
        known = np.isfinite(measured) & np.isfinite(predicted)
        axes.axhline(1, color="0.7")
        axes.plot(predicted[known], measured[known] / predicted[known], "o", markersize=4)
        axes.set(xscale="log", xlabel="predicted energy (J)", ylabel="measured / predicted")
        return figure

    def breakdown(self, **configuration: Any) -> Any:
        """The energy of one configuration, part by part, as `explain` states it."""
        parts = self._model.explain(**configuration).rows()
        figure, axes = _axes()
        phases = list(dict.fromkeys(one["phase"] for one in parts))
        for phase in phases:
            shown = [one for one in parts if one["phase"] == phase]
            axes.barh([one["part"].replace("_", " ") for one in shown], [one["energy_j"] for one in shown], label=phase)
        axes.invert_yaxis()
        axes.set(xlabel="energy (J)", ylabel="part of the law")
        axes.legend()
        return figure
