# SPDX-License-Identifier: GPL-2.0-only
"""Build of iscc: configure, build, demo, check, bench, format, install.

Sources are found by their place: every .c below a floor of model/ belongs to the core library, helper/*.c to the
helper library, helper/cli/*.c is the `iscc` command, each examples/*.c a program, and each test/**/test-*.c must
define `Suite *iscc_suite_<stem>(void)` (dashes become underscores), which the generated test main runs.
"""
import os
import subprocess
import sys

from waflib import Configure, Errors, Logs, Options
from waflib.Build import BuildContext

APPNAME = "iscc"
VERSION = "0.1.0"
top = "."
out = "build"
Configure.autoconfig = True  # a build after this file changed configures again, with the same options

CORE_FLOORS = ["base", "sensing", "inference", "allocation", "node", "record"]
NS3_MODULES = ["core", "network", "internet", "mobility", "propagation"]
WARNINGS = ("-Wall -Wextra -Wpedantic -Wshadow -Wcast-qual -Wpointer-arith -Wundef -Wvla -Wwrite-strings "
            "-Wformat=2 -Wdouble-promotion -Werror").split()
C_WARNINGS = ["-Wstrict-prototypes", "-Wmissing-prototypes"]


def options(opt):
    opt.load("compiler_c compiler_cxx")
    opt.add_option("--debug", action="store_true", default=False, help="no optimization, assertions on")
    opt.add_option("--sanitize", default="", help="comma-separated sanitizers, e.g. address,undefined")
    opt.add_option("--coverage", action="store_true", default=False, help="instrument for gcov")
    opt.add_option("--without-ns3", action="store_true", default=False,
                   help="build the C core, the iscc command and their tests only")
    opt.add_option("--tags", default="", help="check: run only test cases with these tags (Check's CK_INCLUDE_TAGS)")
    opt.add_option("--no-slow", action="store_true", default=False, help="check: leave out test cases tagged slow")


def configure(conf):
    conf.load("compiler_c compiler_cxx clang_compilation_database")
    conf.env.WITH_NS3 = not conf.options.without_ns3
    for name, package in (("SQLITE", "sqlite3"), ("FFTW", "fftw3"), ("FFTWF", "fftw3f"), ("LAPACKE", "lapacke"),
                          ("BLAS", "openblas"), ("RMATH", "libRmath"), ("MINPACK", "cminpack"),
                          ("JANSSON", "jansson"), ("MD", "libmd"), ("CHECK", "check")):
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
        conf.env.LINKFLAGS_NS3 = ["-Wl,--no-as-needed"]
        conf.env.DEFINES_NS3 = ["NS3_LOG_ENABLE"]
        conf.check_cxx(header_name="ns3/core-module.h", use="NS3", cxxflags=["-std=c++17"],
                       errmsg="not found: run './waf setup', or configure --without-ns3")
    common = ["-g", "-fno-math-errno", "-ffp-contract=off"] + (["-O0"] if conf.options.debug else ["-O2"])
    if not conf.options.debug:
        common.append("-ftree-vectorize")
    link = []
    if conf.options.sanitize:
        common += ["-fsanitize=" + conf.options.sanitize, "-fno-omit-frame-pointer", "-fno-sanitize-recover=all"]
        link += ["-fsanitize=" + conf.options.sanitize]
    if conf.options.coverage:
        common += ["--coverage"]
        link += ["--coverage"]
    conf.env.append_value("CFLAGS", ["-std=c11", "-D_GNU_SOURCE"] + common + WARNINGS + C_WARNINGS)
    conf.env.append_value("CXXFLAGS", ["-std=c++17"] + common + WARNINGS)
    conf.env.append_value("LINKFLAGS", link)
    conf.env.append_value("DEFINES", ['ISCC_VERSION="%s"' % VERSION])
    conf.env.SANITIZE = conf.options.sanitize


def suite_function(node):
    return "iscc_suite_" + os.path.splitext(node.name)[0].replace("test-", "", 1).replace("-", "_")


