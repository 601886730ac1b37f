/* SPDX-License-Identifier: GPL-2.0-only */
/* A whole `iscc reproduce all` of reduced size: its numbers, pictures, report and claims, and how it goes on
 * after an interruption or in a damaged cache. One run serves all tests. */
#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "iscc-claims.h"
#include "iscc-plot-legend.h"
#include "iscc-reproduction.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"

#define ISCC      ISCC_TEST_BUILD_DIR "/iscc"
#define SIZE      "--quick --samples=100 --check-samples=20 "
#define REPRODUCE ISCC " reproduce " SIZE

static const char *const figures[] = {"fig4",        "fig7",        "fig8",        "fig9",
                                      "fig9-joint",  "fig9-check",  "fig10",       "fig11",
                                      "fig10-joint", "fig10-check", "fig11-joint", "fig11-check"};
enum { FIGURES = sizeof figures / sizeof *figures };

static void expect_run(const char *command) {
  const int status = iscc_run(command);
  ck_assert_msg(status == 0, "%s: exit %d: %s", command, status, iscc_run_output);
}

static void make_all(void) {
  iscc_run_begin();
  expect_run(REPRODUCE "all --threads=2 -o whole");
  expect_run("mkdir data && cp whole/*.csv data");
}

/* Tests work on a copy that keeps times. */
static void copy_all(void) {
  expect_run("rm -rf copy other && cp -a whole copy");
}

/* Name, file number and time of each file in the cache of the copy. */
static char *list_cache(void) {
  expect_run("find copy/cache -type f -printf '%f %i %T@\n' | sort");
  return strdup(iscc_run_output);
}

/* ---- numbers ---- */

START_TEST(threads_and_directory_change_no_number) {
  expect_run(REPRODUCE "fig4 fig8 fig11 table3 --threads=1 -o other");
  expect_run("for f in fig4 fig8 fig11 table3; do cmp other/$f.csv data/$f.csv || exit 1; done");
  ck_assert_str_eq(iscc_run_output, "");
}
END_TEST

/* Decisions stay, what is drawn at random does not. */
START_TEST(another_seed_gives_other_samples) {
  expect_run(REPRODUCE "fig4 fig8 table3 --seed=2 -o copy");
  ck_assert_int_eq(iscc_run("cmp -s copy/fig4.csv data/fig4.csv"), 1);
  ck_assert_int_eq(iscc_run("cmp -s copy/fig8.csv data/fig8.csv"), 1);
  ck_assert_int_eq(iscc_run("cmp -s copy/table3.csv data/table3.csv"), 1);
  expect_run("cut -d, -f1-18 copy/table3.csv >a && cut -d, -f1-18 data/table3.csv >b && cmp a b");
}
END_TEST

START_TEST(data_has_a_row_for_each_point) {
  static const struct {
    const char *name;
    int rows, checked; /* allocations of joint and alternating */
  } files[] = {{"fig4", 9, 0},           {"fig7", 5 * 201, 0},     {"fig8", 2 * (11 * 12 + 11 * 7), 0},
               {"fig9", 2 * 7 * 4, 16},  {"fig10", 2 * 7 * 4, 16}, {"fig11", 2 * 7 * 4, 16},
               {"table3", 2 * 7 * 3, 12}};
  char name[64], command[128];
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    snprintf(name, sizeof name, "data/%s.csv", files[i].name);
    const char *csv = iscc_test_read(name, NULL);
    ck_assert_msg(iscc_test_count(csv, "\n") == 1 + files[i].rows, "%s: %d rows", name,
                  iscc_test_count(csv, "\n") - 1);
    snprintf(command, sizeof command, "awk -F, '$19 == 20' %s | wc -l", name);
    expect_run(command);
    ck_assert_msg(atoi(iscc_run_output) == files[i].checked, "%s: %s checked", name, iscc_run_output);
  }
}
END_TEST

/* ---- pictures ---- */

