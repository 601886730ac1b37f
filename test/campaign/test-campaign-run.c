/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc campaign run` on real processes: what comes into the database, and what does when things go wrong. */
#include <check.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"
#include "iscc-sequential.h"

#define RUN    "'" ISCC_TEST_BUILD_DIR "/iscc' campaign run c.yaml "
#define PLAN   "'" ISCC_TEST_BUILD_DIR "/iscc' campaign plan c.yaml "
#define SINGLE ISCC_TEST_BUILD_DIR "/examples/iscc-single-device"

static const char *const by_outcome =
    "SELECT group_concat(outcome || n) FROM (SELECT outcome, count(*) AS n FROM "
    "execution GROUP BY outcome ORDER BY outcome)";

/* The same tasks as the program records by itself, and metrics that plain SQL finds in them. */
START_TEST(a_run_is_recorded_as_the_program_would) {
  iscc_run_write("c.yaml", "program: iscc-single-device\nseed: 5\noptions: {tasks: 30, inference: model}\n"
                           "grid: {scheme: [joint, pca]}\nruns: 3\n");
  iscc_run_well(RUN);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "6 runs done, 0 done before, 0 failed; in c.db"));
  iscc_run_well(SINGLE " --tasks=30 --inference=model --scheme=pca --RngSeed=5 --RngRun=2 --db=own.db");
  static const char tasks[] =
      "SELECT node_id, task_no, outcome, arrival_ns, finish_ns, energy_j, correct FROM task JOIN "
      "node USING (run_id, node_id) JOIN run USING (run_id) WHERE scheme = 'pca' AND run = 2";
  iscc_run_compare("c.db", "own.db", tasks, true);
  iscc_run_expect_sql(
      "c.db",
      "SELECT count(*) FROM metric JOIN execution USING (execution_id) JOIN (SELECT run_id, "
      "avg(energy_j) AS e FROM "
      "task WHERE energy_j > 0 GROUP BY run_id) USING (run_id) WHERE name = 'energy_per_task_j' AND "
      "abs(value - e) < 1e-12",
      "6");
  iscc_run_expect_sql(
      "c.db",
      "SELECT count(DISTINCT r.run) || ' ' || min(json_extract(arguments, '$.scheme') = scheme) FROM "
      "execution e JOIN run r USING "
      "(run_id) JOIN node USING (run_id) WHERE e.run = r.run AND e.seed = r.seed",
      "3 1");
  iscc_run_expect_sql(
      "c.db",
      "SELECT min(exit_status = 0 AND elapsed_wall_s > 0.01 AND cpu_wall_s > 0.01 AND peak_wall_bytes "
      "> 1e7) FROM "
      "execution",
      "1");
  iscc_run_expect_sql("c.db", "PRAGMA foreign_key_check", "");
  iscc_run_well("test ! -e c.db.runs");
}
END_TEST

START_TEST(what_is_done_is_not_run_again) {
  iscc_run_write_program("echo x >>ran; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2]}\nruns: 3\n");
  iscc_run_well(RUN);
  iscc_run_well(RUN);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "0 runs done, 6 done before, 0 failed"));
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2, 3]}\nruns: 4\n");
  iscc_run_well(RUN);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "6 runs done, 6 done before, 0 failed"));
  iscc_run_well("wc -l <ran");
  ck_assert_int_eq(atoi(iscc_run_output), 12);
  iscc_run_expect_sql(
      "c.db",
      "SELECT count(DISTINCT arguments || run) || ' ' || sum(value) FROM execution JOIN metric USING "
      "(execution_id)",
      "12 30.0");
}
END_TEST

/* Two seconds each, two at a time. */
START_TEST(a_plan_knows_what_is_done) {
  iscc_run_write_program("test $RUN != 2 || exit 1; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2]}\nruns: 2\n");
  iscc_run_well(PLAN);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "Time        not known before something of it has run\n"));
  ck_assert_int_eq(iscc_run(RUN), 1);
  iscc_run_well("sqlite3 c.db 'UPDATE execution SET elapsed_wall_s = 2'");
  iscc_run_write("c.yaml",
                 "program: ./p\nresults: lines\ngrid: {a: [1, 2, 3]}\nruns: {min: 6, max: 206, until: "
                 "[{metric: m, relative: 0.1}]}\n");
  iscc_run_well(PLAN "--jobs=2");
  ck_assert_msg(strstr(iscc_run_output,
                       "Done        2, 2 failed; to do 14 to 614\n"
                       "Time        about 14 s to 11 min for the rest, 2 at a time\n") != NULL,
                "%s", iscc_run_output);
}
END_TEST

/* First from times that this campaign has seen, then from those on record. */
/* One run in ten takes nearly all of the time, and comes first: a speed of runs would make it ten times as long. */
START_TEST(the_time_to_go_is_that_of_the_runs_that_are_left) {
  iscc_run_write_program("test $A != 1 || sleep 1; echo m=1");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: {from: 1, to: 10, step: 1}}\nruns: 1\n");
  iscc_run_well(RUN "--jobs=1");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: {from: 1, to: 10, step: 1}}\nruns: 2\n");
  iscc_run_well("script -qec \"" ISCC_TEST_BUILD_DIR
                "/iscc campaign run c.yaml --jobs=1\" /dev/null | tr '\\r' '\\n'");
  ck_assert_msg(strstr(iscc_run_output, "]   0 %  1 s to go") != NULL, "%s", iscc_run_output);
}
END_TEST

START_TEST(the_longest_comes_first) {
  iscc_run_write_program("echo \"$A.$RUN\" >>ran; test $A != 2 || sleep 0.2; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2, 3]}\nruns: 3\n");
  iscc_run_well(RUN "--jobs=1");
  iscc_run_well("tr '\\n' ' ' <ran");
  ck_assert_msg(strncmp(iscc_run_output, "1.1 2.1 3.1 ", 12) == 0, "%s", iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, " 2.2 2.3 1.2 1.3 ") != NULL, "%s", iscc_run_output);
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2, 3]}\nruns: 5\n");
  iscc_run_well("rm ran; " RUN "--jobs=1; cat ran");
  ck_assert_msg(strstr(iscc_run_output, "\n2.4\n2.5\n") != NULL, "%s", iscc_run_output);
  ck_assert_ptr_null(strstr(strstr(iscc_run_output, "\n2.5\n"), "2.4"));
  iscc_run_well("head -n 1 ran");
  ck_assert_str_eq(iscc_run_output, "2.4\n");
}
END_TEST

/* Each way to fail, apart and never among what is done. */
START_TEST(what_fails_is_kept_apart) {
  iscc_run_write_program(
      "case $RUN in 1) echo m=1;; 2) printf 'no luck\\n\\nTry --help\\n' >&2; exit 3;; 3) kill -9 "
      "$$;; 4) echo nothing;; "
      "5) echo m=nan;; 6) sleep 60;; esac");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 6\ntimeout: 1\n");
  ck_assert_int_eq(iscc_run(RUN "--jobs=1"), 1);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "1 runs done, 0 done before, 5 failed"));
  ck_assert_msg(strstr(iscc_run_output, "{} RngRun=2 failed with status 3: no luck") != NULL, "%s",
                iscc_run_output);
  iscc_run_expect_sql("c.db", by_outcome, "done1,failed2,timed-out1,truncated2");
  iscc_run_expect_sql("c.db", "SELECT exit_status || substr(stderr, 1, 7) FROM execution WHERE run = 2",
                      "3no luck");
  iscc_run_expect_sql("c.db", "SELECT signal || coalesce(exit_status, ' none') FROM execution WHERE run = 3",
                      "9 none");
  iscc_run_expect_sql("c.db", "SELECT stderr FROM execution WHERE run = 4", "it printed no line NAME=VALUE");
  iscc_run_expect_sql("c.db", "SELECT stderr FROM execution WHERE run = 5", "line 1: m is not finite");
  iscc_run_expect_sql("c.db", "SELECT elapsed_wall_s BETWEEN 1 AND 20 FROM execution WHERE run = 6", "1");
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM metric", "1");
  ck_assert_int_eq(iscc_run(RUN), 1); /* nothing is run again unasked */
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "0 runs done, 1 done before, 0 failed"));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "5 failed before and were not run again"));
  iscc_run_write_program("echo m=$RUN");
  ck_assert_int_eq(iscc_run(RUN "--retry-failed"), 2);
  ck_assert_msg(strstr(iscc_run_output, "holds 1 results of another p") != NULL, "%s", iscc_run_output);
  iscc_run_well(RUN "--retry-failed --mix-programs");
  iscc_run_expect_sql("c.db", by_outcome, "done6,failed2,timed-out1,truncated2");
  iscc_run_expect_sql("c.db", "SELECT sum(value) FROM metric", "21.0");
}
END_TEST

/* A database program that ends well without a whole run in its database. */
START_TEST(half_a_recording_is_truncated) {
  iscc_run_write_program(
      "for o in \"$@\"; do case $o in --db=*) DB=${o#*=};; esac; done\n"
      "case $RUN in 1) ;; 2) echo garbage >$DB;; 3) sqlite3 $DB 'CREATE TABLE x (y)';; esac");
  iscc_run_write("c.yaml", "program: ./p\nruns: 3\n");
  ck_assert_int_eq(iscc_run(RUN), 1);
  iscc_run_expect_sql("c.db", by_outcome, "truncated3");
  iscc_run_expect_sql("c.db", "SELECT stderr FROM execution WHERE run = 1", "it recorded nothing (no --db?)");
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM run", "0");
}
END_TEST

/* Killed at several moments: what was done is done once, nothing is left over, and no process goes on. */
START_TEST(a_killed_campaign_goes_on) {
  iscc_run_write_program("echo $$ >>pids; sleep 0.05; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2]}\nruns: 10\n");
  for (int i = 1; i <= 4; i++) {
    char command[512];
    snprintf(command, sizeof command,
             "timeout -s KILL 0.%d " RUN "--jobs=2; sleep 0.2; "
             "for p in $(cat pids); do grep -qs '^State:.[RSD]' /proc/$p/status && echo alive; done",
             2 * i);
    iscc_run(command);
    ck_assert_msg(strstr(iscc_run_output, "alive\n") == NULL, "%s", iscc_run_output);
  }
  iscc_run_well(RUN "--jobs=2");
  iscc_run_expect_sql(
      "c.db",
      "SELECT count(*) || ' ' || count(DISTINCT arguments || '/' || run) || ' ' || sum(value) FROM "
      "execution JOIN metric "
      "USING (execution_id)",
      "20 20 110.0");
  iscc_run_expect_sql("c.db", "PRAGMA integrity_check", "ok");
  iscc_run_well("test ! -e c.db.runs && test $(wc -l <pids) -lt 40");
}
END_TEST

/* What ignores it goes on: a campaign of nohup when its terminal closes, one whose parent ignores the ends of children. */
START_TEST(ignored_signals_stop_nothing) {
  iscc_run_write_program("sleep 0.2; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 6\n");
  iscc_run_well(
      "(nohup " RUN
      "--jobs=1 >out 2>&1 & sleep 0.5; kill -HUP $!; wait $!; test $? = 0 && grep -q '6 runs done' out)");
  iscc_run_well("timeout 20 python3 -c \"import os,signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN); "
                "os.execv('" ISCC_TEST_BUILD_DIR
                "/iscc', ['iscc', 'campaign', 'run', 'c.yaml', '--db=d.db'])\"");
}
END_TEST

/* With a run ends what it has left in the background. */
START_TEST(nothing_is_left_behind) {
  iscc_run_write_program("sleep 50 & echo $! >>pids; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 3\n");
  iscc_run_well(RUN);
  iscc_run_well("test $(wc -l <pids) = 3 && for p in $(cat pids); do ! grep -qs '^State:.[RSD]' "
                "/proc/$p/status || exit 1; done");
}
END_TEST

START_TEST(ctrl_c_keeps_what_is_done) {
  iscc_run_write_program("test $RUN -le 4 || sleep 60; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 8\n");
  ck_assert_int_eq(
      iscc_run("timeout --foreground -s INT 2 " RUN "--jobs=2 2>&1; test $? = 124 || exit 9; exit 0"), 0);
  ck_assert_msg(strstr(iscc_run_output, "4 runs done, 0 done before, 0 failed") != NULL, "%s",
                iscc_run_output);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "interrupted; the same command goes on"));
  iscc_run_expect_sql("c.db", by_outcome, "done4");
  iscc_run_well("test ! -e c.db.runs");
  /* a signal that comes twice, the second time while it ends */
  iscc_run_well(
      "(" RUN
      "--jobs=2 >out 2>&1 & sleep 1; kill -STOP $!; kill -TERM $!; kill -HUP $!; kill -CONT $!; wait $!; "
      "test $? = 130 && grep -q '0 runs done, 4 done before' out)");
}
END_TEST

/* Values m = 10 + noise of a point: fixed numbers that look random. */
static double noisy(int run, int a) {
  return 10 + (double)((run * 7919 + a * 104729) % 1000) / (a == 1 ? 500. : 100.);
}

#define NOISY                                                                                                \
  "echo \"m=$(awk -v r=$RUN -v a=$A 'BEGIN { printf \"%.17g\", 10 + (r * 7919 + a * 104729) % 1000 / (a == " \
  "1 ? 500 : 100) }')\""

/* How many replications the documented looks come to. */
static int64_t replications_of(int a, double width, int64_t least, int64_t most) {
  const iscc_sequential_rule rule = {.confidence = 0.95, .width = width, .minimum = (size_t)least};
  for (int64_t n = least;;) {
    iscc_moments moments = {0};
    for (int64_t run = 1; run <= n; run++) iscc_moments_add(&moments, noisy((int)run, a));
    const iscc_sequential_look seen = iscc_sequential_look_at(&rule, &moments);
    if (seen.reached || n == most) return n;
    n = (int64_t)fmin(fmin(fmax(ceil(seen.needed), (double)n + 1), ceil(1.5 * (double)n)), (double)most);
  }
}

/* The same runs for any number of jobs, and as many as the rule wants, point by point. */
START_TEST(runs_stop_when_the_interval_is_narrow) {
  static const char *const jobs[] = {"--jobs=1", "--jobs=4"};
  char want[64], command[512];
  const int64_t first = replications_of(1, 0.4, 5, 60), second = replications_of(2, 0.4, 5, 60);
  ck_assert_msg(first > 5 && first < 60 && second == 60, "%d and %d", (int)first, (int)second);
  snprintf(want, sizeof want, "%d %d", (int)first, (int)second);
  iscc_run_write_program(NOISY);
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2]}\n"
                           "runs: {min: 5, max: 60, until: [{metric: m, absolute: 0.4}]}\n");
  for (int i = 0; i < 2; i++) {
    snprintf(command, sizeof command, "rm -f c.db*; " RUN "%s", jobs[i]);
    iscc_run_well(command);
    ck_assert_msg(strstr(iscc_run_output, "1 groups of points do not reach their goals") != NULL, "%s",
                  iscc_run_output);
    iscc_run_expect_sql(
        "c.db",
        "SELECT max(run) FILTER (WHERE arguments LIKE '%1%') || ' ' || max(run) FILTER (WHERE "
        "arguments LIKE '%2%') "
        "FROM execution",
        want);
    iscc_run_expect_sql(
        "c.db",
        "SELECT count(*) = sum(n) FROM (SELECT max(run) AS n FROM execution GROUP BY arguments), "
        "(SELECT count(*) AS c "
        "FROM execution) GROUP BY c HAVING c = sum(n)",
        "0");
  }
}
END_TEST

/* Of pairs, noise that both have in common does not matter. */
START_TEST(pairs_stop_early_and_together) {
  iscc_run_write_program(
      "echo \"m=$(awk -v r=$RUN -v b=$B 'BEGIN { print 100 + (r * 7919) % 97 + (b == \"x\") + (r % "
      "3) / 100 }')\"");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {b: [x, y]}\n"
                           "runs: {max: 50, until: [{metric: m, by: b, baseline: y, relative: 0.01}]}\n");
  iscc_run_well(RUN);
  iscc_run_expect_sql(
      "c.db", "SELECT group_concat(n) FROM (SELECT count(*) AS n FROM execution GROUP BY arguments)", "5,5");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {b: [x, y]}\n"
                           "runs: {max: 50, until: [{metric: m, relative: 0.01}]}\n");
  iscc_run_well(RUN); /* the metric itself is noisy */
  iscc_run_expect_sql("c.db",
                      "SELECT group_concat(n) FROM (SELECT count(*) AS n FROM execution GROUP BY arguments)",
                      "50,50");
}
END_TEST

static const struct {
  const char *set_up, *run, *says;
  int status;
} troubles[] = {
    {"echo garbage >c.db", RUN, "c.db: is not an SQLite database", 1},
    {"sqlite3 c.db 'CREATE TABLE x (y)'", RUN, "c.db: is a database of another program", 1},
    {"mkdir c.db.runs && touch c.db.runs/lock && flock c.db.runs/lock sleep 5 >/dev/null 2>&1 & sleep 0.5",
     RUN, "another campaign works on this database", 1},
    {"touch c.db.runs", RUN, "c.db.runs", 1},
    {"true", RUN "--db=none/c.db", "none/c.db: cannot be opened: unable to open", 1},
    {"true", RUN "--db=", "is not the name of a file", 2},
    {"true", RUN "--jobs=0", "jobs", 2},
    {"true", "ulimit -f 200; " RUN, "c.db: cannot be written: disk I/O error; make room", 1},
    {"printf 'not a program' >p", RUN, "p: cannot be started: Exec format error", 1},
};

START_TEST(trouble_is_told_in_one_line) {
  iscc_run_write_program(
      "echo m=$RUN; for i in 1 2 3 4 5 6 7 8 9; do echo $RUN is a long line that will fill the "
      "database $i $i $i $i $i $i >&2; done");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 400\n");
  iscc_run_well(troubles[_i].set_up);
  const int status = iscc_run(troubles[_i].run);
  ck_assert_msg(strstr(iscc_run_output, troubles[_i].says) != NULL, "'%s' is not in: %s", troubles[_i].says,
                iscc_run_output);
  ck_assert_msg(status == troubles[_i].status, "exit status %d: %s", status, iscc_run_output);
}
END_TEST

/* What is taken away while it works ends it, and is not taken for a failure of the runs. */
START_TEST(what_is_taken_away_is_told) {
  static const char *const taken[][2] = {{"rm -f c.db c.db-wal c.db-shm", "c.db: removed or replaced"},
                                         {"mv c.db.runs old", "c.db.runs: removed or moved"}};
  char body[256];
  snprintf(body, sizeof body, "echo m=$RUN; test $RUN != 3 || { %s; }", taken[_i][0]);
  iscc_run_write_program(body);
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 9\n");
  ck_assert_int_eq(iscc_run(RUN "--jobs=1"), 1);
  ck_assert_msg(strstr(iscc_run_output, taken[_i][1]) != NULL, "%s", iscc_run_output);
  ck_assert_ptr_null(strstr(iscc_run_output, "9 runs done"));
  if (_i == 1) /* run 2 may not have been added yet when run 3 takes it away */
    iscc_run_expect_sql("c.db", "SELECT count(*) BETWEEN 1 AND 2 AND min(outcome = 'done') FROM execution",
                        "1");
}
END_TEST

/* A point whose partner 'where' leaves out has nothing to reach. */
START_TEST(points_without_partner_are_told) {
  iscc_run_write_program("echo m=$((RUN * 7919 % 101 + A))");
  iscc_run_write(
      "c.yaml",
      "program: ./p\nresults: lines\ngrid: {a: [1, 2], b: [1, 2]}\nwhere: a = 2 OR b = 1\nruns: {min: 5, "
      "max: 9, until: [{metric: m, by: a, baseline: 1, absolute: 1}]}\n");
  iscc_run_expect(0, PLAN, "paired difference by a to 1, within +- 1; 1 point has no partner\n");
  iscc_run_expect(0, RUN, "Without a partner with a=1: 1 point, with nothing of m to reach");
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM execution", "15");
}
END_TEST

/* What is no UTF-8, and a letter that is cut in two where the end begins. */
START_TEST(stderr_is_kept_as_text) {
  iscc_run_write_program(
      "e=$(printf '\\303\\251'); echo m=1; case $RUN in 1) printf 'caf\\351 \\033[31mred' >&2;; "
      "2) printf '%04000dy' 0 | sed s/0/$e/g >&2;; 3) printf caf$e >&2;; esac");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 3\n");
  iscc_run_well(RUN);
  iscc_run_expect_sql("c.db", "SELECT stderr FROM execution WHERE run = 1", "caf? ?[31mred");
  iscc_run_expect_sql("c.db", "SELECT length(stderr) || substr(stderr, 1, 3) FROM execution WHERE run = 2",
                      "2001?\303\251\303\251");
  iscc_run_expect_sql("c.db", "SELECT stderr FROM execution WHERE run = 3", "caf\303\251");
}
END_TEST

/* A fixed number of runs that a stopping rule looks at later is no fixed number any more. */
START_TEST(looking_later_is_looking) {
  iscc_run_write_program("echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2]}\nruns: 6\n");
  iscc_run_well(RUN);
  iscc_run_expect_sql("c.db", "SELECT group_concat(DISTINCT stopping) FROM execution", "fixed");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [2]}\n"
                           "runs: {max: 9, until: [{metric: m, absolute: 100}]}\n");
  iscc_run_well(RUN);
  iscc_run_expect_sql(
      "c.db",
      "SELECT group_concat(stopping || json_extract(arguments, '$.a') || n) FROM (SELECT stopping, "
      "arguments, "
      "count(*) AS n FROM execution GROUP BY 1, 2 ORDER BY 1)",
      "fixed16,precision26");
}
END_TEST

/* After the disk was full the database is whole, and the campaign goes on. */
START_TEST(a_full_disk_corrupts_nothing) {
  iscc_run_write_program(
      "echo m=$RUN; for i in 1 2 3 4 5 6 7 8 9; do echo $RUN is a long line that will fill the "
      "database $i $i $i >&2; done");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 400\n");
  ck_assert_int_eq(iscc_run("ulimit -f 300; " RUN), 1);
  iscc_run_expect_sql("c.db", "PRAGMA integrity_check", "ok");
  iscc_run_expect_sql("c.db", "SELECT count(*) BETWEEN 1 AND 399 FROM execution", "1");
  iscc_run_well(RUN);
  iscc_run_expect_sql("c.db",
                      "SELECT count(*) || ' ' || sum(value) FROM execution JOIN metric USING (execution_id)",
                      "400 80200.0");
}
END_TEST

/* One value of an option has no such metric at all: more runs are in vain. */
START_TEST(what_has_no_pairs_stops_at_the_minimum) {
  iscc_run_write_program("echo k=1; test $B = y || echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {b: [x, y]}\n"
                           "runs: {max: 50, until: [{metric: m, by: b, baseline: y, relative: 0.01}]}\n");
  iscc_run_well(RUN);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "10 runs done"));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "1 groups of points do not reach their goals"));
}
END_TEST

START_TEST(a_metric_that_is_not_there_ends_it) {
  iscc_run_write_program("echo m=$RUN");
  iscc_run_write("c.yaml",
                 "program: ./p\nresults: lines\nruns: {max: 9, until: [{metric: energy, relative: 0.1}]}\n");
  ck_assert_int_eq(iscc_run(RUN), 2);
  ck_assert_msg(strstr(iscc_run_output, "metric 'energy': no run of p has it; there are m") != NULL, "%s",
                iscc_run_output);
}
END_TEST

Suite *iscc_suite_campaign_run(void);

Suite *iscc_suite_campaign_run(void) {
  Suite *suite = suite_create("campaign-run");
  TCase *tc = tcase_create("campaign-run");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 120);
  if (ISCC_TEST_WITH_NS3) tcase_add_test(tc, a_run_is_recorded_as_the_program_would);
  tcase_add_test(tc, what_is_done_is_not_run_again);
  tcase_add_test(tc, a_plan_knows_what_is_done);
  tcase_add_test(tc, the_time_to_go_is_that_of_the_runs_that_are_left);
  tcase_add_test(tc, the_longest_comes_first);
  tcase_add_test(tc, what_fails_is_kept_apart);
  tcase_add_test(tc, half_a_recording_is_truncated);
  tcase_add_test(tc, a_killed_campaign_goes_on);
  tcase_add_test(tc, ignored_signals_stop_nothing);
  tcase_add_test(tc, nothing_is_left_behind);
  tcase_add_test(tc, ctrl_c_keeps_what_is_done);
  tcase_add_test(tc, runs_stop_when_the_interval_is_narrow);
  tcase_add_test(tc, pairs_stop_early_and_together);
  tcase_add_loop_test(tc, trouble_is_told_in_one_line, 0, sizeof troubles / sizeof *troubles);
  tcase_add_loop_test(tc, what_is_taken_away_is_told, 0, 2);
  tcase_add_test(tc, points_without_partner_are_told);
  tcase_add_test(tc, stderr_is_kept_as_text);
  tcase_add_test(tc, looking_later_is_looking);
  tcase_add_test(tc, a_full_disk_corrupts_nothing);
  tcase_add_test(tc, what_has_no_pairs_stops_at_the_minimum);
  tcase_add_test(tc, a_metric_that_is_not_there_ends_it);
  suite_add_tcase(suite, tc);
  return suite;
}
