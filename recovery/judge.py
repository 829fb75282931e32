# SPDX-License-Identifier: Apache-2.0
"""Whether two formulas are one: each line of input is {"truth", "found", "positive", "real", "seconds"} as JSON; the
answer is one line {"same": true, false or null, "why"}. Same: the difference or the ratio simplifies to a constant.
Numbers of the found formula that are rational, or rational times a power of pi or a root, to nine digits are taken for
what they are close to. null where the time is up."""
import json
import re
import signal
import sys

import sympy as sp
from sympy.parsing.sympy_parser import parse_expr

PI = sp.pi
UNITS = [sp.Integer(1), PI, 1 / PI, PI**2, 1 / PI**2, PI**3, 1 / PI**3, PI**4, sp.sqrt(PI), 1 / sp.sqrt(PI), sp.sqrt(2 * PI),
         1 / sp.sqrt(2 * PI), sp.sqrt(2), sp.sqrt(3), sp.log(2), 1 / sp.log(10)]
FUNCTIONS = {"abs": sp.Abs, "min": sp.Min, "max": sp.Max, "ceil": sp.ceiling}


def on_time(*_):
    raise TimeoutError


def read(text, case):
    symbols = {name: sp.Symbol(name, positive=True) for name in case["positive"]}
    symbols |= {name: sp.Symbol(name, real=True) for name in case["real"]}
    text = re.sub(r"(?<![\w.])(\d+\.?\d*(?:e[+-]?\d+)?)", lambda m: exact_text(m.group(1)), text)
    return parse_expr(text.replace("^", "**"), {**FUNCTIONS, **symbols, "pi": sp.pi})


def exact_text(text):
    return f"({exact(float(text))})"


def exact(x):
    """The number that a double stands for."""
    if x == 0 or x == int(x):
        return sp.Integer(int(x))
    candidates = []
    for unit in UNITS:
        share = x / float(unit)
        near = sp.Rational(share).limit_denominator(4000)
        if near != 0 and abs(float(near) / share - 1) < 3e-9 and abs(near.p) < 200000:
            candidates.append((abs(near.p) + near.q, near * unit))
    if candidates:
        return min(candidates, key=lambda c: c[0])[1]
    return sp.Rational(repr(x)) if abs(x) > 1e-300 else sp.Integer(0)


def rounded(expression):
    """Numbers of no size are left out."""
    expression = sp.expand(expression)
    kept = []
    for term in sp.Add.make_args(expression):
        factor, rest = term.as_coeff_Mul()
        if abs(float(factor)) > 1e-6 or rest.is_number:
            kept.append(term)
    return sp.Add(*kept)


def constant(expression):
    return not expression.free_symbols


def forms(expression):
    """The expression, simplified more and more."""
    yield expression
    yield sp.cancel(sp.together(expression))
    yield sp.powsimp(sp.powdenest(sp.expand_log(sp.cancel(sp.factor(expression))), force=True))
    yield sp.simplify(expression)
    yield sp.simplify(sp.expand_trig(expression.rewrite(sp.exp)))
    yield sp.trigsimp(sp.expand_trig(expression))
    yield sp.simplify(sp.expand(expression))


def same(truth, found):
    for pair in (found / truth, found - truth):
        for form in (pair, sp.nsimplify(pair)):
            if constant(form):
                return True
    squares = sp.cancel(sp.together(sp.expand(found**2) / sp.expand(truth**2)))  # opens roots
    if constant(squares) and squares != 0:
        return True
    ratio, difference = forms(found / truth), forms(found - truth)
    for a, b in zip(ratio, difference):
        if constant(a) and a != 0 or constant(b):
            return True
        try:
            if constant(rounded(b)):
                return True
        except TypeError:
            pass
    return False


def answer(case):
    signal.setitimer(signal.ITIMER_REAL, case["seconds"])
    try:
        result = {"same": same(read(case["truth"], case), read(case["found"], case)), "why": ""}
    except TimeoutError:
        result = {"same": None, "why": "SymPy took too long"}
    except Exception as error:  # whatever SymPy cannot do is no judgement
        result = {"same": None, "why": f"SymPy: {type(error).__name__}"}
    signal.setitimer(signal.ITIMER_REAL, 0)
    return result


def main():
    signal.signal(signal.SIGALRM, on_time)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
