/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-cli - the commands of `iscc`. Each is one file iscc-cli-<name>.c, one row of the table in iscc-cli.c.
 */
#ifndef ISCC_CLI_H
#define ISCC_CLI_H

/* Each gets argv[0] = "iscc <command>" and returns the exit status. */
typedef int iscc_cli_command(int argc, char **argv);

iscc_cli_command iscc_cli_sense, iscc_cli_train, iscc_cli_model, iscc_cli_infer, iscc_cli_solve,
    iscc_cli_reproduce, iscc_cli_campaign, iscc_cli_query, iscc_cli_db, iscc_cli_plot, iscc_cli_report;

/* Says of a file that was written its name and size. */
void iscc_cli_print_size(const char *path);

#endif
