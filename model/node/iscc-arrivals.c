/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-arrivals.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024 };

static const double TIME_MAX_S = 9.0e9; /* 285 years: below the range of 64-bit nanoseconds, */
static const double STEP_MAX_S = 2.0e8; /* and a step beyond it still is */

struct iscc_arrivals {
  iscc_arrivals_settings settings;
  iscc_random stream;
  iscc_draws draws;
  uint64_t made;
  int64_t last_ns; /* Poisson: the arrival before */
  int64_t *times_ns;
  uint64_t times, capacity;
};

static int64_t to_ns(double time_s) {
  return (int64_t)llround(time_s * 1e9);
}

static iscc_status keep_time(iscc_arrivals *a, double time_s, iscc_error *error) {
  if (a->times == a->capacity) {
    const uint64_t capacity = a->capacity ? 2 * a->capacity : 1024;
    int64_t *grown = realloc(a->times_ns, capacity * sizeof *grown);
    if (!grown)
      return iscc_fail(error, ISCC_ENOMEM, "%s: no memory for %llu arrival times", a->settings.path,
                       (unsigned long long)capacity);
    a->times_ns = grown;
    a->capacity = capacity;
  }
  a->times_ns[a->times++] = to_ns(time_s);
  return ISCC_OK;
}

/* One line without its comment: nothing, or one time not before the last. */
static iscc_status take_line(iscc_arrivals *a, char *line, unsigned long number, iscc_error *error) {
  static const char blanks[] = " \t\r\n\v\f";
  const char *path = a->settings.path;
  line[strcspn(line, "#")] = '\0';
  const char *text = line + strspn(line, blanks);
  if (!*text) return ISCC_OK;
  char *end;
  const double time_s = strtod(text, &end);
  const int shown = (int)strcspn(text, "\r\n");
  if (end == text || end[strspn(end, blanks)] != '\0')
    return iscc_fail(error, ISCC_EFORMAT, "%s:%lu: '%.*s' is not one time in seconds", path, number,
                     shown > 40 ? 40 : shown, text);
  if (!isfinite(time_s) || time_s < 0.0 || time_s > TIME_MAX_S)
    return iscc_fail(error, ISCC_EFORMAT, "%s:%lu: the time %g s is not within 0..%g s", path, number, time_s,
                     TIME_MAX_S);
  if (a->times > 0 && to_ns(time_s) < a->times_ns[a->times - 1])
    return iscc_fail(error, ISCC_EFORMAT, "%s:%lu: the time %.9f s is before the one above it, %.9f s", path,
                     number, time_s, (double)a->times_ns[a->times - 1] * 1e-9);
  return keep_time(a, time_s, error);
}

static iscc_status read_lines(iscc_arrivals *a, FILE *file, iscc_error *error) {
  char line[LINE_MAX_BYTES];
  unsigned long number = 0;
  while (fgets(line, sizeof line, file)) {
    number++;
    const size_t length = strlen(line);
    if ((length == 0 || line[length - 1] != '\n') && !feof(file))
      return iscc_fail(error, ISCC_EFORMAT, "%s:%lu: line is not text of fewer than %d characters",
                       a->settings.path, number, LINE_MAX_BYTES);
    const iscc_status status = take_line(a, line, number, error);
    if (status != ISCC_OK) return status;
    if (a->settings.count > 0 && a->times == a->settings.count) return ISCC_OK;
  }
  if (ferror(file)) return iscc_fail(error, ISCC_EIO, "%s: %s", a->settings.path, strerror(errno));
  return ISCC_OK;
}

static iscc_status read_file(iscc_arrivals *a, iscc_error *error) {
  if (!a->settings.path) return iscc_fail(error, ISCC_EINVAL, "arrivals: no file is given");
  FILE *file = fopen(a->settings.path, "r");
  if (!file)
    return iscc_fail(error, ISCC_EIO,
                     "arrivals: '%s' is neither periodic nor poisson, nor a file to be read: %s",
                     a->settings.path, strerror(errno));
  const iscc_status status = read_lines(a, file, error);
  fclose(file);
  if (status || a->times > 0) return status;
  return iscc_fail(error, ISCC_EFORMAT, "%s: holds no arrival", a->settings.path);
}

static iscc_status check(const iscc_arrivals_settings *s, iscc_error *error) {
  if (s->kind == ISCC_ARRIVALS_FILE) return ISCC_OK;
  if (s->kind != ISCC_ARRIVALS_PERIODIC && s->kind != ISCC_ARRIVALS_POISSON)
    return iscc_fail(error, ISCC_EINVAL, "arrivals: %d is no kind of arrivals", (int)s->kind);
  if (!isfinite(s->interval_s) || s->interval_s <= 0.0)
    return iscc_fail(error, ISCC_EINVAL, "arrival interval: %g s is not > 0", s->interval_s);
  if (!isfinite(s->start_s) || s->start_s < 0.0 || s->start_s > TIME_MAX_S)
    return iscc_fail(error, ISCC_EINVAL, "arrival start: %g s is not within 0..%g s", s->start_s, TIME_MAX_S);
  if (s->start_s + s->interval_s * (double)s->count > TIME_MAX_S)
    return iscc_fail(error, ISCC_EINVAL, "arrivals: %llu of them every %g s end after %g s",
                     (unsigned long long)s->count, s->interval_s, TIME_MAX_S);
  return ISCC_OK;
}

iscc_status iscc_arrivals_create(const iscc_arrivals_settings *settings, const iscc_random *stream,
                                 iscc_arrivals **out, iscc_error *error) {
  *out = NULL;
  iscc_status status = check(settings, error);
  if (status != ISCC_OK) return status;
  iscc_arrivals *a = calloc(1, sizeof *a);
  if (!a) return iscc_fail(error, ISCC_ENOMEM, "arrivals: out of memory");
  a->settings = *settings;
  a->stream = *stream;
  if (settings->kind == ISCC_ARRIVALS_FILE) {
    status = read_file(a, error);
    if (status != ISCC_OK) {
      iscc_arrivals_destroy(a);
      return status;
    }
    a->settings.count = a->times;
  } else {
    a->last_ns = to_ns(settings->start_s);
  }
  a->settings.path = NULL; /* borrowed until here */
  *out = a;
  return ISCC_OK;
}

void iscc_arrivals_destroy(iscc_arrivals *arrivals) {
  if (!arrivals) return;
  free(arrivals->times_ns);
  free(arrivals);
}

const iscc_draws *iscc_arrivals_draws(const iscc_arrivals *a) {
  return &a->draws;
}

static int64_t next_poisson_ns(iscc_arrivals *a, uint64_t index) {
  const double unit = iscc_random_exponential(&a->stream);
  iscc_draws_note(&a->draws, index, unit);
  a->last_ns += to_ns(fmin(a->settings.interval_s * unit, STEP_MAX_S));
  if (a->last_ns > to_ns(TIME_MAX_S)) a->last_ns = to_ns(TIME_MAX_S); /* never past the clock's range */
  return a->last_ns;
}

int64_t iscc_arrivals_next_ns(iscc_arrivals *a) {
  if (a->made == a->settings.count) return -1;
  const uint64_t index = a->made++;
  switch (a->settings.kind) {
  case ISCC_ARRIVALS_PERIODIC: /* from the start each time: no error builds up */
    return to_ns(a->settings.start_s + a->settings.interval_s * (double)index);
  case ISCC_ARRIVALS_POISSON:
    return next_poisson_ns(a, index);
  case ISCC_ARRIVALS_FILE:
    return a->times_ns[index];
  }
  return -1;
}
