/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "iscc-document.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"

static const char svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>a</text></svg>\n";
static const char nasty[] = "a < b & \"c\" 'd' > e | f \\ g `h` *i* [j] _k_ x_y <script>";

static iscc_document *begin(void) {
  iscc_document *d;
  iscc_error error = {""};
  ck_assert_msg(iscc_document_create("Title <1> & \"more\"", iscc_test_path("r.html"), iscc_test_path("r.md"),
                                     &d, &error) == ISCC_OK,
                "%s", error.text);
  return d;
}

static void end(iscc_document *d) {
  iscc_error error = {""};
  ck_assert_msg(iscc_document_finish(d, &error) == ISCC_OK, "%s", error.text);
}

static void expect_in(const char *name, const char *text) {
  ck_assert_msg(strstr(iscc_test_read(name, NULL), text) != NULL, "%s lacks '%s':\n%s", name, text,
                iscc_test_read(name, NULL));
}

static void add_table(iscc_document *d) {
  static const iscc_document_column columns[] = {
      {"claim", ISCC_COLUMN_LEFT}, {"mJ | dB", ISCC_COLUMN_RIGHT}, {"verdict", ISCC_COLUMN_VERDICT}};
  const char *const rows[][3] = {
      {"a|b\\c<d", "-3.5", NULL}, {"two\nlines", "12", NULL}, {nasty, "7", "cannot say"}, {"", NULL, NULL}};
  iscc_document_table_begin(d, columns, 3);
  iscc_document_table_row(d, ISCC_VERDICT_HOLDS, rows[0]);
  iscc_document_table_row(d, ISCC_VERDICT_FAILS, rows[1]);
  iscc_document_table_row(d, ISCC_VERDICT_NA, rows[2]);
  iscc_document_table_row(d, ISCC_VERDICT_NONE, rows[3]);
  iscc_document_table_end(d);
}

static void write_all(void) {
  iscc_test_write("fig 5.svg", svg);
  iscc_test_write("fig 5.png", "\x89PNG");
  iscc_test_write("x.csv", "1,2\n");
  iscc_document *d = begin();
  iscc_document_paragraph(d, "%s", nasty);
  iscc_document_heading(d, 2, "First <&>");
  iscc_document_figure(d, iscc_test_path("fig 5.svg"), iscc_test_path("fig 5.png"), "Energy \"E\" < 3 mJ");
  iscc_document_heading(d, 3, "Below");
  iscc_document_item(d, "one %d", 1);
  iscc_document_link(d, iscc_test_path("x.csv"), "the <data>");
  iscc_document_code(d, "iscc solve <x>\n```\nend");
  add_table(d);
  iscc_document_heading(d, 2, "Second");
  end(d);
}

START_TEST(html_is_escaped_and_balanced) {
  write_all();
  iscc_test_write(
      "check.py",
      "import sys, xml.etree.ElementTree as tree\n"
      "from html.parser import HTMLParser\n"
      "text = open('r.html', encoding='utf-8').read()\n"
      "assert text.startswith('<!DOCTYPE html>\\n<html lang=\"en\">')\n"
      "root = tree.fromstring(text)\n"
      "class Parser(HTMLParser):\n"
      "    tags = set()\n"
      "    def handle_starttag(self, tag, attributes): self.tags.add(tag)\n"
      "    def handle_startendtag(self, tag, attributes): assert tag in ('meta', 'img'), tag\n"
      "parser = Parser()\n"
      "parser.feed(text)\n"
      "assert 'script' not in parser.tags and 'link' not in parser.tags, parser.tags\n"
      "shown = [node.text for node in root.iter('p')]\n"
      "assert shown == [sys.argv[1]], shown\n"
      "assert root.find('head/title').text == 'Title <1> & \"more\"'\n"
      "contents = [(a.get('href'), a.text) for a in root.iter('nav') for a in a.iter('a')]\n"
      "ids = {h.get('id'): h.text for tag in ('h2', 'h3') for h in root.iter(tag)}\n"
      "assert [text for _, text in contents] == ['First <&>', 'Second'], contents\n"
      "assert all(ids[href[1:]] == text for href, text in contents), ids\n"
      "assert len(ids) == 3\n"
      "assert [li.findtext('a') for li in root.iter('li') if li.find('a') is not None][-1] == 'x.csv'\n"
      "assert root.find('.//pre/code').text == 'iscc solve <x>\\n```\\nend'\n"
      "rows = [[td.text for td in tr.iter('td')] for tr in root.find('.//tbody')]\n"
      "assert rows[0] == ['a|b\\\\c<d', '-3.5', 'holds'], rows\n"
      "assert rows[2][0] == sys.argv[1] and rows[2][2] == 'cannot say', rows\n"
      "assert [tr.get('class') for tr in root.find('.//tbody')] == ['holds', 'fails', 'na', None]\n"
      "assert root.find('.//div[@class=\"wide\"]/table') is not None\n"
      "assert 'http' not in text.replace('http-equiv', ''), 'network'\n");
  char command[512] =
      "python3 check.py 'a < b & \"c\" '\\''d'\\'' > e | f \\ g `h` *i* [j] _k_ x_y <script>'";
  ck_assert_msg(iscc_run(command) == 0, "%s", iscc_run_output);
}
END_TEST

