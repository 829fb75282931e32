# SPDX-License-Identifier: Apache-2.0
"""Formulas as text, LaTeX and SymPy expressions."""

from __future__ import annotations

import re
from typing import Any, Mapping

from .results import html_table


class Formula:
    """A formula with fitted numbers. `str()` is its text."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._text = str(content["text"])
        self._latex = str(content["latex"])
        self.variables: list[str] = list(content["variables"])
        #: Name, unit, value and 90 % interval (lo, hi) of each fitted number.
        self.parameters: list[dict[str, Any]] = list(content["parameters"])

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<energylens.Formula {self._text}>"

    def latex(self) -> str:
        return self._latex

    def sympy(self, *, numbers: bool = False) -> Any:
        """A SymPy expression; with the fitted numbers in place of the parameters, if asked."""
        expression = sympy_of(self._text)
        values = {one["name"]: one["value"] for one in self.parameters}
        if numbers:
            expression = expression.subs({symbol: values[symbol.name] for symbol in expression.free_symbols if symbol.name in values})
        return expression

    def to_pandas(self) -> Any:
        import pandas

        return pandas.DataFrame(self.parameters)

    def _repr_latex_(self) -> str:
        return f"${self._latex}$"

    def _repr_html_(self) -> str:
        return html_table(self.parameters)


def sympy_of(text: str) -> Any:
    """The text of a formula as a SymPy expression."""
    import sympy

    functions: dict[str, Any] = {
        "exp": sympy.exp, "log": sympy.log, "sqrt": sympy.sqrt, "abs": sympy.Abs, "floor": sympy.floor,
        "ceil": sympy.ceiling, "sin": sympy.sin, "cos": sympy.cos, "tanh": sympy.tanh, "asin": sympy.asin,
        "acos": sympy.acos, "min": sympy.Min, "max": sympy.Max, "step": _step,
    }
    names = set(re.findall(r"(?<![\w.])[A-Za-z_]\w*", text)) - set(functions)
    symbols = {name: sympy.Symbol(name) for name in names}
    convert: Any = sympy.sympify
    return convert(text.replace("^", "**"), locals={**functions, **symbols})


def _step(x: Any) -> Any:
    import sympy

    heaviside: Any = sympy.Heaviside
    return heaviside(x, sympy.Rational(1, 2))