START_TEST(every_picture_has_its_size_and_is_not_blank) {
  iscc_test_write("look.py", "import re, struct, sys, zlib\n"
                             "for name in sys.argv[1:]:\n"
                             "    png = open('whole/%s.png' % name, 'rb').read()\n"
                             "    assert png[:8] == b'\\x89PNG\\r\\n\\x1a\\n', name\n"
                             "    assert png[12:16] == b'IHDR' and png[-8:-4] == b'IEND', name\n"
                             "    width, height = struct.unpack('>II', png[16:24])\n"
                             "    svg = open('whole/%s.svg' % name).read()\n"
                             "    box = re.search('viewBox=\"0 0 ([0-9]+) ([0-9]+)\"', svg)\n"
                             "    assert (str(width), str(height)) == box.groups(), (name, width, height)\n"
                             "    assert width >= 900 and height >= 400, (name, width, height)\n"
                             "    at, packed = 8, b''\n"
                             "    while at < len(png):\n"
                             "        n = struct.unpack('>I', png[at:at + 4])[0]\n"
                             "        if png[at + 4:at + 8] == b'IDAT': packed += png[at + 8:at + 8 + n]\n"
                             "        at += 12 + n\n"
                             "    rows = zlib.decompress(packed)\n"
                             "    line = len(rows) // height\n"
                             "    assert line * height == len(rows), name\n"
                             "    kinds = {rows[i:i + line] for i in range(0, len(rows), line)}\n"
                             "    assert len(kinds) > height // 4, (name, len(kinds), height)\n");
  char command[512] = "python3 look.py";
  for (int i = 0; i < FIGURES; i++) strcat(strcat(command, " "), figures[i]);
  expect_run(command);
}
END_TEST

/* Paths of a colour, as gnuplot writes it. */
static int drawn_lines(const char *svg, int colour) {
  unsigned rgb = 0;
  char stroke[64];
  ck_assert_int_eq(sscanf(iscc_plot_colour(colour), "#%x", &rgb), 1);
  snprintf(stroke, sizeof stroke, "<path stroke='rgb(%3u, %3u, %3u)'", rgb >> 16, rgb >> 8 & 255, rgb & 255);
  return iscc_test_count(svg, stroke);
}

static void expect_text(const char *name, const char *svg, const char *text) {
  char element[128];
  snprintf(element, sizeof element, ">%s</text>", text);
  ck_assert_msg(strstr(svg, element) != NULL, "%s lacks '%s'", name, text);
}

START_TEST(energies_are_drawn_for_every_scheme) {
  static const char *const names[] = {"whole/fig9.svg", "whole/fig10.svg", "whole/fig11.svg"};
  const char *svg = iscc_test_read(names[_i], NULL);
  for (int k = 0; iscc_scheme_name((size_t)k); k++) {
    expect_text(names[_i], svg, iscc_scheme_name((size_t)k));
    ck_assert_msg(drawn_lines(svg, k) >= 3, "%s: no curves of %s", names[_i], iscc_scheme_name((size_t)k));
  }
}
END_TEST

START_TEST(other_figures_name_and_draw_what_they_compare) {
  static const struct {
    const char *name, *texts[4];
    int colours[3];
  } rows[] = {
      {"whole/fig4.svg", {"measured, 95 % interval", "arctan fit", "table that is planned with"}, {0, 1, 2}},
      {"whole/fig7.svg", {"weights", "Laplace fit", "normal fit"}, {0, 1, 6}},
      {"whole/fig8.svg",
       {"l = 3", "l = 11", "planned with", "raw bound of the best split, cut at 0"},
       {1, 2, 7}},
      {"whole/fig9-joint.svg", {"joint", "alternating", "certified lower bound of joint"}, {0, 1, 6}},
      {"whole/fig11-check.svg", {"joint", "jcc", "on-server", "target R_t"}, {0, 3, 6}}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const char *svg = iscc_test_read(rows[i].name, NULL);
    for (int k = 0; k < 4 && rows[i].texts[k]; k++) expect_text(rows[i].name, svg, rows[i].texts[k]);
    for (int k = 0; k < 3; k++)
      ck_assert_msg(drawn_lines(svg, rows[i].colours[k]) >= 1, "%s: nothing in colour %d", rows[i].name,
                    rows[i].colours[k]);
  }
}
END_TEST

/* ---- report ---- */

