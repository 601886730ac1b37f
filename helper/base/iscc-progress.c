/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-progress.h"

#include <math.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { BAR_WIDTH = 30, BESIDE = 47 /* columns of what stands beside the bar */ };

static double wall_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int bar_width(void) {
  struct winsize size;
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col == 0 || size.ws_col > BAR_WIDTH + BESIDE)
    return BAR_WIDTH;
  return size.ws_col > BESIDE ? size.ws_col - BESIDE : 0;
}

static void draw_bar(const iscc_progress *p, double share, const char *time_text, int last) {
  char bar[BAR_WIDTH + 1];
  const int width = bar_width();
  for (int i = 0; i < width; i++) bar[i] = i < (int)(share * width) ? '#' : '.';
  bar[width] = '\0';
  if (width)
    fprintf(stderr, "\r%-20s [%s] %3.0f %%  %-15s%s", p->label, bar, 100.0 * share, time_text,
            last ? "\n" : "");
  else
    fprintf(stderr, "\r%3.0f %%  %-15s%s", 100.0 * share, time_text, last ? "\n" : "");
}

static void draw(const iscc_progress *p, uint64_t done, double now_s, int last) {
  const double share = fmax(p->total ? (double)done / (double)p->total : 1.0, p->reached);
  const double spent_s = now_s - p->start_s;
  const double fresh = share - (p->total ? (double)p->first / (double)p->total : 0.0);
  const bool told = !isnan(p->left_s);
  const double left_s = told        ? fmax(0, p->left_s - (now_s - p->due_s))
                        : fresh > 0 ? spent_s * (1.0 - share) / fresh
                                    : 0.0;
  char time_text[48];
  if (last)
    snprintf(time_text, sizeof time_text, "%.1f s", spent_s);
  else if (told || fresh > 0)
    snprintf(time_text, sizeof time_text, "%.0f s to go", left_s);
  else
    snprintf(time_text, sizeof time_text, "starting");
  if (isatty(STDERR_FILENO)) {
    draw_bar(p, share, time_text, last);
  } else {
    fprintf(stderr, "%s: %.0f %% (%llu of %llu), %s\n", p->label, 100.0 * share, (unsigned long long)done,
            (unsigned long long)p->total, time_text);
  }
  fflush(stderr);
}

void iscc_progress_begin(iscc_progress *p, const char *label, uint64_t done, uint64_t total) {
  const double now_s = wall_s();
  *p = (iscc_progress){.label = label,
                       .total = total,
                       .start_s = now_s,
                       .shown_s = now_s,
                       .first = done,
                       .left_s = (double)NAN};
  p->every_s = isatty(STDERR_FILENO) ? 0.2 : 10.0;
}

void iscc_progress_show(iscc_progress *p, uint64_t done) {
  const double now_s = wall_s();
  if (now_s - p->shown_s < p->every_s) return;
  p->shown_s = now_s;
  draw(p, done, now_s, 0);
}

bool iscc_progress_is_due(const iscc_progress *p) {
  return wall_s() - p->shown_s >= p->every_s;
}

void iscc_progress_expect(iscc_progress *p, double left_s) {
  p->left_s = left_s;
  p->due_s = wall_s();
}

void iscc_progress_reach(iscc_progress *p, double share) {
  p->reached = fmin(share, 1.0);
}

void iscc_progress_end(iscc_progress *p, uint64_t done) {
  draw(p, done, wall_s(), 1);
}
