/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "iscc-indoor-factory.h"

enum { MANY = 20000 };

static iscc_indoor_factory factory_of(iscc_indoor_factory_kind kind) {
  return (iscc_indoor_factory){.seed = 1, .run = 2, .kind = kind, .frequency_hz = 3.5e9, .shadowing = true};
}

static const struct {
  iscc_indoor_factory_kind kind;
  double constant_db, slope_db, shadowing_db;
} rows[] = {{ISCC_INF_SL, 33, 25.5, 5.7},
            {ISCC_INF_DL, 18.6, 35.7, 7.2},
            {ISCC_INF_SH, 32.4, 23, 5.9},
            {ISCC_INF_DH, 33.63, 21.9, 4}};

/* Table 7.4.1-1; at short ways the sparse line, or the one in sight, is above the dense one. */
START_TEST(losses_are_the_tables) {
  const iscc_indoor_factory f = factory_of(rows[_i].kind);
  for (double d_m = 1; d_m < 600; d_m *= 1.7) {
    const double sight_db = 31.84 + 21.5 * log10(d_m) + 19 * log10(3.5);
    double expected_db =
        fmax(sight_db, rows[_i].constant_db + rows[_i].slope_db * log10(d_m) + 20 * log10(3.5));
    if (f.kind == ISCC_INF_DL) expected_db = fmax(expected_db, 33 + 25.5 * log10(d_m) + 20 * log10(3.5));
    ck_assert_double_eq_tol(iscc_indoor_factory_loss_db(&f, d_m, true), sight_db, 1e-9);
    ck_assert_double_eq_tol(iscc_indoor_factory_loss_db(&f, d_m, false), expected_db, 1e-9);
  }
  ck_assert(iscc_indoor_factory_loss_db(&f, 0, false) == iscc_indoor_factory_loss_db(&f, 1, false));
}
END_TEST

/* Table 7.4.2-1 by hand: k = 10 m/-ln 0.8 = 44.814 m, k = 2 m/-ln 0.4 = 2.1827 m; high: times (8 - 1)/(h_c - 1). */
START_TEST(sight_is_as_probable_as_the_table_says) {
  iscc_indoor_factory f = factory_of(ISCC_INF_SL);
  ck_assert_double_eq_tol(iscc_indoor_factory_sight_probability(&f, 44.81420117724551, 8, 1), exp(-1), 1e-9);
  f.kind = ISCC_INF_DL;
  ck_assert_double_eq_tol(iscc_indoor_factory_sight_probability(&f, 2.182713335975084, 8, 1), exp(-1), 1e-9);
  f.kind = ISCC_INF_SH; /* 2 m high */
  ck_assert_double_eq_tol(iscc_indoor_factory_sight_probability(&f, 7 * 44.81420117724551, 8, 1), exp(-1),
                          1e-9);
  f.kind = ISCC_INF_DH; /* 6 m high */
  ck_assert_double_eq_tol(iscc_indoor_factory_sight_probability(&f, 1.4 * 2.182713335975084, 8, 1), exp(-1),
                          1e-9);
  ck_assert_double_eq_tol(iscc_indoor_factory_sight_probability(&f, 2.182713335975084, 3, 1), exp(-1),
                          1e-9); /* not high */
  /* above the clutter, whatever the station */
  ck_assert(iscc_indoor_factory_sight_probability(&f, 1000, 8, 7) == 1);
  f.kind = ISCC_INF_DL;
  ck_assert(iscc_indoor_factory_sight_probability(&f, 1000, 8, 6) == 1);
  f.kind = ISCC_INF_HH;
  ck_assert(iscc_indoor_factory_sight_probability(&f, 1000, 8, 1) == 1);
  f = (iscc_indoor_factory){
      .kind = ISCC_INF_SL, .clutter_density = 0.5, .clutter_size_m = 3, .clutter_height_m = 4};
  ck_assert_double_eq_tol(iscc_indoor_factory_sight_probability(&f, 30, 8, 1), pow(0.5, 10), 1e-12);
}
END_TEST

static double link_db(const iscc_indoor_factory *f, uint32_t node, double x_m, double y_m) {
  return iscc_indoor_factory_link_db(f, 0, (const double[3]){0, 0, 8}, node, (const double[3]){x_m, y_m, 1},
                                     NULL);
}

