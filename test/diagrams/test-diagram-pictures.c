/* SPDX-License-Identifier: GPL-2.0-only */
/* The pictures of `iscc plot` as files, names that mean harm, and what is refused. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "iscc-plot-cells.h"
#include "iscc-plot-rows.h"
#include "iscc-run-program.h"
#include "iscc-test-diagrams.h"
#include "iscc-test-files.h"

static const char *const kinds[] = {"energy", "latency", "accuracy", "timeline", "decisions"};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* ---- files ---- */

/* Python's parser for SVG; of PNG the signature, the sums of all chunks and the pixels; of PDF its frame. */
static const char decode[] =
    "import struct, sys, xml.etree.ElementTree as tree, zlib\n"
    "tree.parse('k.svg')\n"
    "data = open('k.png', 'rb').read()\n"
    "assert data[:8] == b'\\x89PNG\\r\\n\\x1a\\n'\n"
    "place, pixels, names = 8, b'', []\n"
    "while place < len(data):\n"
    "    size, name = struct.unpack('>I4s', data[place:place + 8])\n"
    "    body = data[place + 8:place + 8 + size]\n"
    "    assert struct.unpack('>I', data[place + 8 + size:place + 12 + size])[0] == zlib.crc32(name + body)\n"
    "    names.append(name)\n"
    "    pixels += body if name == b'IDAT' else b''\n"
    "    place += 12 + size\n"
    "assert names[0] == b'IHDR' and names[-1] == b'IEND'\n"
    "assert len(set(zlib.decompress(pixels))) > 20\n"
    "pdf = open('k.pdf', 'rb').read()\n"
    "assert pdf[:5] == b'%PDF-' and b'%%EOF' in pdf[-16:]\n";

START_TEST(every_kind_is_a_whole_picture) {
  char command[512];
  iscc_run_write("decode.py", decode);
  for (int f = 0; f < 3; f++) {
    static const char *const endings[] = {"png", "svg", "pdf"};
    snprintf(command, sizeof command, ISCC_PLOT "%s -o k.%s", kinds[_i], endings[f]);
    iscc_run_well(command);
  }
  iscc_run_well("python3 decode.py");
  iscc_run_well("mv k.svg first.svg && sed 's/pdfcairo.*noenhanced size [0-9.,]* /svg /' k.gp >again.gp && "
                "gnuplot --default-settings again.gp >again.svg && grep -q '</svg>' again.svg");
}
END_TEST

START_TEST(the_database_stays_as_it_was) {
  iscc_run_well("sha256sum x.db >sum");
  for (int i = 0; i < KINDS; i++) {
    char command[256];
    snprintf(command, sizeof command, ISCC_PLOT "%s -o k.svg", kinds[i]);
    iscc_run_well(command);
  }
  iscc_run_well("sha256sum -c --status sum && test \"$(ls)\" = 'k.csv\nk.gp\nk.svg\nsum\nx.db'");
}
END_TEST

/* ---- names ---- */

#define EVIL "a''b\\\"c\\d\\`touch e\\`' || char(10) || 'EOD' || char(27) || '[31m{/Bold x}"

/* Shown as signs that look alike and as \xNN, obeyed by nobody; whole in the CSV. */
START_TEST(names_that_mean_harm_are_shown_plainly) {
  char command[512];
  iscc_run_well("sqlite3 x.db \"UPDATE node SET scheme = '" EVIL "' WHERE node_id = 0\"");
  for (int i = 0; i < 3; i++) {
    snprintf(command, sizeof command,
             ISCC_PLOT "%s -o k.svg && test ! -e e && python3 -c "
                       "\"import xml.etree.ElementTree as t; t.parse('k.svg')\"",
             kinds[i]);
    iscc_run_well(command);
    ck_assert_msg(strstr(iscc_test_read("k.svg", NULL), "a\u2019b\u201dc\u2216d\u2018touch e\u2018"), "%s",
                  kinds[i]);
    iscc_run_well("python3 -c \"import csv; rows = list(csv.reader(l for l in open('k.csv', newline='') if "
                  "l[0] != '#')); "
                  "name = 'a' + chr(39) + 'b' + chr(34) + 'c' + chr(92) + 'd' + chr(96) + 'touch e' + "
                  "chr(96) + chr(10) + "
                  "'EOD' + chr(27) + '[31m{/Bold x}'; assert any(r[0] == name for r in rows), rows\"");
  }
}
END_TEST

