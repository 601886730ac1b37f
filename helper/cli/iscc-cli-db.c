/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc db - result databases as a whole: finds the verb and hands it its arguments. */
#include "iscc-cli-db.h"

#include <stdio.h>
#include <string.h>

#include "iscc-options.h"

static const struct {
  const char *name;
  iscc_cli_command *run;
  const char *arguments, *summary;
} verbs[] = {
    {"export", iscc_cli_db_export, "DATABASE", "tables and views as CSV or JSON lines"},
    {"import", iscc_cli_db_import, "DATABASE FILE...", "runs from such tables, each once"},
    {"merge", iscc_cli_db_merge, "DATABASE OTHER...", "add all runs of other databases, each once"},
    {"archive", iscc_cli_db_archive, "DATABASE", "a copy in one file to keep or give away, looked at"},
    {"vacuum", iscc_cli_db_vacuum, "DATABASE", "rewrite it without the room of what was deleted"},
    {"check", iscc_cli_db_check, "DATABASE", "is it whole, and is its tally that of its tasks?"},
    {NULL, NULL, NULL, NULL},
};

static void print_help(FILE *out) {
  fputs("Usage: iscc db VERB [OPTION...]\n\nResult databases as a whole: to share them, and to keep "
        "them.\n\nverbs:\n",
        out);
  for (size_t i = 0; verbs[i].name; i++)
    fprintf(out, "  %-8s%-18s %s\n", verbs[i].name, verbs[i].arguments, verbs[i].summary);
  fputs(
      "\n'iscc db VERB --help' lists a verb's options; doc/database.rst says more. Exit status: 0 fine; 1 a "
      "failure,\nalso when check finds something; 2 wrong usage.\n",
      out);
}

static int refuse(const char *what, const char *value) {
  fprintf(stderr, "iscc db: %s%s: say one of", what, value);
  for (size_t i = 0; verbs[i].name; i++) fprintf(stderr, "%s '%s'", i ? "," : "", verbs[i].name);
  fputs(" (see 'iscc db --help')\n", stderr);
  return ISCC_EXIT_USAGE;
}

int iscc_cli_db(int argc, char **argv) {
  if (argc < 2) return refuse("no verb", "");
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0) {
    print_help(stdout);
    return 0;
  }
  for (size_t i = 0; verbs[i].name; i++) {
    if (strcmp(argv[1], verbs[i].name) != 0) continue;
    char name[64];
    snprintf(name, sizeof name, "iscc db %s", verbs[i].name);
    argv[1] = name;
    return verbs[i].run(argc - 1, argv + 1);
  }
  return refuse("not a verb: ", argv[1]);
}
