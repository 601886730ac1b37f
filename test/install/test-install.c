/* SPDX-License-Identifier: GPL-2.0-only */
/* `./waf install` as somebody uses it who builds programs on what was installed: pkg-config's flags alone. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"

#define PROGRAMS ISCC_TEST_SOURCE_DIR "/test/install/programs/"
#define HELLO    ISCC_TEST_SOURCE_DIR "/examples/iscc-hello.c"
#define NATIVE   ISCC_TEST_SOURCE_DIR "/examples/iscc-native.cc"
#define ISCC     ISCC_TEST_BUILD_DIR "/iscc"

static char prefix[128], destdir[128];

static const char *expect_run(const char *command) {
  const int status = iscc_run(command);
  ck_assert_msg(status == 0, "%s: exit %d: %s", command, status, iscc_run_output);
  return iscc_run_output;
}

static void waf(const char *words) {
  char command[1024];
  snprintf(command, sizeof command, "(cd %s && ./waf %s --out=%s --prefix=%s --destdir=%s)",
           ISCC_TEST_SOURCE_DIR, words, ISCC_TEST_BUILD_DIR, prefix, destdir);
  expect_run(command);
}

static void begin(void) {
  iscc_run_begin();
  snprintf(prefix, sizeof prefix, "%s/to", iscc_run_folder);
  destdir[0] = '\0';
}

/* Compiles with the flags that pkg-config tells of a package and nothing else; the program's output. */
static const char *compile_and_run(const char *compiler, const char *source, const char *package) {
  char command[2048], place[300];
  snprintf(place, sizeof place, "%s%s", destdir, prefix);
  snprintf(
      command, sizeof command,
      "PKG_CONFIG_SYSROOT_DIR='%s' PKG_CONFIG_PATH=%s/lib/pkgconfig pkg-config --cflags --libs %s > flags && "
      "%s " ISCC_TEST_SANITIZE " -o program %s $(cat flags) && LD_LIBRARY_PATH=%s/lib ./program",
      destdir, place, package, compiler, source, place);
  return expect_run(command);
}

/* What use-solver.c must print: the model of the installation and the command's own answer. */
static void expect_solver(const char *said) {
  char model[512], answer[256], command[512];
  snprintf(model, sizeof model, "%s%s/share/iscc/default.safetensors\n", destdir, prefix);
  ck_assert_msg(!strncmp(said, model, strlen(model)), "not %s: %s", model, said);
  snprintf(answer, sizeof answer, "%s", said + strlen(model));
  snprintf(command, sizeof command,
           ISCC " solve | awk '/^split/ {l = $4} /^quant/ {q = $3} /^  total/ {e = $2} "
                "END {printf \"split %%d, %%d bits, %%s mJ\\n\", l, q, e}'");
  ck_assert_str_eq(expect_run(command), answer);
}

START_TEST(a_program_builds_on_the_solver) {
  waf("install");
  expect_solver(compile_and_run("cc", PROGRAMS "use-solver.c", "iscc"));
  static const char version[] = "iscc " ISCC_VERSION "\ncommit ";
  ck_assert_int_eq(strncmp(expect_run("./to/bin/iscc --version"), version, sizeof version - 1), 0);
  ck_assert_str_eq(expect_run("PKG_CONFIG_PATH=to/lib/pkgconfig pkg-config --modversion iscc"),
                   ISCC_VERSION "\n");
}
END_TEST

START_TEST(the_package_names_the_prefix_not_the_staging_folder) {
  snprintf(destdir, sizeof destdir, "%s/stage", iscc_run_folder);
  strcpy(prefix, "/opt/iscc-of-a-test");
  waf("install");
  expect_run("grep -h prefix= stage/opt/iscc-of-a-test/lib/pkgconfig/*.pc | sort -u");
  ck_assert_str_eq(iscc_run_output, "prefix=/opt/iscc-of-a-test\n");
  ck_assert_int_ne(iscc_run("grep -r stage stage/opt/iscc-of-a-test/lib/pkgconfig"), 0);
  expect_solver(compile_and_run("cc", PROGRAMS "use-solver.c", "iscc"));
}
END_TEST

START_TEST(an_installation_may_move) {
  waf("install");
  expect_run("mv to moved");
  ck_assert_ptr_nonnull(strstr(expect_run("./moved/bin/iscc model info | head -3"), "/moved/share/iscc/"));
}
END_TEST

START_TEST(uninstall_takes_back_its_own_files) {
  waf("install");
  expect_run("touch to/share/of-somebody-else");
  ck_assert_int_gt(atoi(expect_run("find . -type f | wc -l")), 100);
  waf("uninstall");
  ck_assert_str_eq(expect_run("find . -type f"), "./to/share/of-somebody-else\n");
}
END_TEST

