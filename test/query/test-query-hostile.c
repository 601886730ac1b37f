/* SPDX-License-Identifier: GPL-2.0-only */
/* Databases and statements of people who mean harm, or had bad luck. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"
#include "iscc-test-query.h"

/* What would do more than read. */
static const char *const harmful[] = {"DELETE FROM task",
                                      "UPDATE run SET seed = 2",
                                      "INSERT INTO run SELECT * FROM run",
                                      "DROP TABLE task",
                                      "CREATE TABLE x (y)",
                                      "CREATE TEMP TABLE x (y)",
                                      "CREATE VIRTUAL TABLE x USING fts5(y)",
                                      "ALTER TABLE run RENAME TO ran",
                                      "ATTACH 'other.db' AS other",
                                      "DETACH main",
                                      "VACUUM",
                                      "VACUUM INTO 'other.db'",
                                      "REINDEX",
                                      "ANALYZE",
                                      "BEGIN EXCLUSIVE",
                                      "SAVEPOINT x",
                                      "PRAGMA user_version = 99",
                                      "PRAGMA journal_mode = DELETE",
                                      "PRAGMA query_only = OFF",
                                      "PRAGMA writable_schema = ON",
                                      "PRAGMA wal_checkpoint",
                                      "UPDATE sqlite_master SET sql = ''",
                                      "SELECT load_extension('/tmp/x.so')",
                                      "SELECT writefile('other.db', 'x')",
                                      "SELECT 1; DELETE FROM task",
                                      "WITH x AS (SELECT 1) DELETE FROM task",
                                      "EXPLAIN DELETE FROM task",
                                      "SELECT * FROM pragma_journal_mode('delete')",
                                      "SELECT randomblob(2000000000)"};

START_TEST(statements_can_only_read) {
  char command[512];
  snprintf(command, sizeof command,
           "(touch files sum; ls >files; sha256sum made.db >sum; " ISCC_QUERY
           "made.db --sql=\"%s\"; test $? = 2 && sha256sum -c --status sum && ls | cmp - files)",
           harmful[_i]);
  iscc_run_well(command);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "iscc query: SQL: "));
}
END_TEST

/* Words of strangers: none is obeyed by a terminal, none is taken for SQL; programs get them whole. */
#define EVIL "<script>\\x1b[2J'; DROP TABLE run; --"

START_TEST(names_of_strangers_are_shown_escaped) {
  iscc_run_well("cp made.db evil.db && sqlite3 evil.db \"UPDATE node SET scheme = '<script>' || char(27) || "
                "'[2J''; DROP TABLE run; "
                "--' WHERE scheme = 'jcc'; UPDATE run SET program = char(8238) || 'x' || char(10) || 'y'\"");
  iscc_run_expect(0, ISCC_QUERY "evil.db energy", EVIL);
  iscc_run_expect(0, ISCC_QUERY "evil.db", "\\xe2\\x80\\xaex\\ny");
  ck_assert_ptr_null(strchr(iscc_run_output, 27));
  iscc_run_expect(0, ISCC_QUERY "evil.db energy --by=program,scheme --format=jsonl",
                  "<script>\\u001B[2J'; DROP TABLE run; --");
  iscc_run_expect(0, ISCC_QUERY "evil.db energy --by=program,scheme --format=csv",
                  "<script>\033[2J'; DROP TABLE run; --");
  iscc_run_expect(
      0, "script -qec \"" ISCC_QUERY "evil.db energy --by=program,scheme --format=csv\" /dev/null", EVIL);
  iscc_run_expect(
      0,
      ISCC_QUERY
      "evil.db energy --where=\"scheme=<script>$(printf '\\033')[2J'; DROP TABLE run; --\" --format=csv",
      "DROP TABLE run");
  iscc_run_expect(2, ISCC_QUERY "evil.db energy --where=\"x' OR 1=1 --=1\"", "is no name here");
  iscc_run_expect(2, ISCC_QUERY "evil.db energy --by='scheme\" FROM run; --'", "is no name here");
  iscc_run_expect(2, ISCC_QUERY "evil.db \"$(printf '\\033')[2J\"", "'\\x1b[2J' is no question");
}
END_TEST

/* A view of our name that says something else is not asked. */
START_TEST(campaigns_of_strangers_are_shown_escaped) {
  static const char *const commands[] = {"show evil.db", "show --failed evil.db", "status evil.db",
                                         "compare evil.db --metric=energy_per_task_j --baseline=joint"};
  iscc_run_well("cp made.db evil.db && sqlite3 evil.db \"UPDATE execution SET program = 'p' || char(27) || "
                "'[31m', host = char(7), "
                "stderr = char(27) || 'c', arguments = json_set(arguments, '$.note', iif(run = 1, char(155), "
                "char(8238)))\"");
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    char command[256];
    snprintf(command, sizeof command,
             "(" ISCC "campaign %s >shown 2>&1; test -s shown && ! LC_ALL=C grep -q '[[:cntrl:]]' shown)",
             commands[i]);
    iscc_run_well(command);
  }
  iscc_run_expect(0, ISCC "campaign show evil.db", "p\\x1b[31m");
}
END_TEST

