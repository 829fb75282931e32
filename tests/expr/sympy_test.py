# SPDX-License-Identifier: Apache-2.0
"""SymPy as an independent judge of derivatives and simplifications. Usage: sympy_test.py CASES_PROGRAM

Each line of the program's output is formula, name, derivative, simplified formula. SymPy differentiates the formula
itself; both pairs are compared at points with 40 digits, wherever the formula is real and finite there.
Exit status 77 where SymPy is absent."""
import re
import subprocess
import sys

try:
    import sympy
except ImportError:
    print("python3-sympy absent")
    sys.exit(77)

DIGITS = 40
POINTS = [
    {"x": "13/10", "y": "7/10"},
    {"x": "3/10", "y": "19/10"},
    {"x": "37/10", "y": "1/10"},
    {"x": "7/5", "y": "-6/5"},
    {"x": "-9/10", "y": "21/10"},
]
FUNCTIONS = {
    "min": sympy.Min,
    "max": sympy.Max,
    "abs": sympy.Abs,
    "ceil": sympy.ceiling,
    "step": lambda a: sympy.Heaviside(a, sympy.Rational(1, 2)),
}


def read(text):
    """The formula with real symbols and exact decimal numbers."""
    names = set(re.findall(r"\b[A-Za-z_]\w*", text)) - {"exp", "log", "sqrt", "floor", "sin", "cos", "tanh", "asin", "acos"} - FUNCTIONS.keys()
    symbols = {name: sympy.Symbol(name, real=True) for name in names}
    exact = re.sub(r"(?<![\w.])(\d+\.?\d*(?:e[+-]?\d+)?)", r"Rational('\1')", text)
    return sympy.parse_expr(exact.replace("^", "**"), {**FUNCTIONS, **symbols}, evaluate=False)


def value(expression, point):
    """The value with DIGITS digits, or None where it is not real and finite."""
    numbers = {s: sympy.Rational(point.get(s.name, "11/10")) for s in expression.free_symbols}
    try:
        result = sympy.N(expression.subs(numbers), DIGITS)
    except (ZeroDivisionError, TypeError, ValueError):
        return None
    return result if result.is_Float or result.is_Integer or result.is_zero else None


def disagreement(ours, theirs):
    """A point where both have a value and differ, or None; and the number of points compared."""
    compared = 0
    for point in POINTS:
        a, b = value(ours, point), value(theirs, point)
        if b is None:
            continue
        if a is None or abs(a - b) > sympy.Float("1e-13") * max(1, abs(b)):
            return point, compared
        compared += 1
    return None, compared


def main():
    lines = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True).stdout.splitlines()
    failures, compared, unreadable = 0, 0, 0
    for line in lines:
        formula, name, derivative, simplified = line.split("\t")
        try:
            original = read(formula)
        except ValueError:  # Min and Max refuse complex numbers
            unreadable += 1
            continue
        truth = sympy.diff(original, sympy.Symbol(name, real=True))
        for what, ours, theirs in [("derivative", read(derivative), truth), ("simplified", read(simplified), original)]:
            point, points = disagreement(ours, theirs)
            compared += points
            if point:
                failures += 1
                print(f"{formula}: {what} {ours} differs from {theirs} at {point}")
    print(f"{len(lines)} formulas, {unreadable} unreadable, {compared} comparisons, {failures} failures")
    return 1 if failures or len(lines) - unreadable < 80 or compared < 400 else 0


if __name__ == "__main__":
    sys.exit(main())
