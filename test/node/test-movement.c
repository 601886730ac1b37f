/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-movement.h"

static char path[64];
static iscc_error error;

static iscc_status read_text(const char *text, iscc_movement **m) {
  strcpy(path, "/tmp/iscc-movement-XXXXXX");
  const int fd = mkstemp(path);
  ck_assert_int_ge(fd, 0);
  ck_assert_int_eq((int)write(fd, text, strlen(text)), (int)strlen(text));
  close(fd);
  const iscc_status status = iscc_movement_read(path, m, &error);
  unlink(path);
  return status;
}

static iscc_movement *read_good(const char *text) {
  iscc_movement *m;
  ck_assert_msg(read_text(text, &m) == ISCC_OK, "%s", error.text);
  return m;
}

static void expect_way(const iscc_movement *m, uint32_t node, const double (*expected)[4], size_t n) {
  const iscc_waypoint *at;
  size_t count;
  ck_assert_int_eq(iscc_movement_of(m, node, &at, &count, NULL), ISCC_OK);
  ck_assert_uint_eq(count, n);
  for (size_t i = 0; i < n; i++) {
    ck_assert_int_eq(at[i].time_ns, llround(1e9 * expected[i][0]));
    for (int k = 0; k < 3; k++) ck_assert_double_eq_tol(at[i].position_m[k], expected[i][1 + k], 1e-9);
  }
}

/* As BonnMotion and setdest write them: the places first, then the ways. */
START_TEST(ways_are_waited_walked_and_ended) {
  iscc_movement *m = read_good("# made by hand\n"
                               "$node_(0) set X_ 10\n"
                               "$node_(0) set Y_ 20\n"
                               "$node_(0) set Z_ 1.5\n"
                               "\n"
                               "$ns_ at 2 \"$node_(0) setdest 40 60 10\"\n" /* 50 m: until 7 s */
                               "  $ns_  at 9.5  \"$node_(0)  setdest 40 40 4 \";\t# 20 m: until 14.5 s\n"
                               "$god_ set-dist 0 1 2\n"
                               "$ns_ at 3 \"$god_ set-dist 0 1 3\"\n"
                               "$ns_ at 20 \"$node_(0) setdest 40 40 1\"\n"); /* is there already */
  const double expected[][4] = {{0, 10, 20, 1.5},   {2, 10, 20, 1.5},    {7, 40, 60, 1.5},
                                {9.5, 40, 60, 1.5}, {14.5, 40, 40, 1.5}, {20, 40, 40, 1.5}};
  expect_way(m, 0, expected, 6);
  iscc_movement_destroy(m);
}
END_TEST

/* At 4 s the node is at (30, 0) of its way to (100, 0); a speed of 0 stops it. */
START_TEST(a_way_that_another_interrupts_ends_where_it_is) {
  iscc_movement *m = read_good("$ns_ at 1 \"$node_(3) setdest 100 0 10\"\r\n"
                               "$ns_ at 4 \"$node_(3) setdest 30 30 15\"\r\n"
                               "$ns_ at 5 \"$node_(3) setdest 0 0 0\"\r\n"
                               "$node_(3) set Y_ 0\r\n" /* SUMO's places come when a vehicle does */
                               "$node_(3) set X_ 0");
  const double expected[][4] = {{0, 0, 0, 0}, {1, 0, 0, 0}, {4, 30, 0, 0}, {5, 30, 15, 0}};
  expect_way(m, 3, expected, 4);
  const iscc_waypoint *at;
  size_t count;
  for (uint32_t node = 0; node < 9; node++)
    if (node != 3) ck_assert_int_eq(iscc_movement_of(m, node, &at, &count, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "no line tells where node 8 is at first, X_ and Y_"));
  iscc_movement_destroy(m);
}
END_TEST

/* Two orders at one time: the later line is carried out. */
START_TEST(the_last_of_two_orders_at_once_holds) {
  iscc_movement *m =
      read_good("$node_(0) set X_ 0\n$node_(0) set Y_ 0\n"
                "$ns_ at 0 \"$node_(0) setdest 10 0 1\"\n"
                "$ns_ at 0 \"$node_(0) setdest 0 10 2\"\n"
                "$ns_ at 5 \"$node_(0) setdest 0 10 1e8\"\n"      /* there already */
                "$ns_ at 6 \"$node_(0) setdest 1e-9 10 1e8\"\n"); /* sooner than a nanosecond */
  const double expected[][4] = {{0, 0, 0, 0}, {5, 0, 10, 0}, {6, 0, 10, 0}, {6.000000001, 1e-9, 10, 0}};
  expect_way(m, 0, expected, 4);
  iscc_movement_destroy(m);
}
END_TEST

