/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-program-version - which program it is that runs: SHA-256 of its file and of the libraries it comes with.
 *
 * Those are the shared libraries that ldd names outside /lib and /usr/lib: a model may lie in them while the program's own
 * file stays the same. The hash is over all files' bytes, the program's first, then in ldd's order; of a program without such libraries it is
 * what sha256sum prints. Libraries of the system are left out: their updates would make every program another one. */
#ifndef ISCC_PROGRAM_VERSION_H
#define ISCC_PROGRAM_VERSION_H

#include "iscc-digest.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct iscc_program_file;

typedef struct { /* zeroed: of nothing yet */
  char sha256[ISCC_DIGEST_TEXT];
  size_t files;
  struct iscc_program_file *file; /* of the hash, and as they lay on the disk before they were read */
} iscc_program_version;

/* ISCC_EIO, ISCC_ENOMEM. Runs ldd. Free with iscc_program_version_free(), after a failure as well. */
iscc_status iscc_program_version_read(const char *path, iscc_program_version *out, iscc_error *error);
void iscc_program_version_free(iscc_program_version *version);

/* Whether all files are still those that were read, by their inodes, sizes and times; they are not read again. What ran between
 * the reading and this is of that version. ISCC_ESTATE: one is another or gone, the text names it. */
iscc_status iscc_program_version_check(const iscc_program_version *version, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
