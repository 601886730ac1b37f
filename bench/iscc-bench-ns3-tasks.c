/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole simulations of modelled tasks, recorded. One node: tasks per second and peak memory as the number of
 * tasks grows; time must grow in proportion, memory not at all. Many nodes at the same number of tasks in all:
 * time and memory must grow no faster than nodes do; on the Shannon channel each has the same band, on Wi-Fi
 * they contend. The baseline is the smallest size of the same run. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REPEATS = 3 };

static char folder_of_examples[4096];

typedef struct {
  double wall_s, cpu_s, peak_mib;
} cost;

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds(struct timeval t) {
  return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

/* Runs an example once; false when it failed. */
static int run(const char *folder, const char *example, const char *const options[3], cost *c) {
  char program[4200], database[64], database_option[80];
  snprintf(program, sizeof program, "%s/../examples/%s", folder_of_examples, example);
  snprintf(database, sizeof database, "%s/bench.db", folder);
  snprintf(database_option, sizeof database_option, "--db=%s", database);
  unlink(database);
  const double start_s = now_s();
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execl(program, program, "--mobility=none", database_option, options[0], options[1], options[2],
          (char *)NULL);
    _exit(127);
  }
  int how;
  struct rusage usage;
  if (child < 0 || wait4(child, &how, 0, &usage) != child || !WIFEXITED(how) || WEXITSTATUS(how)) {
    fprintf(stderr, "%s: did not run\n", program);
    return 0;
  }
  *c = (cost){.wall_s = now_s() - start_s,
              .cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime),
              .peak_mib = (double)usage.ru_maxrss / 1024};
  return 1;
}

static int by_wall(const void *a, const void *b) {
  const double x = ((const cost *)a)->wall_s, y = ((const cost *)b)->wall_s;
  return (x > y) - (x < y);
}

/* The median of several runs by wall time. */
static int run_often(const char *folder, const char *example, const char *const options[3], int repeats,
                     cost *median) {
  cost c[REPEATS];
  for (int k = 0; k < repeats; k++)
    if (!run(folder, example, options, &c[k])) return 0;
  qsort(c, (size_t)repeats, sizeof *c, by_wall);
  *median = c[repeats / 2];
  return 1;
}

/* Where the channel rests, a task's problem is that of the last one and not solved again. */
static int time_one_node(const char *folder, const char *channel, const char *coherence) {
  static const long sizes[] = {10000, 100000, 1000000};
  printf("Modelled tasks with recording, one node, %s; median of %d (one run from a million on)\n"
         "%10s %12s %12s %12s %12s\n",
         channel, REPEATS, "tasks", "wall s", "tasks/s", "CPU us/task", "peak MiB");
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    char tasks[48];
    cost m;
    snprintf(tasks, sizeof tasks, "--tasks=%ld", sizes[i]);
    const char *const options[3] = {"--inference=model", tasks, coherence};
    if (!run_often(folder, "iscc-single-device", options, sizes[i] >= 1000000 ? 1 : REPEATS, &m)) return 0;
    printf("%10ld %12.2f %12.0f %12.1f %12.1f\n", sizes[i], m.wall_s, (double)sizes[i] / m.wall_s,
           1e6 * m.cpu_s / (double)sizes[i], m.peak_mib);
    fflush(stdout);
  }
  return 1;
}

/* So many tasks in all, by one node, then by more and more. */
typedef struct {
  const char *stack, *example;
  int tasks, band_hz; /* of each node; 0: the stack has its own */
  long nodes[5];      /* ascending from 1; 0: no more */
} growth;

static int time_many_nodes(const char *folder, const growth *g) {
  cost one = {0, 0, 0}, m;
  printf("\n%d modelled tasks with recording on %s, many nodes; median of %d\n"
         "%10s %12s %12s %12s %12s %14s\n",
         g->tasks, g->stack, REPEATS, "nodes", "wall s", "against one", "tasks/s", "peak MiB",
         "KiB per node");
  for (size_t i = 0; i < sizeof g->nodes / sizeof *g->nodes && g->nodes[i]; i++) {
    const long n = g->nodes[i];
    char text[3][64];
    const char *const options[3] = {text[0], text[1], g->band_hz ? text[2] : NULL};
    snprintf(text[0], sizeof text[0], "--nodes=%ld", n);
    snprintf(text[1], sizeof text[1], "--tasks=%ld", g->tasks / n);
    snprintf(text[2], sizeof text[2], "--bandwidth=%ld", n * g->band_hz);
    if (!run_often(folder, g->example, options, REPEATS, &m)) return 0;
    if (i == 0) one = m;
    printf("%10ld %12.2f %12.2f %12.0f %12.1f %14.1f\n", n, m.wall_s, m.wall_s / one.wall_s,
           g->tasks / m.wall_s, m.peak_mib, 1024 * (m.peak_mib - one.peak_mib) / (double)n);
    fflush(stdout);
  }
  return 1;
}

int main(int argc, char **argv) {
  char folder[] = "/tmp/iscc-bench-XXXXXX", command[64];
  const char *slash = strrchr(argv[0], '/');
  (void)argc;
  snprintf(folder_of_examples, sizeof folder_of_examples, "%.*s", slash ? (int)(slash - argv[0]) : 1,
           slash ? argv[0] : ".");
  if (!mkdtemp(folder)) return EXIT_FAILURE;
  int done = time_one_node(folder, "block fading", NULL);
  if (done) done = printf("\n") > 0 && time_one_node(folder, "channel at rest", "--coherence=0");
  const growth shannon = {
      "the Shannon channel", "iscc-factory-cell", 50000, 100000, {1, 10, 100, 1000, 10000}};
  const growth wifi = {"Wi-Fi", "iscc-wifi-contention", 500, 0, {1, 10, 50}};
  if (done) done = time_many_nodes(folder, &shannon);
  if (done) done = time_many_nodes(folder, &wifi);
  snprintf(command, sizeof command, "rm -rf %s", folder);
  if (system(command)) fprintf(stderr, "%s: stays behind\n", folder);
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
