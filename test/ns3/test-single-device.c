/* SPDX-License-Identifier: GPL-2.0-only */
/* The example program as a user runs it: built binary, command line, database. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM ISCC_TEST_BUILD_DIR "/examples/iscc-single-device"

static char folder[64], output[16384];

static void enter_folder(void) {
  strcpy(folder, "/tmp/iscc-test-single-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(chdir(folder), 0);
}

static void leave_folder(void) {
  char command[96];
  ck_assert_int_eq(chdir("/"), 0);
  snprintf(command, sizeof command, "rm -rf %s", folder);
  ck_assert_int_eq(system(command), 0);
}

/* Exit status of the program with these options; all it printed is in output. */
static int run(const char *options) {
  char command[1024];
  snprintf(command, sizeof command, PROGRAM " %s 2>&1", options);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  output[fread(output, 1, sizeof output - 1, pipe)] = '\0';
  return WEXITSTATUS(pclose(pipe));
}

/* What the sqlite3 shell, as users have it, prints for a statement, without the last newline. */
static const char *ask(const char *db, const char *sql) {
  static char text[8192];
  char command[2048];
  snprintf(command, sizeof command, "sqlite3 %s \"%s\"", db, sql);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  const size_t n = fread(text, 1, sizeof text - 1, pipe);
  text[n > 0 ? n - 1 : 0] = '\0';
  ck_assert_int_eq(pclose(pipe), 0);
  return text;
}

START_TEST(real_inference_fills_the_database) {
  ck_assert_msg(run("--tasks=12 --db=a.db") == 0, "%s", output);
  ck_assert_str_eq(ask("a.db", "SELECT status || ' ' || tasks FROM run_summary"), "done 12");
  ck_assert_str_eq(
      ask("a.db", "SELECT count(*) FROM task WHERE outcome = 'done' AND energy_j > 0 AND latency_s <= 0.8"
                  " AND predicted_class BETWEEN 0 AND 4 AND correct = (true_class = predicted_class)"),
      "12");
  /* in a channel that keeps still during a task, what was planned is what happens */
  ck_assert_str_eq(
      ask("a.db", "SELECT count(*) FROM task_plan WHERE abs(energy_j - planned_energy_j) > 1e-6 * energy_j"),
      "0");
  ck_assert_str_eq(ask("a.db", "SELECT count(*) FROM task_plan WHERE (split = 11) != (payload_bits = 0)"),
                   "0");
  ck_assert_ptr_nonnull(strstr(output, "Accuracy of answers"));
  ck_assert_ptr_nonnull(strstr(output, "sqlite3 -box a.db"));
}
END_TEST

START_TEST(the_printed_query_works) {
  char command[1024];
  ck_assert_msg(run("--tasks=3 --inference=model --db=q.db") == 0, "%s", output);
  const char *query = strstr(output, "sqlite3 -box");
  ck_assert_ptr_nonnull(query);
  snprintf(command, sizeof command, "%.*s > table.txt && grep -q mean_mj table.txt",
           (int)strcspn(query, "\n"), query);
  ck_assert_int_eq(system(command), 0);
}
END_TEST

#define ROWS                                                                                                 \
  "SELECT group_concat(task_no || outcome || finish_ns || printf(' %.17g', energy_j) || "                    \
  "coalesce(predicted_class, 'x')"                                                                           \
  " || coalesce(correct, 'x'), ';') FROM task"

START_TEST(same_seed_and_run_give_the_same_rows) {
  char first[8192];
  ck_assert_msg(run("--tasks=8 --arrivals=poisson --db=one.db") == 0, "%s", output);
  ck_assert_msg(run("--tasks=8 --arrivals=poisson --db=two.db") == 0, "%s", output);
  ck_assert_msg(run("--tasks=8 --arrivals=poisson --db=three.db --RngRun=2") == 0, "%s", output);
  strcpy(first, ask("one.db", ROWS));
  ck_assert_str_ne(first, "");
  ck_assert_str_eq(ask("two.db", ROWS), first);
  ck_assert_str_ne(ask("three.db", ROWS), first);
}
END_TEST

START_TEST(the_paper_preset_follows_the_equations) {
  ck_assert_msg(run("--preset=paper --tasks=5 --inference=model --candidates=6 --db=p.db") == 0, "%s",
                output);
  /* eq. (7): R = B log2(1 + 100 P_c); eq. (8), (9); static channel, payload alone */
  ck_assert_str_eq(ask("p.db",
                       "SELECT count(*) FROM task_plan WHERE abs(uplink_ns * 1e-9 - 784 * bits / (1e5 * "
                       "log2(1 + 100 * transmit_power_w))) < 2e-9 AND payload_bits = 784 * bits"),
                   "5");
}
END_TEST

