/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-program-libraries - the shared libraries a program comes with. */
#ifndef ISCC_PROGRAM_LIBRARIES_H
#define ISCC_PROGRAM_LIBRARIES_H

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef void iscc_program_library(void *ctx, const char *path);

/* Calls each with the real path of every library that ldd names, in its order; what is no ELF program has none.
 * ISCC_EIO: ldd cannot be started. */
iscc_status iscc_program_libraries(const char *program, iscc_program_library *each, void *ctx,
                                   iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
