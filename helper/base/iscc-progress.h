/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-progress - a progress bar with time to go on stderr; plain lines, at most one every ten seconds, when
 * stderr is not a terminal. On a narrow terminal the bar is shorter, or left out. */
#ifndef ISCC_PROGRESS_H
#define ISCC_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *label; /* borrowed */
  uint64_t total;
  double start_s, shown_s, every_s;
  uint64_t first; /* done when it began: resumed work is not counted into the speed */
  double reached; /* share by another measure */
  double left_s;  /* known to be left at due_s; NaN: as long as the speed so far says */
  double due_s;
} iscc_progress;

void iscc_progress_begin(iscc_progress *p, const char *label, uint64_t done, uint64_t total);
void iscc_progress_show(iscc_progress *p,
                        uint64_t done); /* cheap to call often: draws at most five times a second */

/* By another measure, such as a time at which all ends, this share (0..1) is done: the larger one is shown. */
void iscc_progress_reach(iscc_progress *p, double share);

/* Whether show() would draw now: for those whose forecast costs something. */
bool iscc_progress_is_due(const iscc_progress *p);

/* The caller knows better how long the rest takes, as when what is left is shorter or longer than what was done. NaN: it does
 * not. Counts down by itself until it is told again. */
void iscc_progress_expect(iscc_progress *p, double left_s);

void iscc_progress_end(iscc_progress *p, uint64_t done);

#ifdef __cplusplus
}
#endif
#endif
