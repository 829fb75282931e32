# SPDX-License-Identifier: Apache-2.0
from typing import Any, Callable, Optional, TypeAlias

import numpy
import numpy.typing

_Numbers: TypeAlias = numpy.typing.NDArray[numpy.float64]
_Report: TypeAlias = Optional[Callable[[str, int, int], object]]

__version__: str

def run(words: list[str], report: _Report = None) -> tuple[int, str, list[str]]: ...
def main(words: list[str]) -> int: ...

class Table:
    @staticmethod
    def parse(text: str, name: str, results_required: bool = True) -> Table: ...
    @property
    def rows(self) -> int: ...
    @property
    def columns(self) -> list[str]: ...
    def column(self, name: str) -> Any: ...
    def to_csv(self) -> str: ...

class Predictor:
    @staticmethod
    def from_json(text: str, name: str) -> Predictor: ...
    @property
    def kind(self) -> str: ...
    @property
    def groups(self) -> list[dict[str, str]]: ...
    def values(
        self,
        group: int,
        layouts: list[str],
        layout: numpy.typing.NDArray[numpy.uint32],
        columns: dict[str, _Numbers],
        steady: numpy.typing.NDArray[numpy.uint8],
        threads: int = 0,
        report: _Report = None,
    ) -> dict[str, Any]: ...
    def estimates(
        self,
        group: int,
        layouts: list[str],
        layout: numpy.typing.NDArray[numpy.uint32],
        columns: dict[str, _Numbers],
        steady: numpy.typing.NDArray[numpy.uint8],
        threads: int = 0,
        report: _Report = None,
    ) -> dict[str, Any]: ...
    def formula(self, group: int, metric: str) -> Optional[dict[str, Any]]: ...

class MeterWindow:
    def __init__(self, meters: list[str], period_s: float = 0.1, max_gap_s: float = 3.0) -> None: ...
    def end(self) -> str: ...

def search(
    names: list[str],
    units: list[str],
    columns: list[_Numbers],
    target: _Numbers,
    more: dict[str, Any],
    settings: dict[str, Any],
    report: _Report = None,
) -> dict[str, Any]: ...
def evaluate(formula: str, names: list[str], columns: list[_Numbers]) -> _Numbers: ...
