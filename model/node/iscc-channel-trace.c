/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-channel-trace.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double TIME_MAX_S = 9.0e9; /* 285 years: below the range of 64-bit nanoseconds */
static const double SNR_MAX_DB = 300;
static const char blanks[] = " \t\r\n\v\f";

struct iscc_channel_trace {
  size_t lines, capacity;
  uint32_t columns;
  int64_t *time_ns;
  double *snr; /* lines x columns, linear */
};

typedef struct { /* where we are in which file */
  const char *path;
  unsigned long line;
  iscc_error *error;
} place;

static iscc_status grow(iscc_channel_trace *t, const place *at) {
  if (t->lines < t->capacity) return ISCC_OK;
  const size_t capacity = t->capacity ? 2 * t->capacity : 256;
  int64_t *time_ns = realloc(t->time_ns, capacity * sizeof *time_ns);
  if (time_ns) t->time_ns = time_ns;
  double *snr = realloc(t->snr, capacity * t->columns * sizeof *snr);
  if (snr) t->snr = snr;
  if (!time_ns || !snr)
    return iscc_fail(at->error, ISCC_ENOMEM, "%s: no memory for %zu lines", at->path, capacity);
  t->capacity = capacity;
  return ISCC_OK;
}

static uint32_t count_words(const char *text) {
  uint32_t words = 0;
  for (text += strspn(text, blanks); *text; text += strspn(text, blanks)) {
    words++;
    text += strcspn(text, blanks);
  }
  return words;
}

/* The next number of the line; moves *text past it. */
static iscc_status take_number(const place *at, char **text, const char *what, double *value) {
  *text += strspn(*text, blanks);
  char *end;
  *value = strtod(*text, &end);
  const int length = (int)strcspn(*text, blanks);
  if (end != *text + length || !isfinite(*value))
    return iscc_fail(at->error, ISCC_EFORMAT, "%s:%lu: '%.*s' is not %s", at->path, at->line,
                     length > 40 ? 40 : length, *text, what);
  *text = end;
  return ISCC_OK;
}

static iscc_status take_time(iscc_channel_trace *t, const place *at, char **text) {
  double time_s;
  const iscc_status status = take_number(at, text, "a time in s", &time_s);
  if (status != ISCC_OK) return status;
  if (time_s < 0 || time_s > TIME_MAX_S)
    return iscc_fail(at->error, ISCC_EFORMAT, "%s:%lu: the time %g s is not within 0..%g s", at->path,
                     at->line, time_s, TIME_MAX_S);
  const int64_t time_ns = llround(time_s * 1e9);
  if (t->lines == 0 && time_ns != 0)
    return iscc_fail(at->error, ISCC_EFORMAT, "%s:%lu: the first time is %g s, it must be 0", at->path,
                     at->line, time_s);
  if (t->lines > 0 && time_ns <= t->time_ns[t->lines - 1])
    return iscc_fail(at->error, ISCC_EFORMAT, "%s:%lu: the time %.9f s is not after the one above it, %.9f s",
                     at->path, at->line, time_s, 1e-9 * (double)t->time_ns[t->lines - 1]);
  t->time_ns[t->lines] = time_ns;
  return ISCC_OK;
}

static iscc_status take_line(iscc_channel_trace *t, const place *at, char *text) {
  text[strcspn(text, "#")] = '\0';
  const uint32_t words = count_words(text);
  if (words == 0) return ISCC_OK;
  if (words < 2 || words - 1 > ISCC_CHANNEL_TRACE_COLUMNS_MAX)
    return iscc_fail(at->error, ISCC_EFORMAT, "%s:%lu: %u numbers are not a time in s and 1..%d SNRs in dB",
                     at->path, at->line, words, ISCC_CHANNEL_TRACE_COLUMNS_MAX);
  if (t->lines == 0) t->columns = words - 1;
  if (words - 1 != t->columns)
    return iscc_fail(at->error, ISCC_EFORMAT, "%s:%lu: %u SNRs, the lines above it have %u", at->path,
                     at->line, words - 1, (unsigned)t->columns);
  iscc_status status = grow(t, at);
  if (status == ISCC_OK) status = take_time(t, at, &text);
  for (uint32_t i = 0; i < t->columns && status == ISCC_OK; i++) {
    double snr_db;
    status = take_number(at, &text, "an SNR in dB", &snr_db);
    if (status == ISCC_OK && fabs(snr_db) > SNR_MAX_DB)
      status = iscc_fail(at->error, ISCC_EFORMAT, "%s:%lu: the SNR %g dB is not within -%g..%g dB", at->path,
                         at->line, snr_db, SNR_MAX_DB, SNR_MAX_DB);
    if (status == ISCC_OK) t->snr[t->lines * t->columns + i] = pow(10, 0.1 * snr_db);
  }
  if (status == ISCC_OK) t->lines++;
  return status;
}

static iscc_status read_lines(iscc_channel_trace *t, FILE *file, place *at) {
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  iscc_status status = ISCC_OK;
  while (status == ISCC_OK && (length = getline(&line, &size, file)) >= 0) {
    at->line++;
    status = strlen(line) == (size_t)length
                 ? take_line(t, at, line)
                 : iscc_fail(at->error, ISCC_EFORMAT, "%s:%lu: line is not text", at->path, at->line);
  }
  free(line);
  if (status != ISCC_OK) return status;
  if (ferror(file)) return iscc_fail(at->error, ISCC_EIO, "%s: %s", at->path, strerror(errno));
  if (t->lines == 0)
    return iscc_fail(at->error, ISCC_EFORMAT, "%s: has no line with a time and an SNR", at->path);
  return ISCC_OK;
}

iscc_status iscc_channel_trace_read(const char *path, iscc_channel_trace **out, iscc_error *error) {
  *out = NULL;
  place at = {.path = path, .error = error};
  FILE *file = fopen(path, "r");
  if (!file) return iscc_fail(error, ISCC_EIO, "%s: cannot read the channel: %s", path, strerror(errno));
  iscc_channel_trace *t = calloc(1, sizeof *t);
  const iscc_status status =
      t ? read_lines(t, file, &at) : iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  fclose(file);
  if (status != ISCC_OK)
    iscc_channel_trace_destroy(t);
  else
    *out = t;
  return status;
}

void iscc_channel_trace_destroy(iscc_channel_trace *t) {
  if (!t) return;
  free(t->time_ns);
  free(t->snr);
  free(t);
}

uint32_t iscc_channel_trace_columns(const iscc_channel_trace *t) {
  return t->columns;
}

size_t iscc_channel_trace_line(const iscc_channel_trace *t, int64_t time_ns) {
  size_t low = 0, high = t->lines; /* the line is within [low, high) */
  while (high - low > 1) {
    const size_t middle = low + (high - low) / 2;
    if (t->time_ns[middle] <= time_ns)
      low = middle;
    else
      high = middle;
  }
  return low;
}

int64_t iscc_channel_trace_line_end_ns(const iscc_channel_trace *t, int64_t time_ns) {
  const size_t next = iscc_channel_trace_line(t, time_ns) + 1;
  return next < t->lines ? t->time_ns[next] : INT64_MAX;
}

double iscc_channel_trace_snr(const iscc_channel_trace *t, uint32_t column, int64_t time_ns) {
  return t->snr[iscc_channel_trace_line(t, time_ns) * t->columns + column];
}
