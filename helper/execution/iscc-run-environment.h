/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-run-environment - variables of the environment by which ns-3 changes results.
 *
 * NS_ATTRIBUTE_DEFAULT and NS_GLOBAL_VALUE reach every program on ns-3, but no campaign file says so: runs with and without them would
 * be taken for the same point. What they set can be an option. */
#ifndef ISCC_RUN_ENVIRONMENT_H
#define ISCC_RUN_ENVIRONMENT_H

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ISCC_EINVAL: one of them is set and not empty; the text names it. Reads the environment. */
iscc_status iscc_run_environment_check(iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
