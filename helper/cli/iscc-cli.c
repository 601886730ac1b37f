/* SPDX-License-Identifier: GPL-2.0-only */
/* The `iscc` command: finds the sub-command and hands it its arguments. */
#include "iscc-cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-commit.h"
#include "iscc-options.h"

static const struct {
  const char *name;
  iscc_cli_command *run;
  const char *summary;
} commands[] = {
    {"sense", iscc_cli_sense, "simulate one radar observation, at any stage, as NPY and figure"},
    {"train", iscc_cli_train, "synthesize samples, train and calibrate the network, write the model file"},
    {"model", iscc_cli_model, "say what a model file holds"},
    {"infer", iscc_cli_infer, "run a trained network on one input, whole or split"},
    {"solve", iscc_cli_solve, "decide one task, or a stream of JSON problems"},
    {"reproduce", iscc_cli_reproduce, "make the paper's figures and tables from this code, with a report"},
    {"campaign", iscc_cli_campaign, "many runs of a scenario over a grid of options, compared"},
    {"query", iscc_cli_query, "say what a result database holds, answer questions about it"},
    {"db", iscc_cli_db, "export, import, merge, archive, vacuum and check result databases"},
    {"plot", iscc_cli_plot, "draw what a result database says: energy, latency, decisions, ..."},
    {"report", iscc_cli_report, "write a result database as a page for a browser"},
    {NULL, NULL, NULL},
};

void iscc_cli_print_size(const char *path) {
  struct stat is;
  if (stat(path, &is) == 0) printf("%s; %lld kB\n", path, (long long)(is.st_size + 999) / 1000);
}

static void print_help(FILE *out) {
  fputs("usage: iscc COMMAND [OPTION...]\n\nEnergy-efficient edge AI inference with integrated sensing, "
        "communication and computation.\n\ncommands:\n",
        out);
  for (size_t i = 0; commands[i].name; i++)
    fprintf(out, "  %-12s %s\n", commands[i].name, commands[i].summary);
  fputs("\n'iscc COMMAND --help' lists a command's options with units and defaults.\n", out);
}

/* Printed results that reached nobody are a failure. At exit, as --help leaves on its own. */
static void check_output(void) {
  errno = 0;
  const int lost = fflush(stdout) || ferror(stdout);
  if (!lost) return;
  fprintf(stderr, "iscc: standard output: cannot be written%s%s; what was printed is not all there is\n",
          errno ? ": " : "", errno ? strerror(errno) : "");
  _exit(ISCC_EXIT_FAILURE);
}

int main(int argc, char **argv) {
  if (atexit(check_output)) return ISCC_EXIT_FAILURE;
  if (argc < 2) {
    fputs("iscc: no command given (see 'iscc --help')\n", stderr);
    return ISCC_EXIT_USAGE;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0) {
    print_help(stdout);
    return 0;
  }
  if (strcmp(argv[1], "--version") == 0) {
    printf("iscc %s\ncommit %s\n", ISCC_VERSION, iscc_commit());
    return 0;
  }
  signal(SIGXFSZ, SIG_IGN); /* a file past the limit of the shell is an error as any other */
  for (size_t i = 0; commands[i].name; i++) {
    if (strcmp(argv[1], commands[i].name) != 0) continue;
    char name[64];
    snprintf(name, sizeof name, "iscc %s", commands[i].name);
    argv[1] = name;
    return commands[i].run(argc - 1, argv + 1);
  }
  fprintf(stderr, "iscc: '%s' is not a command (see 'iscc --help')\n", argv[1]);
  return ISCC_EXIT_USAGE;
}
