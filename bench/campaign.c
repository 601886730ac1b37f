/* SPDX-License-Identifier: GPL-2.0-only */
/* What `iscc campaign run` adds to the runs themselves or saves of them: beside bare fork and exec of the same
 * program with the same options one after another, on one job; two jobs beside one; two processors beside one,
 * with as many jobs; and a database of 10 000 short runs: recorded, read again, compared. What is compared takes
 * turns; each repetition is compared within itself. */
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REPEATS = 5, MANY_POINTS = 20, MANY_REPLICATIONS = 500 };
enum {
  LONG_RUNS = 20,
  SCALING_RUNS = 60,
  LONG_TASKS = 8500,
  SHORT_RUNS = 50,
  SHORT_TASKS = 20,
  SCRIPT_RUNS = 200
};
enum { PER_PROCESSOR = 0, ALL = 0 }; /* jobs; processors */

static int in_chain; /* of bare runs side by side */
static char folder[] = "/tmp/iscc-bench-XXXXXX";
static char iscc[4200], scenario[4200], script[64];

static void fail(const char *text) {
  fprintf(stderr, "campaign: %s\n", text);
  exit(EXIT_FAILURE);
}

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(const double values[REPEATS]) {
  double sorted[REPEATS];
  memcpy(sorted, values, sizeof sorted);
  qsort(sorted, REPEATS, sizeof *sorted, ascending);
  return sorted[REPEATS / 2];
}

/* Leaves this process only so many of its processors. */
static void keep_processors(int count) {
  cpu_set_t set;
  if (count == ALL || sched_getaffinity(0, sizeof set, &set)) return;
  for (int i = 0; i < CPU_SETSIZE; i++)
    if (CPU_ISSET(i, &set) && count-- <= 0) CPU_CLR(i, &set);
  sched_setaffinity(0, sizeof set, &set);
}

/* Runs a program on so many processors to its end; its output goes nowhere. */
static void run(const char *const *argv, int processors) {
  int how;
  const pid_t child = fork();
  if (child == 0) {
    keep_processors(processors);
    const int nowhere = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++) dup2(nowhere, fd);
    execv(argv[0], (char *const *)(uintptr_t)argv); /* it changes nothing */
    _exit(127);
  }
  if (child < 0 || waitpid(child, &how, 0) != child || !WIFEXITED(how) || WEXITSTATUS(how)) {
    fprintf(stderr, "campaign: %s failed\n", argv[0]);
    exit(EXIT_FAILURE);
  }
}

static void remove_database(const char *path) {
  static const char *const beside[] = {"", "-wal", "-shm"};
  char name[96];
  for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
    snprintf(name, sizeof name, "%s%s", path, beside[i]);
    unlink(name);
  }
}

static void write_file(const char *name, const char *text, mode_t mode) {
  char path[64];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  if (!file || fputs(text, file) < 0 || fclose(file) || chmod(path, mode)) fail("cannot write to /tmp");
}

/* Seconds of `iscc campaign run` of a file in the folder. */
static double campaign_s(const char *name, const char *database, int jobs, int processors) {
  char file[64], db[96], text[32];
  snprintf(file, sizeof file, "%s/%s", folder, name);
  snprintf(db, sizeof db, "--db=%s", database);
  snprintf(text, sizeof text, "--jobs=%d", jobs);
  const char *const argv[] = {iscc, "campaign", "run", file, db, jobs == PER_PROCESSOR ? NULL : text, NULL};
  const double start_s = now_s();
  run(argv, processors);
  return now_s() - start_s;
}

/* The same with a database that is not there yet. */
static double fresh_campaign_s(const char *name, int jobs, int processors) {
  char database[64];
  snprintf(database, sizeof database, "%s/bench.db", folder);
  remove_database(database);
  const double s = campaign_s(name, database, jobs, processors);
  remove_database(database);
  return s;
}