START_TEST(views_of_strangers_are_not_asked) {
  iscc_run_well("cp made.db evil.db && sqlite3 evil.db \"DROP VIEW v_node; CREATE VIEW v_node AS SELECT "
                "'false' AS scheme, 'done' AS "
                "run_status, 1 AS tasks\"");
  iscc_run_well(ISCC_QUERY "made.db energy >a && " ISCC_QUERY "evil.db energy >b && cmp a b");
}
END_TEST

START_TEST(csv_is_that_of_the_rfc) {
  iscc_run_well(
      ISCC_QUERY
      "made.db --format=csv --sql=\"SELECT 'a,b' AS 'x\"\"y', 'say \"\"hi\"\"' AS b, char(10) AS c, NULL AS "
      "d, '' AS e, "
      "0.1 + 0.2 AS f, 9007199254740993 AS g, x'00ff' AS h, 1e300 * 1e10 AS i, 2.0 AS j\" >out.csv");
  iscc_run_write(
      "read.py",
      "import csv\nrows = list(csv.reader(open('out.csv', newline='')))\n"
      "assert rows[0] == ['xy'] + list('bcdefghij') or rows[0][1:] == list('bcdefghij'), rows\n"
      "assert rows[1] == ['a,b', 'say hi', '\\n', '', '', '0.30000000000000004', '9007199254740993', '00ff', "
      "'inf', '2'] or rows[1][5:] == ['0.30000000000000004', '9007199254740993', '00ff', 'inf', '2'], "
      "rows\n");
  iscc_run_well("python3 read.py");
}
END_TEST

/* One line, and no database is changed or made. */
static const struct {
  const char *make, *says;
} bad[] = {{": >bad.db", "bad.db: holds no results"},
           {"head -c 5000 /dev/urandom >bad.db", "bad.db"},
           {"sqlite3 bad.db 'CREATE TABLE task (x)'", "bad.db"},
           {"cp made.db bad.db; sqlite3 bad.db 'PRAGMA user_version = 99'", "newer"},
           {"head -c 20000 made.db >bad.db", "bad.db"},
           {"head -c 100 made.db >bad.db", "bad.db"},
           {"head -c -100 made.db >bad.db", "bad.db: is cut short: it has "},
           {"cp made.db bad.db; sqlite3 bad.db 'DROP TABLE node'", "lacks tables"},
           {"mkdir bad.db", "bad.db"},
           {"mkfifo bad.db", "bad.db"}};

START_TEST(what_is_no_database_of_ours_is_refused) {
  char command[512];
  snprintf(command, sizeof command, "rm -rf bad.db; %s; ls -l bad.db >before", bad[_i].make);
  iscc_run_well(command);
  iscc_run_expect(1, "timeout 10 " ISCC_QUERY "bad.db energy", bad[_i].says);
  ck_assert_ptr_eq(strchr(iscc_run_output, '\n') + 1, iscc_run_output + strlen(iscc_run_output));
  iscc_run_well("ls -l bad.db | cmp - before && test ! -e bad.db-wal && test ! -e bad.db-shm; rm -rf bad.db");
}
END_TEST

/* Any byte may be wrong: answers or one clear line, no crash, no endless loop. */
START_TEST(damaged_databases_end_no_program) {
  iscc_run_write("damage.py", "import random, subprocess, sys\nr = random.Random(int(sys.argv[1]))\n"
                              "whole = open('made.db', 'rb').read()\n"
                              "for i in range(25):\n"
                              "    bytes_ = bytearray(whole)\n"
                              "    for _ in range(r.choice([1, 4, 64])):\n"
                              "        at = r.randrange(len(bytes_) if r.random() < 0.7 else 4096)\n"
                              "        bytes_[at] = r.randrange(256)\n"
                              "    open('damaged.db', 'wb').write(bytes_)\n"
                              "    for question in [], ['energy'], ['latency'], ['points']:\n"
                              "        done = subprocess.run([sys.argv[2], 'query', 'damaged.db'] + "
                              "question, capture_output=True, timeout=20)\n"
                              "        lines = done.stderr.count(b'\\n')\n"
                              "        assert done.returncode in (0, 1, 2), (i, question, done)\n"
                              "        assert lines == (done.returncode != 0), (i, question, done)\n");
  char command[256];
  snprintf(command, sizeof command, "python3 damage.py %d " ISCC, _i);
  iscc_run_well(command);
}
END_TEST