/* Over many nodes at one place: as many in sight as promised, and the shadowing of each kind. */
START_TEST(draws_have_their_shares_and_deviations) {
  iscc_indoor_factory f = factory_of(rows[_i].kind), clear = f;
  clear.shadowing = false;
  const double d_m = 25, distance_m = hypot(d_m, 7);
  const double p = iscc_indoor_factory_sight_probability(&f, d_m, 8, 1);
  const double sight_db = iscc_indoor_factory_loss_db(&f, distance_m, true);
  int in_sight = 0;
  double sum[2] = {0, 0}, squares[2] = {0, 0};
  for (uint32_t node = 1; node <= MANY; node++) {
    const double loss_db = link_db(&clear, node, d_m, 0), shadow_db = link_db(&f, node, d_m, 0) - loss_db;
    const bool sees = fabs(loss_db - sight_db) < 1e-9;
    in_sight += sees;
    sum[sees] += shadow_db;
    squares[sees] += shadow_db * shadow_db;
  }
  ck_assert_double_lt(fabs(in_sight - MANY * p), 4 * sqrt(MANY * p * (1 - p)) + 1e-9);
  const double n[2] = {MANY - in_sight, in_sight}, deviation_db[2] = {rows[_i].shadowing_db, 4.3};
  for (int sees = 0; sees < 2; sees++) {
    if (n[sees] < 100) continue;
    ck_assert_double_lt(fabs(sum[sees] / n[sees]), 4 * deviation_db[sees] / sqrt(n[sees]));
    ck_assert_double_lt(fabs(sqrt(squares[sees] / n[sees]) / deviation_db[sees] - 1), 4 / sqrt(2 * n[sees]));
  }
  ck_assert_double_gt(n[0], 100);
}
END_TEST

START_TEST(a_link_is_of_its_ends_and_their_squares) {
  const iscc_indoor_factory f = factory_of(ISCC_INF_SH);
  iscc_indoor_factory other_run = f, clear = f;
  other_run.run++;
  clear.shadowing = false;
  const double here[3] = {0, 0, 8}, there[3] = {24, -13, 1};
  int changes = 0;
  ck_assert(iscc_indoor_factory_link_db(&f, 3, here, 5, there, NULL) ==
            iscc_indoor_factory_link_db(&f, 5, there, 3, here, NULL));
  ck_assert(iscc_indoor_factory_link_db(&f, 3, here, 5, there, NULL) !=
            iscc_indoor_factory_link_db(&f, 3, here, 6, there, NULL));
  ck_assert(iscc_indoor_factory_link_db(&f, 3, here, 5, there, NULL) !=
            iscc_indoor_factory_link_db(&other_run, 3, here, 5, there, NULL));
  double before_db = 0;
  for (int x = -500; x < 500; x++) { /* 0.1 m steps: the shadowing changes at 10 m */
    const double shadow_db = link_db(&f, 7, 0.1 * x + 0.05, 3) - link_db(&clear, 7, 0.1 * x + 0.05, 3);
    if (x > -500 && fabs(shadow_db - before_db) > 1e-9) {
      ck_assert_int_eq(x % 100, 0);
      changes++;
    }
    before_db = shadow_db;
  }
  ck_assert_int_eq(changes, 9);
}
END_TEST

START_TEST(scenarios_have_names) {
  iscc_indoor_factory_kind kind;
  for (int i = ISCC_INF_SL; i <= ISCC_INF_HH; i++) {
    ck_assert(
        iscc_indoor_factory_kind_find(iscc_indoor_factory_kind_name((iscc_indoor_factory_kind)i), &kind));
    ck_assert_int_eq(kind, i);
  }
  ck_assert_str_eq(iscc_indoor_factory_kind_name(ISCC_INF_DH), "DH");
  ck_assert(!iscc_indoor_factory_kind_find("dh", &kind));
}
END_TEST

Suite *iscc_suite_indoor_factory(void);
Suite *iscc_suite_indoor_factory(void) {
  Suite *s = suite_create("node: indoor factory");
  TCase *t = tcase_create("factory");
  tcase_add_loop_test(t, losses_are_the_tables, 0, (int)(sizeof rows / sizeof *rows));
  tcase_add_test(t, sight_is_as_probable_as_the_table_says);
  tcase_add_loop_test(t, draws_have_their_shares_and_deviations, 0, (int)(sizeof rows / sizeof *rows));
  tcase_add_test(t, a_link_is_of_its_ends_and_their_squares);
  tcase_add_test(t, scenarios_have_names);
  suite_add_tcase(s, t);
  return s;
}
