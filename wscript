# SPDX-License-Identifier: GPL-2.0-only
"""Build of iscc: configure, build, demo, check, contrib, bench, fuzz, coverage, format, lint, install.

Sources are found by their place: every .c below a floor of model/ belongs to the core library, helper/*.c and those of
HELPER_FOLDERS to the helper library, helper/cli/*.c is the `iscc` command, each examples/*.c and bench/*.c a program, and each
test/**/test-*.c (or .cc) must define `Suite *iscc_suite_<stem>(void)` (dashes become underscores), which
test/iscc-test-main.c runs; the other .c files below test/ are support of the tests.
"""
import array
import atexit
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree

from waflib import Configure, Errors, Logs, Options
from waflib.Build import BuildContext
from waflib.Context import Context
from waflib.Tools import c_preproc

APPNAME = "iscc"
with open("VERSION", encoding="ascii") as version_file:
    VERSION = version_file.read().strip()
top = "."
out = "build"
Configure.autoconfig = "clobber"  # a build after this file changed configures again, with the same options

CORE_FLOORS = ["base", "sensing", "inference", "allocation", "node", "record"]
HELPER_FOLDERS = ["helper/" + room for room in (  # of the helper library; helper/cli is the command
    "base", "statistics", "sqlite", "query", "plot", "scenario", "solve", "execution", "store", "exchange", "campaign", "slurm", "results", "diagrams", "report", "reproduce")]
CELL_FOLDERS = ["helper/cell", "helper/native"]  # of what needs ns-3
PACKAGES = [  # of pkg-config
    ("SQLITE", "sqlite3"), ("FFTW", "fftw3"), ("FFTWF", "fftw3f"), ("LAPACKE", "lapacke"), ("BLAS", "openblas"),
    ("RMATH", "libRmath"), ("MINPACK", "cminpack"), ("JANSSON", "jansson"), ("YAML", "yaml-0.1"), ("MD", "libmd"), ("CHECK", "check")]
NS3_MODULES = ["core", "network", "internet", "mobility", "propagation", "buildings", "spectrum", "wifi", "energy"]
NS3_TOOLS = ["flow-monitor", "netanim", "config-store"]  # what ns-3 users look at runs with; of examples and tests
NS3_OPTIONAL = ["lr-wpan", "sixlowpan", "point-to-point", "lte"]  # a stack whose modules are missing is refused at run time
WARNINGS = ("-Wall -Wextra -Wpedantic -Wshadow -Wcast-qual -Wpointer-arith -Wundef -Wvla -Wwrite-strings "
            "-Wformat=2 -Wdouble-promotion -Werror").split()
C_WARNINGS = ["-Wstrict-prototypes", "-Wmissing-prototypes"]


class HeaderScanner(c_preproc.c_parser):
    """Finds the headers a source needs, those that only C++ sees (#ifdef __cplusplus) among them."""

    def __init__(self, nodepaths=None, defines=None):
        super().__init__(nodepaths, dict(defines or {}, __cplusplus="__cplusplus 201703L"))


c_preproc.c_parser = HeaderScanner


def options(opt):
    opt.load("compiler_c compiler_cxx")
    opt.parser.set_defaults(prefix=None)  # so that an installation can tell whether it was given one
    opt.add_option("--debug", action="store_true", default=False, help="no optimization")
    opt.add_option("--sanitize", default="", help="comma-separated sanitizers, e.g. address,undefined")
    opt.add_option("--coverage", action="store_true", default=False, help="instrument for gcov")
    opt.add_option("--without-ns3", action="store_true", default=False,
                   help="build the C core, the iscc command and their tests only")
    opt.add_option("--tags", default="", help="check: run only test cases with these tags (Check's CK_INCLUDE_TAGS)")
    opt.add_option("--apart", action="store_true", default=False,
                   help="check: each suite in a process of its own, several at a time (fork is slow under sanitizers)")
    opt.add_option("--no-slow", action="store_true", default=False, help="check: leave out test cases tagged slow")
    opt.add_option("--suite", default="", metavar="NAMES",
                   help="check, bench: run only these, comma-separated (test/*/test-NAME.c, bench/NAME.c)")
    opt.add_option("--target", default="", metavar="NAMES", help="fuzz: run only these, comma-separated (test/fuzz/fuzz-NAME.c)")
    opt.add_option("--seconds", default="10", metavar="N", help="fuzz: so long each, after the seeds; 0: the seeds alone")
    opt.add_option("--lines", action="store_true", default=False, help="fuzz: report the lines that were reached (llvm-cov)")
    opt.add_option("--fix", action="store_true", default=False, help="format: rewrite the files")


