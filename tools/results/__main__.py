# SPDX-License-Identifier: Apache-2.0
"""Writes docs/evidence/results.md and docs/figures: every table and figure, from the public data, by the program alone.

./results builds the program, then calls this. Data are looked for in $ENERGYLENS_DATA, else data/public; docs/evidence/data.md
tells where they come from. A section whose data are absent says so and the others are written all the same. Figures need
gnuplot.
"""
import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import beyond
import ceiling
import claims
import curves
import designs
import families
import figures
import groups
import introduction
import limited
import measured
import powercaps
import servers
import speculation
import transfers
import uncertainty
from program import Absent, Program
from section import joined, not_run, split

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("ENERGYLENS_DATA", ROOT / "data" / "public"))
OWN = Path(os.environ.get("ENERGYLENS_OWN_DATA", ROOT / "data" / "h200_pytorch"))  # the tests have it absent
MODULES = [introduction, claims, groups, measured, curves, ceiling, beyond, uncertainty, families, limited, powercaps, designs,
           transfers, servers, speculation]
SECTIONS = [section for module in MODULES for section in module.SECTIONS]


def arguments():
    parser = argparse.ArgumentParser(prog="./results", description="Writes docs/evidence/results.md and its figures from the public data.")
    parser.add_argument("program", nargs="?", default=ROOT / "build" / "release" / "energylens", help="the program [%(default)s]")
    parser.add_argument("folder", nargs="?", default=ROOT / "docs", type=Path, help="takes evidence/results.md and figures [%(default)s]")
    names = [section.name for section in SECTIONS]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME",
                        help="rewrite these sections and their figures, leave all others (and those whose data are absent, with exit code 1): " + ", ".join(names))
    parser.add_argument("--check", action="store_true", help="only check these arguments")
    parser.epilog = "Example: ./results --only transfers designs"
    return parser.parse_args()


def drawn(section, program, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name in section.figures:
        getattr(figures, name)(program, folder)


def written(section, program, folder):
    """The text of a section; its figures are drawn. Every command in it was run."""
    text = section.write(program)
    try:
        drawn(section, program, folder / "figures")
    except Absent as absent:
        print(f"{' and '.join(section.figures)} not drawn: {absent} absent", file=sys.stderr)
        return text
    if unknown := not_run(text, program.known):
        sys.exit(f"{section.name} shows commands that were not run: {unknown}")
    return text


def old_texts(page, only):
    """The sections of a page, of which those that are not named stay as they are."""
    texts = split(page.read_text(encoding="utf-8"), SECTIONS) if page.exists() else {}
    missing = [section.name for section in SECTIONS if section.name not in texts and section.name not in only]
    if missing:
        sys.exit(f"{page}: lacks sections that --only does not name: {', '.join(missing)}")
    return texts


def write_sections(wanted, texts, program, folder):
    """Puts new texts of the wanted sections into the page; says what was absent."""
    absences = []
    for section in wanted:
        try:
            texts[section.name] = written(section, program, folder)
        except Absent as absent:
            absences.append(f"{section.name} not written: {absent} absent")
            print(absences[-1], file=sys.stderr)
            texts.setdefault(section.name, f"*Not written, because data are absent: {absent}.*")
    return absences


def main():
    args = arguments()
    begin, page = time.monotonic(), args.folder / "evidence" / "results.md"
    texts = old_texts(page, args.only) if args.only else {}
    if args.check:
        return 0
    wanted = [section for section in SECTIONS if not args.only or section.name in args.only]
    with tempfile.TemporaryDirectory() as scratch:
        program = Program(args.program, DATA, scratch)
        program.name(measured.FILE, OWN / "rows.csv")
        program.run(groups.SIMULATE)
        absences = write_sections(wanted, texts, program, args.folder)
        for command, seconds in sorted(program.seconds.items(), key=lambda item: -item[1])[:12]:
            print(f"{seconds:6.1f} s  {command[:150]}", file=sys.stderr)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(joined(texts, SECTIONS), encoding="utf-8")
    print(f"{page} and its figures written in {(time.monotonic() - begin) / 60:.1f} minutes", file=sys.stderr)
    return 1 if args.only and absences else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