START_TEST(a_best_effort_is_done_or_late_and_keeps_its_conflict) {
#define TIGHT                                                                                                \
  "--tasks=3 --inference=model --coherence=0 --candidates=6 --target-accuracy=0.95 --max-latency=0.65 "      \
  "--db=e.db "
  ck_assert_msg(run(TIGHT) == 0, "%s", output);
  ck_assert_msg(run(TIGHT "--when-infeasible=accuracy") == 0, "%s", output);
  ck_assert_msg(run(TIGHT "--when-infeasible=latency") == 0, "%s", output);
  ck_assert_str_eq(ask("e.db",
                       "SELECT group_concat(outcome || (d.conflict IS NOT NULL) || "
                       "coalesce(predicted_accuracy < 0.95, '-'), ' ') FROM task JOIN decision d USING "
                       "(run_id, node_id, task_no) WHERE task_no = 1"),
                   "infeasible1- done11 late10");
}
END_TEST

START_TEST(schemes_show_in_the_database) {
  ck_assert_msg(run("--tasks=2 --inference=model --scheme=on-device --coherence=0 --db=s.db") == 0, "%s",
                output);
  ck_assert_msg(run("--tasks=2 --inference=model --scheme=jcc --fixed-sensing-power=0.1 --coherence=0 "
                    "--snr-db=0 --db=s.db") == 0,
                "%s", output);
  ck_assert_str_eq(ask("s.db", "SELECT group_concat(scheme || split || bits || (sensing_power_w = 0.1), ' ') "
                               "FROM task_plan JOIN node USING (run_id, node_id) WHERE task_no = 0"),
                   "on-device1100 jcc1101");
}
END_TEST

/* With all that decides the features fixed, what the server recognises is the same over either transport,
 * whatever TCP has to repeat. */
#define FIXED                                                                                                \
  "--tasks=40 --interval=10 --scheme=jcc --fixed-sensing-power=0.02 --candidates=0 --bits=5:5 "              \
  "--coherence=0 --transfer-quantile=0 "                                                                     \
  "--snr-db=25 --target-accuracy=0.6 --db=t.db "
START_TEST(tcp_brings_the_same_features) {
  ck_assert_msg(run(FIXED) == 0, "%s", output);
  ck_assert_msg(run(FIXED "--transport=tcp --loss=0.1") == 0, "%s", output);
  ck_assert_str_eq(ask("t.db",
                       "SELECT count(*), count(DISTINCT a.predicted_class) > 2, min(a.predicted_class = "
                       "b.predicted_class), min(a.true_class = b.true_class), sum(b.retransmissions) > 5 "
                       "FROM task a JOIN task b USING (node_id, task_no) WHERE a.run_id = 1 AND "
                       "b.run_id = 2"),
                   "40|1|1|1|1");
  ck_assert_str_eq(
      ask("t.db", "SELECT group_concat(json_extract(parameters, '\\$.transport'), ' ') FROM run"), "udp tcp");
}
END_TEST

/* The same connection over ns-3's own radios: each task's frames at its power, and no more energy than planned
 * but for acknowledgements. */
START_TEST(tcp_goes_over_other_stacks) {
  static const char *const stacks[] = {"wifi", "lr-wpan", "lte"};
  char options[256];
  ck_assert_int_eq(system("seq 2 2 40 > arrivals"), 0);
  snprintf(options, sizeof options,
           "--tasks=20 --arrivals=arrivals --inference=model --uplink=%s --transport=tcp "
           "--candidates=0 --db=u.db",
           stacks[_i]);
  ck_assert_msg(run(options) == 0, "%s", output);
  ck_assert_str_eq(
      ask("u.db", "SELECT count(*), sum(outcome = 'done') >= 19, min(uplink_j > 0), "
                  "max(abs(energy_j / planned_energy_j - 1)) < 0.01, sum(retransmissions) FROM task_plan"),
      "20|1|1|1|0");
  /* SYN and its acknowledgement are of the first task */
  ck_assert_str_eq(ask("u.db",
                       "SELECT max(datagrams) - (SELECT max(datagrams) FROM task WHERE task_no > 0) >= 2 "
                       "FROM task WHERE task_no = 0"),
                   "1");
}
END_TEST

