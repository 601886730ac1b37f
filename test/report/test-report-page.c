/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc report`: the file it writes, and the page as headless Chromium shows it (look_at_page.py). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "iscc-page-parts.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"
#include "iscc-test-query.h"

#define REPORT ISCC "report "
#define LOOK   "/usr/bin/python3 '" ISCC_TEST_SOURCE_DIR "/test/report/look_at_page.py' "

/* A database by whose names strangers would do harm: its file's, schemes, a program, an option, a metric. */
#define EVIL "<img src=x onerror=window.hurt=1>.db"

static void begin(void) {
  iscc_query_begin();
  iscc_run_well(
      "cp made.db '" EVIL "' && sqlite3 '" EVIL "' \""
      "UPDATE node SET scheme = '</script><script>window.hurt=1</script>' WHERE scheme = 'jcc';"
      "UPDATE node SET scheme = '\\\"><img src=x onerror=window.hurt=1>' || char(8238) || char(27) || '[2J' "
      "WHERE scheme = 'joint';"
      "UPDATE run SET program = '<!--<script>' || char(8238);"
      "UPDATE execution SET stderr = '<img src=x onerror=window.hurt=1>', host = '</title><svg "
      "onload=window.hurt=1>',"
      " arguments = json_set(arguments, '$.\\\"<b>\\\"', '<img src=x onerror=window.hurt=1>' || run);"
      "UPDATE metric SET name = '<img src=x onerror=window.hurt=1>' WHERE name = 'accuracy'\"");
  iscc_run_well(REPORT "made.db -o made.html && " REPORT "'" EVIL "' -o evil.html");
}

START_TEST(one_database_one_file) {
  iscc_run_well(REPORT "made.db -o again.html && cmp made.html again.html && rm again.html");
}
END_TEST

START_TEST(the_database_is_only_read) {
  iscc_run_well("sha256sum made.db >sum && " REPORT
                "made.db -o again.html && sha256sum -c --status sum && rm sum again.html");
}
END_TEST

/* Markup of strangers can be nowhere in the file: all their texts are in JSON without "<". */
START_TEST(no_markup_of_strangers_is_in_the_file) {
  const char *page = iscc_test_read("evil.html", NULL);
  ck_assert_ptr_nonnull(strstr(page, "\\u003cimg src=x onerror=window.hurt=1>"));
  ck_assert_ptr_null(strstr(page, "<img"));
  ck_assert_ptr_null(strstr(page, "<svg onload"));
  ck_assert_ptr_null(strstr(page, "<!--"));
  ck_assert_int_eq(iscc_test_count(page, "<script"), 3);
  ck_assert_int_eq(iscc_test_count(page, "</script"), 3);
}
END_TEST

START_TEST(the_baseline_can_be_chosen) {
  iscc_run_well(REPORT "made.db -o again.html --baseline=jcc");
  ck_assert_ptr_nonnull(strstr(iscc_test_read("again.html", NULL), "\"baseline\":\"jcc\""));
  iscc_run_well(REPORT "made.db -o again.html --by=max-latency --baseline=0.9");
  ck_assert_ptr_nonnull(strstr(iscc_test_read("again.html", NULL), "\"by\":\"max-latency\""));
  iscc_run_well("rm again.html");
}
END_TEST

static const struct {
  int status;
  const char *command, *says;
} mistakes[] = {
    {2, REPORT, "which database"},
    {2, REPORT "made.db", "-o FILE is needed"},
    {2, REPORT "made.db made.db -o x.html", "one database at a time"},
    {1, REPORT "nothing.db -o x.html", "nothing.db"},
    {1, REPORT "cell.yaml -o x.html", "cell.yaml"},
    {1, REPORT "made.db -o nowhere/x.html", "nowhere/x.html: cannot be written"},
    {2, REPORT "made.db -o x.html --baseline=best", "best"},
    {2, REPORT "made.db -o x.html --by=colour", "colour"},
};

START_TEST(mistakes_are_told_in_one_line) {
  iscc_run_expect(mistakes[_i].status, mistakes[_i].command, mistakes[_i].says);
  ck_assert_int_eq(strncmp(iscc_run_output, "iscc report: ", 13), 0);
  ck_assert_int_eq(iscc_test_count(iscc_run_output, "\n"), 1);
  ck_assert_int_ne(iscc_run("test -e x.html"), 0);
}
END_TEST

/* ---- in a browser ---- */

static const struct {
  const char *name, *page, *database;
} looks[] = {
    {"renders", "made.html", "made.db"},
    {"tables_are_the_query", "made.html", "made.db"},
    {"sorts", "made.html", "made.db"},
    {"sorts_by_keys", "made.html", "made.db"},
    {"filters", "made.html", "made.db"},
    {"hover_reads_the_database", "made.html", "made.db"},
    {"arrows_read_the_database", "made.html", "made.db"},
    {"lines_hide_and_zoom", "made.html", "made.db"},
    {"words_of_strangers_are_text", "evil.html", "'" EVIL "'"},
    {"fits_a_phone", "evil.html", "'" EVIL "'"},
    {"fits_a_phone", "made.html", "made.db"},
    {"prints", "made.html", "made.db"},
    {"is_dark_in_the_dark", "made.html", "made.db"},
};

START_TEST(a_reader_sees_it) {
  char command[1024];
  snprintf(command, sizeof command, LOOK "%s %s %s " ISCC, looks[_i].name, looks[_i].page,
           looks[_i].database);
  iscc_run_well(command);
}
END_TEST

static bool has_browser(void) {
  const int status = system(LOOK "missing");
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Suite *iscc_suite_report_page(void);

Suite *iscc_suite_report_page(void) {
  Suite *suite = suite_create("report-page");
  if (!ISCC_TEST_WITH_NS3) return suite;
  if (!*iscc_page_plot_script) {
    puts("report-page: left out, this build has no dygraphs ('./waf setup configure' finds it)");
    return suite;
  }
  TCase *tc = tcase_create("file");
  tcase_add_unchecked_fixture(tc, begin, iscc_query_end);
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, one_database_one_file);
  tcase_add_test(tc, the_database_is_only_read);
  tcase_add_test(tc, no_markup_of_strangers_is_in_the_file);
  tcase_add_test(tc, the_baseline_can_be_chosen);
  tcase_add_loop_test(tc, mistakes_are_told_in_one_line, 0, sizeof mistakes / sizeof *mistakes);
  suite_add_tcase(suite, tc);
  if (!has_browser()) {
    puts("report-page: tests in a browser are left out ('./waf setup --group=report' installs it)");
    return suite;
  }
  tc = tcase_create("browser");
  tcase_set_tags(tc, "slow");
  tcase_add_unchecked_fixture(tc, begin, iscc_query_end);
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, a_reader_sees_it, 0, sizeof looks / sizeof *looks);
  suite_add_tcase(suite, tc);
  return suite;
}
