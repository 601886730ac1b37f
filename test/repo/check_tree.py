#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks the rules every source file of the tree must keep; prints each breach as FILE:LINE: text and exits with 1.

Rules: an SPDX line at the top; headers named iscc-*.h, each name once, each compiling alone as C11 and C++17
(those that speak to ns-3 in C++ as C++17 only); files below 500 lines; a floor of model/ includes only the floors it may use; ns-3,
SQLite and oneDNN headers only behind their own door; the library neither prints nor exits; no leftover markers; every
doc/*.rst that is cited is there, and every one that is there stands in the table of contents; wscript and
CMakeLists.txt use the same ns-3 modules and packages; CMake builds every folder that ./waf builds, with the same macros.
`check_tree.py --self-test` breaks each rule on purpose and fails when one goes unnoticed.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

SPDX = "SPDX-License-Identifier: GPL-2.0-only"
FOLDERS = ("model", "helper", "examples", "bench", "test")
LINES_MAX = 500

# What each floor may include of the others, beside itself.
MAY_USE = {
    "model/base": [],
    "model/sensing": ["model/base"],
    "model/inference": ["model/base", "model/sensing"],
    "model/allocation": ["model/base", "model/inference"],
    "model/node": ["model/base", "model/sensing", "model/inference", "model/allocation"],
    "model/record": ["model/base", "model/sensing", "model/inference", "model/allocation", "model/node"],
    "model/ns3": ["model/base", "model/sensing", "model/inference", "model/allocation", "model/node", "model/record"],
}
MODEL = [floor for floor in MAY_USE if floor != "model/ns3"]
# Rooms of the helper: each may use those before it.
ROOMS = ["helper/" + room for room in ("base", "statistics", "sqlite", "query", "plot", "scenario", "solve", "execution", "store", "exchange", "campaign", "slurm", "results", "diagrams", "report",
                                       "reproduce")]
for place, room in enumerate(ROOMS):
    MAY_USE[room] = MODEL + ROOMS[:place]
MAY_USE["helper/cell"] = MAY_USE["helper/native"] = MODEL + ["model/ns3", "helper/cell"] + ROOMS
MAY_USE["helper/cli"] = MODEL + ROOMS
# Foreign headers and the files that may include them.
FORKS = {"model/ns3/iscc-ns3-trial.cc", "model/ns3/iscc-ns3-warm-start.c"}  # their processes must end themselves
DOORS = [
    (re.compile(r"ns3/"), re.compile(r"(model/ns3|helper/native|test/ns3|test/native|test/install|test/contrib)/|examples/.*\.cc$"), "ns-3 headers belong into model/ns3"),
    (re.compile(r"sqlite3\.h$"), re.compile(r"(model/record|helper|test/record|test/helper|test/store|test/exchange|test/sqlite|test/query|test/diagrams|bench)/"),
     "sqlite3.h belongs into model/record and helper"),
    (re.compile(r"(dnnl|oneapi/)"), re.compile(r"model/inference/iscc-engine\.c$"), "oneDNN belongs into iscc-engine.c"),
]
PRINTS = re.compile(r"(?<![\w.>])(printf|puts|putchar|vprintf|perror|exit|_exit|abort|quick_exit|assert_perror)\s*\(|"
                    r"\b(stdout|stderr)\b")
MARKERS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
WAF_ALONE = ("bench/", "test/fuzz/", "test/install/", "test/sqlite/", "test/execution/programs/")  # not built in an ns-3 tree
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def tree_files(top):
    for folder in FOLDERS:
        for place, _, names in os.walk(os.path.join(top, folder)):
            for name in names:
                path = os.path.join(place, name)
                if "__pycache__" not in path:
                    yield os.path.relpath(path, top)


def without_comments(text):
    """Comments and string contents blanked, line numbers kept."""
    def blank(match):
        found = match.group(0)
        return '""' if found[0] == '"' else re.sub(r"[^\n]", " ", found)
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def floor_of(path):
    return "/".join(path.split("/")[:2])


def check_text(path, text):
    lines = text.split("\n")
    head = lines[:2] if path.endswith(".py") or text.startswith("#!") else lines[:1]
    if path.endswith(".sql"):
        head = lines[:1]
    if not any(SPDX in line for line in head):
        yield 1, "no SPDX line (%s)" % SPDX
    if len(lines) - 1 >= LINES_MAX:
        yield len(lines), "%d lines; the limit is %d" % (len(lines) - 1, LINES_MAX)
    for number, line in enumerate(lines, 1):
        if MARKERS.search(line) and path != "test/repo/check_tree.py":
            yield number, "leftover marker"
        if line != line.rstrip():
            yield number, "blank at the end of the line"


def check_code(path, text, header_floors):
    code = without_comments(text)
    floor = floor_of(path)
    for number, (line, bare) in enumerate(zip(text.split("\n"), code.split("\n")), 1):
        included = INCLUDE.match(line)
        if included:
            name = included.group(1)
            for pattern, allowed, message in DOORS:
                if pattern.match(name) and not allowed.match(path):
                    yield number, message
            other = header_floors.get(os.path.basename(name))
            if floor in MAY_USE and other and other != floor and other not in MAY_USE[floor]:
                yield number, "%s must not use %s" % (floor, other)
        elif path.startswith("model/") and path not in FORKS and PRINTS.search(bare):
            yield number, "library code neither prints nor exits: '%s'" % PRINTS.search(bare).group(0)


def is_cpp_only(text):
    return re.search(r"^\s*namespace\s+\w+", text, re.M) is not None and "extern \"C\"" not in text


def check_header(top, path, floors):
    """Compiles the header alone, twice included, as C11 and C++17."""
    with open(os.path.join(top, path), encoding="utf-8") as f:
        cpp_only = is_cpp_only(f.read())
    ways = [("g++", "c++", "c++17")] + ([] if cpp_only else [("gcc", "c", "c11")])
    for compiler, language, standard in ways:
        source = '#include "%s"\n#include "%s"\nextern int iscc_unit;\n' % ((os.path.basename(path),) * 2)
        flags = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-D_GNU_SOURCE"]
        flags += ["-I" + os.path.join(top, floor) for floor in floors]
        run = subprocess.run([compiler, "-x", language, "-std=" + standard] + flags + ["-"], input=source,
                             capture_output=True, text=True)
        if run.returncode:
            yield path, 1, "does not compile alone as %s: %s" % (standard, run.stderr.strip().split("\n")[0])


def check_headers(top, headers):
    seen, floors = {}, sorted({os.path.dirname(path) for path in headers})
    for path in headers:
        name = os.path.basename(path)
        if not name.startswith("iscc-"):
            yield path, 1, "headers are named iscc-*.h"
        if name in seen:
            yield path, 1, "same name as %s; ns-3 puts all headers into one folder" % seen[name]
        seen[name] = path
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(lambda path: list(check_header(top, path, floors)), headers):
            yield from found


def check_documents(top, files):
    """Citations of doc/*.rst in the code and the other pages, and the table of contents."""
    folder = os.path.join(top, "doc")
    pages = {name for name in os.listdir(folder) if name.endswith(".rst")} if os.path.isdir(folder) else set()
    listed = set()
    for path in files + ["doc/" + name for name in sorted(pages)]:
        with open(os.path.join(top, path), encoding="utf-8") as f:
            for number, line in enumerate(f, 1):
                toc = re.match(r"   ([a-z0-9-]+)$", line) if path == "doc/index.rst" else None
                cited = re.findall(r"\bdoc/([\w-]+\.rst)", line)
                cited += [name + ".rst" for name in re.findall(r":doc:`([\w-]+)`", line)]
                if toc:
                    listed.add(toc.group(1) + ".rst")
                for name in cited + ([toc.group(1) + ".rst"] if toc else []):
                    if name not in pages:
                        yield path, number, "doc/%s is not there" % name
    for name in sorted(pages - listed - {"index.rst"}):
        yield "doc/" + name, 1, "not in the table of contents of doc/index.rst"


def check_modules(top):
    """The ns-3 modules that wscript links and those that CMakeLists.txt does."""
    texts = {}
    for name in ("wscript", "CMakeLists.txt"):
        with open(os.path.join(top, name), encoding="utf-8") as f:
            texts[name] = f.read()
    loop = re.search(r"foreach\(module ([^)]*)\)", texts["CMakeLists.txt"])
    for name, there in (("NS3_MODULES", re.findall(r"\$\{lib([\w-]+)\}", texts["CMakeLists.txt"])),
                        ("NS3_OPTIONAL", loop.group(1).split() if loop else [])):
        wanted = re.search(r"^%s = (\[[^]]*\])" % name, texts["wscript"], re.M)
        for module in sorted(set(re.findall(r'"([\w-]+)"', wanted.group(1)) if wanted else []) ^ set(there)):
            yield "CMakeLists.txt", 1, "ns-3 module %s is in one of here and %s of wscript" % (module, name)


def cmake_text(top):
    """What the files of CMake say, without comments."""
    text = ""
    for name in ("CMakeLists.txt", "test/contrib/check-suites.cmake"):
        if os.path.exists(os.path.join(top, name)):
            with open(os.path.join(top, name), encoding="utf-8") as f:
                text += re.sub("#.*", "", f.read())
    return text


def in_ns3_tree(files):
    return [path for path in files if path.endswith((".c", ".h", ".cc")) and not path.startswith(WAF_ALONE)]


def check_folders(files, cmake):
    """CMake names every folder with sources, beside those that only ./waf builds; it takes all that is in a folder."""
    named = {"examples"} | set(re.findall(r"(?<![\w/-])(?:(?:model|helper|test)(?:/[\w-]+)+|helper)", cmake))
    for path in in_ns3_tree(files):
        if not named & {os.path.dirname(path), os.path.splitext(path)[0]}:
            yield path, 1, "no CMakeLists.txt builds what is in this folder"


def check_definitions(top, files, cmake):
    """CMake defines every macro that ./waf defines and a file of its needs, and looks for the same packages."""
    with open(os.path.join(top, "wscript"), encoding="utf-8") as f:
        wscript = f.read()
    code = ""
    for path in in_ns3_tree(files):
        with open(os.path.join(top, path), encoding="utf-8") as f:
            code += f.read()
    needed = [name for name in re.findall(r"'(ISCC_\w+)=", wscript) if re.search(r"\b%s\b" % name, code)]
    packages = re.findall(r'(?<=[\s(])\("[A-Z]+", "([^"]+)"\)', wscript)
    for name in needed + packages:
        if not re.search(r"(?:-D|(?<![\w-]))%s(?![\w-])" % re.escape(name), cmake):
            yield "CMakeLists.txt", 1, "%s of wscript is not here" % name


def breaches(top):
    files = sorted(path for path in tree_files(top) if path.endswith((".c", ".h", ".cc", ".py", ".sql", ".m")))
    headers = [path for path in files if path.endswith(".h") and not path.startswith(("test/", "bench/"))]
    header_floors = {os.path.basename(path): floor_of(path) for path in headers}
    for path in files:
        with open(os.path.join(top, path), encoding="utf-8") as f:
            text = f.read()
        found = list(check_text(path, text))
        if path.endswith((".c", ".h", ".cc")):
            found += check_code(path, text, header_floors)
        yield from ((path, number, message) for number, message in found)
    yield from check_headers(top, headers)
    yield from check_modules(top)
    cmake = cmake_text(top)
    yield from check_folders(files, cmake)
    yield from check_definitions(top, files, cmake)
    yield from check_documents(top, [path for path in files if path != "test/repo/check_tree.py"])


GOOD = "/* %s */\n" % SPDX
BROKEN = {  # file: (content, part of the message that must come, or several of them)
    "model/base/iscc-no-spdx.c": ("int iscc_x;\n", "no SPDX"),
    "model/base/iscc-long.c": (GOOD + "\n" * LINES_MAX, "the limit is"),
    "model/base/iscc-marker.c": (GOOD + "/* TODO later */\n", "leftover"),
    "model/base/iscc-blank.c": (GOOD + "int iscc_y; \n", "blank at the end"),
    "model/base/iscc-up.c": (GOOD + '#include "iscc-top.h"\n', "must not use model/node"),
    "helper/store/iscc-loop.c": (GOOD + '#include "iscc-room.h"\n', "must not use helper/slurm"),
    "model/node/iscc-print.c": (GOOD + "void f(void) { printf(\"x\"); }\n", "neither prints"),
    "model/node/iscc-stderr.c": (GOOD + "void g(void) { fputs(\"x\", stderr); }\n", "neither prints"),
    "model/node/iscc-simulator.c": (GOOD + "#include <ns3/core-module.h>\n", "ns-3 headers belong"),
    "model/node/iscc-database.c": (GOOD + "#include <sqlite3.h>\n", "sqlite3.h belongs"),
    "model/inference/iscc-layer.c": (GOOD + "#include <dnnl.h>\n", "oneDNN belongs"),
    "model/base/iscc-cites.c": (GOOD + "/* doc/nowhere.rst, eq. 3 */\n", "doc/nowhere.rst is not there"),
    "doc/lonely.rst": ("Alone\n", "not in the table of contents"),
    "wscript": ('NS3_MODULES = ["core",\n"wifi"]\nNS3_OPTIONAL = []\n(("ZLIB", "zlib"),)\n'
                "'ISCC_NEW=1'\n", ()),
    "CMakeLists.txt": ("build(${libcore} model/base model/node model/inference model/record helper helper/slurm helper/store)\n",
                       ("ns-3 module wifi", "zlib of wscript", "ISCC_NEW of wscript")),
    "model/unlisted/iscc-unlisted.c": (GOOD + "int iscc_z;\n", "no CMakeLists.txt builds"),
    "helper/other.h": (GOOD, "named iscc-"),
    "helper/iscc-top.h": (GOOD, "same name as"),
    "model/record/iscc-bare.h": (GOOD + "#ifndef B\n#define B\nsize_t iscc_b(void);\n#endif\n", "does not compile alone"),
    "model/record/iscc-cpp.h": (GOOD + "#ifndef D\n#define D\nint iscc_d(int new);\n#endif\n", "alone as c++17"),
}