START_TEST(what_is_left_is_decided_again) {
  ck_assert_msg(run("--tasks=40 --inference=model --coherence=0.3 --replan=stage --db=r.db") == 0, "%s",
                output);
  ck_assert_str_eq(ask("r.db", "SELECT count(DISTINCT task_no) > 30 FROM decision WHERE turn >= 2"), "1");
  ck_assert_str_eq(ask("r.db", "SELECT sum(executed), max(turn) FROM decision"), "40|3");
  ck_assert_str_eq(ask("r.db", "SELECT min(abs(d.compute_s - 1e-9 * compute_ns) < 2e-9 AND abs(d.sensing_j - "
                               "t.sensing_j) < 1e-9) FROM task t JOIN decision d USING (run_id, node_id, "
                               "task_no) WHERE executed AND turn >= 2"),
                   "1");
  ck_assert_str_eq(ask("r.db", "SELECT json_extract(parameters, '\\$.replan') FROM run"), "stage");
}
END_TEST

START_TEST(principal_components_cross_the_channel) {
  ck_assert_msg(run("--tasks=20 --inference=model --scheme=pca --coherence=0 --snr-db=20 --db=k.db") == 0,
                "%s", output);
  ck_assert_str_eq(ask("k.db",
                       "SELECT count(*) || ' ' || min(payload_bits = split * bits) || ' ' || max(split) FROM "
                       "task_plan WHERE outcome = 'done' AND abs(energy_j - planned_energy_j) < 1e-9"),
                   "20 1 16");
}
END_TEST

START_TEST(options_of_ns3_reach_its_objects) {
  /* 50 m at 1000 m/s: 50 ms each way */
  ck_assert_msg(run("--tasks=1 --inference=model --candidates=6 --coherence=0 --max-latency=1.2 --db=n.db") ==
                    0,
                "%s", output);
  ck_assert_msg(run("--tasks=1 --inference=model --candidates=6 --coherence=0 --max-latency=1.2 --db=n.db "
                    "--ns3::IsccChannel::PropagationSpeedMps=1000") == 0,
                "%s", output);
  ck_assert_str_eq(
      ask("n.db", "SELECT (SELECT uplink_ns + answer_ns FROM task WHERE run_id = 2) - (SELECT uplink_ns + "
                  "answer_ns FROM task WHERE run_id = 1) > 90000000"),
      "1");
}
END_TEST

static const int ends[] = {SIGINT, SIGTERM, SIGHUP}; /* Ctrl-C, kill, the terminal closed */

START_TEST(a_signal_keeps_what_was_simulated) {
  const pid_t child = fork();
  if (child == 0) {
    if (!freopen("log.txt", "w", stdout) || !freopen("log.txt", "a", stderr)) _exit(127);
    execl(PROGRAM, PROGRAM, "--tasks=100000000", "--inference=model", "--db=c.db", (char *)NULL);
    _exit(127);
  }
  sleep(2);
  ck_assert_int_eq(kill(child, ends[_i]), 0);
  int how;
  ck_assert_int_eq(waitpid(child, &how, 0), child);
  ck_assert(WIFEXITED(how) &&
            WEXITSTATUS(how) == 128 + ends[_i]); /* no loop of a shell goes on as if it were whole */
  ck_assert_str_eq(ask("c.db", "SELECT status FROM run"), "interrupted");
  ck_assert_int_gt(atoi(ask("c.db", "SELECT count(*) FROM task WHERE outcome = 'done'")), 100);
}
END_TEST