START_TEST(the_smallest_example_builds_on_ns3) {
  waf("install");
  char *installed = strdup(expect_run("./to/bin/iscc-hello"));
  ck_assert_ptr_nonnull(strstr(installed, "task 9: done, split layer"));
  ck_assert_str_eq(compile_and_run("cc", HELLO, "iscc-ns3"), installed);
  free(installed);
}
END_TEST

START_TEST(a_cpp_program_builds_on_the_ns3_types) {
  waf("install");
  ck_assert_str_eq(compile_and_run("c++", PROGRAMS "use-device.cc", "iscc-ns3"),
                   "12345 ns3::IsccNetDevice\n");
}
END_TEST

START_TEST(a_cpp_program_builds_on_the_helper) {
  waf("install");
  const char *said = compile_and_run("c++", NATIVE " -lns3-flow-monitor", "iscc-ns3");
  ck_assert_msg(strstr(said, "Finished") && strstr(said, "FlowMonitor: 6 flows") &&
                    strstr(said, "Energy per task"),
                "%s", said);
}
END_TEST

/* The block of a page from a line on, as a file of the present folder. */
static void take_from_page(const char *page, const char *first, const char *file) {
  char command[512];
  snprintf(command, sizeof command,
           "awk -v first='  %s' '$0 == first {on = 1} on && /^[^ ]/ {exit} on {print substr($0, "
           "3)}' " ISCC_TEST_SOURCE_DIR "/doc/%s > %s && test -s %s",
           first, page, file, file);
  expect_run(command);
}

/* Friis at 100 m and 5 GHz, (c/(4 pi f d))^2, and that over k 290 K B of the default 100 kHz. */
START_TEST(the_c_program_of_the_page_runs) {
  waf("install");
  take_from_page("ns3.rst", "/* link.c */", "link.c");
  const char *said = compile_and_run("cc -std=c11 -Wall -Wextra -Werror", "link.c", "iscc-ns3");
  double gain, snr;
  ck_assert_int_eq(sscanf(said, "gain %lg, SNR %lg at 1 W\n", &gain, &snr), 2);
  const double way_m = 4 * 3.14159265 * 100, length_m = 299792458 / 5e9;
  ck_assert_double_eq_tol(gain, length_m * length_m / (way_m * way_m), 0.01 * gain);
  ck_assert_double_eq_tol(snr, gain / (1.380649e-23 * 290 * 1e5), 0.01 * snr);
}
END_TEST

/* On Wi-Fi, so that it would have no end of its own. */
START_TEST(the_cpp_program_of_the_page_runs) {
  waf("install");
  take_from_page("native.rst", "// cell.cc", "cell.cc");
  const char *said = compile_and_run("c++ -Wall -Wextra -Werror", "cell.cc", "iscc-ns3");
  ck_assert_ptr_nonnull(strstr(said, "node 2, task 4: "));
  ck_assert_ptr_nonnull(strstr(said, "run 1 of iscc.db\n"));
  ck_assert_str_eq(iscc_run_sql("iscc.db", "SELECT count(*), count(DISTINCT node_id) FROM task"), "15|3\n");
  take_from_page("native.rst", "# cell.yaml", "cell.yaml");
  expect_run("mv program cell && LD_LIBRARY_PATH=to/lib ./to/bin/iscc campaign run cell.yaml");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "8 runs done, 0 done before, 0 failed; in cell.db"));
  iscc_run_expect_sql("cell.db", "SELECT group_concat(run) FROM (SELECT DISTINCT run FROM run ORDER BY run)",
                      "1,2,3,4");
  iscc_run_expect_sql("cell.db", "SELECT count(*) FROM task", "180");
  iscc_run_expect_sql(
      "cell.db",
      "SELECT group_concat(n) FROM (SELECT count(DISTINCT value_sha256) AS n FROM stream WHERE "
      "purpose = 'arrivals' GROUP BY index_sha256)",
      "4,4");
}
END_TEST

Suite *iscc_suite_install(void);
Suite *iscc_suite_install(void) {
  Suite *s = suite_create("install: programs on the installed library");
  TCase *t = tcase_create("install");
  tcase_add_checked_fixture(t, begin, iscc_run_end);
  tcase_set_timeout(t, 120);
  tcase_add_test(t, a_program_builds_on_the_solver);
  tcase_add_test(t, the_package_names_the_prefix_not_the_staging_folder);
  tcase_add_test(t, an_installation_may_move);
  tcase_add_test(t, uninstall_takes_back_its_own_files);
  if (ISCC_TEST_WITH_NS3) {
    tcase_add_test(t, the_smallest_example_builds_on_ns3);
    tcase_add_test(t, a_cpp_program_builds_on_the_ns3_types);
    tcase_add_test(t, a_cpp_program_builds_on_the_helper);
    tcase_add_test(t, the_c_program_of_the_page_runs);
    tcase_add_test(t, the_cpp_program_of_the_page_runs);
  }
  suite_add_tcase(s, t);
  return s;
}
