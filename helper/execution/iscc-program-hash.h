/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-program-hash - SHA-256 of a program and of the libraries it comes with.
 *
 * Those are the shared libraries that ldd names outside /lib and /usr/lib: a model may lie in them while the program's own
 * file stays the same. The hash is over all files' bytes, the program's first, then in ldd's order; of a program without such libraries it is
 * what sha256sum prints. Libraries of the system are left out: their updates would make every program another one. */
#ifndef ISCC_PROGRAM_HASH_H
#define ISCC_PROGRAM_HASH_H

#include "iscc-digest.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ISCC_EIO. Runs ldd. */
iscc_status iscc_program_hash(const char *path, char sha256[ISCC_DIGEST_TEXT], iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
