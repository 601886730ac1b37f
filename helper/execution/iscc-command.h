/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-command - runs a command of the system and reads what it prints. */
#ifndef ISCC_COMMAND_H
#define ISCC_COMMAND_H

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* argv ends with NULL; argv[0] is looked for in PATH. The command sees the environment but for variables whose names begin with hide (NULL:
 * all of it). *printed: its stdout, ended by a zero byte; free with free(). ISCC_EIO: it cannot be started, or its
 * exit status is not 0; the text has the last line of its stderr then, and *printed is NULL. */
iscc_status iscc_command_run(char *const *argv, const char *hide, char **printed, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
