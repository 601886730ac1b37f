/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-run-arguments - the command line of one run of a campaign, from its arguments as they are recorded. */
#ifndef ISCC_RUN_ARGUMENTS_H
#define ISCC_RUN_ARGUMENTS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* PATH --NAME=VALUE ... --RngSeed=SEED --RngRun=RUN [--db=SHARD], NULL past the last; an empty VALUE makes --NAME.
 * arguments: JSON object of texts. shard NULL: none. NULL: no memory, or arguments are no such object. */
char **iscc_run_arguments_make(const char *path, const char *arguments, int64_t seed, int64_t run,
                               const char *shard);
void iscc_run_arguments_free(char **argv); /* NULL is fine */

#ifdef __cplusplus
}
#endif
#endif
