/* SPDX-License-Identifier: GPL-2.0-only */
/* Points that would be run twice, and points that have a partner to be compared with. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "iscc-axis-twins.h"
#include "iscc-grid-partners.h"

static iscc_error error;

static const struct {
  const char *a[5], *b[5]; /* an axis of two options */
  bool found;
  size_t first, second;
} axes[] = {{{"1", "2", "3", "2", "1"}, {"1", "1", "1", "1", "1"}, true, 1, 3},
            {{"1", "2", "3", "2", "1"}, {"1", "1", "1", "2", "2"}, false, 0, 0},
            {{"x", "0.5", "y", "5e-1", "x "}, {"", "q", "", "q", ""}, true, 1, 3},
            {{"9007199254740993", "9007199254740992", "9007199254740991", "0x1", "1"},
             {"", "", "", "", ""},
             false,
             0,
             0},
            {{"a", "a", "a", "a", "a"}, {"", "", "", "", ""}, true, 0, 1}};

START_TEST(twins_are_found_however_written) {
  const iscc_grid_option option[] = {{"a", axes[_i].a}, {"b", axes[_i].b}};
  const iscc_grid_axis axis = {.options = 2, .length = 5, .option = option};
  bool found;
  size_t first = 0, second = 0;
  ck_assert_int_eq(iscc_axis_twins_find(&axis, &found, &first, &second, &error), ISCC_OK);
  ck_assert_int_eq(found, axes[_i].found);
  ck_assert_uint_eq(first, axes[_i].first);
  ck_assert_uint_eq(second, axes[_i].second);
}
END_TEST

/* As many values as an axis may have: a comparison of each with each would take a minute. */
START_TEST(long_axes_take_no_time) {
  enum { LENGTH = 10000 };
  static char text[LENGTH][8];
  static const char *value[LENGTH];
  for (int i = 0; i < LENGTH; i++) {
    snprintf(text[i], sizeof text[i], "%d", (i * 7919) % LENGTH);
    value[i] = text[i];
  }
  const iscc_grid_option option[] = {{"a", value}, {"b", value}};
  const iscc_grid_axis axis = {.options = 2, .length = LENGTH, .option = option};
  bool found;
  size_t first, second;
  ck_assert_int_eq(iscc_axis_twins_find(&axis, &found, &first, &second, &error), ISCC_OK);
  ck_assert(!found);
}
END_TEST

/* scheme x load x level, 2 x 2 x 3; the condition leaves out some. */
static const struct {
  const char *condition;
  size_t with, without; /* of the points of scheme b */
} grids[] = {{"1", 6, 0},
             {"scheme = 'b' OR load = 1", 3, 3},
             {"scheme = 'a' OR level > 1", 4, 0},
             {"(scheme = 'a') = (load = 1)", 0, 3},
             {"scheme = 'b'", 0, 6}};

START_TEST(partners_are_counted) {
  static const char *const scheme[] = {"a", "b"}, *const load[] = {"1", "2"},
                           *const level[] = {"1", "2", "3"};
  const iscc_grid_option option[] = {{"level", level}, {"scheme", scheme}, {"load", load}};
  const iscc_grid_axis axis[] = {{1, 3, option}, {1, 2, option + 1}, {1, 2, option + 2}};
  const iscc_grid_condition condition = {grids[_i].condition, "here"};
  iscc_grid *grid;
  size_t with, without;
  ck_assert_msg(iscc_grid_create(axis, 3, &condition, 1, &grid, &error) == ISCC_OK, "%s", error.text);
  ck_assert_int_eq(iscc_grid_partners_count(grid, "scheme", "a", &with, &without, &error), ISCC_OK);
  ck_assert_uint_eq(with, grids[_i].with);
  ck_assert_uint_eq(without, grids[_i].without);
  iscc_grid_destroy(grid);
}
END_TEST

Suite *iscc_suite_grid(void);
Suite *iscc_suite_grid(void) {
  Suite *suite = suite_create("grid");
  TCase *tc = tcase_create("grid");
  tcase_add_loop_test(tc, twins_are_found_however_written, 0, sizeof axes / sizeof *axes);
  tcase_add_test(tc, long_axes_take_no_time);
  tcase_add_loop_test(tc, partners_are_counted, 0, sizeof grids / sizeof *grids);
  suite_add_tcase(suite, tc);
  return suite;
}
