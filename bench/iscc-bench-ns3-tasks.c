/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole simulations of modelled tasks, recorded: tasks per second and peak memory as the number of tasks
 * grows. The baseline is the smallest size of the same run: time must grow in proportion, memory not at all.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REPEATS = 3 };

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

/* Runs the example once; false when it failed. */
static int run(const char *program, const char *database, long tasks, cost *c) {
  char tasks_option[48], database_option[256];
  snprintf(tasks_option, sizeof tasks_option, "--tasks=%ld", tasks);
  snprintf(database_option, sizeof database_option, "--db=%s", database);
  unlink(database);
  const double start_s = now_s();
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execl(program, program, "--inference=model", tasks_option, database_option, (char *)NULL);
    _exit(127);
  }
  int how;
  struct rusage usage;
  if (child < 0 || wait4(child, &how, 0, &usage) != child || !WIFEXITED(how) || WEXITSTATUS(how)) return 0;
  *c = (cost){.wall_s = now_s() - start_s,
              .cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime),
              .peak_mib = (double)usage.ru_maxrss / 1024};
  return 1;
}

static int by_wall(const void *a, const void *b) {
  const double x = ((const cost *)a)->wall_s, y = ((const cost *)b)->wall_s;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  static const long sizes[] = {10000, 100000, 1000000};
  char program[4096], folder[] = "/tmp/iscc-bench-XXXXXX", database[64], command[64];
  const char *slash = strrchr(argv[0], '/');
  (void)argc;
  snprintf(program, sizeof program, "%.*s/../examples/iscc-single-device", slash ? (int)(slash - argv[0]) : 1,
           slash ? argv[0] : ".");
  if (!mkdtemp(folder)) return EXIT_FAILURE;
  snprintf(database, sizeof database, "%s/bench.db", folder);
  printf("Modelled tasks with recording, one node, block fading; median of %d (one run from a million on)\n"
         "%10s %12s %12s %12s %12s\n",
         REPEATS, "tasks", "wall s", "tasks/s", "CPU us/task", "peak MiB");
  int failed = 0;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes && !failed; i++) {
    const int repeats = sizes[i] >= 1000000 ? 1 : REPEATS;
    cost c[REPEATS];
    for (int k = 0; k < repeats && !failed; k++) failed = !run(program, database, sizes[i], &c[k]);
    if (failed) break;
    qsort(c, (size_t)repeats, sizeof *c, by_wall);
    const cost *m = &c[repeats / 2];
    printf("%10ld %12.2f %12.0f %12.1f %12.1f\n", sizes[i], m->wall_s, (double)sizes[i] / m->wall_s,
           1e6 * m->cpu_s / (double)sizes[i], m->peak_mib);
    fflush(stdout);
  }
  snprintf(command, sizeof command, "rm -rf %s", folder);
  if (system(command) || failed) fprintf(stderr, "%s: %s did not run\n", argv[0], program);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