START_TEST(a_figure_is_embedded_as_it_is) {
  write_all();
  iscc_test_write("check.py",
                  "import base64, xml.etree.ElementTree as tree\n"
                  "image = tree.fromstring(open('r.html').read()).find('.//figure/img')\n"
                  "assert image.get('alt') == 'Energy \"E\" < 3 mJ', image.get('alt')\n"
                  "kind, data = image.get('src').split(',')\n"
                  "assert kind == 'data:image/svg+xml;base64', kind\n"
                  "assert base64.b64decode(data, validate=True) == open('fig 5.svg', 'rb').read()\n");
  ck_assert_msg(iscc_run("python3 check.py") == 0, "%s", iscc_run_output);
  expect_in("r.md", "![Energy \"E\" \\< 3 mJ](fig%205.png)\n\nEnergy \"E\" \\< 3 mJ\n");
}
END_TEST

/* Lengths that leave 0, 1 and 2 bytes over. */
START_TEST(pictures_of_any_length_and_byte_are_embedded) {
  char command[512];
  snprintf(command, sizeof command, "python3 -c 'open(\"p.png\", \"wb\").write(bytes(range(256))[:%d])'",
           254 + _i);
  ck_assert_int_eq(iscc_run(command), 0);
  iscc_document *d = begin();
  iscc_document_figure(d, iscc_test_path("p.png"), NULL, "p");
  end(d);
  ck_assert_msg(
      iscc_run(
          "python3 -c 'import base64, re; assert base64.b64decode(re.search(\"image/png;base64,([^\\\"]*)\", "
          "open(\"r.html\").read())[1], validate=True) == open(\"p.png\", \"rb\").read()'") == 0,
      "%s", iscc_run_output);
  expect_in("r.md", "![p](p.png)");
}
END_TEST

START_TEST(markdown_shows_what_was_given) {
  write_all();
  expect_in("r.md", "# Title \\<1\\> \\& \"more\"\n\n");
  expect_in("r.md",
            "a \\< b \\& \"c\" 'd' \\> e \\| f \\\\ g \\`h\\` \\*i\\* \\[j\\] \\_k\\_ x_y \\<script\\>\n\n");
  expect_in("r.md", "\n## First \\<\\&\\>\n");
  expect_in("r.md", "\n### Below\n\n- one 1\n- [x.csv](x.csv): the \\<data\\>\n\n");
  expect_in("r.md", "\n````\niscc solve <x>\n```\nend\n````\n");
  expect_in("r.md",
            "\n| claim | mJ \\| dB | verdict |\n| --- | ---: | --- |\n| a\\|b\\\\c\\<d | -3.5 | holds |\n"
            "| two lines | 12 | fails |\n");
  expect_in("r.md", " | 7 | cannot say |\n|  |  |  |\n\n## Second\n");
}
END_TEST