def configure(conf):
    conf.load("compiler_c compiler_cxx clang_compilation_database")
    conf.env.WITH_NS3 = not conf.options.without_ns3
    for name, package in PACKAGES:
        conf.check_cfg(package=package, args="--cflags --libs", uselib_store=name, mandatory=True,
                       errmsg="not found: run './waf setup' first")
    conf.check_cc(lib="dnnl", header_name="dnnl.h", uselib_store="DNNL", errmsg="not found: run './waf setup' first")
    conf.check_cc(lib="gomp", header_name="omp.h", uselib_store="DNNL",  # the threads oneDNN runs on
                  errmsg="not found: run './waf setup' first")
    conf.check_cc(lib="m", uselib_store="M")
    conf.env.append_value("LIB_PTHREAD", ["pthread"])
    if conf.env.WITH_NS3:
        # Debian's ns-3 .pc files name flags that do not work (doc/design.rst); the plain libraries do.
        conf.env.LIB_NS3 = ["ns3-" + module for module in NS3_MODULES]
        for module in NS3_OPTIONAL:
            if conf.check_cxx(lib="ns3-" + module, uselib_store="NS3_OPTIONAL", mandatory=False):
                conf.env.append_value("LIB_NS3", ["ns3-" + module])
        conf.env.LIB_NS3_TOOLS = ["ns3-" + module for module in NS3_TOOLS]
        conf.env.LINKFLAGS_NS3 = ["-Wl,--no-as-needed"]
        conf.env.DEFINES_NS3 = ["NS3_LOG_ENABLE"]
        conf.check_cxx(header_name="ns3/core-module.h", use="NS3", cxxflags=["-std=c++17"],
                       errmsg="not found: run './waf setup', or configure --without-ns3")
    found = [os.path.join("/usr/share/javascript/dygraphs", name) for name in ("dygraph.min.css", "dygraph.min.js")]
    conf.env.DYGRAPHS = found if all(os.path.exists(name) for name in found) else []
    conf.msg("Checking for dygraphs, which draws the plots of 'iscc report'", "yes" if conf.env.DYGRAPHS else "no",
             color="GREEN" if conf.env.DYGRAPHS else "YELLOW")
    common = ["-g", "-fPIC", "-fno-math-errno", "-ffp-contract=off"] + (["-O0"] if conf.options.debug else ["-O2"])
    if not conf.options.debug:
        common.append("-ftree-vectorize")
    link = []
    if conf.options.sanitize:
        common += ["-fsanitize=" + conf.options.sanitize, "-fno-omit-frame-pointer", "-fno-sanitize-recover=all"]
        link += ["-fsanitize=" + conf.options.sanitize]
    if conf.options.coverage:
        common += ["--coverage", "-fprofile-update=atomic"]  # threads count too
        link += ["--coverage"]
    conf.env.append_value("CFLAGS", ["-std=c11", "-D_GNU_SOURCE"] + common + WARNINGS + C_WARNINGS)
    conf.env.append_value("CXXFLAGS", ["-std=c++17"] + common + WARNINGS)
    conf.env.append_value("LINKFLAGS", link)
    conf.env.append_value("DEFINES", ['ISCC_VERSION="%s"' % VERSION])
    conf.env.SANITIZE = conf.options.sanitize
    conf.env.COVERAGE = conf.options.coverage
    set_places(conf.env, conf.options.prefix or os.environ.get("PREFIX", "/usr/local"))
    conf.env.DEFINES_WHERE = ['ISCC_SOURCE_MODEL_DIR="%s"' % conf.path.make_node("model/inference").abspath(),
                              'ISCC_SOURCE_EXAMPLES_DIR="%s"' % conf.path.make_node("examples").abspath(),
                              'ISCC_INSTALL_MODEL_DIR="%s"' % conf.env.DATADIR]
    # Programs find the shared libraries beside the build and, once installed, in ../lib.
    conf.env.append_value("RPATH", ["$ORIGIN", "$ORIGIN/..", "$ORIGIN/../lib"])


