/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs forked from a warm process beside runs of the same program loaded anew, and what ends with what. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "iscc-run-program.h"
#include "iscc-warm.h"

#define CAMPAIGN "'" ISCC_TEST_BUILD_DIR "/iscc' campaign "
#define SINGLE   ISCC_TEST_BUILD_DIR "/examples/iscc-single-device"

enum { ARGUMENTS = 8, WAIT_MS = 30000 };

static iscc_warm warm;
static sigset_t none;

static const char *in_folder(const char *name) {
  static char paths[4][128];
  static int next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", iscc_run_folder, name);
  return path;
}

/* test/execution/programs/warm-run.c as program p, linked with the library that iscc-single-device uses. */
static void build_program(void) {
  iscc_run_well("lib=$(ldd " SINGLE " | awk '/iscc/ && /ns3/ {print $3; exit}') && "
                "gcc -D_GNU_SOURCE " ISCC_TEST_SANITIZE " -o p '" ISCC_TEST_SOURCE_DIR
                "/test/execution/programs/warm-run.c' -Wl,--no-as-needed \"$lib\" -Wl,-rpath,\"$(dirname "
                "\"$lib\")\" -Wl,--unresolved-symbols=ignore-in-shared-libs");
}

static void begin(void) {
  iscc_run_begin();
  memset(&warm, 0, sizeof warm);
  sigemptyset(&none);
  if (ISCC_TEST_WITH_NS3) build_program();
}

/* Nothing of a test is left: no process, no zombie. */
static void end(void) {
  iscc_warm_end(&warm);
  ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
  ck_assert_int_eq(errno, ECHILD);
  iscc_run_end();
}

/* Starts a program of the folder, its arguments apart by blanks; its output goes to out.out and out.err. */
static void start(iscc_process *process, bool warmly, const char *command, const char *out) {
  char words[512], *argv[ARGUMENTS] = {NULL}, path[128], stdout_path[128], stderr_path[128];
  iscc_error error = {""};
  int argc = 0;
  snprintf(words, sizeof words, "%s", command);
  for (char *word = strtok(words, " "); word && argc < ARGUMENTS - 1; word = strtok(NULL, " "))
    argv[argc++] = word;
  ck_assert_int_gt(argc, 0);
  snprintf(path, sizeof path, "%s", argv[0][0] == '/' ? argv[0] : in_folder(argv[0]));
  argv[0] = path;
  snprintf(stdout_path, sizeof stdout_path, "%s/%s.out", iscc_run_folder, out);
  snprintf(stderr_path, sizeof stderr_path, "%s/%s.err", iscc_run_folder, out);
  const iscc_status status =
      warmly ? iscc_warm_start(&warm, process, argv, stdout_path, stderr_path, &none, &error)
             : iscc_process_start(process, argv, stdout_path, stderr_path, &none, &error);
  ck_assert_msg(status == ISCC_OK, "%s: %s", command, error.text);
}

static void wait_for(iscc_process *process) {
  for (int i = 0; i < WAIT_MS; i++) {
    if (iscc_process_ended(process)) return;
    nanosleep(&(struct timespec){0, 1000000}, NULL);
  }
  ck_abort_msg("it does not end");
}

static iscc_process run(bool warmly, const char *command, const char *out) {
  iscc_process process;
  start(&process, warmly, command, out);
  wait_for(&process);
  return process;
}

static bool is_alive(pid_t pid) {
  char command[96];
  snprintf(command, sizeof command, "grep -qs '^State:.[RSDT]' /proc/%d/status", (int)pid);
  return system(command) == 0;
}

/* All that a run can see but its time, memory and number. */
START_TEST(a_run_sees_the_same) {
  setenv("ISCC_TEST_OF_WARM", "some value", 1);
  run(false, "p show --RngSeed=1 --empty=", "anew");
  run(true, "p show --RngSeed=1 --empty=", "first");
  run(true, "p show --RngSeed=1 --empty=", "second");
  ck_assert_int_ne(warm.process.pid, 0);
  iscc_run_well("grep -q 'argument 3 --empty=' anew.out && grep -q 'WARM=some value' anew.out && "
                "diff anew.out first.out && diff anew.out second.out && grep -q 'on stderr' second.err && "
                "cmp anew.err second.err");
}
END_TEST

static const char *const tables[] = {"SELECT * FROM task", "SELECT * FROM node", "SELECT * FROM battery",
                                     "SELECT parameters, model_sha256, status FROM run"};

/* Real inference, on the threads of BLAS and OpenMP. */
START_TEST(a_simulation_is_the_same) {
  char command[512];
  for (int n = 1; n <= 3; n++) {
    const bool warmly = n > 1;
    snprintf(command, sizeof command,
             SINGLE " --tasks=40 --inference=real --battery=5 --RngRun=2 --db=%s/%d.db", iscc_run_folder, n);
    const iscc_process process = run(warmly, command, warmly ? "warm" : "anew");
    ck_assert_int_eq(process.exit_status, 0);
  }
  ck_assert_int_ne(warm.process.pid, 0);
  for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
    iscc_run_compare("1.db", "2.db", tables[t], true);
    iscc_run_compare("1.db", "3.db", tables[t], true);
  }
}
END_TEST

