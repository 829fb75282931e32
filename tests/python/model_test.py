# SPDX-License-Identifier: Apache-2.0
import json
import pickle
import warnings

import numpy as np
import pandas
import polars
import pyarrow
import pytest

import energylens as el

GRID = {"layout": ["tp4", "tp2", "tp2pp2", "tp8"], "batch": [8, 32, 64, 3], "isl": [512, 256, 128, 700],
        "osl": [64, 128, 200, 64]}


def test_a_fit_reports_and_saves(model, tmp_path, program):
    assert model.kind == "law"
    assert model.groups == [{"model": "toy-model", "gpu": "toy-gpu", "quant": "fp16"}]
    assert model.report.rows()[0]["verdict"] in ("good", "usable")
    model.save(tmp_path / "model.json")
    again = el.load(tmp_path / "model.json")
    assert again.to_dict() == model.to_dict() == pickle.loads(pickle.dumps(model)).to_dict()
    with pytest.raises(el.Error, match="cannot write"):
        model.save(tmp_path / "no" / "model.json")
    code, out, _ = program("predict", "model.json", "--layout", "tp4", "--batch", "8", "--isl", "512", "--osl", "64",
                           "--format", "json")
    assert code == 0
    theirs, ours = json.loads(out), model.predict(layout="tp4", batch=8, isl=512, osl=64).to_dict()
    for answer in (theirs, ours):
        answer["model"].pop("file")
    assert theirs == ours


@pytest.mark.parametrize("make", [pandas.DataFrame, polars.DataFrame, pyarrow.table, dict])
def test_predicts_frames_of_every_library(model, make):
    data = make(GRID)
    answer = model.predict(data)
    assert type(answer) is type(data)
    values = np.asarray(answer["total_energy_j"])
    for i, value in enumerate(values):
        one = model.predict(layout=GRID["layout"][i], batch=GRID["batch"][i], isl=GRID["isl"][i], osl=GRID["osl"][i])
        assert value == pytest.approx(one["total_energy_j"], rel=1e-9)
        assert bool(np.asarray(answer["inside_domain"])[i]) == one["inside_domain"]


def test_intervals_are_those_of_single_predictions(model):
    answer = model.predict(pandas.DataFrame(GRID, index=[5, 6, 7, 8]), intervals=True)
    assert list(answer.index) == [5, 6, 7, 8]
    one = model.predict(layout="tp2", batch=32, isl=256, osl=128)
    for name in ("total_energy_j_lo", "ttft_s_hi", "tpot_s", "avg_power_w_hi"):
        assert answer.loc[6, name] == one[name]


def test_degrees_stand_for_layouts(model):
    by_degrees = {**{k: v for k, v in GRID.items() if k != "layout"}, "tp": [4, 2, 2, 8], "pp": [1, 1, 2, 1]}
    np.testing.assert_array_equal(model.predict(by_degrees)["total_energy_j"], model.predict(GRID)["total_energy_j"])


def test_columns_of_floats_are_not_copied(model, monkeypatch):
    from energylens import _frames

    batch = np.array([8.0, 32.0])
    assert np.shares_memory(_frames.numbers_of("batch", batch), batch)
    frame = pandas.DataFrame({"batch": batch})
    assert np.shares_memory(_frames.numbers_of("batch", frame["batch"]), frame["batch"].to_numpy())
    arrow = pyarrow.table({"batch": batch})
    assert np.shares_memory(_frames.numbers_of("batch", arrow["batch"]), arrow["batch"].chunk(0).to_numpy())


def test_refuses_what_it_cannot_predict(model):
    def error(**changed):
        with pytest.raises(el.Error) as caught:
            model.predict({**GRID, **changed})
        return str(caught.value)

    assert error(osl=[64, 128, None, 64]) == "configurations:3:osl: a configuration requires an osl above 0"
    assert error(layout=["tp4", "tp2", "nonsense", "tp8"]).endswith('"nonsense" is not a layout such as tp4pp2')
    assert error(batch=["8", "32", "64", "3"]).startswith("batch: ")
    assert "batch" in error(batch=pandas.to_datetime(["2026-01-01"] * 4))
    assert "row_kind" in error(row_kind=["job", "job", "jobb", "job"])
    with pytest.raises(ValueError, match="another length"):
        model.predict({**GRID, "batch": [1.0]})
    with pytest.raises(el.Error, match="states every configuration"):
        model.predict(GRID, layout="tp4")