START_TEST(more_values_than_colours_are_refused) {
  iscc_run_well(
      "sqlite3 x.db \"WITH RECURSIVE n (i) AS (VALUES (2) UNION ALL SELECT i + 1 FROM n WHERE i < 16)"
      " INSERT INTO task SELECT 1, 1, i, 'done', 0, NULL, -1, 0.1 * i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, i, "
      "0, 0, 0,"
      " NULL, NULL, NULL FROM n\"");
  iscc_run_well(ISCC_PLOT "latency --by=payload_bits -o k.svg"); /* 0 and 2..16 */
  iscc_run_well("sqlite3 x.db 'UPDATE task SET payload_bits = 17 WHERE run_id = 2 AND node_id = 1'");
  iscc_run_expect(2, ISCC_PLOT "latency --by=payload_bits -o n.svg",
                  "payload_bits has more than the 16 values that can be told apart; choose with --where");
  iscc_run_well("test ! -e n.svg && test ! -e n.csv");
}
END_TEST

/* ---- refusals ---- */

static const struct {
  const char *command, *says;
  int status;
} refusals[] = {
    {ISCC "plot", "which database", 2},
    {ISCC_PLOT "-o n.svg", "which kind of picture: energy, latency, accuracy, timeline, decisions, compare",
     2},
    {ISCC_PLOT "pie -o n.svg", "'pie' is no kind of picture: energy, ", 2},
    {ISCC_PLOT "energy", "-o FILE is needed", 2},
    {ISCC_PLOT "energy -o n.gif", "ends in .png, .svg or .pdf", 2},
    {ISCC_PLOT "energy latency -o n.svg", "one picture at a time", 2},
    {ISCC_PLOT "energy --by=seed,run,scheme -o n.svg", "--by: at most 2 names", 2},
    {ISCC_PLOT "latency --by=seed,run -o n.svg", "'latency' is by one name", 2},
    {ISCC_PLOT "decisions --by=seed -o n.svg", "'decisions' is by nothing", 2},
    {ISCC_PLOT "energy --by=colour -o n.svg", "'colour' is no name here", 2},
    {ISCC_PLOT "energy --where=colour=1 -o n.svg", "'colour' is no name here", 2},
    {ISCC_PLOT "energy --where=scheme=pca -o n.svg", "no tasks of runs that are done fulfil --where", 2},
    {ISCC_PLOT "latency --where=scheme=pca -o n.svg", "no tasks of runs that are done fulfil --where", 2},
    {ISCC_PLOT "decisions --where=scheme=jcc -o n.svg", "no tasks of runs that are done fulfil --where", 2},
    {ISCC_PLOT "energy --node=1 -o n.svg",
     "--run-id, --node, --from, --to and --aligned are of kind 'timeline'", 2},
    {ISCC_PLOT "energy --metric=m -o n.svg", "--metric and --baseline are of kind 'compare'", 2},
    {ISCC_PLOT "compare -o n.svg", "compare needs --baseline", 2},
    {ISCC_PLOT "compare --baseline=joint -o n.svg", "no runs of a campaign", 2},
    {ISCC_PLOT "timeline --where=scheme=jcc -o n.svg", "choose it by --run-id and --node", 2},
    {ISCC_PLOT "timeline --run-id=9 -o n.svg", "there is no such node", 2},
    {ISCC_PLOT "timeline --node=-1 -o n.svg", "--node: -1 is outside 0..", 2},
    {ISCC_PLOT "timeline --from=2 --to=1 -o n.svg", "--from: 2 is not below --to, 1", 2},
    {ISCC_PLOT "timeline --from=100 -o n.svg", "no tasks of that node arrive then", 2},
    {ISCC "plot none.db energy -o n.svg", "none.db: cannot be opened", 1},
    {ISCC_PLOT "energy -o none/n.svg", "none/n.csv: cannot be written: No such file", 1},
    {"PATH=/none " ISCC_PLOT "energy -o n.svg", "gnuplot could not be started (package gnuplot-nox)", 1}};

START_TEST(mistakes_are_told_in_one_line) {
  iscc_run_expect(refusals[_i].status, refusals[_i].command, refusals[_i].says);
  ck_assert_int_eq(iscc_test_count(iscc_run_output, "\n"), 1);
  iscc_run_well("test ! -e n.svg");
}
END_TEST

START_TEST(tasks_of_a_timeline_are_at_most_a_hundred) {
  iscc_run_well(
      "sqlite3 x.db \"WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
      " INSERT INTO task SELECT 1, 1, i, 'done', 1e9 * i, NULL, -1, 0.1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, i, "
      "0, 0, 0,"
      " NULL, NULL, NULL FROM n\"");
  iscc_run_well(ISCC_PLOT "timeline --run-id=1 --node=1 --to=100 -o k.svg");
  iscc_test_expect_rows("k.csv", 100);
  iscc_run_expect(2, ISCC_PLOT "timeline --run-id=1 --node=1 --to=101 -o n.svg", "more than 100 tasks");
}
END_TEST

