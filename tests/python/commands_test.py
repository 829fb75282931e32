# SPDX-License-Identifier: Apache-2.0
"""Commands run in this process as they do in the program."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import energylens as el
from energylens._commands import words_of


def test_keywords_are_options():
    assert words_of({"total_gpus": 8, "strict": True, "quiet": False, "rate": None}) == ["--total-gpus", "8", "--strict"]
    assert words_of({"where": {"gpu": "A100", "tp": 4}}) == ["--where", "gpu=A100", "--where", "tp=4"]
    assert words_of({"batch": [1, 8.0], "isl": 0.5, "from_": ["gpu=A"]}) == ["--batch", "1,8", "--isl", "0.5", "--from", "gpu=A"]


def test_the_command_is_that_of_the_program(program):
    ours = subprocess.run([sys.executable, "-m", "energylens", "help", "predict"], capture_output=True, text=True)
    assert (ours.returncode, ours.stdout, ours.stderr) == program("help", "predict")
    wrong = subprocess.run([sys.executable, "-m", "energylens", "chose"], capture_output=True, text=True)
    assert (wrong.returncode, wrong.stderr) == (2, program("chose")[2])


def test_nothing_is_printed(model, capfd):
    model.predict(layout="tp4", batch=8, isl=512, osl=64)
    assert capfd.readouterr() == ("", "")


def test_progress_is_passed_on(table):
    seen = []
    el.evaluate(table, train=20, seeds=6, predictors=["law"], progress=lambda what, done, total: seen.append((what, done, total)))
    assert seen[-1][0] == "evaluate" and seen[-1][1] == seen[-1][2]


def test_what_a_progress_function_raises_ends_the_work(table):
    def stop(what, done, total):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        el.evaluate(table, train=20, seeds=500, predictors=["law"], progress=stop)


def test_control_c_ends_the_work(table):
    def interrupt(what, done, total):
        os.kill(os.getpid(), signal.SIGINT)

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        el.evaluate(table, train=20, seeds=100000, predictors=["law"], progress=interrupt)
    assert time.monotonic() - begin < 60
    assert el.evaluate(table, train=20, seeds=2, predictors=["law"])  # the next one runs


def test_other_threads_run_meanwhile(table):
    counted = []
    done = threading.Event()

    def count():
        while not done.is_set():
            counted.append(None)
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    seen = []
    thread.start()
    try:
        el.evaluate(table, train=20, seeds=10, predictors=["law"], progress=lambda *_: seen.append(len(counted)))
    finally:
        done.set()
        thread.join()
    assert seen and seen[-1] > 0  # the lock of the interpreter was free


def test_importing_loads_little():
    code = "import energylens, sys; print([m for m in ('numpy', 'sklearn', 'pandas', 'energylens._core') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_errors_pickle():
    import pickle

    error = pickle.loads(pickle.dumps(el.Error("no", "bad_input", "a.csv", 3, "isl")))
    assert str(error) == "a.csv:3:isl: no"
