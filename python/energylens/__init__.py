# SPDX-License-Identifier: Apache-2.0
"""Predict the energy of LLM inference and choose the configuration that uses the least.

    import energylens as el

    model = el.fit("mine.csv")
    model.predict(layout="tp4", batch=32, isl=512, osl=256)
    model.choose(rate=2, isl=512, osl=256, total_gpus=8).best

Names and options are those of the command line.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .errors import Error, Warning

if TYPE_CHECKING:
    from ._core import __version__
    from .formula import Formula
    from .meter import Meter
    from .model import Model, design, evaluate, fit, load, observe, plan, profile, simulate, transfer
    from .regressor import SymbolicRegressor
    from .results import Choice, Design, Evaluation, Explanation, Measurement, Result
    from .table import Table, read_table

# Modules are imported at the first use of a name: the command and a script that needs little start faster.
_MODULES = {
    "_core": ["__version__"],
    "formula": ["Formula"],
    "meter": ["Meter"],
    "model": ["Model", "design", "evaluate", "fit", "load", "observe", "plan", "profile", "simulate", "transfer"],
    "regressor": ["SymbolicRegressor"],
    "results": ["Choice", "Design", "Evaluation", "Explanation", "Measurement", "Result"],
    "table": ["Table", "read_table"],
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "Choice", "Design", "Error", "Evaluation", "Explanation", "Formula", "Measurement", "Meter", "Model", "Result",
    "SymbolicRegressor", "Table", "Warning", "__version__", "design", "evaluate", "fit", "load", "observe", "plan",
    "profile", "read_table", "simulate", "transfer",
]


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
