/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-sqlite-api - SQLite as a loadable extension sees it (ISCC_SQLITE_LOADABLE), or as a program that is linked with it. */
#ifndef ISCC_SQLITE_API_H
#define ISCC_SQLITE_API_H

#ifndef ISCC_SQLITE_LOADABLE
#define SQLITE_CORE 1
#endif
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3

#endif
