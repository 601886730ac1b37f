/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-place.h"

START_TEST(names_the_file_with_the_code_from_any_folder) {
  char path[PATH_MAX], real[PATH_MAX];
  iscc_error error = {.text = ""};
  ck_assert_int_eq(chdir("/"), 0);
  ck_assert_msg(iscc_place_of_code(path, sizeof path, &error) == ISCC_OK, "%s", error.text);
  ck_assert_ptr_eq(realpath(path, real), real);
  ck_assert_str_eq(path, real);
  ck_assert_msg(strstr(path, "iscc") && !access(path, R_OK), "%s", path); /* libiscc-core.so or iscc-test */
  ck_assert_int_eq(iscc_place_of_code(path, strlen(real), &error), ISCC_EIO);
  ck_assert_int_eq(iscc_place_of_code(path, strlen(real) + 1, &error), ISCC_OK);
}
END_TEST

static const struct {
  const char *path;
  int levels;
  const char *above;
} cut[] = {{"/opt/iscc/bin/iscc", 2, "/opt/iscc"},
           {"/opt/iscc/bin/iscc", 0, "/opt/iscc/bin/iscc"},
           {"/usr/lib/x/l.so", 3, "/usr"},
           {"/bin/iscc", 2, "/"},
           {"/bin/iscc", 9, "/"},
           {"/", 1, "/"}};

START_TEST(levels_are_cut_off_the_end) {
  char path[64];
  strcpy(path, cut[_i].path);
  ck_assert_uint_eq(iscc_place_above(path, cut[_i].levels), strlen(cut[_i].above));
  ck_assert_str_eq(path, cut[_i].above);
}
END_TEST

Suite *iscc_suite_place(void);
Suite *iscc_suite_place(void) {
  Suite *s = suite_create("base: place");
  TCase *t = tcase_create("place");
  tcase_add_test(t, names_the_file_with_the_code_from_any_folder);
  tcase_add_loop_test(t, levels_are_cut_off_the_end, 0, sizeof cut / sizeof *cut);
  suite_add_tcase(s, t);
  return s;
}