def self_test():
    """Exit status 1 when a rule lets its breach pass or the good files are blamed."""
    with tempfile.TemporaryDirectory() as top:
        good = {"helper/slurm/iscc-room.h": GOOD + "#ifndef R\n#define R\nint iscc_r(void);\n#endif\n",
                "model/node/iscc-top.h": GOOD + "#ifndef A\n#define A\nint iscc_a(void);\n#endif\n",
                "model/node/iscc-good.c": GOOD + '#include "iscc-top.h"\n/* printf( is only named */\nint a = ISCC_NEW;\n'}
        for path, text in list(good.items()) + [(path, text) for path, (text, _) in BROKEN.items()]:
            os.makedirs(os.path.dirname(os.path.join(top, path)), exist_ok=True)
            with open(os.path.join(top, path), "w", encoding="utf-8") as f:
                f.write(text)
        found = list(breaches(top))
    missed = [path + ": " + part for path, (_, parts) in BROKEN.items() for part in ([parts] if isinstance(parts, str) else parts)
              if not any(part in message and (where == path or part == "same name as") for where, _, message in found)]
    blamed = [(path, message) for path, _, message in found if path in good and "same name as" not in message]
    for path in missed:
        print("self-test: no complaint about %s" % path)
    for path, message in blamed:
        print("self-test: %s: %s, though it is right" % (path, message))
    return 1 if missed or blamed else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    found = list(breaches(top))
    for path, number, message in found:
        print("%s:%d: %s" % (path, number, message))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
