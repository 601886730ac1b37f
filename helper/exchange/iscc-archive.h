/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-archive - a result database as one file to keep or to give away, and without empty room.
 *
 * An archive is a state of the database between two transactions, also while others write it. It is written beside its path, looked at
 * (iscc-database-check.h) and renamed; nothing else lies beside it. */
#ifndef ISCC_ARCHIVE_H
#define ISCC_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* anonymous: the tables of schema.sql alone, without names of machines and folders (iscc-anonymous.h). ISCC_EINVAL: something is at path already;
 * ISCC_EFORMAT: the database is damaged, or to be anonymous and of an older schema version; ISCC_EIO. */
iscc_status iscc_archive(const char *database, const char *path, bool anonymous, iscc_error *error);

/* Rewrites the database without the room of what was deleted; brings it to the present schema version. *before, *after: bytes. ISCC_ESTATE: a campaign works on it,
 * or it has several names; ISCC_EIO: also, it is not there. */
iscc_status iscc_vacuum(const char *database, int64_t *before, int64_t *after, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