START_TEST(every_row_of_a_markdown_table_has_as_many_cells) {
  write_all();
  iscc_test_write("check.py", "import re\n"
                              "rows = [line for line in open('r.md') if line.startswith('|')]\n"
                              "assert len(rows) == 6, rows\n"
                              "cells = [len(re.findall(r'(?<!\\\\)(?:\\\\\\\\)*\\|', row)) for row in rows]\n"
                              "assert cells == [4] * 6, cells\n");
  ck_assert_msg(iscc_run("python3 check.py") == 0, "%s", iscc_run_output);
}
END_TEST

START_TEST(paragraphs_do_not_turn_into_lists) {
  static const char *const rows[][2] = {{"- 3 mJ", "\\- 3 mJ"},
                                        {"-3 mJ", "-3 mJ"},
                                        {"3. x", "3\\. x"},
                                        {"3.5 mJ", "3.5 mJ"},
                                        {"# x", "\\# x"},
                                        {"--- x", "\\--- x"},
                                        {"+", "\\+"},
                                        {"    code", "code"},
                                        {"1) x", "1\\) x"},
                                        {"$x$", "\\$x\\$"},
                                        {"max_latency", "max_latency"}};
  char wanted[64];
  iscc_document *d = begin();
  iscc_document_paragraph(d, "%s", rows[_i][0]);
  end(d);
  snprintf(wanted, sizeof wanted, "\n\n%s\n\n", rows[_i][1]);
  expect_in("r.md", wanted);
}
END_TEST

START_TEST(links_lead_from_the_document_to_the_file) {
  ck_assert_int_eq(iscc_run("mkdir -p out/figures data; touch out/figures/a.png out/x.csv 'data/(1)#%.csv'"),
                   0);
  iscc_document *d;
  iscc_error error = {""};
  ck_assert_int_eq(
      iscc_document_create("t", iscc_test_path("out/r.html"), iscc_test_path("r.md"), &d, &error), ISCC_OK);
  iscc_document_link(d, iscc_test_path("out/x.csv"), NULL);
  iscc_document_link(d, iscc_test_path("out/../data/(1)#%.csv"), NULL);
  end(d);
  expect_in("out/r.html", "<a href=\"x.csv\">x.csv</a>");
  expect_in("out/r.html", "<a href=\"../data/%281%29%23%25.csv\">(1)#%.csv</a>");
  expect_in("r.md", "(out/x.csv)");
  expect_in("r.md", "(data/%281%29%23%25.csv)");
}
END_TEST

static void figure_lost(iscc_document *d) {
  iscc_document_figure(d, iscc_test_path("lost.svg"), NULL, "c");
}
static void link_lost(iscc_document *d) {
  iscc_document_link(d, iscc_test_path("lost.csv"), NULL);
}
static void figure_unknown(iscc_document *d) {
  iscc_document_figure(d, iscc_test_path("r.html"), NULL, "c");
}
static void level_unknown(iscc_document *d) {
  iscc_document_heading(d, 1, "c");
}
static void table_open(iscc_document *d) {
  iscc_document_table_begin(d, &(iscc_document_column){"c", ISCC_COLUMN_LEFT}, 1);
}
static void table_interrupted(iscc_document *d) {
  table_open(d);
  iscc_document_paragraph(d, "x");
}
static void row_outside(iscc_document *d) {
  iscc_document_table_row(d, ISCC_VERDICT_NONE, &(const char *){"x"});
}
static void end_outside(iscc_document *d) {
  iscc_document_table_end(d);
}
static void table_empty(iscc_document *d) {
  iscc_document_table_begin(d, NULL, 0);
}
static void folder_gone(iscc_document *d) {
  (void)d;
  ck_assert_int_eq(iscc_run("rm r.md.*"), 0);
}

static const struct {
  void (*mistake)(iscc_document *);
  iscc_status status;
  const char *words;
} mistakes[] = {{figure_lost, ISCC_EIO, "lost.svg: cannot be read: No such file"},
                {link_lost, ISCC_EIO, "lost.csv: cannot be linked: No such file"},
                {figure_unknown, ISCC_EINVAL, "r.html: a figure of a document is .svg or .png"},
                {level_unknown, ISCC_EINVAL, "level 1 is outside 2..4"},
                {table_open, ISCC_ESTATE, "not ended"},
                {table_interrupted, ISCC_ESTATE, "only rows"},
                {row_outside, ISCC_ESTATE, "outside a table"},
                {end_outside, ISCC_ESTATE, "not begun"},
                {table_empty, ISCC_EINVAL, "0 columns are outside 1..32"}};

