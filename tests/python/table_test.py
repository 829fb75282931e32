# SPDX-License-Identifier: Apache-2.0
import datetime

import numpy as np
import pandas
import polars
import pyarrow
import pytest
from hypothesis import given, settings, strategies as st

import energylens as el


def test_reads_a_file_and_names_places(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("layout,batch,isl,osl,total_energy_j\ntp4,8,512,64,100\ntp4,x,512,64,100\n")
    with pytest.raises(el.Error) as caught:
        el.read_table(path)
    error = caught.value
    assert (error.file, error.line, error.column, error.code) == (str(path), 3, "batch", "bad_input")
    assert str(error).startswith(f"{path}:3:batch: ")
    with pytest.raises(el.Error, match="cannot read: No such file"):
        el.read_table(tmp_path / "none.csv")


def test_lists_several_mistakes(tmp_path):
    with pytest.raises(el.Error) as caught:
        el.Table.from_csv("layout,batch,osl,total_energy_j\ntp4,x,64,100\ntp4,y,64,100\n", "t.csv")
    assert [other.line for other in caught.value.others] == [3]


@pytest.mark.parametrize("make", [pandas.DataFrame, polars.DataFrame, pyarrow.table, dict])
def test_frames_of_every_library_give_the_same_table(make, columns, table):
    assert el.Table.from_frame(make(columns)).to_csv() == table.to_csv()


def test_nulls_are_blank():
    frame = pandas.DataFrame({
        "layout": pandas.Categorical(["tp1", "tp2"]), "batch": pandas.array([1, 2], dtype="Int64"),
        "isl": pandas.array([None, 512], dtype="Int64"), "osl": [8.0, np.nan], "total_energy_j": [1.5, 2.5],
        "my_note": ["a", None], "when": pandas.to_datetime(["2026-01-02", None]), "big": [2**62 + 1, 7]})
    for one in (frame, polars.from_pandas(frame), pyarrow.Table.from_pandas(frame)):
        table = el.Table.from_frame(one)
        assert np.isnan(table["isl"][0]) and table["isl"][1] == 512
        assert np.isnan(table["osl"][1])
        assert table["my_note"] == ["a", None]
        assert table["when"][0].startswith("2026-01-02") and table["when"][1] is None
        assert table["big"] == [str(2**62 + 1), "7"]


def test_what_fits_into_no_cell_is_refused_by_name():
    with pytest.raises(el.Error) as caught:
        el.Table.from_frame({"batch": [1], "total_energy_j": [[1, 2]]})
    assert caught.value.column == "total_energy_j"
    with pytest.raises(el.Error, match="not a data frame"):
        el.Table.from_frame(7)
    with pytest.raises(el.Error) as caught:
        el.Table.from_frame({"batch": [datetime.date(2026, 1, 1)], "total_energy_j": [1.0]})
    assert caught.value.column == "batch"


def test_numbers_refer_to_the_table(table):
    first, second = table["batch"], table["batch"]
    assert first.dtype == np.float64 and np.shares_memory(first, second)
    assert not first.flags.writeable
    assert len(table) == len(first) == 64
    with pytest.raises(KeyError):
        table["no such column"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**6), st.one_of(st.none(), st.floats(1e-3, 1e9)), st.text(max_size=8)),
                min_size=1, max_size=12))
def test_round_trip(cells):
    texts = [text if text.isprintable() and text == text.strip() else "" for _, _, text in cells]
    frame = {"layout": ["tp1"] * len(cells), "batch": [batch for batch, _, _ in cells],
             "total_energy_j": [energy for _, energy, _ in cells], "remark": texts}
    table = el.Table.from_frame(frame)
    again = el.Table.from_csv(table.to_csv())
    assert again.to_csv() == table.to_csv()
    assert again["batch"].tolist() == frame["batch"]
    expected = [np.nan if energy is None else energy for energy in frame["total_energy_j"]]
    np.testing.assert_array_equal(again["total_energy_j"], expected)
    assert again["remark"] == [text or None for text in texts]


def test_shows_itself(table):
    assert "64 rows" in repr(table) and "<table>" in table._repr_html_()
    assert list(table.to_pandas().columns) == table.columns
    assert table.to_polars().height == 64
