# SPDX-License-Identifier: Apache-2.0
"""Windows are measured on a recording that is played in real time."""

import time

import pytest

import energylens as el


@pytest.fixture
def recording(tmp_path, program):
    path = tmp_path / "trace.csv"
    lines = ["timestamp, index, power.draw [W]"]
    for i in range(300):
        lines.append(f"2026/01/01 00:00:{i // 10:02d}.{i % 10}00, 0, 200.00 W")
    path.write_text("\n".join(lines) + "\n")
    return f"nvidia-smi={path}"


def test_windows(recording):
    meter = el.Meter([recording])
    meter.begin_window("a")
    time.sleep(1.0)
    measurement = meter.end_window("a")
    assert measurement.time_s >= 1.0
    assert len(measurement.rows()) == 1
    assert measurement.to_dict()["devices"]
    with pytest.raises(el.Error, match='no window "a" is open'):
        meter.end_window("a")


def test_windows_overlap_and_names_are_unique(recording):
    meter = el.Meter([recording])
    meter.begin_window("a")
    meter.begin_window("b")
    with pytest.raises(el.Error, match='"a" is open already'):
        meter.begin_window("a")
    assert meter.end_window("a").time_s > 0
    assert meter.end_window("b").time_s > 0


def test_context_manager_and_decorator(recording):
    with el.Meter([recording]) as meter:
        pass
    assert meter.measurement is not None

    @el.Meter([recording])
    def work(x):
        return x + 1

    assert work(1) == 2 and work(2) == 3
    assert len(work.measurements) == 2


def test_a_missing_meter_is_refused_in_the_words_of_the_command_line(program):
    with pytest.raises(el.Error) as caught:
        el.Meter(["replay=/no/such/file.csv"]).begin_window()
    _, _, err = program("meter", "--meter", "replay=/no/such/file.csv", "--", "true")
    assert caught.value.message in err
    with pytest.raises(el.Error, match="did you mean"):
        el.Meter(["nvlm"]).begin_window()