/* Words of a command line as they come: an answer, or one line that a terminal can show. */
START_TEST(command_lines_of_any_words_are_answered_or_refused) {
  iscc_run_write(
      "words.py",
      "import hashlib, random, subprocess, sys\nr = random.Random(int(sys.argv[1]))\n"
      "options = ['--where', '--by', '--sql', '--format', '--limit', '--metric', '--baseline', '--explain', "
      "'--version', '-x', '--']\n"
      "values = ['scheme', 'scheme=joint', 'split!=0', 'max-latency<=0.8', '--tasks', '.tasks', 'csv', "
      "'jsonl', '7', '-1', '1e9', '', "
      "'=', ',', 'SELECT 1', \"'\", '\"', '%s%n', 'energy_per_task_j', 'jcc', 'x' * 5000, '\\x1b[2J', "
      "'\\udcff\\udcfe', 'a\\nb']\n"
      "questions = ['energy', 'latency', 'decisions', 'slow-tasks', 'runs', 'points', 'compare', 'nosuch']\n"
      "def word():\n"
      "    kind = r.random()\n"
      "    if kind < 0.35: return r.choice(options) + '=' + r.choice(values)\n"
      "    if kind < 0.5: return r.choice(options)\n"
      "    if kind < 0.8: return r.choice(questions)\n"
      "    return r.choice(values)\n"
      "seen, kept = set(), open('made.db', 'rb').read()\n"
      "for _ in range(150):\n"
      "    words = ['made.db'] * (r.random() < 0.9) + [word() for _ in range(r.randrange(1, 5))]\n"
      "    done = subprocess.run([sys.argv[2], 'query'] + words, capture_output=True, timeout=20)\n"
      "    told = done.stderr.decode()\n"
      "    assert done.returncode in (0, 1, 2), (words, done)\n"
      "    assert done.returncode == 0 or told.startswith('iscc query: ') and not done.stdout, (words, "
      "done)\n"
      "    assert done.returncode == 0 or told.count('\\n') == 1, (words, done)\n"
      "    assert told.replace('\\n', '').isprintable(), (words, done)\n"
      "    seen.add(done.returncode)\n"
      "assert {0, 2} <= seen and open('made.db', 'rb').read() == kept, seen\n");
  char command[256];
  snprintf(command, sizeof command, "python3 words.py %d " ISCC, _i);
  iscc_run_well(command);
}
END_TEST

/* Nor by a picture or a page of its name, or of the name of what lies beside it. */
START_TEST(no_output_takes_the_place_of_a_database) {
  iscc_run_well(
      "cp made.db x.png && cp made.db y.csv && cp made.db z.db && sha256sum x.png y.csv z.db >kept");
  iscc_run_expect(1, ISCC "plot x.png energy -o x.png", "x.png: is a database, which is not overwritten");
  iscc_run_expect(1, ISCC "plot y.csv energy -o y.png", "y.csv: is a database, which is not overwritten");
  iscc_run_expect(1, ISCC "db archive x.png -o z.db-wal",
                  "z.db-wal: is a name that SQLite uses beside a database");
  iscc_run(ISCC "report z.db -o z.db"); /* 1, also in a build without its library */
  iscc_run_well("sha256sum -c kept");
}
END_TEST

/* A question that would fill the memory ends with what to do. */
START_TEST(memory_is_bounded) {
  iscc_run_expect(1,
                  ISCC_QUERY
                  "made.db --sql='SELECT randomblob(90000000), randomblob(90000000), randomblob(90000000), "
                  "randomblob(90000000), randomblob(90000000), randomblob(90000000)'",
                  "MB of memory");
}
END_TEST

Suite *iscc_suite_query_hostile(void);
Suite *iscc_suite_query_hostile(void) {
  Suite *suite = suite_create("query: hostile");
  TCase *tc = tcase_create("hostile");
  tcase_add_unchecked_fixture(tc, iscc_query_begin, iscc_query_end);
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, statements_can_only_read, 0, sizeof harmful / sizeof *harmful);
  tcase_add_test(tc, names_of_strangers_are_shown_escaped);
  tcase_add_test(tc, campaigns_of_strangers_are_shown_escaped);
  tcase_add_test(tc, views_of_strangers_are_not_asked);
  tcase_add_test(tc, csv_is_that_of_the_rfc);
  tcase_add_loop_test(tc, what_is_no_database_of_ours_is_refused, 0, sizeof bad / sizeof *bad);
  tcase_add_loop_test(tc, damaged_databases_end_no_program, 0, 2);
  tcase_add_loop_test(tc, command_lines_of_any_words_are_answered_or_refused, 0, 2);
  tcase_add_test(tc, no_output_takes_the_place_of_a_database);
  tcase_add_test(tc, memory_is_bounded);
  suite_add_tcase(suite, tc);
  return suite;
}
