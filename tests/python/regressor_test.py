# SPDX-License-Identifier: Apache-2.0
import pickle
import warnings

import numpy as np
import pandas
import pytest
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import energylens as el

pytestmark = pytest.mark.filterwarnings("ignore::energylens.Warning")


NOT_PASSED = {
    "check_sample_weight_equivalence_on_dense_data":
        "weights are of errors: the length of a description counts rows, of which a repeated one is one more",
}


def small(evaluations=300, **settings):
    return el.SymbolicRegressor(evaluations=evaluations, **{"max_complexity": 10, "islands": 1, "n_jobs": 1, **settings})


@parametrize_with_checks([small(60)], expected_failed_checks=lambda estimator: NOT_PASSED)
def test_is_an_estimator(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    frame = pandas.DataFrame({"m": rng.uniform(1, 5, 80), "v": rng.uniform(1, 5, 80)})
    return frame, 0.5 * frame["m"] * frame["v"] ** 2


def test_finds_a_formula(data):
    X, y = data
    found = small().fit(X, y)
    assert found.score(X, y) > 1 - 1e-9
    assert found.equation_ and "m" in found.latex()
    assert {symbol.name for symbol in found.sympy().free_symbols} == {"m", "v"}
    assert found.sympy().subs({"m": 2, "v": 3}) == pytest.approx(9)
    front = found.to_pandas()
    assert front["complexity"].is_monotonic_increasing and front["loss"].is_monotonic_decreasing
    assert front["chosen"].sum() == 1
    assert found.latex_table().count("\\\\") == len(front) + 1
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(found)).predict(X), found.predict(X))


def test_keeps_to_units(data):
    X, y = data
    found = small(units=["J s^2", "1/s"], target_unit="J").fit(X, y)
    assert found.score(X, y) > 1 - 1e-9
    with pytest.raises(el.Error, match="kJ"):
        small(units=["kJ", "1/s"], target_unit="J").fit(X, y)
    with pytest.raises(ValueError, match="1 units for 2 columns"):
        small(units=["J"]).fit(X, y)


def test_the_same_seed_gives_the_same_front(data):
    X, y = data
    noisy = y * np.exp(np.random.default_rng(1).normal(0, 0.1, len(y)))
    first, second = small(random_state=3).fit(X, noisy), small(random_state=3).fit(X, noisy)
    assert [one["exact"] for one in first.equations_] == [one["exact"] for one in second.equations_]


def test_groups_share_the_formula(data):
    X, y = data
    groups = np.where(np.arange(len(y)) % 2, "a", "b")
    scaled = y * np.where(groups == "a", 3.0, 1.0)
    found = small().fit(X, scaled, groups=groups)
    np.testing.assert_allclose(found.predict(X, groups), scaled, rtol=1e-6)
    with pytest.raises(ValueError, match="per group"):
        found.predict(X)


def test_starts_from_guesses_and_earlier_formulas(data):
    X, y = data
    found = el.SymbolicRegressor(evaluations=1, guesses=["c*m*v^2"], islands=1).fit(X, y)
    assert found.score(X, y) > 1 - 1e-9
    warm = small(warm_start=True).fit(X, y)
    warm.evaluations = 1
    assert warm.fit(X, y).score(X, y) > 1 - 1e-9


def test_ends_in_time(data):
    X, y = data
    noisy = y + np.random.default_rng(2).normal(0, 5, len(y))
    found = el.SymbolicRegressor(time_limit_s=0.5, n_jobs=1).fit(X, noisy)
    assert found.ended_ == "time_limit" or "time" in found.ended_


def test_works_in_pipelines_and_searches(data):
    X, y = data
    pipeline = make_pipeline(MaxAbsScaler().set_output(transform="pandas"), small(60)).fit(X, y)
    assert pipeline.score(X, y) > 0.9
    grid = GridSearchCV(small(60), {"max_complexity": [3, 8]}, cv=2).fit(X, y)
    assert grid.best_params_ == {"max_complexity": 8}


def test_names_that_cannot_stand_in_a_formula(data):
    _, y = data
    with pytest.raises(el.Error, match="cannot stand in a formula"):
        small(feature_names=["exp", "v"]).fit(np.ones((len(y), 2)), y)
    with pytest.raises(ValueError, match="pick"):
        small(pick="best").fit(*data)


def test_progress_and_control_c(data):
    X, y = data
    noisy = y + np.random.default_rng(2).normal(0, 5, len(y))

    def stop(equation, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        el.SymbolicRegressor(time_limit_s=600, n_jobs=1, progress=stop).fit(X, noisy)