/* ---- rows and cells ---- */

static const size_t two_rows[] = {0, 1};
static const double zeros[] = {0, 0}, ends[] = {2, 3}, starts[] = {-1, -1};
static const iscc_plot_row names[] = {{.name = "first"}, {.name = "second", .remark = "why"}};

START_TEST(bars_are_boxes_of_their_colour_or_hatched) {
  const iscc_plot_sheet sheet = {.title = "T"};
  const iscc_plot_row_series series[] = {{"plain", ISCC_PLOT_BARS, 0, 2, two_rows, NULL, zeros, ends},
                                         {"hatched", ISCC_PLOT_BARS, 9, 2, two_rows, NULL, starts, zeros}};
  iscc_error error = {""};
  ck_assert_msg(!iscc_plot_rows(iscc_test_path("r.svg"), &sheet, "x", names, 2, series, 2, &error), "%s",
                error.text);
  const char *svg = iscc_test_read("r.svg", NULL);
  ck_assert_int_eq(iscc_test_count(svg, "fill = 'rgb(  0, 114, 178)'"), 3); /* two and the legend's */
  ck_assert_int_eq(iscc_test_count(svg, "<pattern "), 3);
  ck_assert_int_eq(iscc_test_count(svg, ">why</text>"), 1);
}
END_TEST

START_TEST(rows_outside_the_picture_are_refused) {
  const iscc_plot_sheet sheet = {.title = "T"};
  const iscc_plot_row bad = {.name = "it's"};
  const iscc_plot_row_series series = {"plain", ISCC_PLOT_BARS, 0, 2, two_rows, NULL, zeros, ends};
  iscc_error error = {""};
  ck_assert_int_eq(iscc_plot_rows(iscc_test_path("r.svg"), &sheet, "x", names, 1, &series, 1, &error),
                   ISCC_EINVAL);
  ck_assert_str_eq(error.text, "plot: row 1 of 1");
  ck_assert_int_eq(iscc_plot_rows(iscc_test_path("r.svg"), &sheet, "x", names, 0, &series, 0, &error),
                   ISCC_EINVAL);
  ck_assert_int_eq(iscc_plot_rows(iscc_test_path("r.svg"), &sheet, "x", &bad, 1, NULL, 0, &error),
                   ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "quotes"));
  iscc_run_well("test ! -e r.svg");
}
END_TEST

START_TEST(cells_show_numbers_and_crosses) {
  const double values[] = {41, 42, 43, 0.0 / zeros[0]};
  const bool crossed[] = {false, false, false, true};
  const iscc_plot_sheet sheet = {.title = "T"};
  const iscc_plot_grid grid = {
      .x_label = "x", .y_label = "y", .rows = 2, .columns = 2, .x_step = 1, .y_step = 1, .crossed = crossed};
  const iscc_plot_cells panel = {"P", values};
  iscc_error error = {""};
  ck_assert_msg(!iscc_plot_cells_draw(iscc_test_path("c.svg"), &sheet, &grid, &panel, 1, &error), "%s",
                error.text);
  const char *svg = iscc_test_read("c.svg", NULL);
  ck_assert_int_eq(iscc_test_count(svg, ">41</text>"), 1);
  ck_assert_int_eq(iscc_test_count(svg, ">43</text>"), 1);
  ck_assert_int_eq(iscc_test_count(svg, "xlink:href='#gpPt1'"), 1);
  ck_assert_int_eq(iscc_plot_cells_draw(iscc_test_path("n.svg"), &sheet, &grid, &panel, 0, &error),
                   ISCC_EINVAL);
}
END_TEST

Suite *iscc_suite_diagram_pictures(void);

Suite *iscc_suite_diagram_pictures(void) {
  Suite *suite = suite_create("diagram-pictures");
  TCase *t = tcase_create("pictures");
  tcase_add_checked_fixture(t, iscc_test_diagrams_begin, iscc_test_diagrams_end);
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, every_kind_is_a_whole_picture, 0, KINDS);
  tcase_add_test(t, the_database_stays_as_it_was);
  tcase_add_test(t, names_that_mean_harm_are_shown_plainly);
  tcase_add_test(t, more_values_than_colours_are_refused);
  tcase_add_loop_test(t, mistakes_are_told_in_one_line, 0, (int)(sizeof refusals / sizeof *refusals));
  tcase_add_test(t, tasks_of_a_timeline_are_at_most_a_hundred);
  tcase_add_test(t, bars_are_boxes_of_their_colour_or_hatched);
  tcase_add_test(t, rows_outside_the_picture_are_refused);
  tcase_add_test(t, cells_show_numbers_and_crosses);
  suite_add_tcase(suite, t);
  return suite;
}