/* Seconds of so many bare runs; the scenario records each, of so many tasks, into a database of its own. */
static double bare_s(const char *program, int runs, int task_count) {
  char database[64], db[96], number[32], tasks[32];
  snprintf(database, sizeof database, "%s/bare-%d.db", folder, in_chain);
  snprintf(db, sizeof db, "--db=%s", database);
  snprintf(tasks, sizeof tasks, "--tasks=%d", task_count);
  const double start_s = now_s();
  for (int i = 1; i <= runs; i++) {
    snprintf(number, sizeof number, "--RngRun=%d", i);
    const char *const recorded[] = {program, "--inference=model", tasks, "--RngSeed=1", number, db, NULL};
    const char *const printed[] = {program, "--RngSeed=1", number, NULL};
    run(program == scenario ? recorded : printed, ALL);
    if (program == scenario) remove_database(database);
  }
  return now_s() - start_s;
}

/* Seconds of so many bare runs, one chain of them on each of two processors. */
static double bare_chains_s(int runs, int task_count) {
  pid_t chain[2];
  const double start_s = now_s();
  for (int c = 0; c < 2; c++) {
    chain[c] = fork();
    if (chain[c] == 0) {
      in_chain = c;
      bare_s(scenario, runs / 2, task_count);
      _exit(0);
    }
    if (chain[c] < 0) fail("cannot fork");
  }
  for (int c = 0; c < 2; c++) waitpid(chain[c], NULL, 0);
  return now_s() - start_s;
}

static void write_scenario(const char *name, int tasks, int runs) {
  char text[4400];
  snprintf(text, sizeof text, "program: %s\noptions: {inference: model, tasks: %d}\nruns: %d\n", scenario,
           tasks, runs);
  write_file(name, text, 0644);
}

/* What a second processor is worth: to bare runs, that share nothing, and to a campaign. */
static void time_scaling(long processors) {
  double bare[REPEATS], by_jobs[REPEATS], by_processors[REPEATS];
  if (processors < 2) {
    printf("  two processors beside one       not measured: there is one\n");
    return;
  }
  write_scenario("scaling.yaml", LONG_TASKS, SCALING_RUNS);
  for (int k = 0; k < REPEATS; k++) {
    bare[k] = bare_s(scenario, SCALING_RUNS, LONG_TASKS) / bare_chains_s(SCALING_RUNS, LONG_TASKS);
    const double one_s = fresh_campaign_s("scaling.yaml", PER_PROCESSOR, 1),
                 two_s = fresh_campaign_s("scaling.yaml", PER_PROCESSOR, 2);
    by_processors[k] = one_s / two_s;
    by_jobs[k] = fresh_campaign_s("scaling.yaml", 1, ALL) / two_s;
  }
  printf("  the same, %d runs\n"
         "  two processors beside one       %9.2f      target >= 1.8\n"
         "  two jobs beside one             %9.2f\n"
         "  two chains of bare runs         %9.2f      beside one\n",
         SCALING_RUNS, median(by_processors), median(by_jobs), median(bare));
}

static void time_long_runs(void) {
  double bare[REPEATS], one[REPEATS], overhead[REPEATS];
  write_scenario("long.yaml", LONG_TASKS, LONG_RUNS);
  for (int k = 0; k < REPEATS; k++) {
    bare[k] = bare_s(scenario, LONG_RUNS, LONG_TASKS) / LONG_RUNS;
    one[k] = fresh_campaign_s("long.yaml", 1, ALL) / LONG_RUNS;
    overhead[k] = one[k] / bare[k];
  }
  printf("Recorded runs of iscc-single-device, %d tasks; %d runs a campaign, median of %d\n"
         "  bare run                        %9.1f ms\n"
         "  run of a campaign, one job      %9.1f ms\n"
         "  ratio                           %9.3f      target <= 1.1\n",
         LONG_TASKS, LONG_RUNS, REPEATS, 1e3 * median(bare), 1e3 * median(one), median(overhead));
}

/* Bare runs beside those of a campaign on one job; task_count 0: of the script. */
static void time_short_runs(const char *what, const char *program, const char *file, int runs,
                            int task_count) {
  double bare[REPEATS], one[REPEATS], less[REPEATS];
  for (int k = 0; k < REPEATS; k++) {
    bare[k] = bare_s(program, runs, task_count) / runs;
    one[k] = fresh_campaign_s(file, 1, ALL) / runs;
    less[k] = bare[k] - one[k];
  }
  printf("\n%s; %d runs a campaign, median of %d\n"
         "  bare run                        %9.2f ms\n"
         "  run of a campaign, one job      %9.2f ms\n"
         "  less                            %9.2f ms\n",
         what, runs, REPEATS, 1e3 * median(bare), 1e3 * median(one), 1e3 * median(less));
}

