/* SPDX-License-Identifier: GPL-2.0-only */
/* How often intervals hold what they say, simulated. Of R repetitions, the standard deviation of a share near
 * 95 % is sqrt(0.95 0.05/R): 0.11 % of 40000, 0.15 % of 20000. Bounds on intervals that are exact stand more
 * than four of them from what is expected. */
#include <check.h>
#include <math.h>

#include "iscc-mean-interval.h"
#include "iscc-paired.h"
#include "iscc-sequential.h"
#include "iscc-study.h"

enum { REPETITIONS = 40000 };

static const size_t sizes[] = {5, 10, 30};

/* Exact: 0.5 % are 4.6 standard deviations at 95 %, 3.3 at 90 %. */
START_TEST(intervals_of_a_mean) {
  const size_t n = sizes[_i % 3];
  const double confidence = (const double[]){0.95, 0.9, 0.99}[_i / 3];
  iscc_random random = iscc_study_stream(1, _i);
  int held = 0;
  for (int k = 0; k < REPETITIONS; k++) {
    double values[30];
    iscc_study_normal(&random, 2, 3, values, n);
    const iscc_mean_interval m = iscc_mean_interval_at(values, n, confidence);
    held += fabs(m.value - 2) <= m.half_width;
  }
  const double share = iscc_study_percent(held, REPETITIONS);
  iscc_study_note("mean, normal, %g %%, n = %zu: %.2f %%", 100 * confidence, n, share);
  ck_assert_double_eq_tol(share, 100 * confidence, 0.5);
}
END_TEST

/* World i helps or harms both schemes; b's own noise is the larger one. Means 10 % apart. */
static void draw_pairs(iscc_random *random, double mean, double *a, double *b, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const double world = iscc_random_normal(random);
    a[i] = 1.1 * mean + world + 0.3 * iscc_random_normal(random);
    b[i] = mean + world + 0.5 * iscc_random_normal(random);
  }
}

/* Both exact, also where b scatters by a quarter of its mean. */
START_TEST(intervals_of_pairs) {
  const size_t n = sizes[_i % 3];
  const double mean = _i < 3 ? 20 : 4;
  iscc_random random = iscc_study_stream(2, _i);
  int held = 0, held_ratio = 0;
  for (int k = 0; k < REPETITIONS; k++) {
    double a[30], b[30];
    draw_pairs(&random, mean, a, b, n);
    const iscc_paired p = iscc_paired_of(a, b, n, 0.95);
    held += fabs(p.difference - 0.1 * mean) <= p.half_width;
    held_ratio += p.relative_low <= 0.1 && 0.1 <= p.relative_high;
  }
  const double share = iscc_study_percent(held, REPETITIONS),
               share_ratio = iscc_study_percent(held_ratio, REPETITIONS);
  iscc_study_note("pairs, normal, b scatters by %.0f %%, n = %zu: difference %.2f %%, ratio %.2f %%",
                  100 * sqrt(1.25) / mean, n, share, share_ratio);
  ck_assert_double_eq_tol(share, 95, 0.5);
  ck_assert_double_eq_tol(share_ratio, 95, 0.5);
}
END_TEST

/* Without a difference p-values are uniform: 5 % below 0.05, half below 0.5. */
START_TEST(p_values_of_pairs) {
  const size_t n = sizes[_i];
  iscc_random random = iscc_study_stream(3, _i);
  int small = 0, lower_half = 0;
  for (int k = 0; k < REPETITIONS; k++) {
    double a[30], b[30];
    iscc_study_normal(&random, 7, 1, a, n);
    iscc_study_normal(&random, 7, 2, b, n);
    const double p = iscc_paired_of(a, b, n, 0.95).p_value;
    small += p < 0.05;
    lower_half += p < 0.5;
  }
  iscc_study_note("pairs without a difference, n = %zu: p < 0.05 in %.2f %%", n,
                  iscc_study_percent(small, REPETITIONS));
  ck_assert_double_eq_tol(iscc_study_percent(small, REPETITIONS), 5, 0.5);
  ck_assert_double_eq_tol(iscc_study_percent(lower_half, REPETITIONS), 50, 1);
}
END_TEST

typedef struct {
  double mean;
  int held, held_usual; /* by the rule; by the first usual interval that is narrow enough */
  double runs, runs_usual;
} stops;

enum { AS_CAMPAIGNS = 0 }; /* for every: looks as iscc_sequential_next() has them, of either rule by itself */

/* The same rule without its correction. */
static iscc_sequential_look usual_look(const iscc_sequential_rule *rule, const iscc_moments *so_far) {
  iscc_sequential_look look = iscc_sequential_look_at(rule, so_far);
  look.half_width = iscc_moments_interval(so_far, rule->confidence).half_width;
  look.needed = ceil((double)so_far->count * pow(look.half_width / look.asked, 2));
  look.reached = look.half_width <= look.asked;
  return look;
}

static void campaign_of(const iscc_sequential_rule *rule, bool usual, double (*draw)(iscc_random *),
                        iscc_random *random, double mean, double *runs, int *held) {
  iscc_moments so_far = {0};
  for (size_t next = rule->minimum;;) {
    while (so_far.count < next) iscc_moments_add(&so_far, draw(random));
    const iscc_sequential_look look =
        usual ? usual_look(rule, &so_far) : iscc_sequential_look_at(rule, &so_far);
    next = iscc_sequential_next(&look, so_far.count);
    if (next > so_far.count) continue;
    *runs += (double)so_far.count;
    *held += fabs(look.mean - mean) <= look.half_width;
    return;
  }
}

