/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-patience.h"

#include <time.h>

enum { MOMENT_MS = 20 };

static double clock_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool iscc_patience_wait(iscc_patience *p, int nth) {
  const double now_s = clock_s();
  if (nth == 0) p->since_s = now_s;
  if (p->stopped || now_s - p->since_s >= p->limit_s) return false;
  if (p->wait)
    p->stopped = !p->wait(p->ctx, now_s - p->since_s);
  else
    sqlite3_sleep(MOMENT_MS);
  return !p->stopped;
}

static int handle(void *patience, int nth) {
  return iscc_patience_wait(patience, nth);
}

void iscc_patience_set(sqlite3 *db, iscc_patience *patience) {
  sqlite3_busy_handler(db, handle, patience);
}
