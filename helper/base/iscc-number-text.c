/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-number-text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHOLE_DIGITS = 20, FULL_PRECISION = 17, EXPONENT_MAX = 999 };

typedef struct {
  bool negative;
  const char *whole, *fraction; /* digits before and after the point */
  size_t wholes, fractions;
  long exponent;
} decimal;

static const char digits[] = "0123456789";

static bool split(const char *text, decimal *d) {
  *d = (decimal){.negative = *text == '-'};
  d->whole = text + (*text == '-' || *text == '+');
  d->wholes = strspn(d->whole, digits);
  const char *end = d->fraction = d->whole + d->wholes;
  if (*end == '.') {
    d->fraction = end + 1;
    d->fractions = strspn(d->fraction, digits);
    end = d->fraction + d->fractions;
  }
  if (d->wholes + d->fractions == 0) return false;
  if (*end == 'e' || *end == 'E') {
    const char *figures = end + 1 + (end[1] == '-' || end[1] == '+');
    if (!*figures || figures[strspn(figures, digits)]) return false;
    d->exponent = strtol(end + 1, NULL, 10);
    return labs(d->exponent) <= EXPONENT_MAX;
  }
  return !*end;
}

/* All digits of a number without point and leading zeros; 0: they are too many. after: how many stand after the point. */
static size_t gather(const decimal *d, char figure[WHOLE_DIGITS + 1], long *after) {
  size_t n = 0, fractions = d->fractions;
  while (fractions && d->fraction[fractions - 1] == '0') fractions--;
  for (size_t i = 0; i < d->wholes + fractions; i++) {
    const char c = i < d->wholes ? d->whole[i] : d->fraction[i - d->wholes];
    if (n == 0 && c == '0') continue;
    if (n == WHOLE_DIGITS) return 0;
    figure[n++] = c;
  }
  *after = (long)fractions - d->exponent;
  while (*after > 0 && n && figure[n - 1] == '0') {
    n--;
    --*after;
  }
  return n;
}

/* Digit by digit: a double has not room for all whole numbers. */
static bool write_whole(const decimal *d, char out[ISCC_NUMBER_TEXT_MAX]) {
  char figure[WHOLE_DIGITS + 1];
  long after = 0;
  size_t n = gather(d, figure, &after);
  if (n == 0 || after > 0 || (long)n - after > WHOLE_DIGITS) return false;
  for (; after < 0; after++) figure[n++] = '0';
  snprintf(out, ISCC_NUMBER_TEXT_MAX, "%s%.*s", d->negative ? "-" : "", (int)n, figure);
  return true;
}

/* 1e-07 and 1e+30 as 1e-7 and 1e30. */
static void shorten_exponent(char *text) {
  char *from = strchr(text, 'e');
  if (!from) return;
  char *to = ++from;
  if (*from == '-') to++;
  from += *from == '-' || *from == '+';
  from += strspn(from, "0");
  memmove(to, from, strlen(from) + 1);
}

bool iscc_number_text(const char *text, char shortest[ISCC_NUMBER_TEXT_MAX]) {
  decimal d;
  if (!split(text, &d)) return false;
  if (write_whole(&d, shortest)) return true;
  if (text + strlen(text) == d.whole + d.wholes && d.wholes > WHOLE_DIGITS) return false;
  const double value = strtod(text, NULL);
  const bool zero = d.whole[strspn(d.whole, "0.")] == '\0' || strchr("eE", d.whole[strspn(d.whole, "0.")]);
  if (!isfinite(value) || (value == 0 && !zero)) return false;
  for (int precision = 1; precision <= FULL_PRECISION; precision++) {
    snprintf(shortest, ISCC_NUMBER_TEXT_MAX, "%.*g", precision, value == 0 ? 0 : value);
    if (strtod(shortest, NULL) == value) break;
  }
  shorten_exponent(shortest);
  return true;
}

bool iscc_number_text_equal(const char *a, const char *b) {
  char x[ISCC_NUMBER_TEXT_MAX], y[ISCC_NUMBER_TEXT_MAX];
  return strcmp(a, b) == 0 || (iscc_number_text(a, x) && iscc_number_text(b, y) && strcmp(x, y) == 0);
}
