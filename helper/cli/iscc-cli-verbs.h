/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-cli-verbs - a command of `iscc` that has verbs: finds the verb and hands it its arguments. */
#ifndef ISCC_CLI_VERBS_H
#define ISCC_CLI_VERBS_H

#include "iscc-cli.h"

typedef struct {
  const char *name;
  iscc_cli_command *run;
  const char *arguments, *summary;
} iscc_cli_verb;

typedef struct {
  const char *name;           /* e.g. "iscc db" */
  const char *before, *after; /* what --help says around the list of verbs */
  const iscc_cli_verb *verbs; /* the last one's name is NULL */
} iscc_cli_verbs;

/* The exit status; without a verb, or with another one, that of wrong usage. */
int iscc_cli_verbs_run(const iscc_cli_verbs *command, int argc, char **argv);

#endif
