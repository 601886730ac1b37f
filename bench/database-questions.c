/* SPDX-License-Identifier: GPL-2.0-only */
/* What questions to a large result database cost: `iscc query` and each question with a name, on 200 runs of a
 * campaign with 10 million tasks in all; wall-clock time with a warm page cache, and memory of the process. */
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "iscc-options.h"
#include "iscc-question.h"

enum { REPEATS = 3, NODES = 5, RUNS = 200, BYTES_PER_TASK = 420 };

#define OVERVIEW_GOAL_S 1
#define QUESTION_GOAL_S 10
#define MEMORY_GOAL_MIB 500

static char iscc[4200], scenario[4200];

static void fail(const char *text) {
  fprintf(stderr, "database-questions: %s\n", text);
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

typedef struct {
  double wall_s, peak_mib;
} demand;

/* Of `iscc` with these arguments; what it prints goes nowhere. Linux counts what this process, which is small,
 * has at fork, too. */
static demand run_iscc(const char *const *argv) {
  struct rusage used;
  int how;
  const double start_s = now_s();
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    execv(iscc, (char *const *)(uintptr_t)argv); /* it changes nothing */
    _exit(127);
  }
  if (child < 0 || wait4(child, &how, 0, &used) != child || how != 0) fail("iscc failed");
  return (demand){now_s() - start_s, (double)used.ru_maxrss / 1024};
}

/* ---- the database ---- */

/* Half of the disk's free room may be taken. */
static bool has_room(const char *where, int64_t tasks) {
  struct statvfs disk;
  if (statvfs(where, &disk)) fail("cannot see how much room is free for the database");
  const double gib = 1024.0 * 1024 * 1024, needed = (double)tasks * BYTES_PER_TASK / gib,
               there = (double)disk.f_bavail * (double)disk.f_frsize / gib;
  if (needed < 0.5 * there) return true;
  printf("%lld tasks need %.1f GiB in %s, and %.1f are free: not measured; --folder names another\n",
         (long long)tasks, needed, where, there);
  return false;
}

/* By a campaign: 2 schemes, 10 latencies, 10 replications. */
static void build(const char *folder, const char *database, int64_t tasks) {
  char file[4200], db[4200];
  snprintf(file, sizeof file, "%s/large.yaml", folder);
  snprintf(db, sizeof db, "--db=%s", database);
  FILE *out = fopen(file, "w");
  if (!out) fail("cannot write the campaign file");
  fprintf(out,
          "program: %s\noptions: {inference: model, nodes: %d, tasks: %lld}\nruns: 10\n"
          "grid: {scheme: [joint, jcc], max-latency: {from: 0.6, to: 1.5, step: 0.1}}\n",
          scenario, NODES, (long long)tasks / RUNS / NODES);
  if (fclose(out)) fail("cannot write the campaign file");
  const char *const argv[] = {iscc, "campaign", "run", file, db, NULL};
  const demand d = run_iscc(argv);
  printf("simulated and recorded by a campaign in %.0f s\n", d.wall_s);
  fflush(stdout);
  unlink(file);
}

/* ---- the questions ---- */

/* question NULL: the overview. by: NULL: as it is by itself. */
static void time_question(const char *database, const char *question, const char *by, double goal_s) {
  const char *const argv[] = {iscc, "query", database, question, by, NULL};
  char label[64];
  double wall_s[REPEATS], peak_mib = run_iscc(argv).peak_mib; /* the first one fills the page cache */
  for (int k = 0; k < REPEATS; k++) {
    const demand d = run_iscc(argv);
    wall_s[k] = d.wall_s;
    peak_mib = fmax(peak_mib, d.peak_mib);
  }
  qsort(wall_s, REPEATS, sizeof *wall_s, ascending);
  const bool missed = wall_s[REPEATS / 2] > goal_s || peak_mib > MEMORY_GOAL_MIB;
  snprintf(label, sizeof label, "%s %s", question ? question : "(overview)", by ? by : "");
  printf("  %-24s %9.3f %9.0f %9.1f%s\n", label, wall_s[REPEATS / 2], goal_s, peak_mib,
         missed ? " missed" : "");
  fflush(stdout);
}

