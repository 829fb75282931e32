# SPDX-License-Identifier: Apache-2.0
"""Runs the program in a scratch folder that holds the data sets under their bare names, each command once."""
import csv
import json
import shlex
import subprocess
import sys
import time
from pathlib import Path


class Absent(Exception):
    """A section cannot be written: these data sets are not there."""


class Program:
    def __init__(self, path, data, folder):
        self.path, self.data, self.folder = str(Path(path).resolve()), Path(data), Path(folder)
        self.seconds = {}  # by command
        self.known = {}
        for file in sorted(self.data.glob("*.csv")):
            self.name(file.name, file)

    def name(self, bare, file):
        """Has commands find a data set, if it is there, under this name."""
        if Path(file).exists():
            (self.folder / bare).symlink_to(Path(file).resolve())

    def need(self, *files):
        missing = [file for file in files if not (self.folder / file).exists()]
        if missing:
            raise Absent(", ".join(missing))

    def run(self, arguments):
        """Standard output. The files that the arguments name must be there."""
        if arguments in self.known:
            return self.known[arguments]
        words = shlex.split(arguments)
        self.need(*[word for word in words if word.endswith(".csv") and words[words.index(word) - 1] != "-o"])
        print(f"energylens {arguments}", file=sys.stderr, flush=True)
        begin = time.monotonic()
        done = subprocess.run([self.path, *words], cwd=self.folder, capture_output=True, text=True, check=False)
        self.seconds[arguments] = time.monotonic() - begin
        if done.returncode != 0:
            sys.exit(f"energylens {arguments}\n{done.stderr}")
        self.known[arguments] = done.stdout
        return done.stdout

    def evaluate(self, arguments):
        return json.loads(self.run(f"evaluate {arguments} --format json"))

    def rows(self, file, **equal):
        """Rows of a data set as dictionaries, those whose cells equal the given texts."""
        self.need(file)
        with open(self.folder / file, newline="", encoding="utf-8") as stream:
            return [row for row in csv.DictReader(stream) if all(row[c] == v for c, v in equal.items())]