def write_test_main(task):
    """Generates main(): one runner over every suite found, so that no suite can be forgotten."""
    names = task.generator.suite_names
    text = ["#include <check.h>", "#include <stdlib.h>"]
    text += ["Suite *%s(void);" % name for name in names]
    text += ["int main(void) {", "  SRunner *runner = srunner_create(%s());" % names[0]]
    text += ["  srunner_add_suite(runner, %s());" % name for name in names[1:]]
    text += ["  srunner_run_all(runner, CK_ENV);", "  const int failed = srunner_ntests_failed(runner);",
             "  srunner_free(runner);", "  return failed ? EXIT_FAILURE : EXIT_SUCCESS;", "}", ""]
    task.outputs[0].write("\n".join(text))


def build(bld):
    floors = ["model/" + floor for floor in CORE_FLOORS]
    includes = floors + ["helper"]
    bld.env.append_value("DEFINES", ['ISCC_SOURCE_MODEL_DIR="%s"' % bld.path.make_node("model/inference").abspath()])
    bld.stlib(target="iscc-core", features="c cstlib", includes=includes, export_includes=includes,
              source=bld.path.ant_glob([floor + "/*.c" for floor in floors]),
              use="SQLITE FFTW FFTWF LAPACKE BLAS RMATH MINPACK DNNL JANSSON MD PTHREAD M")
    helpers = bld.path.ant_glob("helper/*.c")
    use = "iscc-core SQLITE FFTW FFTWF LAPACKE BLAS RMATH MINPACK DNNL JANSSON MD PTHREAD M"
    if helpers:
        bld.stlib(target="iscc-helper", features="c cstlib", source=helpers, includes=includes, export_includes=includes,
                  use=use)
        use = "iscc-helper " + use
    cli = bld.path.ant_glob("helper/cli/*.c")
    if cli:
        bld.program(target="iscc", source=cli, use=use, includes=includes + ["helper/cli"])
    ns3_use = use
    if bld.env.WITH_NS3:
        shim = bld.path.ant_glob("model/ns3/*.cc") + bld.path.ant_glob("model/ns3/*.c")
        if shim:
            bld.shlib(target="iscc-ns3", features="c cxx cxxshlib", source=shim, includes=includes + ["model/ns3"],
                      export_includes=["model/ns3"], use="NS3 " + use, rpath=bld.bldnode.abspath())
            ns3_use = "iscc-ns3 NS3 " + use
            for source in bld.path.ant_glob("examples/*.c"):
                bld.program(target="examples/" + os.path.splitext(source.name)[0], source=[source],
                            features="c cxxprogram", includes=includes + ["model/ns3"], use=ns3_use,
                            rpath=bld.bldnode.abspath())
    tests = [floor.replace("model/", "test/") for floor in floors] + ["test/helper"]
    if bld.env.WITH_NS3:
        tests.append("test/ns3")
    sources = bld.path.ant_glob([folder + "/test-*.c" for folder in tests])
    support = bld.path.ant_glob([folder + "/*.c" for folder in tests], excl=["test/*/test-*.c"])
    if sources:
        main = bld(rule=write_test_main, target="test/iscc-test-main.c", vars=["SUITES"], cls_keyword=lambda _: "Suites")
        main.suite_names = sorted(suite_function(node) for node in sources)
        main.env.SUITES = main.suite_names
        bld.program(target="iscc-test", features="c cxxprogram" if bld.env.WITH_NS3 else "c cprogram",
                    source=[bld.path.find_or_declare("test/iscc-test-main.c")] + sources + support,
                    includes=includes + tests + ["model/ns3"], use="CHECK " + ns3_use, rpath=bld.bldnode.abspath(),
                    defines=['ISCC_TEST_SOURCE_DIR="%s"' % bld.path.abspath(),
                             'ISCC_TEST_BUILD_DIR="%s"' % bld.bldnode.abspath()], install_path=None)


class Check(BuildContext):
    """builds, then runs every test suite"""
    cmd = "check"
    fun = "build"

    def execute(self):
        super().execute()
        environment = dict(os.environ)
        if Options.options.no_slow:
            environment["CK_EXCLUDE_TAGS"] = "slow"
        if Options.options.tags:
            environment["CK_INCLUDE_TAGS"] = Options.options.tags
        program = os.path.join(self.out_dir, "iscc-test")
        if subprocess.run([program], env=environment, cwd=self.out_dir).returncode:
            raise Errors.WafError("tests failed; their messages stand above")