START_TEST(a_run_is_accounted_by_itself) {
  enum { MUCH = 190000000, LITTLE = 100000000, SOME = 1000000 };
  const iscc_process memory = run(true, "p memory", "a"), after = run(true, "p show", "b");
  const iscc_process busy = run(true, "p time", "c"), idle = run(true, "p show", "d");
  ck_assert_int_ne(warm.process.pid, 0);
  ck_assert_int_gt(memory.peak_bytes, MUCH);
  ck_assert_int_lt(after.peak_bytes, LITTLE);
  ck_assert_int_gt(after.peak_bytes, SOME);
  ck_assert(busy.cpu_s > 0.45 && busy.cpu_s < 2 && busy.elapsed_s > 0.45);
  ck_assert(idle.cpu_s > 0 && idle.cpu_s < 0.3);
}
END_TEST

START_TEST(its_end_is_known) {
  const iscc_process bad = run(true, "p exit 3", "a"), aborted = run(true, "p abort now", "b");
  ck_assert_int_eq(bad.exit_status, 3);
  ck_assert_int_eq(bad.signal, 0);
  ck_assert_int_eq(aborted.exit_status, -1);
  ck_assert_int_eq(aborted.signal, SIGABRT);
  iscc_process sleeper;
  start(&sleeper, true, "p sleep long", "c");
  const pid_t pid = sleeper.pid;
  ck_assert(!iscc_process_ended(&sleeper));
  ck_assert(is_alive(pid) && getpgid(pid) == pid);
  iscc_process_kill(&sleeper);
  ck_assert_int_eq(sleeper.signal, SIGKILL);
  ck_assert(!is_alive(pid));
  ck_assert_int_ne(warm.process.pid, 0);
}
END_TEST

/* As the shell's scripts in test-campaign-run.c, through a whole campaign; each told that it was warm. */
START_TEST(a_campaign_keeps_failures_apart) {
  iscc_run_well("printf 'program: ./p\\nresults: lines\\noptions: {a: 1}\\nruns: 7\\ntimeout: 1\\n' >c.yaml");
  ck_assert_int_eq(iscc_run(CAMPAIGN "run c.yaml --jobs=2"), 1);
  ck_assert_str_eq(iscc_run_sql("c.db",
                                "SELECT group_concat(outcome || n) FROM (SELECT outcome, count(*) AS n "
                                "FROM execution GROUP BY outcome ORDER BY outcome)"),
                   "done2,failed2,timed-out1,truncated2\n");
  ck_assert_str_eq(
      iscc_run_sql("c.db",
                   "SELECT run, exit_status, signal, stderr FROM execution WHERE run IN (2, 3) ORDER BY run"),
      "2|3||no luck\n\n3||6|\n");
  ck_assert_str_eq(iscc_run_sql("c.db", "SELECT name, sum(value) FROM metric GROUP BY name ORDER BY name"),
                   "m|8.0\nwarm|2.0\n");
  iscc_run_well("test ! -e c.db.runs");
  ck_assert_int_eq(iscc_run(CAMPAIGN "verify c.db --program ./p"), 1); /* which starts anew: no run is warm */
  ck_assert_msg(strstr(iscc_run_output, "warm is 0, was 1") != NULL, "%s", iscc_run_output);
}
END_TEST

/* The same ordinary simulations, recorded by a campaign and verified by runs that are not warm. */
START_TEST(a_campaign_verifies) {
  iscc_run_well("printf 'program: iscc-single-device\\noptions: {tasks: 20, inference: model, battery: 5}\\n"
                "grid: {snr-db: [5, 10]}\\nruns: 3\\n' >c.yaml");
  iscc_run_well(CAMPAIGN "run c.yaml --jobs=2");
  iscc_run_well(CAMPAIGN "verify c.db");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "6 runs again: 6 equal bit for bit, 0 different\n"));
}
END_TEST

/* It would run if it were taken for one that waits. */
START_TEST(another_program_is_run_as_ever) {
  iscc_run_well("printf '#!/bin/sh\\necho $1 >>'$PWD'/ran\\n' >script && chmod +x script");
  iscc_run_well(
      "printf '#!/bin/sh\\nexport A=b; exec '$PWD'/p \"$@\" c d\\n' >launcher && chmod +x launcher");
  run(true, "script a", "a");
  ck_assert_int_eq(warm.process.pid, 0);
  run(true, "script b", "b");
  iscc_run_well("test $(wc -l <ran) = 2");
  memset(&warm, 0, sizeof warm);
  run(true, "launcher show", "c");
  ck_assert_int_eq(warm.process.pid, 0);
  iscc_run_well("grep -q 'argument 3 d' c.out && grep -q 'A=b' c.out");
}
END_TEST

START_TEST(other_arguments_are_no_trouble) {
  run(true, "p show a b", "a");
  const pid_t pid = warm.process.pid;
  ck_assert_int_ne(pid, 0);
  run(true, "p show a b c", "b");
  run(true, "p show", "c");
  run(true, "p show d e", "d");
  ck_assert_int_eq(warm.process.pid, pid);
  iscc_run_well(
      "grep -q 'argument 4 c' b.out && grep -q 'argument 2 none' c.out && grep -q 'argument 3 e' d.out");
}
END_TEST

