/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-pool-signals.h"

#include <math.h>
#include <stddef.h>
#include <time.h>

void iscc_pool_signals_begin(iscc_pool_signals *s) {
  static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
  signal(SIGCHLD, SIG_DFL); /* ignored by whoever started us, ends of runs would go unseen */
  sigemptyset(&s->taken);
  sigaddset(&s->taken, SIGCHLD);
  for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
    struct sigaction now;
    if (sigaction(stops[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN) sigaddset(&s->taken, stops[i]);
  }
  sigprocmask(SIG_BLOCK, &s->taken, &s->before);
}

void iscc_pool_signals_end(iscc_pool_signals *s) {
  /* one signal may come twice, as to a process and its group: what was asked is being done */
  while (sigtimedwait(&s->taken, NULL, &(struct timespec){0, 0}) > 0) continue;
  sigprocmask(SIG_SETMASK, &s->before, NULL);
}

bool iscc_pool_signals_wait(const iscc_pool_signals *s, double patience_s) {
  const struct timespec wait = {(time_t)patience_s, (long)(1e9 * (patience_s - floor(patience_s)))};
  const int signal = sigtimedwait(&s->taken, NULL, &wait);
  return signal > 0 && signal != SIGCHLD;
}