START_TEST(the_report_holds_every_picture_and_claim) {
  iscc_test_write("look.py",
                  "import base64, sys, xml.etree.ElementTree as tree\n"
                  "from html.parser import HTMLParser\n"
                  "text = open('whole/report.html', encoding='utf-8').read()\n"
                  "class Parser(HTMLParser):\n"
                  "    open, pictures = [], []\n"
                  "    def handle_starttag(self, tag, attributes):\n"
                  "        if tag not in ('meta', 'img', 'br', 'hr'): self.open.append(tag)\n"
                  "        if tag == 'img': self.pictures.append(dict(attributes)['src'])\n"
                  "    def handle_startendtag(self, tag, attributes):\n"
                  "        if tag == 'img': self.pictures.append(dict(attributes)['src'])\n"
                  "    def handle_endtag(self, tag): assert self.open.pop() == tag, tag\n"
                  "parser = Parser()\n"
                  "parser.feed(text)\n"
                  "parser.close()\n"
                  "assert not parser.open, parser.open\n"
                  "found = {base64.b64decode(p.split(',')[1], validate=True) for p in parser.pictures}\n"
                  "wanted = {open('whole/%s.svg' % name, 'rb').read() for name in sys.argv[1:]}\n"
                  "assert len(wanted) == len(sys.argv) - 1 == len(parser.pictures), len(parser.pictures)\n"
                  "assert found == wanted, 'other pictures'\n"
                  "tables = list(tree.fromstring(text).iter('tbody'))\n"
                  "print(len(tables[1]))\n"
                  "links = {a.get('href') for a in tree.fromstring(text).iter('a')}\n"
                  "for name in 'fig4 fig7 fig8 fig9 fig10 fig11 table3 claims'.split():\n"
                  "    assert name + '.csv' in links, links\n");
  char command[512] = "python3 look.py", count[16], picture[64];
  for (int i = 0; i < FIGURES; i++) strcat(strcat(command, " "), figures[i]);
  expect_run(command);
  const int claims = atoi(iscc_run_output);
  ck_assert_int_ge(claims, 20);
  const char *report = iscc_test_read("whole/report.md", NULL);
  for (int i = 0; i < FIGURES; i++) {
    snprintf(picture, sizeof picture, "](%s.png)", figures[i]);
    ck_assert_msg(iscc_test_count(report, picture) == 1, "%s", picture);
  }
  expect_run("sed -n '/^## Claims/,/^## Fig. 4/p' whole/report.md | grep -c '^| [A-Zb]'");
  snprintf(count, sizeof count, "%d\n", claims);
  ck_assert_str_eq(iscc_run_output, count);
  ck_assert_int_eq(iscc_test_count(report, "not measured"), 0);
  ck_assert_int_eq(iscc_test_count(report, "| not checked |"), 0);
}
END_TEST

/* The page of the manual is of another, larger run: numbers and verdicts differ, claims may not. */
START_TEST(the_manual_has_every_claim) {
  iscc_test_write("look.py",
                  "import csv, re, sys\n"
                  "page = open(sys.argv[1], encoding='utf-8').read().replace('\\\\', '')\n"
                  "page = page[page.index('.. begin claims'):page.index('.. end claims')]\n"
                  "told = re.findall(r'^   [*] - (.*)\\n     - (.*)\\n     - (.*)$', page, re.M)\n"
                  "rows = list(csv.DictReader(open('whole/claims.csv', newline='')))\n"
                  "assert [r[:2] for r in told[1:]] == [(r['paper'], r['claim']) for r in rows], told\n"
                  "verdicts = 'holds', 'holds in part', 'does not hold', 'not comparable'\n"
                  "assert all(r[2] in verdicts for r in told[1:]), told\n"
                  "assert all(r['verdict'] in verdicts and r['found'] and r['rule'] for r in rows), rows\n"
                  "assert all(bool(r['why']) == (r['verdict'] != 'holds') for r in rows), rows\n");
  expect_run("python3 look.py " ISCC_TEST_SOURCE_DIR "/doc/reproduction.rst");
}
END_TEST

/* What the report tells to type makes the same report. */
START_TEST(the_report_tells_its_own_command) {
  const char *report = iscc_test_read("whole/report.md", NULL);
  ck_assert_ptr_nonnull(
      strstr(report, "iscc reproduce all -o DIR --quick --samples=100 --check-samples=20\n"));
  expect_run(ISCC " reproduce fig7 --quick --seed=7 --model=" ISCC_TEST_SOURCE_DIR
                  "/model/inference/default.safetensors -o other");
  ck_assert_ptr_nonnull(strstr(iscc_test_read("other/report.md", NULL),
                               "iscc reproduce all -o DIR --quick --seed=7 --model='" ISCC_TEST_SOURCE_DIR
                               "/model/inference/default.safetensors'\n"));
}
END_TEST

/* ---- claims that hold at any size, and the cache ---- */

