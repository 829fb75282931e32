# SPDX-License-Identifier: Apache-2.0
"""Metering of Python code: windows of time whose energy is measured."""

from __future__ import annotations

import functools
import json
from typing import Any, Callable, Optional, Sequence, TypeVar

from . import _core
from .errors import Error
from .results import Measurement

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Meter:
    """Measures the energy of windows, from the meters that `energylens meter` uses.

        meter = energylens.Meter()
        meter.begin_window("epoch")
        train()
        print(meter.end_window("epoch").total_energy_j)

        with energylens.Meter() as window:
            train()
        window.measurement

        @energylens.Meter()
        def train(): ...
        train.measurements[-1]

    `meters` are those of `--meter`: ["nvml"], ["replay=trace.csv"]; by default all that are found. A window waits for an
    update of the energy counters at its ends, up to 0.3 s each.
    """

    def __init__(self, meters: Sequence[str] = (), *, period_s: float = 0.1, max_gap_s: float = 3.0) -> None:
        self._settings = (list(meters), period_s, max_gap_s)
        self._windows: dict[str, Any] = {}
        #: Of the last window that ended.
        self.measurement: Optional[Measurement] = None

    def begin_window(self, name: str = "window") -> None:
        """Starts a window. Windows of different names may overlap."""
        if name in self._windows:
            raise Error(f'the window "{name}" is open already')
        self._windows[name] = _core.MeterWindow(*self._settings)

    def end_window(self, name: str = "window") -> Measurement:
        """Ends a window and returns its energy, device by device."""
        if name not in self._windows:
            raise Error(f'no window "{name}" is open')
        self.measurement = Measurement(json.loads(self._windows.pop(name).end()))
        return self.measurement

    def __enter__(self) -> Meter:
        self.begin_window()
        return self

    def __exit__(self, *_: object) -> None:
        self.end_window()

    def __call__(self, function: _Function) -> _Function:
        """Decorates a function: every call is a window, whose measurement is appended to `function.measurements`."""

        @functools.wraps(function)
        def metered(*args: Any, **keywords: Any) -> Any:
            window = _core.MeterWindow(*self._settings)
            try:
                return function(*args, **keywords)
            finally:
                self.measurement = Measurement(json.loads(window.end()))
                metered.measurements.append(self.measurement)  # type: ignore[attr-defined]

        metered.measurements = []  # type: ignore[attr-defined]
        return metered  # type: ignore[return-value]