#define PLACED "$node_(0) set X_ 0\n$node_(0) set Y_ 0\n"

static const struct {
  const char *text, *complaint; /* after the path */
} bad[] = {
    {PLACED "node 0 goes\n", ":3: 'node 0 goes' is neither"},
    {"$node_(0) set W_ 1\n", ":1: '$node_(0) set W_ 1' is neither"},
    {"$node_(0) set X_ one\n", ":1: '$node_(0) set X_ one' is neither"},
    {"$node_(0) set X_ 1 2\n", ":1: '$node_(0) set X_ 1 2' is neither"},
    {"$node_(0) set X_ nan\n", ":1: the place nan m is not within"},
    {"$node_(-1) set X_ 1\n", ":1: the node number 18446744073709551615 is not below 1000000"},
    {"$node_(4294967296) set X_ 1\n", ":1: the node number 4294967296 is not below 1000000"},
    {"$node_(18446744073709551616) set X_ 1\n", ":1: the node number 18446744073709551615 is not below"},
    {PLACED "$ns_ at 1 \"$node_(0) setdest 1 2\"\n", ":3: '$ns_ at 1 \"$node_(0) setdest 1 2\"' is neither"},
    {PLACED "$ns_ at 1 \"$node_(0) setdest 1 2 3\n", ":3: '$ns_ at 1 \"$node_(0) setdest 1 2 3' is neither"},
    {PLACED "$ns_ at 1 \"$node_(0) set X_ 3\"\n", ":3: '$ns_ at 1 \"$node_(0) set X_ 3\"' is neither"},
    {PLACED "$ns_ at -1 \"$node_(0) setdest 1 2 3\"\n", ":3: the time -1 s is not within 0..9e+09 s"},
    {PLACED "$ns_ at 1 \"$node_(0) setdest 1 1e99 3\"\n", ":3: the place (1, 1e+99) m is not within"},
    {PLACED "$ns_ at 1 \"$node_(0) setdest 1 2 -3\"\n", ":3: the speed -3 m/s is not within 0..1e9 m/s"},
    {PLACED "$ns_ at 1 \"$node_(0) setdest 1 2 1e-30\"\n", ":3: 2.23607 m at 1e-30 m/s end after 9e+09 s"},
    {PLACED "\n$ns_ at 2 \"$node_(0) setdest 1 2 3\"\n$ns_ at 1 \"$node_(0) setdest 1 2 3\"\n",
     ":5: the time 1 s is before the one of this node above it, 2 s"},
    {"$node_(0) set X_ 0\n$ns_ at 2 \"$node_(0) setdest 1 2 3\"\n",
     ":2: no line tells where node 0 is at first, X_ and Y_"}};

START_TEST(bad_lines_are_named) {
  iscc_movement *m;
  ck_assert_int_eq(read_text(bad[_i].text, &m), ISCC_EFORMAT);
  ck_assert_ptr_null(m);
  ck_assert_int_eq(strncmp(error.text, path, strlen(path)), 0);
  ck_assert_msg(strncmp(error.text + strlen(path), bad[_i].complaint, strlen(bad[_i].complaint)) == 0, "%s",
                error.text);
}
END_TEST

START_TEST(unreadable_files_are_named) {
  iscc_movement *m;
  ck_assert_int_eq(iscc_movement_read("/nonexistent/ways", &m, &error), ISCC_EIO);
  ck_assert_str_eq(error.text, "/nonexistent/ways: cannot read the movements: No such file or directory");
  ck_assert_int_eq(iscc_movement_read("/tmp", &m, &error), ISCC_EIO);
}
END_TEST

Suite *iscc_suite_movement(void);
Suite *iscc_suite_movement(void) {
  Suite *s = suite_create("node: movement");
  TCase *t = tcase_create("movement");
  tcase_add_test(t, ways_are_waited_walked_and_ended);
  tcase_add_test(t, a_way_that_another_interrupts_ends_where_it_is);
  tcase_add_test(t, the_last_of_two_orders_at_once_holds);
  tcase_add_loop_test(t, bad_lines_are_named, 0, (int)(sizeof bad / sizeof *bad));
  tcase_add_test(t, unreadable_files_are_named);
  suite_add_tcase(s, t);
  return s;
}
