/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc db - result databases as a whole: finds the verb and hands it its arguments. */
#include "iscc-cli-db.h"
#include "iscc-cli-verbs.h"

#include <stdio.h>
#include <string.h>

#include "iscc-options.h"

static const iscc_cli_verb verbs[] = {
    {"export", iscc_cli_db_export, "DATABASE", "tables and views as CSV or JSON lines"},
    {"import", iscc_cli_db_import, "DATABASE FILE...", "runs from such tables, each once"},
    {"merge", iscc_cli_db_merge, "DATABASE OTHER...", "add all runs of other databases, each once"},
    {"archive", iscc_cli_db_archive, "DATABASE", "a copy in one file to keep or give away, looked at"},
    {"vacuum", iscc_cli_db_vacuum, "DATABASE", "rewrite it without the room of what was deleted"},
    {"check", iscc_cli_db_check, "DATABASE", "is it whole, and is its tally that of its tasks?"},
    {NULL, NULL, NULL, NULL},
};

int iscc_cli_db(int argc, char **argv) {
  static const iscc_cli_verbs command = {.name = "iscc db",
                                         .before =
                                             "Result databases as a whole: to share them, and to keep them.",
                                         .after = "; doc/database.rst says more. Exit status: 0 fine; 1 a "
                                                  "failure,\nalso when check finds something; 2 wrong usage.",
                                         .verbs = verbs};
  return iscc_cli_verbs_run(&command, argc, argv);
}
