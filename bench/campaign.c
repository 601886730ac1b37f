/* SPDX-License-Identifier: GPL-2.0-only */
/* What `iscc campaign run` adds to the runs themselves: beside bare fork and exec of the same program with the same options one after
 * another, on one job; two jobs beside one; and a database of 10 000 short runs: recorded, read again, compared. Bare runs, one
 * job and two take turns; each repetition is compared within itself. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REPEATS = 5, RUNS = 20, TASKS = 8500, SHORT_RUNS = 200, MANY_POINTS = 20, MANY_REPLICATIONS = 500 };

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

/* Runs a program to its end; its output goes nowhere. */
static void run(const char *const *argv) {
  int how;
  const pid_t child = fork();
  if (child == 0) {
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
static double campaign_s(const char *name, const char *database, int jobs) {
  char file[64], db[96], text[32];
  snprintf(file, sizeof file, "%s/%s", folder, name);
  snprintf(db, sizeof db, "--db=%s", database);
  snprintf(text, sizeof text, "--jobs=%d", jobs);
  const char *const argv[] = {iscc, "campaign", "run", file, db, text, NULL};
  const double start_s = now_s();
  run(argv);
  return now_s() - start_s;
}

/* The same with a database that is not there yet. */
static double fresh_campaign_s(const char *name, int jobs) {
  char database[64];
  snprintf(database, sizeof database, "%s/bench.db", folder);
  remove_database(database);
  const double s = campaign_s(name, database, jobs);
  remove_database(database);
  return s;
}

/* Seconds of so many bare runs; the scenario records each into a database of its own. */
static double bare_s(char *program, int runs) {
  char database[64], db[96], number[32], tasks[32];
  snprintf(database, sizeof database, "%s/bare.db", folder);
  snprintf(db, sizeof db, "--db=%s", database);
  snprintf(tasks, sizeof tasks, "--tasks=%d", TASKS);
  const double start_s = now_s();
  for (int i = 1; i <= runs; i++) {
    snprintf(number, sizeof number, "--RngRun=%d", i);
    const char *const recorded[] = {program, "--inference=model", tasks, "--RngSeed=1", number, db, NULL};
    const char *const printed[] = {program, "--RngSeed=1", number, NULL};
    run(program == scenario ? recorded : printed);
    if (program == scenario) remove_database(database);
  }
  return now_s() - start_s;
}

static void time_recorded_runs(long processors) {
  double bare[REPEATS], one[REPEATS], overhead[REPEATS], speedup[REPEATS];
  char text[4400];
  if (access(scenario, X_OK)) {
    printf("Recorded runs: iscc-single-device is not built (it needs ns-3), not measured\n");
    return;
  }
  snprintf(text, sizeof text, "program: %s\noptions: {inference: model, tasks: %d}\nruns: %d\n", scenario,
           TASKS, RUNS);
  write_file("recorded.yaml", text, 0644);
  for (int k = 0; k < REPEATS; k++) {
    bare[k] = bare_s(scenario, RUNS) / RUNS;
    one[k] = fresh_campaign_s("recorded.yaml", 1) / RUNS;
    overhead[k] = one[k] / bare[k];
    speedup[k] = processors < 2 ? 0 : one[k] * RUNS / fresh_campaign_s("recorded.yaml", 2);
  }
  printf("Recorded runs of iscc-single-device, %d tasks; %d runs a campaign, median of %d\n"
         "  bare run                        %9.1f ms\n"
         "  run of a campaign, one job      %9.1f ms\n"
         "  ratio                           %9.3f      target <= 1.1\n",
         TASKS, RUNS, REPEATS, 1e3 * median(bare), 1e3 * median(one), median(overhead));
  if (processors < 2)
    printf("  two jobs beside one             not measured: one processor\n");
  else
    printf("  two jobs beside one             %9.2f      target >= 1.8\n", median(speedup));
}

static void time_short_runs(void) {
  double bare[REPEATS], one[REPEATS], more[REPEATS];
  char text[256];
  snprintf(text, sizeof text, "program: %s\nresults: lines\nruns: %d\n", script, SHORT_RUNS);
  write_file("short.yaml", text, 0644);
  for (int k = 0; k < REPEATS; k++) {
    bare[k] = bare_s(script, SHORT_RUNS) / SHORT_RUNS;
    one[k] = fresh_campaign_s("short.yaml", 1) / SHORT_RUNS;
    more[k] = one[k] - bare[k];
  }
  printf("\nRuns of a shell script that prints a line; %d runs a campaign, median of %d\n"
         "  bare run                        %9.2f ms\n"
         "  run of a campaign, one job      %9.2f ms\n"
         "  more                            %9.2f ms\n",
         SHORT_RUNS, REPEATS, 1e3 * median(bare), 1e3 * median(one), 1e3 * median(more));
}

static double compare_s(char *database) {
  const char *const argv[] = {iscc,         "campaign",  "compare",      database,
                              "--metric=m", "--by=kind", "--baseline=a", NULL};
  const double start_s = now_s();
  run(argv);
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
  const double recorded_s = campaign_s("many.yaml", database, jobs);
  if (stat(database, &about)) fail("the campaign left no database");
  for (int k = 0; k < REPEATS; k++) {
    again[k] = campaign_s("many.yaml", database, jobs);
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
  time_short_runs();
  fflush(stdout);
  time_many_runs(processors < 2 ? 1 : 2);
  print_load();
  snprintf(command, sizeof command, "rm -rf %s", folder);
  if (system(command)) fprintf(stderr, "%s: stays behind\n", folder);
  return EXIT_SUCCESS;
}