START_TEST(the_first_mistake_is_told_at_the_end) {
  iscc_error error = {""};
  iscc_test_write("r.html", "old");
  iscc_test_write("r.md", "old");
  iscc_document *d = begin();
  iscc_document_paragraph(d, "fine");
  mistakes[_i].mistake(d);
  if (mistakes[_i].mistake != table_open) iscc_document_heading(d, 9, "another");
  ck_assert_int_eq(iscc_document_finish(d, &error), mistakes[_i].status);
  iscc_test_expect_line(error.text, mistakes[_i].words);
  ck_assert_str_eq(iscc_test_read("r.html", NULL), "old");
  ck_assert_str_eq(iscc_test_read("r.md", NULL), "old");
  iscc_test_expect_files(2);
}
END_TEST

START_TEST(places_that_cannot_be_written_are_told) {
  iscc_document *d;
  iscc_error error = {""};
  ck_assert_int_eq(iscc_document_create("t", "/nonexistent/r.html", iscc_test_path("r.md"), &d, &error),
                   ISCC_EIO);
  iscc_test_expect_line(error.text, "/nonexistent/r.html: cannot be written: No such file");
  ck_assert_int_eq(iscc_document_create("t", iscc_test_path("r.html"), "/nonexistent/r.md", &d, &error),
                   ISCC_EIO);
  iscc_test_expect_line(error.text, "/nonexistent/r.md: cannot be written: No such file");
  ck_assert_ptr_null(d);
  iscc_test_expect_files(0);
  d = begin();
  folder_gone(d);
  ck_assert_int_eq(iscc_document_finish(d, &error), ISCC_EIO);
  iscc_test_expect_line(error.text, "r.md: cannot be written: No such file");
  iscc_document_cancel(begin());
  iscc_document_cancel(NULL);
}
END_TEST

/* The limit on a file's size stands for a full disk; stars are escaped in Markdown only. */
START_TEST(with_one_file_cut_off_neither_is_replaced) {
  char stars[10001] = "";
  iscc_error error = {""};
  struct rlimit before;
  memset(stars, '*', sizeof stars - 1);
  iscc_test_write("r.html", "old");
  iscc_test_write("r.md", "old");
  signal(SIGXFSZ, SIG_IGN);
  ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
  const struct rlimit lower = {16384, before.rlim_max};
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &lower), 0);
  iscc_document *d = begin();
  iscc_document_paragraph(d, "%s", stars);
  const iscc_status status = iscc_document_finish(d, &error);
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
  ck_assert_int_eq(status, ISCC_EIO);
  iscc_test_expect_line(error.text, "r.md: cannot be written: File too large");
  ck_assert_str_eq(iscc_test_read("r.html", NULL), "old");
  ck_assert_str_eq(iscc_test_read("r.md", NULL), "old");
  iscc_test_expect_files(2);
}
END_TEST

Suite *iscc_suite_document(void);
Suite *iscc_suite_document(void) {
  Suite *s = suite_create("helper: documents");
  TCase *t = tcase_create("documents");
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(t, 20);
  tcase_add_test(t, html_is_escaped_and_balanced);
  tcase_add_test(t, a_figure_is_embedded_as_it_is);
  tcase_add_loop_test(t, pictures_of_any_length_and_byte_are_embedded, 0, 3);
  tcase_add_test(t, markdown_shows_what_was_given);
  tcase_add_test(t, every_row_of_a_markdown_table_has_as_many_cells);
  tcase_add_loop_test(t, paragraphs_do_not_turn_into_lists, 0, 11);
  tcase_add_test(t, links_lead_from_the_document_to_the_file);
  tcase_add_loop_test(t, the_first_mistake_is_told_at_the_end, 0, (int)(sizeof mistakes / sizeof *mistakes));
  tcase_add_test(t, places_that_cannot_be_written_are_told);
  tcase_add_test(t, with_one_file_cut_off_neither_is_replaced);
  suite_add_tcase(s, t);
  return s;
}
