/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands of doc/tutorial-campaign.rst and doc/cookbook.rst print what the pages say, and draw their figures. */
#include <check.h>
#include <string.h>

#include "iscc-run-program.h"

#define CHECK "python3 '" ISCC_TEST_SOURCE_DIR "/doc/refresh-page.py' --check '" ISCC_TEST_SOURCE_DIR "/doc/"

START_TEST(the_tutorial_is_true) {
  iscc_run_well(CHECK "tutorial-campaign.rst' '" ISCC_TEST_BUILD_DIR "'");
}
END_TEST

/* Its sqlite3 loads no library that has the address sanitizer. */
START_TEST(the_cookbook_is_true) {
  if (strstr(ISCC_TEST_SANITIZE, "address")) return;
  iscc_run_well(CHECK "cookbook.rst' '" ISCC_TEST_BUILD_DIR "'");
}
END_TEST

Suite *iscc_suite_tutorial(void);

Suite *iscc_suite_tutorial(void) {
  Suite *suite = suite_create("tutorial");
  TCase *tc = tcase_create("tutorial");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 1800);
  tcase_set_tags(tc, "slow");
  if (ISCC_TEST_WITH_NS3) tcase_add_test(tc, the_tutorial_is_true);
  suite_add_tcase(suite, tc);
  tc = tcase_create("cookbook");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 300);
  if (ISCC_TEST_WITH_NS3) tcase_add_test(tc, the_cookbook_is_true);
  suite_add_tcase(suite, tc);
  return suite;
}
