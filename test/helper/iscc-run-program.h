/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-run-program - the built programs as a user runs them, in a folder of their own: for tests. */
#ifndef ISCC_RUN_PROGRAM_H
#define ISCC_RUN_PROGRAM_H

extern char iscc_run_folder[64];     /* of the present test */
extern char iscc_run_output[262144]; /* of the last command, both streams */

/* A test's fixture. */
void iscc_run_begin(void);
void iscc_run_end(void);

/* Runs a shell command in the folder; its exit status. */
int iscc_run(const char *command);

#endif
