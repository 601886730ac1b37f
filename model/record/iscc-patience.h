/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-patience - waits for a database that another process locks, and lets whoever waits do something meanwhile. */
#ifndef ISCC_PATIENCE_H
#define ISCC_PATIENCE_H

#include <sqlite3.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  /* Waits a moment, some hundredths of a second; waited_s: since the lock was met. false: no longer. NULL: sleeps. */
  bool (*wait)(void *ctx, double waited_s);
  void *ctx;
  double limit_s; /* longest wait for one lock */
  double since_s; /* zero it, and stopped */
  bool stopped;   /* by wait: from then on no lock is waited for */
} iscc_patience;

/* For all statements of a connection. patience is borrowed until it is closed. */
void iscc_patience_set(sqlite3 *db, iscc_patience *patience);

/* For what SQLite itself does not wait for: waits a moment, the nth (from 0) for one lock; false: no longer. */
bool iscc_patience_wait(iscc_patience *patience, int nth);

#ifdef __cplusplus
}
#endif
#endif
