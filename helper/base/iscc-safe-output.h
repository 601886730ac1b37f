/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-safe-output - lines with text of strangers, fit for a terminal.
 *
 * From the call on, what is printed to stdout comes out line by line as iscc-safe-text.h has it. For commands that print tables with
 * names from a database; not for those that start programs, which would inherit it. One thread. */
#ifndef ISCC_SAFE_OUTPUT_H
#define ISCC_SAFE_OUTPUT_H

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ISCC_ENOMEM. A line without its newline waits for it; what cannot be written fails stdout, as fflush() tells. */
iscc_status iscc_safe_output(iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
