#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Builds the fuzz targets test/fuzz/fuzz-*.c and runs each over its seeds, then on for some seconds; `./waf fuzz` is this.

A target is linked with the sources of the headers it includes, and of those that these include. What is found stays below
--out: found/NAME/ inputs that reached something new, with which the next run begins, crash/NAME-* inputs that broke it. Exit status 1 when a target crashes, leaks, or takes too much time or memory.
"""
import argparse
import concurrent.futures
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.join(TOP, "test", "fuzz")
CLANG = "clang-14"
SCHEMA = os.path.join(TOP, "model", "record", "schema.sql")
BASIC = ["-std=c11", "-D_GNU_SOURCE", '-DISCC_VERSION="fuzz"', '-DISCC_FUZZ_SCHEMA="%s"' % SCHEMA, "-g", "-O1",
         "-fno-omit-frame-pointer", "-ffp-contract=off",
         "-DCMPLX(x,y)=__builtin_complex((double)(x),(double)(y))"]  # C11's, which glibc has for gcc alone
SANITIZE = "-fsanitize=address,undefined,float-cast-overflow"
WAYS = {  # name: (flags of all objects, flags of the program)
    "fuzz": ([SANITIZE, "-fno-sanitize-recover=all", "-fsanitize=fuzzer-no-link"], [SANITIZE, "-fsanitize=fuzzer"]),
    "lines": (["-fprofile-instr-generate", "-fcoverage-mapping"], ["-fprofile-instr-generate", "-fsanitize=fuzzer"]),
}
TIMEOUT_S, MEMORY_MB = 10, 1024  # of one input, of a target


def fail(text):
    sys.exit("fuzz: " + text)


class Sources:
    """What belongs to a header: the .c beside it, and those that have no header of their own and include it from the same
    folder."""

    def __init__(self):
        pattern = [os.path.join(TOP, place) for place in ("model/**/*.[ch]", "helper/**/*.[ch]", "test/fuzz/iscc-*.[ch]")]
        files = sorted(path for one in pattern for path in glob.glob(one, recursive=True))
        self.of = {path: [] for path in files if path.endswith(".h")}
        self.folders = sorted({os.path.dirname(path) for path in self.of})
        for source in (path for path in files if path.endswith(".c")):
            header = source[:-2] + ".h"
            for path in [header] if header in self.of else self.included(source):
                if os.path.dirname(path) == os.path.dirname(source):
                    self.of[path].append(source)

    def included(self, path):
        """Our headers that a file includes, found as the compiler does: beside it, else by the order of the folders."""
        with open(path, encoding="utf-8") as f:
            names = re.findall(r'^\s*#\s*include\s*"([^"]+)"', f.read(), re.M)
        places = [os.path.dirname(path)] + self.folders
        found = [[os.path.join(place, name) for place in places if os.path.join(place, name) in self.of] for name in names]
        return [one[0] for one in found if one]

    def needed(self, source):
        """A source, all headers it includes, what belongs to them, and so on."""
        found, left = set(), [source]
        while left:
            path = left.pop()
            if path not in found:
                found.add(path)
                for header in self.included(path):
                    left += [header] + self.of[header]
        return sorted(found)


def run(command):
    done = subprocess.run(command, cwd=TOP, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        fail("%s of %s failed:\n%s" % (command[0], command[-1], done.stdout + done.stderr))
    return done.stdout


class Builder:
    def __init__(self, out, way, packages):
        self.out, (self.flags, self.link) = os.path.join(out, way), WAYS[way]
        self.sources = Sources()
        self.flags = BASIC + self.flags + ["-I" + folder for folder in self.sources.folders]
        self.flags += run(["pkg-config", "--cflags"] + packages).split()
        self.libraries = run(["pkg-config", "--libs"] + packages).split() + ["-lm"]

    def object_of(self, source):
        """Compiles a source whose text, headers or flags have changed; returns the object's path."""
        digest = hashlib.sha256(" ".join(self.flags + [source]).encode())
        for path in self.sources.needed(source):
            with open(path, "rb") as f:
                digest.update(f.read())
        name = os.path.splitext(os.path.basename(source))[0]
        target = os.path.join(self.out, "objects", "%s-%s.o" % (name, digest.hexdigest()[:16]))
        if not os.path.exists(target):
            run([CLANG] + self.flags + ["-c", source, "-o", target + ".part"])
            os.replace(target + ".part", target)
        return target

    def build(self, names):
        """The programs of these targets and the sources of each."""
        os.makedirs(os.path.join(self.out, "objects"), exist_ok=True)
        sources = {name: [path for path in self.sources.needed(os.path.join(HERE, "fuzz-%s.c" % name)) if path.endswith(".c")]
                   for name in names}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            everything = sorted(set(sum(sources.values(), [])))
            objects = dict(zip(everything, pool.map(self.object_of, everything)))
            list(pool.map(lambda name: run([CLANG] + self.link + [objects[path] for path in sources[name]] +
                                           ["-o", self.program(name)] + self.libraries), names))
        return sources

    def program(self, name):
        return os.path.join(self.out, "fuzz-" + name)


