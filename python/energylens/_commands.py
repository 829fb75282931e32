# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of the program in this process: same options, same words, same results."""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any, Iterable, Mapping, Optional

from . import _core
from ._progress import Bar, Progress
from .errors import Error, Warning

_WARNING, _ERROR, _NOTE = "energylens: warning: ", "energylens: error: ", "energylens: note: "
_NO_CONFIGURATION, _OUTSIDE_DOMAIN, _INVALID = 4, 5, 3

# Options whose values are given one at a time; lists of all others are separated by commas.
_REPEATED = {"where", "to", "from", "source", "target", "meter", "guess", "latency", "compare"}


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def words_of(options: Mapping[str, Any]) -> list[str]:
    """Keywords as options: total_gpus=8 is --total-gpus 8, strict=True is --strict, where={"gpu": "A100"} is
    --where gpu=A100, batch=[1, 8] is --batch 1,8. None and False are left out; a final underscore too: from_."""
    words: list[str] = []
    for name, value in options.items():
        name = name.rstrip("_")
        flag = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            words.append(flag)
        elif isinstance(value, Mapping):
            for key, one in value.items():
                words += [flag, f"{key}={_text(one)}"]
        elif not isinstance(value, str) and isinstance(value, Iterable):
            texts = [_text(one) for one in value]
            if name in _REPEATED:
                for text in texts:
                    words += [flag, text]
            else:
                words += [flag, ",".join(texts)]
        else:
            words += [flag, _text(value)]
    return words


class Folder:
    """Temporary files for commands, which read and write files. Messages show their names without the folder."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="energylens-")
        self.path = Path(self._folder.name)
        self._names: dict[str, str] = {}  # by path

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def write(self, name: str, text: str, number: int = 0) -> str:
        """Writes a file that messages call `name`."""
        path = self.path / f"{number}-{Path(name).name or 'table.csv'}"
        path.write_text(text, encoding="utf-8", newline="")
        self._names[str(path)] = name
        return str(path)

    def output(self, name: str) -> Path:
        return self.path / name

    def shown(self, text: str) -> str:
        for path, name in self._names.items():
            text = text.replace(path, name)
        return text.replace(str(self.path) + "/", "")

    def shown_error(self, error: Error) -> Error:
        error.file = self.shown(error.file)
        error.message = self.shown(error.message)
        for other in error.others:
            self.shown_error(other)
        return error


def run(
    folder: Folder, command: str, *words: str, options: Mapping[str, Any], progress: Progress = None
) -> tuple[int, str]:
    """Runs a command; returns its exit code and output. Raises Error in its words, and passes warnings on."""
    with Bar(progress) as bar:
        try:
            code, out, notes = _core.run([*command.split(), *words, *words_of(options)], bar.report)
        except Error as error:
            raise folder.shown_error(error) from None
    refusal: Optional[str] = None
    for note in map(folder.shown, notes):
        if note.startswith(_WARNING):
            warnings.warn(note[len(_WARNING) :], Warning, stacklevel=_outside())
        elif note.startswith(_ERROR):
            refusal = refusal or note[len(_ERROR) :]
    if code not in (0, _NO_CONFIGURATION, _OUTSIDE_DOMAIN, _INVALID):
        raise Error(refusal or f"energylens {command} failed", "bad_input" if code == 2 else "io")
    return code, folder.shown(out)


def _outside() -> int:
    """The level of the caller's own code, for warnings."""
    frame, level = sys._getframe(1), 1
    while frame is not None and frame.f_globals.get("__name__", "").startswith("energylens"):
        frame, level = frame.f_back, level + 1  # type: ignore[assignment]
    return level


def run_json(
    folder: Folder, command: str, *words: str, options: Mapping[str, Any], progress: Progress = None
) -> dict[str, Any]:
    _, out = run(folder, command, *words, "--format", "json", options=options, progress=progress)
    result: dict[str, Any] = json.loads(out)
    return result


def main() -> None:
    """The command `energylens`."""
    sys.exit(_core.main(sys.argv[1:]))
