# SPDX-License-Identifier: Apache-2.0
"""Side by side with other Python packages, in one run on one machine: symbolic regression against pyoperon and gplearn,
prediction against NumPy, reading of tables against polars and pandas, least squares against SciPy.

    pip install . pyoperon gplearn polars pandas scipy scikit-learn sympy
    python bench/python/compare.py --seconds 5 > comparison.json

All samples are printed as JSON, with the load of the machine before and after. Packages that are absent are left out.
"""

import argparse
import io
import json
import os
import platform
import sys
import time
import warnings

import numpy as np

import energylens as el

# Name, ranges of the inputs, the formula, its complexity as text.
FEYNMAN = [
    ("I.6.2", [(1, 3), (1, 3)], lambda t, s: np.exp(-((t / s) ** 2) / 2) / (np.sqrt(2 * np.pi) * s)),
    ("I.12.1", [(1, 5), (1, 5)], lambda mu, n: mu * n),
    ("I.12.2", [(1, 5)] * 4, lambda a, b, e, r: a * b / (4 * np.pi * e * r**2)),
    ("I.13.4", [(1, 5)] * 4, lambda m, v, u, w: m * (v**2 + u**2 + w**2) / 2),
    ("I.14.3", [(1, 5)] * 3, lambda m, g, z: m * g * z),
    ("I.24.6", [(1, 3)] * 4, lambda m, o, p, x: m * (o**2 + p**2) * x**2 / 4),
    ("I.27.6", [(1, 5)] * 3, lambda d, n, e: 1 / (1 / d + n / e)),
    ("I.34.8", [(1, 5)] * 4, lambda q, v, b, p: q * v * b / p),
    ("I.39.22", [(1, 5)] * 4, lambda n, t, v, k: n * k * t / v),
    ("II.38.14", [(1, 5)] * 2, lambda y, s: y / (2 * (1 + s))),
]


def problems(rows=200):
    for number, (name, ranges, formula) in enumerate(FEYNMAN):
        rng = np.random.default_rng(number)
        train, test = (np.column_stack([rng.uniform(lo, hi, rows) for lo, hi in ranges]) for _ in range(2))
        yield name, train, formula(*train.T), test, formula(*test.T)


def ours(seconds):
    return el.SymbolicRegressor(time_limit_s=seconds, n_jobs=1, pick="loss", real_exponents=True)


def operon(seconds):
    from pyoperon.sklearn import SymbolicRegressor

    return SymbolicRegressor(time_limit=int(np.ceil(seconds)), n_threads=1, max_evaluations=int(1e9), generations=10**6,
                             allowed_symbols="add,sub,mul,div,exp,log,sqrt,square,constant,variable",
                             optimizer_iterations=5, random_state=1)


def gplearn(seconds):
    from gplearn.genetic import SymbolicRegressor

    # It has no time limit: generations are added until the time is used up.
    return SymbolicRegressor(population_size=1000, generations=1, warm_start=True, random_state=1, n_jobs=1,
                             function_set=("add", "sub", "mul", "div", "sqrt", "log"))


def fitted(name, make, seconds, X, y):
    regressor = make(seconds)
    begin = time.perf_counter()
    regressor.fit(X, y)
    if name == "gplearn":
        while time.perf_counter() - begin < seconds:
            regressor.set_params(generations=regressor.generations + 1)
            regressor.fit(X, y)
    return regressor, time.perf_counter() - begin


def regression(seconds):
    for problem, X, y, tests, truth in problems():
        for name, make in (("energylens", ours), ("pyoperon", operon), ("gplearn", gplearn)):
            try:
                regressor, took = fitted(name, make, seconds, X, y)
            except ImportError as missing:
                print(f"{name}: {missing}", file=sys.stderr)
                continue
            error = np.mean((regressor.predict(tests) - truth) ** 2) / np.var(truth)
            yield {"task": "regression", "problem": problem, "package": name, "seconds": took, "nmse": float(error),
                   "exact": bool(error < 1e-12)}


