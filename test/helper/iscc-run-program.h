/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-run-program - the built programs as a user runs them, in a folder of their own: for tests. */
#ifndef ISCC_RUN_PROGRAM_H
#define ISCC_RUN_PROGRAM_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

extern char iscc_run_folder[64];     /* of the present test */
extern char iscc_run_output[262144]; /* of the last command, both streams */

/* A test's fixture. What programs put into TMPDIR meanwhile goes with the folder, even if they are killed. */
void iscc_run_begin(void);
void iscc_run_end(void);

/* Runs a shell command in the folder; its exit status. */
int iscc_run(const char *command);

/* Fails the test, with what the command said, unless its exit status is 0. */
void iscc_run_well(const char *command);

/* Fails the test unless a command ends with that exit status and says that, on either stream. */
void iscc_run_expect(int status, const char *command, const char *says);

/* Writes a file of the folder. */
void iscc_run_write(const char *name, const char *text);

/* Writes p, a program for a campaign: a shell script in which RUN is the replication, A and B are its options a and b. */
void iscc_run_write_program(const char *body);

/* What the sqlite3 shell prints for a statement on a database of the folder; stays until the next command. */
const char *iscc_run_sql(const char *database, const char *sql);

/* Fails the test unless the first line of that is want. */
void iscc_run_expect_sql(const char *database, const char *sql, const char *want);

/* Whether a statement prints something, and the same on both databases or not, as it should. */
void iscc_run_compare(const char *a, const char *b, const char *sql, bool same);

#ifdef __cplusplus
}
#endif
#endif
