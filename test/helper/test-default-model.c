/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-default-model.h"

START_TEST(is_found_from_any_working_directory) {
  char path[PATH_MAX];
  iscc_error error = {.text = ""};
  ck_assert_int_eq(chdir("/"), 0);
  ck_assert_msg(iscc_default_model_path(path, sizeof path, &error) == ISCC_OK, "%s", error.text);
  ck_assert_int_eq(path[0], '/');
  ck_assert_int_eq(access(path, R_OK), 0);
}
END_TEST

START_TEST(the_first_folder_that_holds_one_is_taken) {
  char one[] = "/tmp/iscc-model-XXXXXX", two[] = "/tmp/iscc-model-XXXXXX", path[PATH_MAX], file[PATH_MAX];
  ck_assert_ptr_nonnull(mkdtemp(one));
  ck_assert_ptr_nonnull(mkdtemp(two));
  const char *const folders[] = {NULL, one, two};
  iscc_error error = {.text = ""};
  ck_assert_int_eq(iscc_default_model_find(folders, 3, path, sizeof path, &error), ISCC_EIO);
  ck_assert_ptr_nonnull(strstr(error.text, one));
  ck_assert_ptr_nonnull(strstr(error.text, two));
  ck_assert_ptr_nonnull(strstr(error.text, "--model"));
  ck_assert_str_eq(path, "");
  for (int i = 2; i > 0; i--) { /* the later folder first */
    snprintf(file, sizeof file, "%s/" ISCC_DEFAULT_MODEL_NAME, folders[i]);
    fclose(fopen(file, "w"));
    ck_assert_int_eq(iscc_default_model_find(folders, 3, path, sizeof path, &error), ISCC_OK);
    ck_assert_str_eq(path, file);
  }
  ck_assert_int_eq(iscc_default_model_find(folders, 3, path, 8, &error), ISCC_EIO);
  for (int i = 1; i < 3; i++) {
    snprintf(file, sizeof file, "%s/" ISCC_DEFAULT_MODEL_NAME, folders[i]);
    unlink(file);
    rmdir(folders[i]);
  }
}
END_TEST

Suite *iscc_suite_default_model(void);
Suite *iscc_suite_default_model(void) {
  Suite *s = suite_create("helper: default model");
  TCase *t = tcase_create("default model");
  tcase_add_test(t, is_found_from_any_working_directory);
  tcase_add_test(t, the_first_folder_that_holds_one_is_taken);
  suite_add_tcase(s, t);
  return s;
}
