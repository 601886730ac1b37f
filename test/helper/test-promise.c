/* SPDX-License-Identifier: GPL-2.0-only */
/* Allocations between the points of the figures keep their promise as well: random tasks are decided and run
 * for real, with a seed of their own. */
#include <check.h>

#include "iscc-proportion.h"
#include "iscc-random.h"
#include "iscc-run-program.h"
#include "iscc-study-decision.h"
#include "iscc-test-files.h"

enum { TASKS = 24, SAMPLES = 150, SEED = 99 };

static iscc_study *study;
static iscc_error error;

static void begin(void) {
  iscc_run_begin();
  iscc_study_settings settings;
  iscc_study_defaults(&settings, true);
  settings.directory = iscc_test_path("promise");
  settings.seed = SEED;
  settings.threads = 2;
  ck_assert_msg(iscc_study_open(&settings, &study, &error) == ISCC_OK, "%s", error.text);
}

static void end(void) {
  iscc_study_close(study);
  iscc_run_end();
}

/* The next random task that can be met. */
static iscc_study_case decide_feasible(iscc_random *r, size_t scheme, iscc_decision *d) {
  for (;;) {
    const iscc_study_case at = {.target_accuracy = iscc_random_between(r, 0.6, 0.965),
                                .max_latency_s = iscc_random_between(r, 0.56, 1.5),
                                .snr_db = iscc_random_between(r, -3, 30),
                                .raw = iscc_random_below(r, 2)};
    ck_assert_msg(iscc_study_decide(study, scheme, &at, d, &error) == ISCC_OK, "%s", error.text);
    if (d->status != ISCC_DECISION_INFEASIBLE) return at;
  }
}

/* One in forty intervals may miss by chance; all right answers together may not. */
START_TEST(random_tasks_get_their_accuracy) {
  const size_t scheme = iscc_study_find(study, _i ? "alternating" : "joint");
  iscc_random r;
  iscc_random_seed(&r, SEED, 0, 0, ISCC_STREAM_TEST);
  double targets = 0, all_right = 0;
  int missed = 0, splits = 0;
  iscc_study_begin(study, "promises", TASKS * SAMPLES);
  for (int i = 0; i < TASKS; i++) {
    iscc_decision d;
    const iscc_study_case at = decide_feasible(&r, scheme, &d);
    size_t right;
    ck_assert_msg(iscc_study_check(study, scheme, &d, SAMPLES, &right, &error) == ISCC_OK, "%s", error.text);
    iscc_study_advance(study, SAMPLES, &error);
    missed += iscc_proportion_of((double)right, SAMPLES).high < at.target_accuracy;
    all_right += (double)right;
    targets += at.target_accuracy;
    splits |= 1 << d.split;
  }
  iscc_study_end(study);
  ck_assert_int_gt(__builtin_popcount((unsigned)splits), 2);
  ck_assert_int_le(missed, 1);
  ck_assert_double_ge(all_right / (TASKS * SAMPLES), targets / TASKS);
}
END_TEST

Suite *iscc_suite_promise(void);
Suite *iscc_suite_promise(void) {
  Suite *s = suite_create("helper: promise");
  TCase *t = tcase_create("promise");
  tcase_set_tags(t, "slow");
  tcase_set_timeout(t, 120);
  tcase_add_checked_fixture(t, begin, end);
  tcase_add_loop_test(t, random_tasks_get_their_accuracy, 0, 2);
  suite_add_tcase(s, t);
  return s;
}
