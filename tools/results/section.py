# SPDX-License-Identifier: Apache-2.0
"""A section of the page: its name for --only, its heading, who writes it and which figures it shows."""
import re
from dataclasses import dataclass
from typing import Callable

COMMAND = re.compile(r"^ {4}((?:energylens|for) .*)$", re.M)


@dataclass
class Section:
    name: str
    heading: str  # with its marks: "## Main group: learning curves"
    write: Callable  # (program) -> the text below the heading
    figures: tuple = ()  # names of functions in figures.py

    def link(self, words):
        return f"[{words}](#{anchor(self.heading)})"


def anchor(heading):
    """What a link to a heading says: small letters and hyphens, as renderers of Markdown make it."""
    return re.sub(r"[^\w\- ]", "", heading.lstrip("# ").lower()).replace(" ", "-")


def commands(text):
    """The command lines of a page or a section."""
    return COMMAND.findall(text)


def not_run(text, known):
    """The commands that a text shows and that are not among the known ones. Loops of the shell are left out."""
    shown = [line.removeprefix("energylens ") for line in commands(text) if not line.startswith("for ")]
    return [arguments for arguments in shown if arguments not in known]


def joined(texts, sections):
    """The page of {name: text below the heading}."""
    return "\n\n".join(f"{section.heading}\n\n{texts[section.name]}" for section in sections) + "\n"


def split(page, sections):
    """The reverse of `joined`, without the sections that the page does not have."""
    names = {section.heading: section.name for section in sections}
    texts, own = {}, []
    for line in page.splitlines():
        if line in names:
            own = texts.setdefault(names[line], [])
        else:
            own.append(line)
    return {name: "\n".join(lines).strip("\n") for name, lines in texts.items()}