def test_a_wrong_keyword_is_refused_in_the_words_of_the_command_line(model):
    with pytest.raises(el.Error, match="did you mean --rate") as caught:
        model.choose(rat=2, isl=512, osl=256, total_gpus=8)
    assert caught.value.code == "usage"


def test_chooses(model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", el.Warning)
        choice = model.choose(batch=16, isl=512, osl=128, total_gpus=4, weights_gb=16, gpu_memory_gb=80)
        none = model.choose(batch=16, isl=512, osl=128, total_gpus=4, tpot=0.001, weights_gb=16, gpu_memory_gb=80)
    assert choice.best["layout"] == choice.energy_optimal
    assert len(choice.to_pandas()) == len(choice.configurations)
    assert "<table>" in choice._repr_html_()
    assert none.best is None
    with pytest.raises(AttributeError, match="energy_optimal"):
        choice.no_such_key


def test_warnings_are_those_of_the_command_line(model):
    with pytest.warns(el.Warning, match="outside the fitted domain") as caught:
        model.predict(layout="tp4", batch=8, isl=512, osl=60000)
    assert all(one.filename == __file__ for one in caught)  # where the caller stands


def test_evaluates_designs_simulates_and_transfers(model, table):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", el.Warning)
        evaluation = model.evaluate(train=20, seeds=2)
        assert evaluation.to_pandas()["predictor"].tolist() == ["law"]
        design = el.design(table, n=2, batch=[2, 3], isl=[128], osl=[64], weights_gb=16, gpu_memory_gb=80)
        assert len(design.rows()) == 2
        simulated = el.simulate(gpu="H100-80GB-SXM", batch=[1, 8], isl=[128], osl=[64], total_gpus=8)
        law = el.fit(simulated)
        moved = law.transfer(to={"gpu": "A100-80GB-SXM"})
        assert moved.groups[0]["gpu"] == "A100-80GB-SXM"


def test_errors_show_the_name_of_the_table(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("layout,batch,isl,osl,kv_capacity_tokens,total_energy_j\ntp1,1,512,512,100,5\n")
    with pytest.raises(el.Error) as caught:
        el.fit(path)
    assert str(caught.value).startswith(f"{path}:2:kv_capacity_tokens: ")


def test_explains(model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", el.Warning)
        explanation = model.explain(layout="tp4", batch=8, isl=512, osl=64)
        whole = model.predict(layout="tp4", batch=8, isl=512, osl=64)["total_energy_j"]
    parts = explanation.to_pandas()
    assert {"part", "phase", "energy_j"} <= set(parts.columns)
    assert parts["energy_j"].sum() == pytest.approx(whole, rel=1e-9)


def test_formulas(model):
    formula = model.formula
    assert formula.latex() and "a0" in str(formula)
    expression = formula.sympy()
    assert {"a0", "batch"} <= {symbol.name for symbol in expression.free_symbols}
    numbers = formula.sympy(numbers=True)
    assert {symbol.name for symbol in numbers.free_symbols} <= set(formula.variables)
    assert len(formula.to_pandas()) == 12
    with pytest.raises(el.Error, match="unknown metric"):
        model.formula_of("power")


def test_figures(model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", el.Warning)
        figures = [
            model.plot.pareto(batch=16, isl=512, osl=128, total_gpus=4, weights_gb=16, gpu_memory_gb=80),
            model.plot.crossing(["tp1", "tp4"], isl=512, osl=128, batch=(1, 64)),
            model.plot.residuals(),
            model.plot.breakdown(layout="tp4", batch=8, isl=512, osl=64)]
    for figure in figures:
        figure.draw_without_rendering()
        assert figure.axes[0].get_ylabel()


def test_a_million_configurations(model):
    rows = 1_000_000
    grid = {"layout": ["tp4"] * rows, "batch": np.arange(rows) % 64 + 1.0, "isl": np.full(rows, 512.0),
            "osl": np.full(rows, 64.0)}
    answer = model.predict(grid)
    assert answer["total_energy_j"].shape == (rows,) and np.isfinite(answer["total_energy_j"]).all()