static void time_recorded_runs(long processors) {
  char what[80];
  if (access(scenario, X_OK)) {
    printf("Recorded runs: iscc-single-device is not built (it needs ns-3), not measured\n");
    return;
  }
  time_long_runs();
  time_scaling(processors);
  write_scenario("short.yaml", SHORT_TASKS, SHORT_RUNS);
  snprintf(what, sizeof what, "Recorded runs of iscc-single-device, %d tasks", SHORT_TASKS);
  time_short_runs(what, scenario, "short.yaml", SHORT_RUNS, SHORT_TASKS);
}

static void time_scripts(void) {
  char text[256];
  snprintf(text, sizeof text, "program: %s\nresults: lines\nruns: %d\n", script, SCRIPT_RUNS);
  write_file("script.yaml", text, 0644);
  time_short_runs("Runs of a shell script that prints a line", script, "script.yaml", SCRIPT_RUNS, 0);
}

static double compare_s(char *database) {
  const char *const argv[] = {iscc,         "campaign",  "compare",      database,
                              "--metric=m", "--by=kind", "--baseline=a", NULL};
  const double start_s = now_s();
  run(argv, ALL);
  return now_s() - start_s;
}

static void time_many_runs(int jobs) {
  char database[64], text[256];
  double again[REPEATS], compared[REPEATS];
  struct stat about;
  snprintf(database, sizeof database, "%s/many.db", folder);
  snprintf(text, sizeof text,
           "program: %s\nresults: lines\ngrid: {kind: [a, b], level: {from: 1, to: %d, step: 1}}\nruns: %d\n",
           script, MANY_POINTS / 2, MANY_REPLICATIONS);
  write_file("many.yaml", text, 0644);
  const double recorded_s = campaign_s("many.yaml", database, jobs, ALL);
  if (stat(database, &about)) fail("the campaign left no database");
  for (int k = 0; k < REPEATS; k++) {
    again[k] = campaign_s("many.yaml", database, jobs, ALL);
    compared[k] = compare_s(database);
  }
  remove_database(database);
  printf("\n%d short runs at %d points, median of %d but for the first\n"
         "  run and recorded, %d job%s       %9.2f s\n"
         "  campaign run again, none left   %9.3f s\n"
         "  campaign compare                %9.3f s\n"
         "  database                        %9.2f MiB\n",
         MANY_POINTS * MANY_REPLICATIONS, MANY_POINTS, REPEATS, jobs, jobs == 1 ? " " : "s", recorded_s,
         median(again), median(compared), (double)about.st_size / 1048576);
}

/* Absolute: a campaign file's paths are from its own folder. */
static void find_programs(const char *own) {
  char *path = realpath(own, NULL), *slash = path ? strrchr(path, '/') : NULL;
  if (!slash) fail("cannot tell where it lies itself");
  *slash = '\0';
  snprintf(iscc, sizeof iscc, "%s/../iscc", path);
  snprintf(scenario, sizeof scenario, "%s/../examples/iscc-single-device", path);
  free(path);
}

/* Other work on the machine makes figures worse. */
static void print_load(void) {
  double load[3];
  if (getloadavg(load, 3) == 3)
    printf("load average %.2f (1 min), %.2f (5 min), %.2f (15 min)\n", load[0], load[1], load[2]);
}

int main(int argc, char **argv) {
  char command[64];
  (void)argc;
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  find_programs(argv[0]);
  if (!mkdtemp(folder)) fail("no temporary folder in /tmp");
  snprintf(script, sizeof script, "%s/print.sh", folder);
  write_file(
      "print.sh",
      "#!/bin/sh\nshift=0\nfor a; do case $a in --kind=b) shift=3;; --RngRun=*) run=${a#*=};; esac; done\n"
      "echo m=$((1000 + shift + run * 7919 % 101))\n",
      0755);
  printf("%ld processors, ", processors);
  print_load();
  fflush(stdout);
  time_recorded_runs(processors);
  fflush(stdout);
  time_scripts();
  fflush(stdout);
  time_many_runs(processors < 2 ? 1 : 2);
  print_load();
  snprintf(command, sizeof command, "rm -rf %s", folder);
  if (system(command)) fprintf(stderr, "%s: stays behind\n", folder);
  return EXIT_SUCCESS;
}
