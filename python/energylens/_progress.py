# SPDX-License-Identifier: Apache-2.0
"""Progress of long work: a bar of tqdm where it is installed, else a line on a terminal."""

from __future__ import annotations

import sys
import time
from typing import Any, Callable, Optional, Union

#: Receives what is done, how much of it and the total (0: unknown).
Report = Callable[[str, int, int], object]
#: True: always; None: in notebooks and on terminals, once work takes a second; False: never; or a function.
Progress = Union[bool, None, Report]

_PATIENCE_S = 1.0


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and type(shell.get_ipython()).__name__ == "ZMQInteractiveShell"


class Bar:
    """Shows progress while it is open as a context manager; `report` is what long work calls."""

    def __init__(self, progress: Progress) -> None:
        self.report: Optional[Report] = None
        self._bar: Any = None
        self._line = False
        if callable(progress):
            self.report = progress
        elif progress or (progress is None and (_in_notebook() or sys.stderr.isatty())):
            self._begin = time.monotonic() + (0 if progress else _PATIENCE_S)
            self.report = self._show

    def _show(self, what: str, done: int, total: int) -> None:
        if time.monotonic() < self._begin:
            return
        try:
            from tqdm.auto import tqdm
        except ImportError:
            share = f"{done} of {total}" if total else str(done)
            sys.stderr.write(f"\r{what}: {share}\x1b[K")
            self._line = True
            return
        if self._bar is None:
            self._bar = tqdm(total=total or None, leave=False)
        self._bar.set_description_str(what[:60], refresh=False)
        self._bar.update(done - self._bar.n)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
        if self._line:
            sys.stderr.write("\r\x1b[K")