static const struct {
  const char *claim;
  iscc_claim_verdict verdict;
} expected[] = {
    {"Similarity to the noise-free spectrogram", ISCC_CLAIM_HOLDS},
    {"Some baselines are infeasible at 0.6 s", ISCC_CLAIM_HOLDS},
    {"JC&C is the worst at loose latency", ISCC_CLAIM_HOLDS},
    {"On-server inference is near the optimum at high accuracy", ISCC_CLAIM_IN_PART},
    {"On-server inference is near the optimum at high SNR", ISCC_CLAIM_IN_PART},
    {"Energy falls with SNR", ISCC_CLAIM_HOLDS},
    {"A high target brings the largest sensing power", ISCC_CLAIM_HOLDS},
    {"Low SNR brings all layers onto the device", ISCC_CLAIM_HOLDS},
    {"Up to 40 % less energy", ISCC_CLAIM_HOLDS},
    {"Allocations keep their promise", ISCC_CLAIM_HOLDS},
    {"Tight latency brings the strongest pruning", ISCC_CLAIM_IN_PART},
    {"alternating algorithm reaches the optimum", ISCC_CLAIM_FAILS},
};

static void expect_claims(const iscc_study *study, const iscc_reproduction *r) {
  static iscc_claim claims[ISCC_CLAIMS_MAX];
  const size_t n = iscc_claims_judge(study, r, claims);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    size_t k = 0;
    while (k < n && !strstr(claims[k].claim, expected[i].claim)) k++;
    ck_assert_msg(k < n, "no claim '%s'", expected[i].claim);
    ck_assert_msg(claims[k].verdict == expected[i].verdict, "%s: %s: %s %s", claims[k].claim,
                  iscc_claim_verdict_name(claims[k].verdict), claims[k].found, claims[k].why);
  }
}

/* Joint is never above the paper's algorithm, and below it somewhere without l = 0. */
static void expect_optimum(const iscc_study *study, const iscc_reproduction *r) {
  const size_t joint = iscc_study_find(study, "joint"), other = iscc_study_find(study, "alternating");
  int cases = 0, below = 0;
  for (int f = 0; f < ISCC_ENERGY_FIGURES; f++)
    for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
      for (size_t i = 0; i < r->energy[f].cases; i++, cases++) {
        const iscc_energy_point *a = &r->energy[f].point[set][joint][i],
                                *b = &r->energy[f].point[set][other][i];
        ck_assert(iscc_energy_has_allocation(a));
        if (!iscc_energy_has_allocation(b)) continue;
        ck_assert_double_le(a->decision.energy.total, b->decision.energy.total * (1 + 1e-6));
        below += set == 1 && a->decision.energy.total < 0.99 * b->decision.energy.total;
      }
  ck_assert_int_eq(cases, 2 * (3 * 4 + 3));
  ck_assert_int_ge(below, 1);
}

START_TEST(a_second_run_measures_nothing_and_claims_hold) {
  static iscc_reproduction results;
  const bool wanted[ISCC_FIGURES] = {true, true, true, true, true, true, true};
  iscc_study_settings settings;
  iscc_study *study;
  iscc_error error = {""};
  iscc_study_defaults(&settings, true);
  settings.directory = iscc_test_path("copy");
  settings.effort = (iscc_effort){.curve = 100, .losses = 100, .check = 20, .check_others = 5};
  char *before = list_cache();
  ck_assert_int_ge(iscc_test_count(before, "\n"), 9 + 2 + 20);
  ck_assert_msg(iscc_study_open(&settings, &study, &error) == ISCC_OK, "%s", error.text);
  ck_assert_msg(iscc_reproduce(study, wanted, true, &results, &error) == ISCC_OK, "%s", error.text);
  expect_claims(study, &results);
  expect_optimum(study, &results);
  iscc_study_close(study);
  char *after = list_cache();
  ck_assert_str_eq(before, after);
  expect_run("for f in data/*; do cmp $f copy/${f#data/} || exit 1; done");
  free(before), free(after);
}
END_TEST

/* Every ninth file of the cache: of all kinds. */
START_TEST(damaged_results_are_measured_anew) {
  expect_run("for f in $(ls copy/cache | awk 'NR % 9 == 4'); do"
             "  printf '\\125\\252' | dd of=copy/cache/$f bs=1 seek=2 conv=notrunc 2>/dev/null; echo $f;"
             "done");
  const int damaged = iscc_test_count(iscc_run_output, "\n");
  char *before = list_cache();
  expect_run(REPRODUCE "all -o copy");
  char *after = list_cache();
  iscc_test_write("before", before);
  iscc_test_write("after", after);
  iscc_run("comm -3 before after | wc -l");
  ck_assert_int_eq(atoi(iscc_run_output), 2 * damaged);
  expect_run("for f in data/*; do cmp $f copy/${f#data/} || exit 1; done");
  free(before), free(after);
}
END_TEST

