#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tries this tree as contrib/iscc of the ns-3 tree that NS3_DIR names: configures it with the modules that are needed,
builds, runs the examples and the suite iscc. Without NS3_DIR it says so and is done.

The ns-3 tree keeps what this makes of it: its configuration, its build, and a symbolic link contrib/iscc to here.
NS3_CONFIGURE adds words to `./ns3 configure`, e.g. "-d release"; NS3_JOBS limits the compilers at work.
try_ns3.py PROGRAM: iscc-hello of another build, whose words the one built in ns-3 must repeat.
"""
import os
import re
import shlex
import sqlite3
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Failure(Exception):
    pass


def place_module(ns3):
    """Makes contrib/iscc of the tree, unless this tree is there already."""
    if not os.path.isfile(os.path.join(ns3, "ns3")):
        raise Failure("NS3_DIR=%s: no ns-3 tree, it has no program ./ns3 (ns-3.36 and later have)" % ns3)
    module = os.path.join(ns3, "contrib", "iscc")
    if not os.path.lexists(module):
        os.symlink(TOP, module)
    elif os.path.realpath(module) != os.path.realpath(TOP):
        raise Failure("%s is there and is not this tree: remove it first" % module)


def ask(ns3, *words):
    """The output of a command in the tree, shown as it comes."""
    print("== " + shlex.join(words), flush=True)
    lines = []
    with subprocess.Popen(words, cwd=ns3, text=True, errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode:
        raise Failure("%s: exit status %d" % (shlex.join(words), process.returncode))
    return lines


def expect_hello(said, program):
    """Ten tasks, and to the letter those of another build when there is one."""
    tasks = [line for line in said if line.startswith("task ")]
    if len(tasks) != 10:
        raise Failure("iscc-hello told %d tasks, not 10" % len(tasks))
    if program:
        other = subprocess.run([program], text=True, capture_output=True, check=True).stdout.splitlines(True)
        if tasks != other:
            raise Failure("iscc-hello tells other tasks than %s:\n%s" % (program, "".join(other)))


def version_of(ns3):
    with open(os.path.join(ns3, "VERSION"), encoding="utf-8") as f:
        return f.read().strip()


def expect_record(ns3):
    """A database with three tasks, and with the version of this ns-3, not of another in the system."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "tried.db")
        ask(ns3, "./ns3", "run", "--no-build", "iscc-single-device --tasks=3 --db=" + path)
        found = sqlite3.connect(path).execute("SELECT ns3_version, count(*) FROM run JOIN task USING (run_id)").fetchone()
    if found != (version_of(ns3), 3):
        raise Failure("the database of iscc-single-device has another version of ns-3 and number of tasks: %s, %d" % found)


def modules():
    """iscc, whose needs ns-3 finds itself, and what it uses where it is there: the tests need all of it."""
    with open(os.path.join(TOP, "CMakeLists.txt"), encoding="utf-8") as f:
        return ",".join(["iscc"] + " ".join(re.findall(r"foreach\(module ([^)]*)\)", f.read())).split())


def try_tree(ns3, program):
    place_module(ns3)
    ask(ns3, "./ns3", "configure", "--enable-examples", "--enable-tests", "--enable-modules=" + modules(),
        "--filter-module-examples-and-tests=iscc", *shlex.split(os.environ.get("NS3_CONFIGURE", "")))
    ask(ns3, "./ns3", "build", "-j", os.environ.get("NS3_JOBS", str(os.cpu_count())))
    for name in sorted(os.listdir(os.path.join(TOP, "examples"))):
        if name.endswith((".c", ".cc")):
            ask(ns3, "./ns3", "run", "--no-build", os.path.splitext(name)[0] + " --help")
    expect_hello(ask(ns3, "./ns3", "run", "--no-build", "iscc-hello"), program)
    expect_record(ns3)
    if not any("1 of 1 tests passed" in line for line in ask(ns3, "./test.py", "--no-build", "-s", "iscc")):
        raise Failure("test.py passed no suite iscc")


def main():
    ns3 = os.environ.get("NS3_DIR", "")
    if not ns3:
        print("contrib: skipped, NS3_DIR names no ns-3 tree")
        return 0
    try:
        try_tree(os.path.abspath(ns3), sys.argv[1] if len(sys.argv) > 1 else "")
    except (Failure, OSError, subprocess.CalledProcessError) as failure:
        print("contrib: %s" % failure, file=sys.stderr)
        return 1
    print("contrib: passed on ns-%s" % version_of(ns3))
    return 0


if __name__ == "__main__":
    sys.exit(main())
