/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-cli-verbs.h"

#include <stdio.h>
#include <string.h>

#include "iscc-options.h"

static int print_help(const iscc_cli_verbs *command) {
  printf("Usage: %s VERB [OPTION...]\n\n%s\n\nverbs:\n", command->name, command->before);
  for (const iscc_cli_verb *v = command->verbs; v->name; v++)
    printf("  %-8s%-18s %s\n", v->name, v->arguments, v->summary);
  printf("\n'%s VERB --help' lists a verb's options%s\n", command->name, command->after);
  return 0;
}

static int refuse(const iscc_cli_verbs *command, const char *what, const char *value) {
  fprintf(stderr, "%s: %s%s: say one of", command->name, what, value);
  for (const iscc_cli_verb *v = command->verbs; v->name; v++)
    fprintf(stderr, "%s '%s'", v == command->verbs ? "" : ",", v->name);
  fprintf(stderr, " (see '%s --help')\n", command->name);
  return ISCC_EXIT_USAGE;
}

int iscc_cli_verbs_run(const iscc_cli_verbs *command, int argc, char **argv) {
  if (argc < 2) return refuse(command, "no verb", "");
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0) return print_help(command);
  for (const iscc_cli_verb *v = command->verbs; v->name; v++) {
    if (strcmp(argv[1], v->name) != 0) continue;
    char name[64];
    snprintf(name, sizeof name, "%s %s", command->name, v->name);
    argv[1] = name;
    return v->run(argc - 1, argv + 1);
  }
  return refuse(command, "not a verb: ", argv[1]);
}
