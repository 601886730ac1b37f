/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-cli-db - the verbs of `iscc db`. Each is one file iscc-cli-db-<verb>.c, one row of the table in iscc-cli-db.c. */
#ifndef ISCC_CLI_DB_H
#define ISCC_CLI_DB_H

#include "iscc-cli.h"

iscc_cli_command iscc_cli_db_export, iscc_cli_db_import, iscc_cli_db_merge, iscc_cli_db_archive,
    iscc_cli_db_vacuum, iscc_cli_db_check;

#endif