def scratch():
    """A folder in memory, where there is one, for what a target writes."""
    return tempfile.TemporaryDirectory(prefix="iscc-fuzz-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)


def fuzz(program, name, out, seconds):
    """Whether a target stood its seconds, after the line that says how it went."""
    found, crash = os.path.join(out, "found", name), os.path.join(out, "crash", name + "-")
    for folder in (found, os.path.dirname(crash)):
        os.makedirs(folder, exist_ok=True)
    command = [program, "-timeout=%d" % TIMEOUT_S, "-rss_limit_mb=%d" % MEMORY_MB, "-print_final_stats=1",
               "-artifact_prefix=" + crash, "-max_total_time=%d" % seconds if seconds else "-runs=0"]
    words = os.path.join(HERE, name + ".dict")
    command += ["-dict=" + words] * os.path.exists(words) + [found, os.path.join(HERE, "corpus", name)]
    options = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "quarantine_size_mb=64"]))  # it counts as memory
    with scratch() as folder:
        done = subprocess.run(command, cwd=folder, env=dict(os.environ, ASAN_OPTIONS=options), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        said = [line for line in done.stdout.splitlines() if not re.match(r"#\d+\t|\tNEW_FUNC|INFO:|stat::", line)]
        print("%s: FAILED\n%s" % (name, "\n".join(said[-60:])), flush=True)
        return False
    stats = dict(re.findall(r"^stat::(\w+):\s*(\d+)", done.stdout, re.M))
    reached = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)/", done.stdout)
    print("%-14s %10s runs %7s/s %6s edges %6s features %6s inputs %5s MB" % (
        (name, stats["number_of_executed_units"], stats["average_exec_per_sec"]) + (reached[-1] if reached else ("0",) * 3) +
        (stats["peak_rss_mb"],)), flush=True)
    return True


def print_lines(builder, name, sources, out):
    """Lines of the sources that the seeds and what was found reach."""
    profile = builder.program(name) + ".prof"
    with scratch() as folder:
        environment = dict(os.environ, LLVM_PROFILE_FILE=profile + "raw")
        subprocess.run([builder.program(name), "-runs=0", os.path.join(out, "found", name), os.path.join(HERE, "corpus", name)],
                       cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    run(["llvm-profdata-14", "merge", "-sparse", profile + "raw", "-o", profile])
    print("== " + name)
    print(run(["llvm-cov-14", "report", builder.program(name), "-instr-profile=" + profile] + sources), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--target", default="", metavar="NAMES", help="only these, comma-separated")
    parser.add_argument("--seconds", type=int, default=10, metavar="N", help="of each target; 0: the seeds alone")
    parser.add_argument("--out", default=os.path.join(TOP, "build-fuzz"), metavar="DIR", help="where everything goes")
    parser.add_argument("--lines", action="store_true", help="run nothing new; report the lines reached (llvm-cov)")
    parser.add_argument("packages", nargs="*", help="of pkg-config, that the sources need")
    args = parser.parse_args()
    there = sorted(os.path.basename(path)[5:-2] for path in glob.glob(os.path.join(HERE, "fuzz-*.c")))
    names = [name for name in args.target.split(",") if name] or there
    if args.seconds < 0:
        fail("--seconds: %d is not 0 or more" % args.seconds)
    for name in names:
        if name not in there:
            fail("no target '%s'; there are: %s" % (name, " ".join(there)))
    for program in (CLANG,) + ("llvm-cov-14", "llvm-profdata-14") * args.lines:
        if not shutil.which(program):
            fail("%s not found: run './waf setup --group=fuzz' first" % program)
    out = os.path.abspath(args.out)
    builder = Builder(out, "lines" if args.lines else "fuzz", args.packages)
    sources = builder.build(names)
    if args.lines:
        for name in names:
            print_lines(builder, name, sources[name], out)
        return 0
    return 0 if all([fuzz(builder.program(name), name, out, args.seconds) for name in names]) else 1


if __name__ == "__main__":
    sys.exit(main())
