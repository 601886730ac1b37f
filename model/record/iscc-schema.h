/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-schema - schema.sql as text; the build makes the source from that file. */
#ifndef ISCC_SCHEMA_H
#define ISCC_SCHEMA_H

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_SCHEMA_APPLICATION_ID = 1230193475, ISCC_SCHEMA_VERSION = 7 }; /* as in schema.sql */

extern const char iscc_schema_sql[];

#ifdef __cplusplus
}
#endif
#endif
