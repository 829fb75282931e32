# SPDX-License-Identifier: Apache-2.0
"""What the package raises and warns of, in the words of the command line."""

from __future__ import annotations


class Error(ValueError):
    """Input that cannot be used, a wrong option or a missing resource.

    `str(error)` is the line that the command line shows: `mine.csv:3:isl: "x" is not a number of tokens`.
    """

    def __init__(self, message: str, code: str = "usage", file: str = "", line: int = 0, column: str = "") -> None:
        super().__init__(message, code, file, line, column)  # so that it pickles
        self.message = message
        #: "usage", "bad_input", "io" or "cancelled"
        self.code = code
        #: The place of the mistake; "" and 0 where it has none.
        self.file = file
        self.line = line
        self.column = column
        #: The other mistakes of the same input.
        self.others: list[Error] = []

    def __str__(self) -> str:
        place = [self.file, str(self.line) if self.line else "", self.column]
        return ": ".join([*([":".join(part for part in place if part)] if any(place) else []), self.message])


class Warning(UserWarning):
    """What the command line warns of: filter it by this class."""