# Where an installation goes. Without --libdir, waf would say lib64, which Debian does not search.
def set_places(env, prefix):
    given = Options.options
    env.PREFIX = os.path.abspath(prefix)
    env.BINDIR = given.bindir or os.path.join(env.PREFIX, "bin")
    env.LIBDIR = given.libdir or os.path.join(env.PREFIX, "lib")
    env.DATADIR = os.path.join(env.PREFIX, "share", "iscc")
    env.DOCDIR = os.path.join(env.PREFIX, "share", "doc", "iscc")


def suite_stem(node):
    return os.path.splitext(node.name)[0].replace("test-", "", 1)


# The suites found, for test/iscc-test-main.c: none can be forgotten.
def write_suites(task):
    rows = ['  X("%s", iscc_suite_%s)' % (stem, stem.replace("-", "_")) for stem in task.generator.suite_stems]
    task.outputs[0].write(" \\\n".join(["#define ISCC_TEST_SUITES(X)"] + rows) + "\n")


LIBRARIES = "SQLITE FFTW FFTWF LAPACKE BLAS RMATH MINPACK DNNL JANSSON YAML MD PTHREAD M WHERE"


def stem(node):
    return os.path.splitext(node.name)[0]


# Bytes as a C array that ends with 0.
def c_array(name, data):
    values = array.array("b", data)
    lines = [",".join(str(value) for value in values[i:i + 24]) + "," for i in range(0, len(values), 24)]
    return "const char %s[] = {\n%s\n0};\n" % (name, "\n".join(lines))


# schema.sql: one source for the tables and their documentation.
def write_schema(task):
    task.outputs[0].write('#include "iscc-schema.h"\n' + c_array("iscc_schema_sql", task.inputs[0].read("rb")))


# Style and scripts of `iscc report`, and the library that draws its plots, where it was found.
def write_page_parts(task):
    def text(from_library, ending):
        return b"".join(node.read("rb") for node in task.inputs
                        if node.name.startswith("dygraph") == from_library and node.name.endswith(ending))
    arrays = [c_array("iscc_page_style", text(False, ".css")), c_array("iscc_page_script", text(False, ".js")),
              c_array("iscc_page_plot_style", text(True, ".css")), c_array("iscc_page_plot_script", text(True, ".js"))]
    task.outputs[0].write('#include "iscc-page-parts.h"\n' + "".join(arrays))


