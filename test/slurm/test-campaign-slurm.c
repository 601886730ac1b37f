/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc campaign run --engine=slurm` on a real cluster of one node, which slurm-cluster.sh starts and stops: two runs at a time,
 * arrays of four tasks at most. Left out, and said so, where Slurm is not installed. */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-run-program.h"

#define ISCC  "'" ISCC_TEST_BUILD_DIR "/iscc' campaign "
#define LOCAL ISCC "run c.yaml "
#define RUN   LOCAL "--engine=slurm --poll=1 "

static char cluster_folder[] = "/tmp/iscc-test-slurm-XXXXXX";
static FILE *cluster; /* it ends when this does */

/* The first of the commands that is missing; NULL: none. */
static const char *missing_command(void) {
  static const char *const needed[] = {"munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"};
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    char command[128];
    snprintf(command, sizeof command, "PATH=$PATH:/usr/sbin:/sbin command -v %s >/dev/null", needed[i]);
    if (system(command)) return needed[i];
  }
  return NULL;
}

static void start_cluster(void) {
  enum { PATIENCE_MS = 60000, STEP_MS = 50 };
  char command[512], conf[64], line[256] = "";
  ck_assert_ptr_nonnull(mkdtemp(cluster_folder));
  snprintf(conf, sizeof conf, "%s/slurm.conf", cluster_folder);
  ck_assert_int_eq(setenv("SLURM_CONF", conf, 1), 0);
  snprintf(command, sizeof command,
           "exec '" ISCC_TEST_SOURCE_DIR "/test/slurm/slurm-cluster.sh' %s >%s/said 2>&1", cluster_folder,
           cluster_folder);
  cluster = popen(command, "we");
  ck_assert_ptr_nonnull(cluster);
  snprintf(command, sizeof command, "%s/said", cluster_folder);
  for (int waited = 0; waited < PATIENCE_MS && !line[0]; waited += STEP_MS) {
    usleep(1000 * STEP_MS);
    FILE *said = fopen(command, "r");
    if (said && !fgets(line, sizeof line, said)) line[0] = '\0';
    if (said) fclose(said);
  }
  ck_assert_msg(strcmp(line, "ready\n") == 0, "the cluster does not start: %s", line);
}

static void stop_cluster(void) {
  char command[128];
  if (cluster) pclose(cluster);
  cluster = NULL;
  snprintf(command, sizeof command, "rm -rf %s", cluster_folder);
  if (system(command)) fprintf(stderr, "%s failed\n", command);
}

/* What a test that failed has left in the queue is no other's. */
static void begin(void) {
  iscc_run_begin();
  iscc_run_well(
      "scancel --user=$(id -un); for i in $(seq 100); do test -z \"$(squeue -h)\" && break; sleep 0.1; done");
}

/* A scenario in shell that notes each run in the file ran. RUN is the replication, A an option. */
static void write_program(const char *body) {
  char text[2048];
  snprintf(text, sizeof text,
           "#!/bin/sh\nfor o in \"$@\"; do case $o in --RngRun=*) RUN=${o#*=};; --a=*) A=${o#*=};; esac; "
           "done\necho $A/$RUN >>ran\n%s\n",
           body);
  iscc_run_write("p", text);
  iscc_run_well("chmod +x p");
}

static void expect_nothing_left(void) {
  iscc_run_well("test ! -e c.db.runs");
}

/* Every run was started so many times in all, and none twice. */
static void expect_each_once(int runs) {
  char command[128];
  snprintf(command, sizeof command, "test -z \"$(sort ran | uniq -d)\" && test $(wc -l <ran) = %d", runs);
  iscc_run_well(command);
}

#define EXECUTIONS                                                                                           \
  "SELECT program, program_sha256, arguments, seed, run, stopping, outcome, exit_status, signal, stderr, "   \
  "name, value FROM execution LEFT JOIN metric USING (execution_id) ORDER BY arguments, run, name"

/* Failures, timeouts and all: the same executions and metrics, and as many replications as the goal asks for. */
START_TEST(printed_results_are_those_of_this_machine) {
  write_program("test $RUN != 3 || exit 4; test $A$RUN != 24 || sleep 60\n"
                "echo \"m=$(awk -v r=$RUN -v a=$A 'BEGIN { printf \"%.17g\", 10 + (r * 7919 + a * 104729) % "
                "1000 / (a == 1 ? 1000 : 300) }')\"");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2]}\ntimeout: 2\n"
                           "runs: {min: 5, max: 14, until: [{metric: m, absolute: 0.5}]}\n");
  ck_assert_int_eq(iscc_run(RUN), 1);
  ck_assert_int_eq(iscc_run(LOCAL "--db=d.db"), 1);
  iscc_run_compare("c.db", "d.db", EXECUTIONS, true);
  iscc_run_expect_sql("c.db", "SELECT max(run) > 5 FROM execution", "1"); /* more than one round */
  iscc_run_well("squeue --states=all --noheader --array --format=%K | sort -nu | tr '\\n' ' '");
  ck_assert_str_eq(iscc_run_output, "0 1 2 3 "); /* bundled */
  expect_nothing_left();
}
END_TEST

START_TEST(recorded_results_are_those_of_this_machine) {
  iscc_run_write("c.yaml", "program: iscc-single-device\noptions: {tasks: 10, inference: model, battery: 5}\n"
                           "grid: {scheme: [joint, pca]}\nruns: 3\n");
  iscc_run_well(RUN);
  iscc_run_well(LOCAL "--db=d.db");
  iscc_run_compare("c.db", "d.db", EXECUTIONS, true);
  iscc_run_compare("c.db", "d.db",
                   "SELECT scheme, run, t.* FROM (SELECT run_id AS id, * FROM task) t JOIN node USING "
                   "(run_id, node_id) JOIN run USING (run_id) ORDER BY scheme, run, task_no",
                   false); /* run_id is another one: runs come as they end */
  iscc_run_compare("c.db", "d.db",
                   "SELECT scheme, run, task_no, outcome, arrival_ns, finish_ns, latency_s, energy_j, "
                   "datagrams, correct FROM task JOIN node USING (run_id, node_id) JOIN run USING (run_id) "
                   "ORDER BY scheme, run, task_no",
                   true);
  iscc_run_compare("c.db", "d.db",
                   "SELECT scheme, run, parameters, task_no, turn, split, bits, keep_ratio, "
                   "sensing_power_w, transmit_power_w, latency_s, d.energy_j, remaining_j FROM decision d "
                   "JOIN battery USING (run_id, node_id) JOIN node USING (run_id, node_id) JOIN run USING "
                   "(run_id) ORDER BY scheme, run, task_no, turn",
                   true);
  iscc_run_expect_sql("c.db", "PRAGMA foreign_key_check", "");
  expect_nothing_left();
}
END_TEST

/* The run that its worker had in hand is run again, and nothing else. */
START_TEST(a_killed_worker_loses_its_run_in_flight) {
  write_program("echo $PPID >>workers; sleep 0.3; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2]}\nruns: 6\n");
  iscc_run_expect(
      0,
      "(" RUN "&) >out 2>&1; while test ! -e workers || test $(wc -l <workers) -lt 4; do sleep 0.05; done; "
      "kill -9 $(head -1 workers); for i in $(seq 200); do grep -q 'runs done' out && break; sleep 0.1; "
      "done; "
      "cat out",
      "12 runs done, 0 done before, 0 failed");
  iscc_run_expect_sql(
      "c.db",
      "SELECT count(DISTINCT arguments || run) || ' ' || sum(value) FROM execution JOIN metric USING "
      "(execution_id)",
      "12 42.0");
  iscc_run_well("test $(wc -l <ran) = 13 && test $(sort -u ran | wc -l) = 12");
  expect_nothing_left();
}
END_TEST

START_TEST(what_ctrl_c_leaves_in_the_queue_is_taken_up) {
  write_program("sleep 1; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 8\n");
  iscc_run_expect(
      0, "timeout --foreground -s INT 1.5 " RUN "2>&1; test $? = 124 || exit 9; exit 0",
      "interrupted; jobs stay in the queue, and the same command goes on with them; 'scancel --name=iscc-");
  iscc_run_expect(1, LOCAL, "c.db.runs holds job arrays of Slurm: go on with --engine=slurm");
  iscc_run_expect(0, ISCC "status c.yaml", ", 8 runs in 4 tasks:");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "c.db: 0 runs done, 0 failed; to do 8\n"));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "No campaign works on it now."));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, " pending"));
  iscc_run_expect(0, RUN, "8 runs done, 0 done before, 0 failed");
  expect_each_once(8);
  iscc_run_expect(0, ISCC "status c.db", "c.db: 8 runs done, 0 failed\n");
  expect_nothing_left();
}
END_TEST

/* Killed before and after the job is submitted, and while it waits. */
START_TEST(a_killed_campaign_submits_nothing_twice) {
  write_program("sleep 0.5; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 8\n");
  iscc_run_well("mkdir bin; printf '#!/bin/sh\\ntest -e late && %s \"$@\"\\nkill -9 $PPID\\n' "
                "$(command -v sbatch) >bin/sbatch; chmod +x bin/sbatch");
  ck_assert_int_ne(iscc_run("PATH=$PWD/bin:$PATH " RUN), 0);
  iscc_run_well("ls c.db.runs/iscc-*/bundles.json; touch late");
  ck_assert_int_ne(iscc_run("PATH=$PWD/bin:$PATH " RUN), 0);
  ck_assert_int_ne(iscc_run("timeout -s KILL 1 " RUN), 0);
  iscc_run_expect(0, RUN, " 0 failed; in c.db");
  iscc_run_expect_sql("c.db",
                      "SELECT count(*) || ' ' || sum(value) FROM execution JOIN metric USING (execution_id)",
                      "8 36.0");
  expect_each_once(8);
  expect_nothing_left();
}
END_TEST

#define CONTROLLER "$(cat $(dirname $SLURM_CONF)/slurmctld.pid)"

/* A controller that does not answer is waited for; only at the beginning it is needed. */
START_TEST(a_silent_controller_is_waited_for) {
  write_program("sleep 0.5; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 8\n");
  iscc_run_expect(0,
                  "{ (sleep 1; kill -STOP " CONTROLLER
                  "; sleep 0.5; timeout 20 squeue >told 2>&1 || touch silent; kill -CONT " CONTROLLER
                  ") & " RUN "; }",
                  "8 runs done, 0 done before, 0 failed");
  iscc_run_well("test -e silent");
  expect_each_once(8);
  iscc_run("kill -STOP " CONTROLLER "; " RUN "--db=d.db 2>&1; echo status $?; kill -CONT " CONTROLLER);
  ck_assert_msg(strstr(iscc_run_output, "scontrol failed: ") && strstr(iscc_run_output, "status 1\n"), "%s",
                iscc_run_output);
  expect_nothing_left();
}
END_TEST

/* Cancels the job that runs, and the one that runs after it. */
#define CANCEL_TWO                                                                                           \
  "(cancel() { while j=$(squeue -h -t R -o %A); test -z \"$j\" || test \"$j\" = \"$k\"; do sleep 0.1; "      \
  "done; "                                                                                                   \
  "scancel $j; k=$j; }; cancel; cancel)"

START_TEST(what_is_lost_twice_is_told_and_run_next_time) {
  write_program("test -e go || sleep 60; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 1\n");
  iscc_run_expect(1, "{ " CANCEL_TWO " & " RUN "; }", "1 were lost twice by the cluster");
  ck_assert_msg(strstr(iscc_run_output, "{} RngRun=1 lost with task 0 of iscc-") != NULL, "%s",
                iscc_run_output);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, ": CANCELLED"));
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM execution", "0");
  expect_nothing_left();
  iscc_run_well("touch go");
  iscc_run_expect(0, RUN, "1 runs done, 0 done before, 0 failed");
}
END_TEST

/* Jobs that are held: what a task does by hand, and what is done with what it leaves. */
START_TEST(a_task_is_worked_on_once) {
  write_program("echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 6\n");
  iscc_run_expect(0, RUN "--no-wait --sbatch=--hold", "6 are in the queue of Slurm");
  iscc_run_expect(0, ISCC "status c.yaml", ", 6 runs in 4 tasks: 4 pending\n");
  iscc_run_well("mkdir tmp; TMPDIR=tmp " ISCC "work c.db.runs/iscc-* 1; rmdir tmp");
  iscc_run_expect(1, ISCC "work c.db.runs/iscc-* 1", "somebody has worked on task 1 already");
  iscc_run_expect(2, ISCC "work c.db.runs/iscc-* 4", "has tasks 0..3, not 4");
  iscc_run_expect(0, ISCC "status c.yaml", ", 6 runs in 4 tasks: 3 pending, 1 to be merged\n");
  iscc_run_expect(0, RUN "--no-wait", "4 are in the queue of Slurm");
  iscc_run_expect_sql("c.db", "SELECT group_concat(run) FROM (SELECT run FROM execution ORDER BY run)",
                      "2,6");
  iscc_run_well("scontrol release $(squeue -h -o %F | sort -u)");
  iscc_run_expect(0, RUN, "4 runs done, 2 done before, 0 failed");
  expect_each_once(6);
  expect_nothing_left();
}
END_TEST

/* Of four shards one is damaged, one is not there and one is empty: they are kept, told, and their runs are run once more. */
START_TEST(damaged_shards_are_set_aside) {
  write_program("echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 8\n");
  iscc_run_well(RUN "--no-wait");
  iscc_run_well(
      "cd c.db.runs/iscc-* && for i in $(seq 200); do test $(ls [0-3].db 2>/dev/null | wc -l) = 4 && "
      "test -z \"$(squeue -h)\" && break; sleep 0.1; done; rm 1.db; : >2.db; "
      "dd if=/dev/zero of=0.db bs=1 seek=8192 count=90000 conv=notrunc 2>&1");
  iscc_run_expect(0, RUN "--no-wait", "/0.db: is damaged: ");
  ck_assert_msg(strstr(iscc_run_output, "; set aside as bad-iscc-") != NULL, "%s", iscc_run_output);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "/2.db: holds no results; set aside as bad-iscc-"));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "6 are in the queue of Slurm"));
  iscc_run_expect_sql("c.db", "SELECT group_concat(run) FROM (SELECT run FROM execution ORDER BY run)",
                      "4,8");
  iscc_run_expect(0, RUN, "6 runs done, 2 done before, 0 failed");
  iscc_run_well("test $(wc -l <ran) = 14 && test $(sort -u ran | wc -l) = 8");
  iscc_run_well("test \"$(ls c.db.runs | sed 's/iscc-.*-//' | tr '\n' ' ')\" = 'bad-0.db bad-2.db '");
  iscc_run_expect(0, LOCAL, "0 runs done, 8 done before, 0 failed");
}
END_TEST

START_TEST(another_program_in_the_queue_is_not_mixed_in) {
  write_program("echo m=1");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 2\n");
  iscc_run_well(RUN "--no-wait --sbatch=--hold");
  write_program("echo m=2");
  iscc_run_expect(2, RUN, "runs another p (its SHA-256 begins with ");
  iscc_run_well(
      "scontrol release $(squeue -h -o %F | sort -u); while test -n \"$(squeue -h)\"; do sleep 0.1; "
      "done; cat c.db.runs/iscc-*/0.log");
  ck_assert_msg(strstr(iscc_run_output, "p: is another file than when the campaign was submitted") != NULL,
                "%s", iscc_run_output);
  iscc_run_expect(0, RUN "--mix-programs", "2 runs done, 0 done before, 0 failed");
  iscc_run_expect_sql(
      "c.db",
      "SELECT group_concat(value) || ' ' || count(DISTINCT program_sha256) FROM execution JOIN metric "
      "USING (execution_id)",
      "2.0,2.0 1");
}
END_TEST

/* What a task alone can tell of models that change is refused on the node; on request it is not. */
START_TEST(models_are_mixed_on_request) {
  write_program("for o in \"$@\"; do case $o in --db=*) DB=${o#*=};; esac; done\n"
                "'" ISCC_TEST_BUILD_DIR
                "/examples/iscc-single-device' \"$@\" --tasks=2 --inference=model >said$RUN\n"
                "sqlite3 $DB \"UPDATE run SET model_sha256 = 'of run $RUN'\"");
  iscc_run_write("c.yaml", "program: ./p\nruns: 3\n");
  iscc_run_expect(2, RUN "--bundle=3", "c.db holds 1 results of p with another file of the default model");
  iscc_run_well("rm ran");
  iscc_run_expect(0, RUN "--bundle=3 --mix-programs --db=d.db", "3 runs done, 0 done before, 0 failed");
  expect_each_once(3);
}
END_TEST

START_TEST(jobs_limits_the_tasks_at_a_time) {
  write_program("mkdir held || echo $RUN >>overlap; sleep 0.2; rmdir held; echo m=$RUN");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 4\n");
  iscc_run_well(RUN "--jobs=1 --bundle=2");
  iscc_run_well("test ! -e overlap");
}
END_TEST

/* Names that a shell or sbatch would take for something else. */
START_TEST(odd_names_are_names) {
  write_program("echo m=1");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 2\n");
  iscc_run_well("mkdir \"it's 100%a \\$x\"");
  iscc_run_expect(0, RUN "--db=\"$PWD/it's 100%a \\$x/c.db\"", "2 runs done, 0 done before, 0 failed");
  iscc_run_well("test \"$(ls it*)\" = c.db");
}
END_TEST

/* Another cluster, whose stdin stays open: a signal ends it, too, and its daemons. */
START_TEST(a_signal_ends_the_cluster) {
  iscc_run_well(
      "(mkfifo in; sleep 60 >in & held=$!; '" ISCC_TEST_SOURCE_DIR "/test/slurm/slurm-cluster.sh' $PWD/k <in "
      ">said 2>&1 & script=$!; for i in $(seq 300); do grep -q ready said && break; sleep 0.1; done; cat "
      "said; "
      "pids=$(cat k/munge/pid k/slurmctld.pid k/slurmd.pid); test $(echo $pids | wc -w) = 3 && kill -0 $pids "
      "|| "
      "exit 2; kill -TERM $script; for i in $(seq 200); do kill -0 $script 2>&1 || break; sleep 0.1; done; "
      "for p in $script $pids; do kill -0 $p 2>&1 && echo $p goes on && failed=yes; done; kill $held; "
      "test -z \"$failed\")");
}
END_TEST

static const struct {
  const char *command, *says;
  int status;
} troubles[] = {
    {LOCAL "--engine=pbs", "engine: 'pbs' is neither local nor slurm", 2},
    {LOCAL "--jobs=257", "jobs: 257 is not within 1..256, on this machine", 2},
    {LOCAL "--no-wait", "--no-wait: only with --engine=slurm", 2},
    {RUN "--bundle=0", "bundle", 2},
    {RUN "--poll=0", "poll", 2},
    {RUN "--sbatch=\"'\"", "sbatch: ''' cannot be split into words", 2},
    {RUN "--sbatch='-p nonsense'",
     "sbatch failed: sbatch: error: Batch job submission failed: Invalid partition", 1},
    {"for c in bash ldd cat sh; do ln -s $(command -v $c); done; PATH=$PWD " RUN,
     "scontrol: cannot be started: No such file", 1},
    {ISCC "work nowhere 0", "nowhere/bundles.json: No such file", 1},
    {ISCC "work nowhere", "which folder and task", 2},
};

START_TEST(trouble_is_told_in_one_line) {
  write_program("echo m=1");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 1\n");
  iscc_run_expect(troubles[_i].status, troubles[_i].command, troubles[_i].says);
  expect_nothing_left();
}
END_TEST

Suite *iscc_suite_campaign_slurm(void);

Suite *iscc_suite_campaign_slurm(void) {
  Suite *suite = suite_create("campaign-slurm");
  const char *missing = missing_command();
  if (missing) {
    printf("campaign-slurm: left out, there is no %s ('./waf setup --group=slurm' installs it)\n", missing);
    return suite;
  }
  TCase *tc = tcase_create("campaign-slurm");
  tcase_add_unchecked_fixture(tc, start_cluster, stop_cluster);
  tcase_add_checked_fixture(tc, begin, iscc_run_end);
  tcase_set_timeout(tc, 120);
  tcase_add_test(tc, printed_results_are_those_of_this_machine);
  if (ISCC_TEST_WITH_NS3) tcase_add_test(tc, recorded_results_are_those_of_this_machine);
  tcase_add_test(tc, a_killed_worker_loses_its_run_in_flight);
  tcase_add_test(tc, what_ctrl_c_leaves_in_the_queue_is_taken_up);
  tcase_add_test(tc, a_killed_campaign_submits_nothing_twice);
  tcase_add_test(tc, a_silent_controller_is_waited_for);
  tcase_add_test(tc, what_is_lost_twice_is_told_and_run_next_time);
  tcase_add_test(tc, a_task_is_worked_on_once);
  tcase_add_test(tc, damaged_shards_are_set_aside);
  tcase_add_test(tc, another_program_in_the_queue_is_not_mixed_in);
  if (ISCC_TEST_WITH_NS3) tcase_add_test(tc, models_are_mixed_on_request);
  tcase_add_test(tc, jobs_limits_the_tasks_at_a_time);
  tcase_add_test(tc, odd_names_are_names);
  tcase_add_test(tc, a_signal_ends_the_cluster);
  tcase_add_loop_test(tc, trouble_is_told_in_one_line, 0, sizeof troubles / sizeof *troubles);
  suite_add_tcase(suite, tc);
  return suite;
}
