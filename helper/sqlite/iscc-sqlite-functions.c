/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-sqlite-api.h"

#include "iscc-sqlite-functions.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "iscc-moments.h"
#include "iscc-paired.h"
#include "iscc-wilson.h"

#define CONFIDENCE 0.95 /* where none is given */

static void give(sqlite3_context *context, double value) {
  if (isnan(value))
    sqlite3_result_null(context);
  else
    sqlite3_result_double(context, value);
}

typedef enum { IS_NUMBER, IS_NULL, IS_WRONG } kind;

/* Of so many values together: the worst. Text that is no number is an error, not 0 as to sum(). */
static kind kind_of(sqlite3_context *context, sqlite3_value **value, int count) {
  kind worst = IS_NUMBER;
  for (int i = 0; i < count; i++) {
    const int type = sqlite3_value_numeric_type(value[i]);
    if (type == SQLITE_NULL && worst == IS_NUMBER) worst = IS_NULL;
    if (type == SQLITE_TEXT || type == SQLITE_BLOB) worst = IS_WRONG;
  }
  if (worst == IS_WRONG) sqlite3_result_error(context, "a value is no number", -1);
  return worst;
}

static double decibels(double x) {
  return x > 0 ? 10 * log10(x) : (double)NAN;
}

static double from_decibels(double y) {
  return pow(10, y / 10);
}

static double dbm(double x) {
  return x > 0 ? 10 * log10(x) + 30 : (double)NAN;
}

static double from_dbm(double y) {
  return pow(10, (y - 30) / 10);
}

typedef struct {
  const char *name;
  double (*of)(double x);
} scalar;

static const scalar scalars[] = {
    {"to_db", decibels}, {"from_db", from_decibels}, {"w_to_dbm", dbm}, {"dbm_to_w", from_dbm}};

static void scalar_value(sqlite3_context *context, int count, sqlite3_value **value) {
  const scalar *function = sqlite3_user_data(context);
  (void)count; /* without a result it is NULL */
  if (kind_of(context, value, 1) == IS_NUMBER) give(context, function->of(sqlite3_value_double(value[0])));
}

/* Share of confidence in value[at], or the usual. */
static bool take_confidence(sqlite3_context *context, int count, sqlite3_value **value, int at,
                            double *confidence) {
  *confidence = count > at ? sqlite3_value_double(value[at]) : CONFIDENCE;
  if (*confidence > 0 && *confidence < 1) return true;
  sqlite3_result_error(context, "confidence is a share in (0, 1), as 0.95", -1);
  return false;
}

static void wilson_value(sqlite3_context *context, int count, sqlite3_value **value) {
  double confidence;
  if (kind_of(context, value, 2) != IS_NUMBER || !take_confidence(context, count, value, 2, &confidence))
    return;
  const iscc_proportion share =
      iscc_wilson_of(sqlite3_value_double(value[0]), sqlite3_value_double(value[1]), confidence);
  give(context, sqlite3_user_data(context) ? share.high : share.low);
}

/* What a group has come to so far. a and b: all values, of aggregates that keep them. */
typedef struct {
  iscc_moments moments;
  double sum, lost; /* Neumaier, Z. angew. Math. Mech. 54, 1974 */
  double *a, *b;
  size_t n, room;
  double parameter; /* p or confidence */
  bool given, wrong;
} group;

static double total(const group *g) {
  return g->n ? g->sum + g->lost : (double)NAN;
}

static double variance(const group *g) {
  return iscc_moments_variance(&g->moments);
}

static double deviation(const group *g) {
  return sqrt(variance(g));
}

static double variation(const group *g) {
  return g->moments.mean != 0 ? deviation(g) / fabs(g->moments.mean) : (double)NAN;
}

static void swap(double *a, double *b) {
  const double kept = *a;
  *a = *b;
  *b = kept;
}

