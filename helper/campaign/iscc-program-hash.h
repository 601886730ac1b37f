/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-program-hash - SHA-256 of a program's file. */
#ifndef ISCC_PROGRAM_HASH_H
#define ISCC_PROGRAM_HASH_H

#include "iscc-digest.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As sha256sum prints it. ISCC_EIO. */
iscc_status iscc_program_hash(const char *path, char sha256[ISCC_DIGEST_TEXT], iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