/* One campaign, a look after every so many runs: until both rules have stopped. */
static void campaign(const iscc_sequential_rule *rule, size_t every, double (*draw)(iscc_random *),
                     iscc_random *random, stops *sums) {
  iscc_moments so_far = {0};
  bool stopped = false, stopped_usual = false;
  if (every == AS_CAMPAIGNS) {
    campaign_of(rule, false, draw, random, sums->mean, &sums->runs, &sums->held);
    campaign_of(rule, true, draw, random, sums->mean, &sums->runs_usual, &sums->held_usual);
    return;
  }
  while (!stopped || !stopped_usual) {
    iscc_moments_add(&so_far, draw(random));
    if (so_far.count < rule->minimum || so_far.count % every) continue;
    const iscc_sequential_look look = iscc_sequential_look_at(rule, &so_far);
    const double off = fabs(look.mean - sums->mean);
    const bool near = !stopped_usual && look.half_width <= 1.4 * look.asked; /* 1.32 is the largest factor */
    double usual = INFINITY;
    if (near) usual = iscc_moments_interval(&so_far, rule->confidence).half_width;
    if (usual <= look.asked) {
      stopped_usual = true;
      sums->runs_usual += (double)so_far.count;
      sums->held_usual += off <= usual;
    }
    if (stopped || !look.reached) continue;
    stopped = true;
    sums->runs += (double)so_far.count;
    sums->held += off <= look.half_width;
  }
}

static double normal(iscc_random *random) {
  return iscc_random_normal(random);
}

static double around_one(iscc_random *random) {
  return 1 + iscc_random_normal(random);
}

static double around_two(iscc_random *random) {
  return 2 + iscc_random_normal(random);
}

static double difference(iscc_random *random) {
  double a, b;
  draw_pairs(random, 6, &a, &b, 1);
  return a - b;
}

/* Runs that a known variance would ask for: n = (1.96 deviation/width)^2. */
static const struct {
  const char *what;
  double (*draw)(iscc_random *);
  double mean, deviation, runs;
  bool relative;
  size_t every;
  int repetitions;
} target[] = {
    {"absolute", normal, 0, 1, 1, false, 1, 40000},
    {"absolute", normal, 0, 1, 2, false, 1, 20000},
    {"absolute", normal, 0, 1, 8, false, 1, 40000},
    {"absolute", normal, 0, 1, 15, false, 1, 40000},
    {"absolute", normal, 0, 1, 30, false, 1, 20000},
    {"absolute", normal, 0, 1, 100, false, 1, 8000},
    {"every fourth", normal, 0, 1, 15, false, 4, 40000},
    {"relative", around_two, 2, 1, 4, true, 1, 40000},
    {"relative", around_two, 2, 1, 15, true, 1, 20000},
    {"relative, scatter 100 %", around_one, 1, 1, 50, true, 1, 20000},
    {"pairs", difference, 0.6, 0.583095, 15, false, 1, 40000},
    {"campaign's looks", normal, 0, 1, 8, false, AS_CAMPAIGNS, 40000},
    {"campaign's looks", normal, 0, 1, 15, false, AS_CAMPAIGNS, 40000},
    {"campaign's looks", normal, 0, 1, 30, false, AS_CAMPAIGNS, 40000},
    {"campaign's looks", normal, 0, 1, 100, false, AS_CAMPAIGNS, 10000},
    {"campaign's looks", around_two, 2, 1, 15, true, AS_CAMPAIGNS, 40000},
    {"campaign's looks", difference, 0.6, 0.583095, 15, false, AS_CAMPAIGNS, 40000},
};
enum { TARGETS = sizeof target / sizeof *target };

/* The interval reported at the stop holds in 93 % and more; less than 1.5 runs more than the usual one costs.
 * Some runs more there are, or nothing was corrected; and without the correction the middle targets fail. The
 * bounds stand more than two standard deviations from what is expected. */
START_TEST(intervals_after_a_stop) {
  const double width = 1.959964 * target[_i].deviation / sqrt(target[_i].runs);
  const iscc_sequential_rule rule = {.confidence = 0.95,
                                     .width = target[_i].relative ? width / fabs(target[_i].mean) : width,
                                     .relative = target[_i].relative,
                                     .minimum = 5};
  iscc_random random = iscc_study_stream(4, _i);
  stops sums = {.mean = target[_i].mean};
  const int repetitions = target[_i].repetitions;
  for (int k = 0; k < repetitions; k++) campaign(&rule, target[_i].every, target[_i].draw, &random, &sums);
  const double share = iscc_study_percent(sums.held, repetitions);
  const double extra = (sums.runs - sums.runs_usual) / repetitions;
  iscc_study_note("stop, %s, about %.0f runs: %.2f %% after %.2f runs; usual %.2f %% after %.2f",
                  target[_i].what, target[_i].runs, share, sums.runs / repetitions,
                  iscc_study_percent(sums.held_usual, repetitions), sums.runs_usual / repetitions);
  ck_assert_double_ge(share, 93);
  ck_assert_double_le(extra, 1.5);
  ck_assert_double_ge(extra, 0.05);
  if (target[_i].runs == 15 && !target[_i].relative && target[_i].every == 1)
    ck_assert_double_le(iscc_study_percent(sums.held_usual, repetitions), 92.8);
}
END_TEST

Suite *iscc_suite_coverage_study(void);
Suite *iscc_suite_coverage_study(void) {
  Suite *s = suite_create("helper: coverage study");
  TCase *t = tcase_create("coverage study");
  tcase_set_tags(t, "slow");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, intervals_of_a_mean, 0, 9);
  tcase_add_loop_test(t, intervals_of_pairs, 0, 6);
  tcase_add_loop_test(t, p_values_of_pairs, 0, 3);
  tcase_add_loop_test(t, intervals_after_a_stop, 0, TARGETS);
  suite_add_tcase(s, t);
  return s;
}
