/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as tests of warm processes want it: linked with libiscc, it tells all it can see of how it came to be,
 * or ends as its first argument says; with --RngRun=N as its last, in the N-th way. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* Signals blocked, ignored, caught; privileges. */
static void show_lines(const char *path, const char *const begins[]) {
  char line[512];
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file))
    for (int i = 0; begins[i]; i++)
      if (strncmp(line, begins[i], strlen(begins[i])) == 0) fputs(line, stdout);
  if (file) fclose(file);
}

static void show_files(void) {
  char name[64], to[512];
  for (int fd = 0; fd < 64; fd++) {
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    const ssize_t n = readlink(name, to, sizeof to - 1);
    if (n < 0) continue;
    to[n] = '\0';
    printf("file %d %s\n", fd, fd == 1 || fd == 2 ? "its own" : to);
  }
}

static void show_all(int argc, char **argv) {
  static const char *const wanted[] = {"SigBlk", "SigIgn",  "SigCgt", "SigPnd", "ShdPnd",
                                       "CapEff", "Seccomp", "Name",   NULL};
  static const char *const limits[] = {"Max", NULL};
  char folder[512];
  const mode_t mask = umask(0);
  for (int i = 0; i <= argc; i++) printf("argument %d %s\n", i, argv[i] ? argv[i] : "none");
  for (char **e = environ; *e; e++) printf("environment %s\n", *e);
  printf("program %s\nfolder %s\numask %o\n", program_invocation_name, getcwd(folder, sizeof folder),
         (unsigned)mask);
  printf("own group %d, parent %d, session %d, priority %d\n", getpgrp() == getpid(), (int)getppid(),
         (int)getsid(0), getpriority(PRIO_PROCESS, 0));
  show_lines("/proc/self/status", wanted);
  show_lines("/proc/self/limits", limits);
  show_files();
  fprintf(stderr, "on stderr\n");
}

/* Whether its arguments are not those that its process was started with. */
static int is_warm(char **argv) {
  char bytes[4096] = "";
  FILE *file = fopen("/proc/self/cmdline", "r");
  const size_t n = file ? fread(bytes, 1, sizeof bytes - 1, file) : 0;
  if (file) fclose(file);
  const char *first = bytes + strlen(bytes) + 1;
  return n > 0 && strcmp(first, argv[1]) != 0;
}

static void take_memory(void) {
  enum { BYTES = 200000000 };
  char *much = malloc(BYTES);
  if (much) memset(much, 1, BYTES);
  printf("%d\n", much ? much[BYTES / 2] : 0);
  free(much);
}

static void take_time(void) {
  while (clock() < CLOCKS_PER_SEC / 2) continue;
}

static int end_in_way(int n) {
  switch (n) {
  case 2:
    fprintf(stderr, "no luck\n");
    return 3;
  case 3:
    abort();
  case 4:
    return 0;
  case 5:
    printf("m=nan\n");
    return 0;
  case 6:
    sleep(60);
  }
  printf("m=%d\n", n);
  return 0;
}

int main(int argc, char **argv) {
  const char *run = strstr(argv[argc - 1], "--RngRun=");
  if (run) {
    if (atoi(run + 9) != 4) printf("warm=%d\n", is_warm(argv));
    return end_in_way(atoi(run + 9));
  }
  if (strcmp(argv[1], "memory") == 0)
    take_memory();
  else if (strcmp(argv[1], "time") == 0)
    take_time();
  else if (strcmp(argv[1], "sleep") == 0)
    sleep(60);
  else if (strcmp(argv[1], "abort") == 0)
    abort();
  else if (strcmp(argv[1], "exit") == 0)
    return atoi(argv[2]);
  else
    show_all(argc, argv);
  return 0;
}
