# SPDX-License-Identifier: Apache-2.0
"""Measurement tables."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any, Union

from . import _core, _frames
from .errors import Error

_ROWS_SHOWN = 20


class Table:
    """Measurements in columns, checked and typed as by `energylens table check`.

    Made by :func:`read_table`, :meth:`from_pandas`, :meth:`from_polars`, :meth:`from_arrow` or :meth:`from_csv`.
    """

    def __init__(self, text: str, name: str = "table") -> None:
        self._text = text
        self.name = name
        self._core = _core.Table.parse(text, name)

    @classmethod
    def from_csv(cls, text: str, name: str = "table") -> Table:
        """The text of a CSV file; `name` stands for the file in messages."""
        return cls(text, name)

    @classmethod
    def from_frame(cls, data: Any, name: str = "table") -> Table:
        """A data frame of pandas or polars, an Arrow table, anything with the Arrow C stream interface, or a dict of
        columns. Nulls are blanks. Line n + 1 of messages is row n of the frame."""
        names, columns = _frames.cells_of(data)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(zip(*columns))
        return cls(text.getvalue(), name)

    from_pandas = from_frame
    from_polars = from_frame
    from_arrow = from_frame

    @property
    def columns(self) -> list[str]:
        return list(self._core.columns)

    def __len__(self) -> int:
        return int(self._core.rows)

    def __getitem__(self, column: str) -> Any:
        """Numbers as a read-only array that refers to the table (NaN where blank); texts as a list (None where
        blank)."""
        if column not in self._core.columns:
            raise KeyError(column)
        return self._core.column(column)

    def __repr__(self) -> str:
        return f"<energylens.Table {self.name}: {len(self)} rows, {len(self.columns)} columns>"

    def to_dict(self) -> dict[str, Any]:
        return {name: self[name] for name in self.columns}

    def to_pandas(self) -> Any:
        import pandas

        return pandas.DataFrame(self.to_dict())

    def to_polars(self) -> Any:
        import polars

        return polars.DataFrame(self.to_dict(), nan_to_null=True)

    def to_csv(self) -> str:
        return str(self._core.to_csv())

    def _repr_html_(self) -> str:
        from .results import html_table

        rows = min(len(self), _ROWS_SHOWN)
        columns = {name: list(column[:rows]) for name, column in self.to_dict().items()}
        note = f"<p>{len(self)} rows of {self.name}" + (f", the first {rows} shown</p>" if rows < len(self) else "</p>")
        return html_table([dict(zip(columns, cells)) for cells in zip(*columns.values())]) + note


def read_table(path: Union[str, "os.PathLike[str]"]) -> Table:
    """Reads a CSV file. Raises Error with file, line and column for what cannot be used."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Error(f"cannot read: {error.strerror}", "bad_input", os.fspath(path)) from None
    except UnicodeDecodeError:
        raise Error("this file is not UTF-8 text", "bad_input", os.fspath(path)) from None
    return Table(text, os.fspath(path))


def table_of(data: Any) -> Table:
    """A table from what users have: a table, a path, or a data frame."""
    if isinstance(data, Table):
        return data
    if isinstance(data, (str, os.PathLike)):
        return read_table(data)
    return Table.from_frame(data)
