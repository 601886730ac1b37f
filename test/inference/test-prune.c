/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-prune.h"
#include "iscc-random.h"

static const struct {
  size_t n;
  double keep_ratio;
  size_t kept; /* n - floor((1 - p) n) */
} counts[] = {
    {10, 1, 10},  {10, 0.9, 9},  {10, 0.7, 7},        {10, 0.65, 7},      {10, 0.61, 7},
    {10, 0.1, 1}, {10, 1e-9, 1}, {94080, 0.6, 56448}, {450, 0.3, 135},    {2400, 0.3425, 822},
    {7, 0.5, 4},  {1, 0.5, 1},   {300, 0.7409, 223},  {7200, 0.55, 3960},
};

START_TEST(kept_count_is_exact) {
  ck_assert_uint_eq(iscc_prune_kept(counts[_i].n, counts[_i].keep_ratio), counts[_i].kept);
}
END_TEST

/* Against a straightforward definition: no weight kept is smaller than one that went. */
START_TEST(the_smallest_go_and_the_rest_stays) {
  enum { N = 1234 };
  float weight[N], pruned[N];
  iscc_random r;
  iscc_random_seed(&r, (uint64_t)_i, 0, 0, ISCC_STREAM_TEST);
  iscc_random_fill_normal(&r, 1, weight, N);
  iscc_pruner *pruner;
  ck_assert_int_eq(iscc_pruner_create(weight, N, &pruner, NULL), ISCC_OK);
  for (int step = 1; step <= 20; step++) {
    const size_t kept = iscc_prune_kept(N, step / 20.0);
    iscc_pruner_apply(pruner, kept, pruned);
    float largest_gone = 0, smallest_kept = INFINITY;
    size_t zeros = 0;
    for (int i = 0; i < N; i++) {
      if (pruned[i] == 0.0f) {
        zeros++;
        largest_gone = fmaxf(largest_gone, fabsf(weight[i]));
      } else {
        ck_assert(pruned[i] == weight[i]);
        smallest_kept = fminf(smallest_kept, fabsf(weight[i]));
      }
    }
    ck_assert_uint_eq(zeros, N - kept);
    ck_assert(largest_gone <= smallest_kept);
  }
  iscc_pruner_destroy(pruner);
}
END_TEST

START_TEST(ties_go_by_index) {
  const float weight[6] = {2, -1, 1, 1, -2, 0.5f};
  const float want[7][6] = {{0, 0, 0, 0, 0, 0},     {0, 0, 0, 0, -2, 0}, {2, 0, 0, 0, -2, 0},
                            {2, 0, 0, 1, -2, 0},    {2, 0, 1, 1, -2, 0}, {2, -1, 1, 1, -2, 0},
                            {2, -1, 1, 1, -2, 0.5f}};
  float pruned[6];
  iscc_pruner *pruner;
  ck_assert_int_eq(iscc_pruner_create(weight, 6, &pruner, NULL), ISCC_OK);
  for (size_t kept = 0; kept <= 6; kept++) {
    iscc_pruner_apply(pruner, kept, pruned);
    for (int i = 0; i < 6; i++) ck_assert_msg(pruned[i] == want[kept][i], "kept %zu, weight %d", kept, i);
  }
  iscc_pruner_destroy(pruner);
}
END_TEST

START_TEST(nothing_to_rank_is_refused) {
  iscc_pruner *pruner = (iscc_pruner *)&pruner;
  iscc_error error = {.text = ""};
  const float weight = 1;
  ck_assert_int_eq(iscc_pruner_create(&weight, 0, &pruner, &error), ISCC_EINVAL);
  ck_assert_ptr_null(pruner);
  ck_assert_ptr_nonnull(strstr(error.text, "outside"));
  iscc_pruner_destroy(NULL);
}
END_TEST

Suite *iscc_suite_prune(void);
Suite *iscc_suite_prune(void) {
  Suite *s = suite_create("inference: prune");
  TCase *t = tcase_create("prune");
  tcase_add_loop_test(t, kept_count_is_exact, 0, (int)(sizeof counts / sizeof *counts));
  tcase_add_loop_test(t, the_smallest_go_and_the_rest_stays, 0, 3);
  tcase_add_test(t, ties_go_by_index);
  tcase_add_test(t, nothing_to_rank_is_refused);
  suite_add_tcase(s, t);
  return s;
}