/* The middle of three of a[from..to], moved to from. */
static double pivot(double *a, size_t from, size_t to) {
  const size_t middle = from + (to - from) / 2;
  if (a[middle] > a[to]) swap(&a[middle], &a[to]);
  if (a[from] < a[middle]) swap(&a[from], &a[middle]);
  if (a[from] > a[to]) swap(&a[from], &a[to]);
  return a[from];
}

/* Moves a[k] to where it is in order: none before it is greater, none behind it less. Hoare's selection; in steps from all, the
 * expected number of comparisons is linear. */
static void select_place(double *a, size_t n, size_t k) {
  size_t from = 0, to = n - 1;
  while (from < to) {
    const double p = pivot(a, from, to);
    size_t i = from, j = to;
    while (i <= j) {
      while (a[i] < p) i++;
      while (a[j] > p) j--;
      if (i > j) break;
      swap(&a[i++], &a[j]);
      if (j-- == 0) break;
    }
    if (k <= j && j < to)
      to = j;
    else if (k >= i)
      from = i;
    else
      return;
  }
}

static double quantile_at(const group *g, double p) {
  if (g->n == 0) return (double)NAN;
  const double place = p * (double)(g->n - 1), below = floor(place);
  const size_t k = (size_t)below;
  select_place(g->a, g->n, k);
  const double share = place - below;
  if (share <= 0) return g->a[k]; /* also where the next is infinite, or there is none */
  double next = g->a[k + 1];
  for (size_t i = k + 2; i < g->n; i++)
    if (g->a[i] < next) next = g->a[i];
  return (1 - share) * g->a[k] + share * next; /* a difference could overflow */
}

static double quantile(const group *g) {
  return quantile_at(g, g->parameter);
}

static double median(const group *g) {
  return quantile_at(g, 0.5);
}

static double half_width(const group *g) {
  return iscc_moments_interval(&g->moments, g->parameter).half_width;
}

static double paired_half_width(const group *g) {
  return iscc_paired_of(g->a, g->b, g->n, g->parameter).half_width;
}

static double paired_p(const group *g) {
  return iscc_paired_of(g->a, g->b, g->n, CONFIDENCE).p_value;
}

static double paired_relative(const group *g) {
  return iscc_paired_of(g->a, g->b, g->n, CONFIDENCE).relative;
}

static double paired_relative_low(const group *g) {
  return iscc_paired_of(g->a, g->b, g->n, g->parameter).relative_low;
}

static double paired_relative_high(const group *g) {
  return iscc_paired_of(g->a, g->b, g->n, g->parameter).relative_high;
}

typedef enum { NO_PARAMETER, PROBABILITY, CONFIDENCE_IF_GIVEN } parameter_kind;

typedef struct {
  const char *name;
  double (*of)(const group *g);
  int values; /* of a row: 1 or 2 */
  bool keeps; /* all values */
  parameter_kind parameter;
} aggregate;

static const aggregate aggregates[] = {
    {"stable_sum", total, 1, false, NO_PARAMETER},
    {"variance", variance, 1, false, NO_PARAMETER},
    {"stddev", deviation, 1, false, NO_PARAMETER},
    {"cv", variation, 1, false, NO_PARAMETER},
    {"median", median, 1, true, NO_PARAMETER},
    {"quantile", quantile, 1, true, PROBABILITY},
    {"t_half_width", half_width, 1, false, CONFIDENCE_IF_GIVEN},
    {"paired_half_width", paired_half_width, 2, true, CONFIDENCE_IF_GIVEN},
    {"paired_p", paired_p, 2, true, NO_PARAMETER},
    {"paired_relative", paired_relative, 2, true, NO_PARAMETER},
    {"paired_relative_low", paired_relative_low, 2, true, CONFIDENCE_IF_GIVEN},
    {"paired_relative_high", paired_relative_high, 2, true, CONFIDENCE_IF_GIVEN},
};