/* By options, and by what only tasks have: all of them are read, and sorted. */
static const struct {
  const char *question, *by;
} by_others[] = {{"energy", "--by=max-latency"}, {"latency", "--by=max-latency"}, {"energy", "--by=outcome"},
                 {"energy", "--by=split"},       {"latency", "--by=split"},       {"accuracy", "--by=bits"},
                 {"misses", "--by=conflict"},    {"decisions", "--by=binding"}};

static void time_questions(const char *database) {
  struct stat about;
  if (stat(database, &about)) fail("there is no such database");
  printf("iscc query on %.2f GiB, median of %d, page cache warm; memory goal %d MiB\n"
         "  %-24s %9s %9s %9s\n",
         (double)about.st_size / (1 << 30), REPEATS, MEMORY_GOAL_MIB, "question", "wall s", "goal s",
         "peak MiB");
  time_question(database, NULL, NULL, OVERVIEW_GOAL_S);
  for (const iscc_question *q = iscc_questions; q->name; q++)
    time_question(database, q->name, NULL, QUESTION_GOAL_S);
  for (size_t i = 0; i < sizeof by_others / sizeof *by_others; i++)
    time_question(database, by_others[i].question, by_others[i].by, QUESTION_GOAL_S);
}

/* ---- the program ---- */

typedef struct {
  int64_t tasks;
  const char *folder, *ask;
  bool keep;
} settings;

enum { OPTION_TASKS = 256, OPTION_FOLDER, OPTION_KEEP, OPTION_ASK };

static const struct argp_option options[] = {
    {"tasks", OPTION_TASKS, "N", 0, "in all, 1000 or more (default 10000000)", 0},
    {"folder", OPTION_FOLDER, "FOLDER", 0, "where the database is made (default /tmp)", 0},
    {"keep", OPTION_KEEP, NULL, 0, "leave it there", 0},
    {"ask", OPTION_ASK, "DATABASE", 0, "ask this one, make none", 0},
    {0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  settings *s = state->input;
  switch (key) {
  case OPTION_TASKS:
    s->tasks = iscc_option_integer(state, "tasks", arg, RUNS * NODES, 1000000000);
    return 0;
  case OPTION_FOLDER:
    s->folder = arg;
    return 0;
  case OPTION_KEEP:
    s->keep = true;
    return 0;
  case OPTION_ASK:
    s->ask = arg;
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

/* Absolute: a campaign file's paths are from its own folder. */
static void find_programs(const char *own) {
  char *path = realpath(own, NULL), *slash = path ? strrchr(path, '/') : NULL;
  if (!slash) fail("cannot tell where it lies itself");
  *slash = '\0';
  snprintf(iscc, sizeof iscc, "%s/../iscc", path);
  snprintf(scenario, sizeof scenario, "%s/../examples/iscc-factory-cell", path);
  free(path);
}

/* Other work on the machine makes figures worse. */
static void print_load(void) {
  double load[3];
  if (getloadavg(load, 3) == 3)
    printf("load average %.2f (1 min), %.2f (5 min), %.2f (15 min)\n", load[0], load[1], load[2]);
}

static void measure_own(const settings *s) {
  char folder[4096], database[4128];
  if (access(scenario, X_OK)) {
    puts("iscc-factory-cell is not built (it needs ns-3), not measured");
    return;
  }
  if (!has_room(s->folder, s->tasks)) return;
  snprintf(folder, sizeof folder, "%s/iscc-bench-XXXXXX", s->folder);
  if (!mkdtemp(folder)) fail("no temporary folder there");
  snprintf(database, sizeof database, "%s/large.db", folder);
  build(folder, database, s->tasks);
  time_questions(database);
  if (s->keep)
    printf("%s is left\n", database);
  else if (unlink(database) || rmdir(folder))
    fprintf(stderr, "%s: stays behind\n", folder);
}

int main(int argc, char **argv) {
  static const struct argp argp = {
      .options = options, .parser = parse, .doc = "Measures what questions to a large result database cost."};
  settings s = {.tasks = 10000000, .folder = "/tmp"};
  iscc_options_parse(&argp, argc, argv, 0, &s);
  find_programs(argv[0]);
  print_load();
  if (s.ask)
    time_questions(s.ask);
  else
    measure_own(&s);
  print_load();
  return EXIT_SUCCESS;
}