/* ---- interruption ---- */

/* A command in a process group of its own, its messages going to the file `errors`. */
static pid_t start(void) {
  const pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child > 0) return child;
  setpgid(0, 0);
  if (chdir(iscc_run_folder) != 0) _exit(126);
  const int to = open("errors", O_WRONLY | O_CREAT | O_TRUNC, 0600), nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  dup2(to, STDERR_FILENO);
  execl("/bin/sh", "sh", "-c", "exec " REPRODUCE "fig4 fig7 fig8 table3 -o other", (char *)NULL);
  _exit(127);
}

/* Ctrl-C, which gnuplot gets as well, as soon as a file is there. The exit status. */
static int interrupt_at(const char *name) {
  const pid_t child = start();
  int status = 0;
  for (int i = 0; access(iscc_test_path(name), F_OK) != 0; i++) {
    ck_assert_msg(i < 6000, "no %s", name);
    ck_assert_msg(waitpid(child, &status, WNOHANG) == 0, "ended before %s: %s", name,
                  iscc_test_read("errors", NULL));
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  }
  nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL); /* into the drawing */
  kill(-child, SIGINT);
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert_msg(WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
  return WEXITSTATUS(status);
}

static void expect_interrupted(void) {
  const char *errors = iscc_test_read("errors", NULL), *line = strstr(errors, "interrupted");
  ck_assert_msg(line != NULL, "%s", errors);
  ck_assert_str_eq(line, "interrupted; the same command goes on from other/cache\n");
}

START_TEST(an_interrupted_run_goes_on) {
  ck_assert_int_eq(interrupt_at("other/fig7.csv"), 1);
  expect_interrupted();
  const char *report = iscc_test_read("other/report.md", NULL);
  ck_assert(strstr(report, "## Fig. 4") && strstr(report, "## Fig. 7") && !strstr(report, "## Fig. 8"));
  expect_run(
      "cmp other/fig4.csv data/fig4.csv && cmp other/fig4.png whole/fig4.png && test -s other/fig7.svg");
  ck_assert_int_eq(interrupt_at("other/table3.csv"), 1);
  expect_interrupted();
  report = iscc_test_read("other/report.md", NULL);
  ck_assert(strstr(report, "## Fig. 8") && strstr(report, "## Table III"));
  ck_assert_int_ge(iscc_test_count(report, "| not checked |"), 1);
  expect_run(REPRODUCE "fig4 fig7 fig8 table3 -o other");
  expect_run("for f in fig4 fig7 fig8 table3; do cmp other/$f.csv data/$f.csv || exit 1; done");
  ck_assert_int_eq(iscc_test_count(iscc_test_read("other/report.md", NULL), "| not checked |"), 0);
}
END_TEST

Suite *iscc_suite_reproduce_whole(void);
Suite *iscc_suite_reproduce_whole(void) {
  Suite *s = suite_create("helper: reproduce, whole");
  TCase *t = tcase_create("whole");
  tcase_set_tags(t, "slow");
  tcase_set_timeout(t, 120);
  tcase_add_unchecked_fixture(t, make_all, iscc_run_end);
  tcase_add_checked_fixture(t, copy_all, NULL);
  tcase_add_test(t, data_has_a_row_for_each_point);
  tcase_add_test(t, threads_and_directory_change_no_number);
  tcase_add_test(t, another_seed_gives_other_samples);
  tcase_add_test(t, every_picture_has_its_size_and_is_not_blank);
  tcase_add_loop_test(t, energies_are_drawn_for_every_scheme, 0, 3);
  tcase_add_test(t, other_figures_name_and_draw_what_they_compare);
  tcase_add_test(t, the_report_holds_every_picture_and_claim);
  tcase_add_test(t, the_manual_has_every_claim);
  tcase_add_test(t, the_report_tells_its_own_command);
  tcase_add_test(t, a_second_run_measures_nothing_and_claims_hold);
  tcase_add_test(t, damaged_results_are_measured_anew);
  tcase_add_test(t, an_interrupted_run_goes_on);
  suite_add_tcase(s, t);
  return s;
}