static const struct {
  const char *options;
  int status;
  const char *says;
} mistakes[] = {{"--no-such-option", 2, "--no-such-option"},
                {"--tasks=0", 2, "--tasks: 0 is outside"},
                {"--tasks=many", 2, "--tasks: 'many'"},
                {"--target-accuracy=1.5", 2, "--target-accuracy: 1.5"},
                {"--max-latency=-1", 2, "--max-latency: -1"},
                {"--max-power=nan", 2, "--max-power: 'nan'"},
                {"--snr-db=1e9", 2, "--snr-db"},
                {"--loss=2", 2, "--loss: 2"},
                {"--inference=magic", 2, "'magic' is not one of model, real"},
                {"--preset=mine", 2, "'mine'"},
                {"--bits=1:8", 2, "--bits: 1"},
                {"--bits=6", 2, "LOW:HIGH"},
                {"--candidates=", 2, "--candidates"},
                {"--candidates=3,3", 2, "candidates"},
                {"--candidates=12", 2, "candidates"},
                {"--stop-time=1e-10", 2, "--stop-time: 1e-10 s is below a nanosecond"},
                {"--scheme=best", 2, "'best'"},
                {"--RngSeed=0", 2, "RngSeed: 0 is"},
                {"--RngRun=x", 2, "--RngRun"},
                {"--RngRun=-1", 2, "--RngRun"},
                {"--scheme=pca --inference=real", 2, "use modelled inference"},
                {"--server-cores=0", 2, "1..1024"},
                {"--server-queue=lifo", 2, "'lifo' is not one of fifo, deadline"},
                {"--when-infeasible=pray", 2, "'pray' is not one of drop, accuracy, latency"},
                {"--scheme=on-server --candidates=3", 2, "scheme on-server needs"},
                {"--db=", 2, "'' is not the name of a file"},
                {"--db=:memory:", 2, "':memory:'"},
                {"--ns3::NoSuch::Thing=1", 2, "--ns3::NoSuch::Thing"},
                {"--ns3::IsccNetDevice::QueuePackets=-1", 2, "QueuePackets"},
                {"--ns3::IsccNetDevice::QueuePackets", 2, "needs a value"},
                {"stray", 2, "'stray'"},
                {"--model=none.safetensors", 1, "none.safetensors"},
                {"--db=no/such/folder.db", 1, "no/such/folder.db"},
                {"--arrivals=none.txt", 1, "none.txt"},
                {"--pcap=no/such/x", 1, "no/such/x"}};

START_TEST(mistakes_get_one_clear_line) {
  char all[256];
  snprintf(all, sizeof all, "--db=x.db --tasks=1 --inference=model %s", mistakes[_i].options);
  const int status = run(all);
  ck_assert_msg(status == mistakes[_i].status, "%s: exit %d: %s", mistakes[_i].options, status, output);
  ck_assert_msg(strstr(output, mistakes[_i].says) != NULL, "%s: %s", mistakes[_i].options, output);
  int lines = 0;
  for (const char *c = output; *c; c++) lines += *c == '\n';
  ck_assert_msg(lines == 1, "%s: %s", mistakes[_i].options, output);
}
END_TEST

START_TEST(a_file_that_is_no_database_stays_as_it_is) {
  ck_assert_int_eq(system("echo keep me > notes.txt"), 0);
  ck_assert_int_eq(run("--tasks=1 --inference=model --db=notes.txt"), 1);
  ck_assert_ptr_nonnull(strstr(output, "notes.txt"));
  ck_assert_int_eq(system("echo keep me | cmp -s - notes.txt"), 0);
}
END_TEST

START_TEST(help_names_options_units_and_defaults) {
  ck_assert_int_eq(run("--help"), 0);
  static const char *const wanted[] = {"--tasks",           "--db",          "--scheme", "--inference",
                                       "--target-accuracy", "--max-latency", "--snr-db", "--RngRun",
                                       "--preset",          "default 0.85"};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    ck_assert_ptr_nonnull(strstr(output, wanted[i]));
}
END_TEST

Suite *iscc_suite_single_device(void);
Suite *iscc_suite_single_device(void) {
  Suite *s = suite_create("examples: single device");
  TCase *t = tcase_create("single device");
  tcase_add_checked_fixture(t, enter_folder, leave_folder);
  tcase_set_timeout(t, 120);
  tcase_add_test(t, real_inference_fills_the_database);
  tcase_add_test(t, the_printed_query_works);
  tcase_add_test(t, same_seed_and_run_give_the_same_rows);
  tcase_add_test(t, the_paper_preset_follows_the_equations);
  tcase_add_test(t, options_of_ns3_reach_its_objects);
  tcase_add_test(t, a_best_effort_is_done_or_late_and_keeps_its_conflict);
  tcase_add_test(t, schemes_show_in_the_database);
  tcase_add_test(t, tcp_brings_the_same_features);
  tcase_add_loop_test(t, tcp_goes_over_other_stacks, 0, 3);
  tcase_add_test(t, what_is_left_is_decided_again);
  tcase_add_test(t, principal_components_cross_the_channel);
  tcase_add_loop_test(t, a_signal_keeps_what_was_simulated, 0, sizeof ends / sizeof *ends);
  tcase_add_loop_test(t, mistakes_get_one_clear_line, 0, sizeof mistakes / sizeof *mistakes);
  tcase_add_test(t, a_file_that_is_no_database_stays_as_it_is);
  tcase_add_test(t, help_names_options_units_and_defaults);
  suite_add_tcase(s, t);
  return s;
}