def timed(call, repeats=5):
    samples = []
    for _ in range(repeats):
        begin = time.perf_counter()
        call()
        samples.append(time.perf_counter() - begin)
    return samples


def prediction(rows=1_000_000):
    model = el.fit(el.simulate(gpu="H100-80GB-SXM", batch=[1, 8, 64], isl=[128, 2048], osl=[256]), progress=False)
    rng = np.random.default_rng(0)
    batch, isl, osl = rng.integers(1, 65, rows) + 0.0, rng.integers(128, 2048, rows) + 0.0, np.full(rows, 256.0)
    grid = {"layout": np.array(["tp4"]), "batch": batch, "isl": isl, "osl": osl}
    from energylens import _core

    codes, columns = np.zeros(rows, dtype=np.uint32), {name: grid[name] for name in ("batch", "isl", "osl")}
    core = _core.Predictor.from_json(json.dumps(model.to_dict()), "model.json")
    steady = np.zeros(0, dtype=np.uint8)
    yield {"task": "predict", "package": "energylens, 1 thread", "rows": rows,
           "samples_s": timed(lambda: core.values(0, ["tp4"], codes, columns, steady, 1))}

    def by_numpy():  # one wave, without its capacity, domain and time: less work than ours
        wave = 30 + 2.0 * batch * isl * 1.3 + osl * (20 * 4**0.3 + 0.8 * batch**0.9 + 1e-5 * batch * (isl + osl / 2))
        return wave / (batch * osl)

    yield {"task": "predict", "package": "NumPy, energy of one wave", "rows": rows, "samples_s": timed(by_numpy)}


def reading(rows=200_000):
    rng = np.random.default_rng(0)
    text = io.StringIO("model,gpu,layout,batch,isl,osl,total_energy_j,total_time_s\n")
    text.seek(0, io.SEEK_END)
    for batch, isl, energy in zip(rng.integers(1, 65, rows), rng.integers(1, 4096, rows), rng.uniform(1e3, 1e5, rows)):
        text.write(f"m,g,tp4,{batch},{isl},256,{energy!r},{energy / 800!r}\n")
    content = text.getvalue()
    yield {"task": "read", "package": "energylens, checked", "rows": rows,
           "samples_s": timed(lambda: el.Table.from_csv(content))}
    for name in ("polars", "pandas"):
        try:
            library = __import__(name)
        except ImportError:
            continue
        data = content.encode()
        yield {"task": "read", "package": name, "rows": rows, "samples_s": timed(lambda: library.read_csv(io.BytesIO(data)))}


def fitting():
    table = el.simulate(gpu="H100-80GB-SXM", batch=[1, 8, 64], isl=[128, 2048], osl=[256], noise=0.02)
    yield {"task": "fit", "package": "energylens, energy and time with intervals", "rows": len(table),
           "samples_s": timed(lambda: el.fit(table, progress=False))}
    try:
        from scipy.optimize import least_squares
    except ImportError:
        return
    batch, isl, energy = (np.asarray(table[name]) for name in ("batch", "isl", "total_energy_j"))

    def residuals(p):
        return np.log(np.exp(p[0]) + np.exp(p[1]) * batch * isl + np.exp(p[2]) + np.exp(p[3]) * batch ** p[4]) - np.log(energy)

    def by_scipy():
        for start in range(8):  # as many starts as ours
            least_squares(residuals, np.random.default_rng(start).normal(0, 1, 5))

    yield {"task": "fit", "package": "SciPy, energy without layouts, 5 parameters, 8 starts", "rows": len(table),
           "samples_s": timed(by_scipy)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5, help="of each search")
    parser.add_argument("--only", nargs="*", default=["regression", "predict", "read", "fit"])
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    load = os.getloadavg()
    tasks = {"regression": lambda: regression(arguments.seconds), "predict": prediction, "read": reading, "fit": fitting}
    results = [result for name in arguments.only for result in tasks[name]()]
    json.dump({"python": platform.python_version(), "cpus": os.cpu_count(), "load_before": load,
               "load_after": os.getloadavg(), "seconds_per_search": arguments.seconds, "results": results},
              sys.stdout, indent=1)
    print()


main()