START_TEST(a_warm_process_may_die) {
  run(true, "p show a", "a");
  ck_assert_int_ne(warm.process.pid, 0);
  kill(warm.process.pid, SIGKILL);
  const iscc_process process = run(true, "p show b", "b");
  ck_assert_int_eq(process.exit_status, 0);
  ck_assert_int_eq(warm.process.pid, 0);
  iscc_run_well("grep -q 'argument 2 b' b.out");
}
END_TEST

/* Nothing ran, and whoever is asked for the run next has it. */
START_TEST(a_file_that_cannot_be_opened_is_told) {
  char path[160], out[160], want[256], *argv[] = {path, NULL};
  iscc_process process;
  snprintf(path, sizeof path, "%s/p", iscc_run_folder);
  snprintf(out, sizeof out, "%s/none/a.out", iscc_run_folder);
  snprintf(want, sizeof want, "cannot open %s: No such file or directory", out);
  for (int warmly = 0; warmly <= 1; warmly++) {
    iscc_error error = {""};
    const iscc_status status = warmly
                                   ? iscc_warm_start(&warm, &process, argv, out, "/dev/null", &none, &error)
                                   : iscc_process_start(&process, argv, out, "/dev/null", &none, &error);
    ck_assert_int_eq(status, ISCC_EIO);
    ck_assert_str_eq(error.text, want);
    ck_assert_int_eq(process.pid, 0);
  }
  const pid_t pid = warm.process.pid;
  ck_assert_int_ne(pid, 0);
  run(true, "p", "a");
  ck_assert_int_eq(warm.process.pid, pid);
}
END_TEST

/* It is waited for, then the run is started otherwise, once. */
START_TEST(a_warm_process_may_not_answer) {
  run(true, "p show a", "a");
  kill(warm.process.pid, SIGSTOP);
  const double start_s = iscc_process_clock_s();
  const iscc_process process = run(true, "p show b", "b");
  ck_assert(iscc_process_clock_s() - start_s > 5);
  ck_assert_int_eq(process.exit_status, 0);
  ck_assert_int_eq(warm.process.pid, 0);
  iscc_run_well("grep -c 'argument 2 b' b.out");
  ck_assert_int_eq(atoi(iscc_run_output), 1);
}
END_TEST

/* Orphans of others do not become ours: we are a subreaper for moments only. */
START_TEST(nobody_else_is_taken_in) {
  int subreaper = 1;
  run(true, "p show", "a");
  ck_assert_int_ne(warm.process.pid, 0);
  prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
  ck_assert_int_eq(subreaper, 0);
}
END_TEST

/* Killed while its last run sleeps, a campaign takes with it that run and the process it comes from. */
START_TEST(all_dies_with_the_campaign) {
  iscc_run_well("printf 'program: ./p\\nresults: lines\\noptions: {a: 1}\\nruns: 6\\n' >c.yaml; " CAMPAIGN
                "run c.yaml --jobs=1 >out 2>&1 & "
                "for i in $(seq 200); do sleep 0.05; ls c.db.runs/run-*-6.out >ls 2>&1 && break; done; "
                "c=$(cat /proc/$!/task/*/children); kill -9 $!; echo $c; "
                "for i in $(seq 50); do alive=; sleep 0.1; for p in $c; do "
                "grep -qs '^State:.[RSDT]' /proc/$p/status && alive=alive; done; test $alive || break; done; "
                "echo $alive");
  int first, second;
  ck_assert_msg(sscanf(iscc_run_output, "%d %d\n", &first, &second) == 2, "%s", iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, "alive") == NULL, "%s", iscc_run_output);
}
END_TEST

Suite *iscc_suite_warm(void);

Suite *iscc_suite_warm(void) {
  Suite *suite = suite_create("warm");
  TCase *tc = tcase_create("warm");
  tcase_add_checked_fixture(tc, begin, end);
  tcase_set_timeout(tc, 120);
  if (ISCC_TEST_WITH_NS3) {
    tcase_add_test(tc, a_run_sees_the_same);
    tcase_add_test(tc, a_simulation_is_the_same);
    tcase_add_test(tc, a_run_is_accounted_by_itself);
    tcase_add_test(tc, its_end_is_known);
    tcase_add_test(tc, a_campaign_keeps_failures_apart);
    tcase_add_test(tc, a_campaign_verifies);
    tcase_add_test(tc, another_program_is_run_as_ever);
    tcase_add_test(tc, other_arguments_are_no_trouble);
    tcase_add_test(tc, a_warm_process_may_die);
    tcase_add_test(tc, a_file_that_cannot_be_opened_is_told);
    tcase_add_test(tc, a_warm_process_may_not_answer);
    tcase_add_test(tc, nobody_else_is_taken_in);
    tcase_add_test(tc, all_dies_with_the_campaign);
  }
  suite_add_tcase(suite, tc);
  return suite;
}
