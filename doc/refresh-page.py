#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the commands of a page of doc/ and puts what they print, and its figures, into the page.

usage: doc/refresh-page.py [--check] PAGE.rst BUILD-DIR

--check changes nothing, prints what differs and exits with 1 if something does. Either way numbers with a decimal point that stand in the
text must be, rounded as they are, among those that commands print; one that is not is named, with exit status 1. Commands run in a folder of their own, where `examples`
is that of the sources and PATH is what the page says of the folder build, which is BUILD-DIR; a YAML block whose first line is `# NAME.yaml` becomes that file.
In what is printed `...` stands for any text and, on a line of its own, for any lines; lines of progress are left out. The tutorial takes one to three minutes.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
INDENT = "   "
PROGRESS = re.compile(r"[\w-]+(, \d+ failed)?: +\d+ % \(")


def blocks(lines):
    """(kind, first line, line after the last) of each code block's content."""
    number = 0
    while number < len(lines):
        found = re.match(r"\.\. code-block:: (\w+)$", lines[number])
        number += 1
        if not found:
            continue
        begin = number + 1  # below a blank line
        number = begin
        while number < len(lines) and (lines[number].startswith(INDENT) or not lines[number]):
            number += 1
        end = number
        while not lines[end - 1]:
            end -= 1
        yield found.group(1), begin, end


def turns(content):
    """(lines of the command, from "$ " on and "> " below, lines of what it prints) of a console block."""
    found = []
    for line in content:
        if line.startswith("$ "):
            found.append(([line], []))
        elif line.startswith("> ") and not found[-1][1]:
            found[-1][0].append(line)
        else:
            found[-1][1].append(line)
    for _, said in found:
        while said and not said[-1]:
            said.pop()  # the blank line before the next command
    return found


def search_path(lines, build):
    """What the page has readers set PATH to."""
    told = re.search(r"``PATH=(\S+)``", "\n".join(lines)).group(1)
    return told.replace("$PWD/build", build).replace("$PATH", os.environ["PATH"])


def run(command, folder, path):
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=dict(os.environ, PATH=path), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = [line.rstrip() for line in done.stdout.split("\n") if not PROGRESS.match(line)]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def agrees(shown, said):
    pattern = ["(.*\n)*?" if line == "..." else re.escape(line).replace(re.escape("..."), ".*") + "\n" for line in shown]
    return re.fullmatch("".join(pattern), "".join(line + "\n" for line in said)) is not None


def go_through(lines, folder, path):
    """The page with what its commands print today."""
    after, copied = [], 0
    for kind, begin, end in blocks(lines):
        content = [line[len(INDENT):] for line in lines[begin:end]]
        after += lines[copied:begin]
        copied = end
        if kind == "yaml" and content[0].startswith("# "):
            with open(os.path.join(folder, content[0][2:]), "w", encoding="utf-8") as f:
                f.write("\n".join(content) + "\n")
        if kind != "console":
            after += lines[begin:end]
            continue
        said_all = []
        for command, shown in turns(content):
            said = run("\n".join(line[2:] for line in command), folder, path)
            said_all += ([""] if said_all else []) + command + (shown if agrees(shown, said) else said)
        after += [INDENT + line if line else "" for line in said_all]
    return after + lines[copied:]


def unheard_of(lines):
    """Numbers of the text that no code block has, not even with more digits."""
    number = re.compile(r"(?<![\w.-])-?\d+\.\d+(?:e-?\d+)?(?![\w.]\d)")
    told, known = list(lines), []
    for _, begin, end in blocks(lines):
        known += [abs(float(n)) for n in number.findall("\n".join(lines[begin:end]).replace("..", " "))]
        told[begin:end] = [""] * (end - begin)
    for at, line in enumerate(told):
        for text in number.findall(line):
            digits = len(text.split(".")[1])
            if not any(abs(k - abs(float(text))) <= 0.5000001 * 10 ** -digits for k in known):
                yield "line %d of the page: %s is in nothing that is printed" % (at + 1, text)


def figures(lines):
    return re.findall(r"^\.\. (?:image|figure):: (figures/([\w-]+\.svg))$", "\n".join(lines), re.M)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def main():
    check = sys.argv[1:2] == ["--check"]
    if len(sys.argv) != 3 + check:
        sys.exit(__doc__)
    page, build = (os.path.abspath(path) for path in sys.argv[-2:])
    lines = read(page).split("\n")
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(os.path.dirname(HERE), "examples"), os.path.join(folder, "examples"))
        after = go_through(lines, folder, search_path(lines, build))
        wrong = list(difflib.unified_diff(lines, after, "the page", "what its commands print", lineterm="", n=1))
        for path, name in figures(lines):
            drawn = os.path.join(folder, name)
            if not check:
                shutil.copy(drawn, os.path.join(HERE, path))
            elif read(drawn) != read(os.path.join(HERE, path)):
                wrong.append("doc/%s is not what the page's command draws" % path)
    if not check:
        with open(page, "w", encoding="utf-8") as f:
            f.write("\n".join(after))
        wrong = []
    wrong += unheard_of(lines if check else after)
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