static bool take_parameter(sqlite3_context *context, group *g, const aggregate *function, int count,
                           sqlite3_value **value) {
  if (g->given || function->parameter == NO_PARAMETER) return true;
  g->given = true;
  if (function->parameter == CONFIDENCE_IF_GIVEN)
    return take_confidence(context, count, value, function->values, &g->parameter);
  g->parameter = sqlite3_value_double(value[function->values]);
  if (sqlite3_value_numeric_type(value[function->values]) != SQLITE_NULL && g->parameter >= 0 &&
      g->parameter <= 1)
    return true;
  sqlite3_result_error(context, "quantile: p is in 0..1", -1);
  return false;
}

static bool keep(group *g, double a, double b, bool pairs) {
  if (g->n == g->room) {
    const size_t room = g->room + g->room / 4 + 64; /* large ones nearly fill the memory */
    double *more_a = realloc(g->a, room * sizeof *more_a);
    if (more_a) g->a = more_a;
    double *more_b = pairs ? realloc(g->b, room * sizeof *more_b) : NULL;
    if (more_b) g->b = more_b;
    if (!more_a || (pairs && !more_b)) return false;
    g->room = room;
  }
  g->a[g->n] = a;
  if (pairs) g->b[g->n] = b;
  return true;
}

static void add(group *g, double x) {
  const double sum = g->sum + x;
  if (isfinite(sum)) g->lost += fabs(g->sum) >= fabs(x) ? (g->sum - sum) + x : (x - sum) + g->sum;
  g->sum = sum;
  iscc_moments_add(&g->moments, x);
}

static void step(sqlite3_context *context, int count, sqlite3_value **value) {
  const aggregate *function = sqlite3_user_data(context);
  group *g = sqlite3_aggregate_context(context, sizeof *g);
  if (!g) {
    sqlite3_result_error_nomem(context);
    return;
  }
  if (g->wrong) return;
  const kind row = kind_of(context, value, function->values);
  g->wrong = row == IS_WRONG || !take_parameter(context, g, function, count, value);
  if (g->wrong || row == IS_NULL) return;
  const double a = sqlite3_value_double(value[0]),
               b = function->values > 1 ? sqlite3_value_double(value[1]) : 0;
  if (function->keeps && !keep(g, a, b, function->values > 1)) {
    g->wrong = true;
    sqlite3_result_error_nomem(context);
    return;
  }
  if (!function->keeps) add(g, a);
  g->n++;
}

static void finish(sqlite3_context *context) {
  const aggregate *function = sqlite3_user_data(context);
  group *g = sqlite3_aggregate_context(context, 0);
  if (!g || g->n == 0)
    sqlite3_result_null(context);
  else if (!g->wrong)
    give(context, function->of(g));
  if (!g) return;
  free(g->a);
  free(g->b);
}

static int add_aggregate(sqlite3 *db, const aggregate *a) {
  enum { FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };
  const int least = a->values + (a->parameter == PROBABILITY),
            most = a->values + (a->parameter != NO_PARAMETER);
  int result = SQLITE_OK;
  for (int count = least; !result && count <= most; count++)
    result =
        sqlite3_create_function_v2(db, a->name, count, FLAGS, (void *)(uintptr_t)a, NULL, step, finish, NULL);
  return result;
}

static int add_scalar(sqlite3 *db, const char *name, int count, const void *data,
                      void (*function)(sqlite3_context *, int, sqlite3_value **)) {
  enum { FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };
  return sqlite3_create_function_v2(db, name, count, FLAGS, (void *)(uintptr_t)data, function, NULL, NULL,
                                    NULL);
}

int iscc_sqlite_functions_add(sqlite3 *db) {
  static const char upper[] = "upper bound";
  int result = SQLITE_OK;
  for (size_t i = 0; !result && i < sizeof scalars / sizeof *scalars; i++)
    result = add_scalar(db, scalars[i].name, 1, scalars + i, scalar_value);
  for (int count = 2; !result && count <= 3; count++) {
    result = add_scalar(db, "wilson_low", count, NULL, wilson_value);
    if (!result) result = add_scalar(db, "wilson_high", count, upper, wilson_value);
  }
  for (size_t i = 0; !result && i < sizeof aggregates / sizeof *aggregates; i++)
    result = add_aggregate(db, aggregates + i);
  return result;
}
