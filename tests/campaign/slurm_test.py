#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A campaign as a job array of a real Slurm on this machine: munged, slurmctld and slurmd of our own, in a folder of their
own, at ports of their own. Tasks fail, are cancelled, and are submitted again by the same command.

    slurm_test.py PROGRAM SIMULATED_SERVER SIMULATED_METER      exit code 77: Slurm is not installed, or we are not root
"""
import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SKIPPED = 77


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Slurm:
    """The daemons; ended, each by its own number, when the work is done."""

    def __init__(self, folder):
        self.folder, self.daemons = folder, []
        host = socket.gethostname().split(".")[0]
        for name in ("spool", "state"):
            (folder / name).mkdir()
        (folder / "slurm.conf").write_text(f"""
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
""")
        key = folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o600)
        os.environ["SLURM_CONF"] = str(folder / "slurm.conf")
        self.start("munged", "--force", "--foreground", f"--socket={folder}/munge.socket", f"--key-file={key}",
                   f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log", f"--seed-file={folder}/munge.seed")
        wait_for(lambda: (folder / "munge.socket").exists(), "munged")
        self.start("slurmctld", "-D")
        self.start("slurmd", "-D")
        wait_for(lambda: "idle" in output("sinfo", "--noheader", "--format=%T"), "an idle node")

    def start(self, *words):
        log = open(self.folder / f"{words[0]}.out", "wb")
        self.daemons.append(subprocess.Popen(words, stdout=log, stderr=log))

    def stop(self):
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(5)
            except subprocess.TimeoutExpired:
                daemon.kill()


def output(*words):
    return subprocess.run(words, capture_output=True, text=True).stdout


def wait_for(condition, what, limit_s=90):
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"waited in vain for {what}")
        time.sleep(0.1)


def queue_is_empty():
    return output("squeue", "--noheader").strip() == ""


class Campaign:
    def __init__(self, folder, program, server, meter):
        self.folder, self.program, self.meter = folder, program, meter
        os.environ.update(SIMULATED_STATE=str(folder / "state of gpus"), SIMULATED_UPDATE_MS="1")
        # The server of tp8 does not start while there is a file "broken".
        (folder / "serve.sh").write_text(f"""
[ "$2" = 8 ] && [ -e '{folder}/broken' ] && echo 'no GPUs of that kind' >&2 && exit 1
exec '{server}' --port "$1" --tp "$2" --speed 2 --state '{folder}/state of gpus'
""")
        (folder / "plan.json").write_text(json.dumps({
            "identity": {"model": "Llama-3.1-70B", "quant": "fp16"},
            "grid": {"layout": ["tp4", "tp8"], "batch": [1, 2], "isl": [1024], "osl": [32]},
            "serve_cmd": ["sh", str(folder / "serve.sh"), "{port}", "{tp}"],
            "repeats": 2, "width": 0, "warmup": 0, "settle_s": 0, "idle_s": 0, "window_s": 0.6, "max_failures": 1,
            "stop_timeout_s": 1}))

    def submit(self):
        done = subprocess.run([self.program, "profile", str(self.folder / "plan.json"), "-o", str(self.folder / "out dir"),
                               "--meter", f"nvml={self.meter}", "--period-s", "0.005", "--slurm", "--submit", "--gres", "",
                               "--configurations-per-task", "1", "--sbatch=--ntasks=1", "--format", "json"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def collect(self, *flags):
        done = subprocess.run([self.program, "collect", str(self.folder / "out dir"), "--format", "json", *flags],
                              capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout)

    def servers(self):
        return output("pgrep", "-f", f"{self.folder}/state of gpus").split()


def check(campaign):
    (campaign.folder / "broken").touch()
    assert campaign.submit()["submitted"] == [0, 1, 2, 3]
    assert campaign.submit()["submitted"] == [], "what is in the queue is not submitted again"
    wait_for(queue_is_empty, "the first tasks")
    code, summary = campaign.collect("--strict")
    assert code == 3, code
    assert summary["complete"] == 2, summary
    assert [one["rows"] for one in summary["missing"]] == [0, 0], summary
    assert "no GPUs of that kind" in summary["missing"][0]["last_reason"], summary

    (campaign.folder / "broken").unlink()
    again = campaign.submit()
    assert again["submitted"] == [2, 3] and again["complete"] == 2, again
    wait_for(campaign.servers, "a server of a task")
    output("scancel", again["jobs"][0])
    wait_for(queue_is_empty, "the cancelled tasks")
    assert campaign.collect()[1]["complete"] < 4
    wait_for(lambda: not campaign.servers(), "the end of the servers", 30)

    assert campaign.submit()["submitted"], "what was cancelled is submitted again"
    wait_for(queue_is_empty, "the last tasks")
    code, summary = campaign.collect("--strict")
    assert code == 0 and summary["complete"] == 4 and summary["rows"] == 8, summary
    with open(summary["rows_file"], encoding="utf-8") as file:
        rows = [(row["tp"], row["batch"], row["repeat"]) for row in csv.DictReader(file)]
    assert len(set(rows)) == len(rows) == 8, rows
    assert campaign.submit()["submitted"] == []


def main():
    missing = [name for name in ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "sinfo") if not shutil.which(name)]
    if missing or os.geteuid() != 0:
        print("SKIPPED: " + ("not installed: " + ", ".join(missing) if missing else "Slurm's daemons need root"))
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="energylens_slurm_", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        slurm = Slurm(folder)
        try:
            check(Campaign(folder, *sys.argv[1:4]))
        finally:
            slurm.stop()
    print("passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
