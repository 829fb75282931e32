# SPDX-License-Identifier: Apache-2.0
"""Data frames of any library: their columns, and results as frames of the same library. None is imported here."""

from __future__ import annotations

import datetime
import math
from typing import Any, Callable, Iterable, Mapping, Optional

import numpy as np

from .errors import Error

Numbers = "np.ndarray[Any, np.dtype[np.float64]]"


def kind_of(data: Any) -> str:
    """pandas, polars, arrow or dict."""
    module = type(data).__module__.partition(".")[0]
    if module in ("pandas", "polars"):
        return module
    if module == "pyarrow":
        return "arrow"
    if isinstance(data, Mapping):
        return "dict"
    if hasattr(data, "__arrow_c_stream__"):
        return "stream"
    raise Error(f"a {type(data).__name__} is not a data frame of pandas, polars or Arrow, nor a dict of columns")


def _from_stream(data: Any) -> Any:
    try:
        import pyarrow
    except ImportError:
        raise Error(f"reading a {type(data).__name__} requires pyarrow") from None
    return pyarrow.table(data)


def columns_of(data: Any) -> dict[str, Any]:
    """The columns by name, in the form of their library."""
    kind = kind_of(data)
    if kind == "stream":
        data, kind = _from_stream(data), "arrow"
    if kind == "pandas":
        columns = {name: data[name] for name in data.columns}
    elif kind == "polars":
        columns = {name: data.get_column(name) for name in data.columns}
    elif kind == "arrow":
        columns = dict(zip(data.column_names, data.columns))
    else:
        columns = dict(data)
    for name in columns:
        if not isinstance(name, str):
            raise Error(f"the name of a column is a text, not {name!r}")
    return columns


def numbers_of(name: str, column: Any) -> Any:
    """A column as float64, NaN where it is null. Float64 columns without nulls are not copied."""
    kind = type(column).__module__.partition(".")[0]
    try:
        if kind == "pyarrow":
            import pyarrow

            if not (pyarrow.types.is_integer(column.type) or pyarrow.types.is_floating(column.type)
                    or pyarrow.types.is_decimal(column.type) or pyarrow.types.is_null(column.type)):
                raise TypeError
            if hasattr(column, "combine_chunks"):
                column = column.chunk(0) if getattr(column, "num_chunks", 0) == 1 else column.combine_chunks()
            array = column.cast(pyarrow.float64()).to_numpy(zero_copy_only=False)
        elif kind == "polars":
            if not (column.dtype.is_numeric() or str(column.dtype) == "Null"):
                raise TypeError
            array = column.cast(float).to_numpy()
        elif kind == "pandas":
            import pandas

            dtype = column.dtype
            if pandas.api.types.is_bool_dtype(dtype) or not (
                pandas.api.types.is_numeric_dtype(dtype) or pandas.api.types.is_object_dtype(dtype)
            ):
                raise TypeError
            array = column.to_numpy(dtype=np.float64, na_value=np.nan)
        else:
            array = np.asarray(column)
            if array.dtype.kind == "O":
                array = np.array([math.nan if cell is None else cell for cell in array.tolist()])
            if array.dtype.kind not in "iuf":
                raise TypeError
        array = np.ascontiguousarray(array, dtype=np.float64)
    except (TypeError, ValueError):
        dtype = getattr(column, "dtype", None) or getattr(column, "type", None) or type(column).__name__
        raise Error(f"{dtype} is not a type of numbers", "bad_input", column=name) from None
    if array.ndim != 1:
        raise Error("a column has one dimension", "bad_input", column=name)
    return array


def codes_of(name: str, column: Any) -> tuple[list[str], Any]:
    """A column of texts as its distinct texts and the index of each cell among them."""
    kind = type(column).__module__.partition(".")[0]
    if kind == "pyarrow":
        encoded = column.dictionary_encode()
        encoded = encoded.combine_chunks() if hasattr(encoded, "combine_chunks") else encoded
        if hasattr(encoded, "chunks"):
            encoded = encoded.chunk(0)
        texts, codes = encoded.dictionary.to_pylist(), encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    elif kind == "polars":
        import polars

        column = column if column.dtype == polars.String else column.cast(polars.String)
        texts = column.drop_nulls().unique(maintain_order=True).to_list()
        places = column.replace_strict(texts, list(range(len(texts))), default=-1, return_dtype=polars.Int64)
        codes = places.fill_null(-1).to_numpy()
    elif kind == "pandas":
        import pandas

        codes, uniques = pandas.factorize(column)
        texts = list(uniques)
    else:
        cells = list(column)
        found: dict[Any, int] = {}
        codes = np.array([-1 if cell is None else found.setdefault(cell, len(found)) for cell in cells], dtype=np.int64)
        texts = list(found)
    if len(codes) and codes.min() < 0:
        row = int(np.argmin(codes)) + 1
        raise Error("a blank cell", "bad_input", "configurations", row, name)
    for text in texts:
        if not isinstance(text, str):
            raise Error(f"{text!r} is not a text", "bad_input", column=name)
    return texts, np.ascontiguousarray(codes, dtype=np.uint32)


def frame_like(data: Any, columns: Mapping[str, Any]) -> Any:
    """Columns as a frame of the library of `data`; a dict of arrays for a dict."""
    kind = kind_of(data)
    if kind == "pandas":
        import pandas

        return pandas.DataFrame(dict(columns), index=data.index, copy=False)
    if kind == "polars":
        import polars

        return polars.DataFrame(dict(columns), nan_to_null=True)
    if kind in ("arrow", "stream"):
        import pyarrow

        return pyarrow.table({name: pyarrow.array(column, from_pandas=True) for name, column in columns.items()})
    return dict(columns)


def _cell(name: str, row: int, value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)) or type(value).__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "1" if value else "0"
    if isinstance(value, str):
        return value
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if type(value).__name__ == "Decimal":
        return str(value)
    raise Error(f"a {type(value).__name__} fits into no cell", "bad_input", line=row + 1, column=name)


def cells_of(data: Any) -> tuple[list[str], list[list[str]]]:
    """Names and texts of all cells, by column; blank where null."""
    kind = kind_of(data)
    listed: Callable[[Any], Iterable[Any]] = {
        "pandas": lambda column: column.astype(object).tolist(),
        "polars": lambda column: column.to_list(),
        "arrow": lambda column: column.to_pylist(),
        "stream": lambda column: column.to_pylist(),
    }.get(kind, list)
    columns = columns_of(data)
    texts = [[_cell(name, row, value) for row, value in enumerate(listed(column))] for name, column in columns.items()]
    if len({len(column) for column in texts}) > 1:
        raise Error("columns of different lengths", "bad_input")
    return list(columns), texts


def optional_numbers(columns: Mapping[str, Any], name: str) -> Optional[Any]:
    return numbers_of(name, columns[name]) if name in columns else None
