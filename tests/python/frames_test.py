# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pandas
import polars
import pyarrow
import pytest
from hypothesis import given, settings, strategies as st

import energylens as el
from energylens import _frames

NUMBERS = st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False, width=64)), max_size=20)
TEXTS = st.lists(st.sampled_from(["tp1", "tp2", "tp4pp2", "x"]), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None)
@given(NUMBERS)
def test_numbers_of_every_library(values):
    expected = np.array([np.nan if value is None else value for value in values], dtype=float)
    for column in (
        pandas.Series(values, dtype="float64"), pandas.Series(values, dtype=object),
        pandas.Series(values, dtype="Float64"), polars.Series("c", values, dtype=polars.Float64),
        pyarrow.chunked_array([pyarrow.array(values, pyarrow.float64())]), pyarrow.array(values, pyarrow.float64()),
        np.array(expected), values,
    ):
        np.testing.assert_array_equal(_frames.numbers_of("c", column), expected)


@settings(max_examples=15, deadline=None)
@given(TEXTS)
def test_codes_of_every_library(values):
    for column in (values, pandas.Series(values), pandas.Series(values).astype("category"), polars.Series("c", values),
                   polars.Series("c", values).cast(polars.Categorical), pyarrow.chunked_array([values]), np.array(values)):
        texts, codes = _frames.codes_of("c", column)
        assert [texts[code] for code in codes] == values


@pytest.mark.parametrize("column", [
    pandas.Series([True, False]), pandas.Series(["a", "b"]), pandas.to_datetime(pandas.Series(["2026-01-01", None])),
    polars.Series([True, False]), polars.Series(["a", "b"]), pyarrow.array(["a", "b"]), pyarrow.array([True, False]),
    ["1", "2"]])
def test_other_types_are_refused_by_name(column):
    with pytest.raises(el.Error) as caught:
        _frames.numbers_of("isl", column)
    assert caught.value.column == "isl"


def test_big_integers_are_read_as_numbers():
    assert _frames.numbers_of("c", pandas.Series([2**60])).tolist() == [float(2**60)]
    assert _frames.numbers_of("c", polars.Series([2**60])).tolist() == [float(2**60)]
    assert _frames.numbers_of("c", [2**60, None])[0] == float(2**60)


def test_a_blank_text_is_named():
    for column in (pandas.Series(["tp1", None]), polars.Series(["tp1", None]), pyarrow.array(["tp1", None]), ["tp1", None]):
        with pytest.raises(el.Error) as caught:
            _frames.codes_of("layout", column)
        assert (caught.value.line, caught.value.column) == (2, "layout")