# The commit that is built, with -dirty when the tree holds something else; unknown where it is no git repository of
# its own, as unpacked from an archive. One object has it, which is compiled anew when it changes.
def commit_of(bld):
    top_folder = bld.path.abspath()

    def git(*words):
        return subprocess.run(["git", "-C", top_folder] + list(words), check=True, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True).stdout.strip()
    try:
        if not os.path.exists(os.path.join(top_folder, ".git")):
            return "unknown"
        return git("rev-parse", "HEAD") + "-dirty" * bool(git("status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def build(bld):
    if bld.is_install and Options.options.prefix:
        set_places(bld.env, Options.options.prefix)  # for this installation; programs find their data from where they lie
    floors = ["model/" + floor for floor in CORE_FLOORS]
    core = dict(includes=floors, export_includes=floors)
    bld(rule=write_schema, source="model/record/schema.sql", target="model/record/iscc-schema.c")
    sources = bld.path.ant_glob([floor + "/*.c" for floor in floors])
    sources.append(bld.path.find_or_declare("model/record/iscc-schema.c"))
    bld(features="c", target="iscc-objects", source=sources,
                use=LIBRARIES, **core)
    bld(features="c cstlib", target="iscc-core", use="iscc-objects " + LIBRARIES, install_path="${LIBDIR}", **core)
    bld(features="c cshlib", target="iscc-core", name="iscc-shared", use="iscc-objects " + LIBRARIES, vnum=VERSION,
                **core)
    page_parts = bld.path.ant_glob("helper/report/*.css helper/report/*.js") + [bld.root.find_node(name) for name in bld.env.DYGRAPHS]
    bld(rule=write_page_parts, source=page_parts, target="helper/report/iscc-page-parts.c")
    bld(features="c cstlib", target="iscc-helper", source=bld.path.ant_glob([folder + "/*.c" for folder in HELPER_FOLDERS]) +
              [bld.path.find_or_declare("helper/report/iscc-page-parts.c")],
              install_path="${LIBDIR}", includes=floors + HELPER_FOLDERS, export_includes=HELPER_FOLDERS, use=LIBRARIES)
    bld(features="c cshlib", target="iscc_sqlite", defines=["ISCC_SQLITE_LOADABLE"], includes=["helper/sqlite", "helper/statistics", "model/base"],
        source=bld.path.ant_glob("helper/sqlite/*.c helper/statistics/*.c model/base/iscc-status.c model/base/iscc-safe-text.c model/base/iscc-random*.c"),
        use="SQLITE RMATH M", linkflags=["-Wl,-Bsymbolic"])
    bld.objects(target="iscc-commit", source="helper/cli/iscc-commit.c", defines=['ISCC_COMMIT="%s"' % commit_of(bld)])
    bld.program(target="iscc", source=bld.path.ant_glob("helper/cli/*.c", excl=["helper/cli/iscc-commit.c"]),
                includes=["helper/cli"], use="iscc-commit iscc-helper iscc-core " + LIBRARIES)
    build_with_host(bld)
    install_files(bld)


# Examples, benchmarks and tests: on ns-3 and the shared core with it, else on the core alone.
def build_with_host(bld):
    use, kind = "iscc-helper iscc-core " + LIBRARIES, "c cprogram"
    folders = CORE_FLOORS + ["helper", "statistics", "sqlite", "query", "execution", "store", "exchange", "campaign", "slurm", "results", "diagrams", "report", "install"]
    shim = bld.path.ant_glob("model/ns3/*.cc model/ns3/*.c") if bld.env.WITH_NS3 else []
    if shim:
        bld.shlib(target="iscc-ns3", features="c cxx cxxshlib", source=shim, includes=["model/ns3"],
                  export_includes=["model/ns3"], use="NS3 iscc-shared " + LIBRARIES, vnum=VERSION)
        bld(features="c cxx cxxstlib", target="iscc-cell", source=bld.path.ant_glob("helper/cell/*.c helper/native/*.cc"),
            install_path="${LIBDIR}", includes=CELL_FOLDERS, export_includes=CELL_FOLDERS,
            use="iscc-helper iscc-ns3 " + LIBRARIES)
        use, kind = "iscc-cell iscc-helper iscc-ns3 NS3 iscc-shared " + LIBRARIES, "c cxx cxxprogram"
        folders = folders + ["ns3", "cell", "native"]
        for source in bld.path.ant_glob("examples/*.c examples/*.cc"):
            native = " NS3_TOOLS" * source.name.endswith(".cc")
            bld.program(target="examples/" + stem(source), source=[source], features=kind, use=use + native)
    for source in bld.path.ant_glob("bench/*.c", excl=[] if shim else ["bench/*ns3*.c"]):
        bld.program(target="bench/" + stem(source), source=[source], features=kind, use=use, install_path=None,
                    defines=['ISCC_BENCH_SOURCE_DIR="%s"' % source.parent.abspath()])
    for source in bld.path.ant_glob("test/ns3/programs/*.cc") if shim else []:  # on ns-3 alone, to compare with
        bld.program(target="test/" + stem(source), source=[source], features="cxx cxxprogram", use="NS3",
                    lib="ns3-applications", install_path=None)
    build_tests(bld, ["test/" + folder for folder in folders], kind, use)


def build_tests(bld, folders, kind, use):
    sources = bld.path.ant_glob([folder + "/test-*.c*" for folder in folders])
    support = bld.path.ant_glob([folder + "/*.c*" for folder in folders], excl=["test/*/test-*.c*"])
    stems = sorted(suite_stem(node) for node in sources)
    suites = bld(rule=write_suites, target="test/iscc-test-suites.h", vars=["SUITES"], cls_keyword=lambda _: "Suites",
                 ext_out=[".h"])
    suites.suite_stems = suites.env.SUITES = bld.suite_stems = stems
    bld.program(target="iscc-test", features=kind, install_path=None, includes=["test", "helper/cli"] + folders,
                source=["test/iscc-test-main.c"] + sources + support, use="CHECK NS3_TOOLS " + use,
                defines=['ISCC_TEST_SOURCE_DIR="%s"' % bld.path.abspath(),
                         'ISCC_TEST_BUILD_DIR="%s"' % bld.bldnode.abspath(),
                         'ISCC_TEST_SANITIZE="%s"' % " ".join(bld.env.LINKFLAGS),
                         'ISCC_TEST_WITH_NS3=%d' % bool(bld.env.WITH_NS3)])


def install_files(bld):
    of_ns3 = [] if bld.env.WITH_NS3 else ["model/ns3/*", "helper/cell/*", "helper/native/*"]
    headers = bld.path.ant_glob("model/**/*.h helper/**/*.h", excl=["helper/cli/*"] + of_ns3)
    bld.install_files("${PREFIX}/include/iscc", headers)
    modules = " ".join("-l" + library for library in bld.env.LIB_NS3)
    for source in ["helper/iscc.pc.in"] + ["helper/cell/iscc-ns3.pc.in"] * bool(bld.env.WITH_NS3):
        bld(features="subst", source=source, target=os.path.basename(source)[:-3], install_path="${LIBDIR}/pkgconfig",
            VERSION=VERSION, NS3_LIBS=modules)
    bld.install_files("${DATADIR}", bld.path.ant_glob("model/inference/*.safetensors model/record/schema.sql"))
    bld.install_files("${DOCDIR}", bld.path.ant_glob("README.md CHANGES.md LICENSE"))
    bld.install_files("${DOCDIR}", bld.path.ant_glob("doc/*.rst doc/figures/*"), relative_trick=True)
    bld.install_files("${DOCDIR}/examples", bld.path.ant_glob("examples/*.c examples/*.cc"))
    bld.install_files("${DATADIR}/traces", bld.path.ant_glob("examples/traces/*.txt"))


# Limits and sanitizer settings of the test runner; what the caller has set stays.
def test_environment(bld):
    environment = dict(os.environ)
    if Options.options.no_slow:
        environment["CK_EXCLUDE_TAGS"] = "slow"
    if Options.options.tags:
        environment["CK_INCLUDE_TAGS"] = Options.options.tags
    environment["CK_XML_LOG_FILE_NAME"] = os.path.join(bld.out_dir, "iscc-test.xml")
    if bld.env.SANITIZE or bld.env.COVERAGE:
        environment.setdefault("CK_TIMEOUT_MULTIPLIER", "10")
    suppressions = os.path.join(bld.path.abspath(), "test", "leaks-of-libraries.txt")
    environment.setdefault("LSAN_OPTIONS", "print_suppressions=0:suppressions=" + suppressions)
    environment.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    return environment


# Seconds each suite took, from Check's XML log.
def print_times(log):
    times, space = {}, "{http://check.sourceforge.net/ns}"
    for suite in xml.etree.ElementTree.parse(log).getroot().iter(space + "suite"):
        seconds = [float(node.text) for node in suite.iter(space + "duration")]
        times[suite.findtext(space + "title")] = sum(max(0.0, value) for value in seconds)  # -1: not measured
    for name in sorted(times, key=times.get, reverse=True):
        print("%8.2f s  %s" % (times[name], name))


# Runs the test program. Check's summary and failures are held back until waf itself has said its last word.
def run_tests(bld):
    environment, closing = test_environment(bld), []
    names = [name for name in Options.options.suite.split(",") if name]
    process = subprocess.Popen([os.path.join(bld.out_dir, "iscc-test")] + names, env=environment, cwd=bld.out_dir,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, errors="replace")
    for line in process.stdout:
        if closing or "%: Checks: " in line:
            closing.append(line)
        else:
            print(line, end="", flush=True)
    failed = process.wait()
    if closing:
        print_times(environment["CK_XML_LOG_FILE_NAME"])
        atexit.register(lambda: (sys.stderr.flush(), print("".join(closing), end="", flush=True)))
    if failed:
        raise Errors.WafError("tests failed")


# Runs one suite; its stem, seconds, whether it failed, numbers of checks, failures and errors, and all it printed.
# A suite of which the tags leave nothing has no checks and does not fail.
def run_suite(bld, name):
    began = time.monotonic()
    environment = dict(test_environment(bld))
    del environment["CK_XML_LOG_FILE_NAME"]
    done = subprocess.run([os.path.join(bld.out_dir, "iscc-test"), name], env=environment, cwd=bld.out_dir,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    found = re.search(r"%: Checks: (\d+), Failures: (\d+), Errors: (\d+)", done.stdout)
    counts = [int(number) for number in found.groups()] if found else [0, 0, 1]
    return name, time.monotonic() - began, done.returncode != 0 and counts[0] + counts[2] > 0, counts, done.stdout


# The suites side by side, those that fail with all they print; a line in the manner of Check's sums them up.
def run_tests_apart(bld):
    names = [name for name in Options.options.suite.split(",") if name] or bld.suite_stems
    total, failed = [0, 0, 0], False
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, seconds, bad, counts, text in pool.map(lambda name: run_suite(bld, name), names):
            print("%8.2f s  %s%s" % (seconds, name, ": FAILED\n" + text if bad else ""), flush=True)
            total, failed = [sum(pair) for pair in zip(total, counts)], failed or bad
    print("%d suites: Checks: %d, Failures: %d, Errors: %d" % (len(names), *total), flush=True)
    if failed or not total[0]:
        raise Errors.WafError("tests failed")


# In an ns-3 tree, when there is one; the script says so when there is none.
def try_contrib(bld):
    program = os.path.join(bld.out_dir, "examples", "iscc-hello")
    run([sys.executable, "test/contrib/try_ns3.py"] + [program] * os.path.exists(program), bld.path.abspath(),
        "the module does not work in this ns-3 tree")


# Our C and C++ files, from the top folder.
def tracked_sources(context):
    folders = "model/**/ helper/**/ examples/ bench/ test/**/"
    patterns = [folder + "*." + ending for folder in folders.split() for ending in ("c", "h", "cc")]
    return sorted(node.path_from(context.path) for node in context.path.ant_glob(patterns))


def need_program(name):
    if not shutil.which(name):
        raise Errors.WafError("%s not found: run './waf setup' first" % name)
    return name


def run(command, cwd, message):
    if subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL).returncode:
        raise Errors.WafError(message)


class Setup(Context):
    """installs the Debian packages that packages.txt lists, with --group=NAME its [NAME], too (the launcher does this, before all else)"""
    cmd = "setup"


class WhenBuilt:  # no context itself: waf would take it for the build command
    """for a command that builds, then does its own work"""

    def execute(self):
        super().execute()
        if self.all_envs:  # else the build had to configure anew: waf has run the whole command a second time
            self.when_built()


class Check(WhenBuilt, BuildContext):
    """builds, then runs every test suite (see --suite, --tags, --no-slow, --apart) and, with all of them, contrib"""
    cmd = "check"
    fun = "build"

    def when_built(self):
        (run_tests_apart if Options.options.apart else run_tests)(self)
        if not Options.options.suite and not self.env.SANITIZE:
            try_contrib(self)


class Coverage(WhenBuilt, BuildContext):
    """runs the tests of a build configured with --coverage and sums up the lines they reached (gcovr)"""
    cmd = "coverage"
    fun = "build"

    def when_built(self):
        if not self.env.COVERAGE:
            raise Errors.WafError("this build is not instrumented: configure --coverage --out=DIR")
        if not shutil.which("gcovr"):
            raise Errors.WafError("gcovr not found: apt-get install gcovr")
        run_tests(self)
        run(["gcovr", "--root", self.path.abspath(), "--filter", "model/", "--filter", "helper/", self.out_dir],
            self.path.abspath(), "gcovr failed")


class Demo(WhenBuilt, BuildContext):
    """builds, then runs the single-device example with real inference"""
    cmd = "demo"
    fun = "build"

    def when_built(self):
        program = os.path.join(self.out_dir, "examples", "iscc-single-device")
        if not os.path.exists(program):
            raise Errors.WafError("the demo runs on ns-3, and this build is configured --without-ns3")
        run([program, "--inference=real", "--tasks=1000", "--db=" + os.path.relpath(os.path.join(self.out_dir, "demo.db"))], None,
            "the demo failed")


class Bench(WhenBuilt, BuildContext):
    """builds, then runs every benchmark of bench/; see --suite"""
    cmd = "bench"
    fun = "build"

    def when_built(self):
        stems = [stem(node) for node in self.path.ant_glob("bench/*.c")]
        wanted = [name for name in Options.options.suite.split(",") if name] or stems
        for name in wanted:
            program = os.path.join(self.out_dir, "bench", name)
            if name not in stems:
                raise Errors.WafError("no benchmark '%s'; there are: %s" % (name, " ".join(stems)))
            if not os.path.exists(program):
                print("%s: needs ns-3, left out" % name)
                continue
            print("== " + name, flush=True)
            run([program], self.out_dir, "benchmark %s failed" % name)


class Fuzz(Context):
    """builds the readers with clang and runs the fuzz targets of test/fuzz on them; see --target, --seconds, --lines"""
    cmd = "fuzz"
    fun = "fuzz"


def fuzz(context):
    given = Options.options
    run([sys.executable, "test/fuzz/run_fuzz.py", "--target=" + given.target, "--seconds=" + given.seconds] +
        ["--lines"] * given.lines + [package for _, package in PACKAGES], context.path.abspath(), "fuzzing failed")


class Contrib(WhenBuilt, BuildContext):
    """builds, then tries this tree as contrib/iscc of the ns-3 tree that the environment's NS3_DIR names"""
    cmd = "contrib"
    fun = "build"

    def when_built(self):
        try_contrib(self)


class Format(Context):
    """checks the formatting of our C and C++ files; with --fix rewrites them"""
    cmd = "format"
    fun = "check_format"


def check_format(context):
    mode = ["-i"] if Options.options.fix else ["--dry-run", "-Werror"]
    run([need_program("clang-format-14")] + mode + tracked_sources(context), context.path.abspath(),
        "formatting differs from .clang-format: run './waf format --fix'")


class Lint(Context):
    """checks the rules of the source tree and runs cppcheck"""
    cmd = "lint"
    fun = "check_sources"


def check_sources(context):
    top_folder = context.path.abspath()
    run([sys.executable, "test/repo/check_tree.py"], top_folder, "the source tree breaks its rules")
    run([sys.executable, "test/repo/check_tree.py", "--self-test"], top_folder, "check_tree.py misses breaches")
    includes = ["-Imodel/" + floor for floor in CORE_FLOORS + ["ns3"]] + ["-I" + folder for folder in HELPER_FOLDERS + ["helper/cli"]]
    # Left out: what cppcheck infers from loops that "may" run zero times; gcc and UBSan see it better.
    suppressed = ["--suppress=" + name for name in ("missingIncludeSystem", "uninitvar", "invalidFunctionArg")]
    run([need_program("cppcheck"), "-q", "-j2", "--std=c11", "--language=c", "--error-exitcode=1", "--inline-suppr",
         "--enable=warning,performance,portability"] + suppressed + includes +
        [name for name in tracked_sources(context) if name.endswith(".c")], top_folder, "cppcheck found mistakes")
