/* SPDX-License-Identifier: GPL-2.0-only */
/* How often intervals hold what they say, simulated. Of R repetitions, the standard deviation of a share near
 * 95 % is sqrt(0.95 0.05/R): 0.11 % of 40000, 0.15 % of 20000. Bounds on intervals that are exact stand more
 * than four of them from what is expected. */
#include <check.h>
#include <math.h>

#include "iscc-chosen-interval.h"
#include "iscc-mean-interval.h"
#include "iscc-paired.h"
#include "iscc-sequential.h"
#include "iscc-study.h"
#include "iscc-wilson.h"

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
    {"relative", around_two, 2, 1, 11, true, 1, 40000},
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

/* Relative goals, whose width is as random as the mean: normal values of mean 1 that scatter by several times that. */
static const struct {
  double width, scatter;
  int repetitions;
} relative[] = {{0.1, 0.5, 20000}, {0.1, 1, 10000}, {0.2, 0.5, 40000}, {0.2, 1, 40000}, {0.2, 3, 10000},
                {0.3, 0.5, 40000}, {0.3, 1, 40000}, {0.3, 2, 40000},   {0.3, 3, 20000}, {0.3, 8, 4000}};

START_TEST(intervals_after_a_relative_stop) {
  const iscc_sequential_rule rule = {
      .confidence = 0.95, .width = relative[_i].width, .relative = true, .minimum = 5};
  iscc_error error = {""};
  ck_assert_int_eq(iscc_sequential_check(&rule, &error), ISCC_OK);
  iscc_random random = iscc_study_stream(7, _i);
  double runs = 0;
  int held = 0;
  for (int k = 0; k < relative[_i].repetitions; k++) {
    iscc_moments so_far = {0};
    iscc_sequential_look look = {.reached = false};
    for (size_t next = rule.minimum; !look.reached; next = iscc_sequential_next(&look, so_far.count)) {
      while (so_far.count < next)
        iscc_moments_add(&so_far, 1 + relative[_i].scatter * iscc_random_normal(&random));
      look = iscc_sequential_look_at(&rule, &so_far);
    }
    runs += (double)so_far.count;
    held += fabs(look.mean - 1) <= look.half_width;
  }
  const double share = iscc_study_percent(held, relative[_i].repetitions);
  iscc_study_note("stop, relative %g, scatter %.0f %%: %.2f %% after %.1f runs", rule.width,
                  100 * relative[_i].scatter, share, runs / relative[_i].repetitions);
  ck_assert_double_ge(share, 93);
}
END_TEST

/* Goals relative to a baseline that scatters by so many times its mean, of a scheme that is half as much again: the worst case, in which
 * differences and baseline are large together. */
static const struct {
  double scatter, least;
  int repetitions;
} beside[] = {{0.5, 93, 20000}, {1, 93, 20000}, {2, 93, 20000}, {3, 91, 20000}, {8, 89, 4000}};

START_TEST(intervals_after_a_stop_relative_to_a_baseline) {
  iscc_random random = iscc_study_stream(7, 100 + _i);
  double runs = 0;
  int held = 0;
  for (int k = 0; k < beside[_i].repetitions; k++) {
    iscc_moments of_difference = {0}, of_baseline = {0};
    iscc_sequential_look look = {.reached = false};
    for (size_t next = 5; !look.reached; next = iscc_sequential_next(&look, of_difference.count)) {
      while (of_difference.count < next) {
        const double b = 1 + beside[_i].scatter * iscc_random_normal(&random);
        iscc_moments_add(&of_baseline, b);
        iscc_moments_add_difference(&of_difference, 1.5 * b, b);
      }
      const iscc_sequential_rule rule = {
          .confidence = 0.95, .width = 0.3 * fabs(of_baseline.mean), .minimum = 5};
      look = iscc_sequential_look_at(&rule, &of_difference);
    }
    runs += (double)of_difference.count;
    held += fabs(look.mean - 0.5) <= look.half_width;
  }
  const double share = iscc_study_percent(held, beside[_i].repetitions);
  iscc_study_note("stop, pairs, relative 0.3 to a baseline with scatter %.0f %%: %.1f %% after %.1f runs",
                  100 * beside[_i].scatter, share, runs / beside[_i].repetitions);
  ck_assert_double_ge(share, beside[_i].least);
}
END_TEST

/* A campaign of values 0 and 1: by the rule for shares, and by that for means, which five ones satisfy. */
typedef struct {
  double runs, runs_t;
  int held, held_t;
} binary_stops;

static void binary_campaign(const iscc_sequential_rule *rule, double share, bool by_t, iscc_random *random,
                            binary_stops *sums) {
  iscc_moments so_far = {0};
  size_t ones = 0;
  iscc_sequential_look look = {.reached = false};
  for (size_t next = rule->minimum; !look.reached; next = iscc_sequential_next(&look, so_far.count)) {
    while (so_far.count < next) {
      const bool one = iscc_random_uniform(random) < share;
      ones += one;
      iscc_moments_add(&so_far, one);
    }
    look = by_t ? iscc_sequential_look_at(rule, &so_far)
                : iscc_sequential_look_at_share(rule, ones, so_far.count);
  }
  if (by_t) {
    sums->runs_t += (double)so_far.count;
    sums->held_t += fabs(look.mean - share) <= look.half_width;
    return;
  }
  const iscc_proportion p = iscc_wilson_of((double)ones, (double)so_far.count,
                                           iscc_sequential_confidence(rule->confidence, so_far.count));
  sums->runs += (double)so_far.count;
  sums->held += p.low <= share && share <= p.high;
}

static const struct {
  double share, width;
} binary[] = {{0.5, 0.2},  {0.7, 0.2},  {0.9, 0.2},  {0.95, 0.2},  {0.99, 0.2},
              {0.5, 0.1},  {0.7, 0.1},  {0.9, 0.1},  {0.95, 0.1},  {0.99, 0.1},
              {0.5, 0.05}, {0.7, 0.05}, {0.9, 0.05}, {0.95, 0.05}, {0.99, 0.05}};

START_TEST(intervals_of_shares_after_a_stop) {
  enum { CAMPAIGNS = 10000 };
  const iscc_sequential_rule rule = {.confidence = 0.95, .width = binary[_i].width, .minimum = 5};
  iscc_random random = iscc_study_stream(8, _i);
  binary_stops sums = {0};
  for (int k = 0; k < CAMPAIGNS; k++) {
    binary_campaign(&rule, binary[_i].share, false, &random, &sums);
    binary_campaign(&rule, binary[_i].share, true, &random, &sums);
  }
  const double share = iscc_study_percent(sums.held, CAMPAIGNS),
               share_t = iscc_study_percent(sums.held_t, CAMPAIGNS);
  iscc_study_note("stop, share %g, +- %g: Wilson %.1f %% after %.1f runs, t %.1f %% after %.1f",
                  binary[_i].share, rule.width, share, sums.runs / CAMPAIGNS, share_t,
                  sums.runs_t / CAMPAIGNS);
  ck_assert_double_ge(share, 91);
  if (binary[_i].share >= 0.9) ck_assert_double_ge(share, share_t + 5);
}
END_TEST

/* Skewed values, for which the rule promises nothing. */
static double exponential(iscc_random *random) {
  return iscc_random_exponential(random);
}

static double lognormal(iscc_random *random) {
  return exp(iscc_random_normal(random));
}

static const struct {
  const char *what;
  double (*draw)(iscc_random *);
  double mean, deviation, runs, least, most; /* hold, % */
} skewed[] = {{"exponential", exponential, 1, 1, 15, 85, 88.5},
              {"exponential", exponential, 1, 1, 30, 83, 86.5},
              {"exponential", exponential, 1, 1, 100, 89, 92},
              {"lognormal", lognormal, 1.648721, 2.161197, 15, 83, 86},
              {"lognormal", lognormal, 1.648721, 2.161197, 30, 77, 80.5},
              {"lognormal", lognormal, 1.648721, 2.161197, 100, 74.5, 78.5},
              {"lognormal", lognormal, 1.648721, 2.161197, 50, 73.5, 77.5},
              {"lognormal", lognormal, 1.648721, 2.161197, 60, 73.5, 77.5},
              {"lognormal", lognormal, 1.648721, 2.161197, 80, 73, 76.5}};

/* The interval that is shown of such values, which may be bootstrap-t, with the correction of the rule. */
static bool shown_holds(const iscc_sequential_rule *rule, const double *values, size_t n, double mean) {
  iscc_chosen_interval c;
  iscc_error error = {""};
  const double confidence = iscc_sequential_confidence(rule->confidence, n);
  ck_assert_int_eq(iscc_chosen_interval_of(values, n, confidence, &c, &error), ISCC_OK);
  return c.low <= mean && mean <= c.high;
}

START_TEST(intervals_of_skewed_values_after_a_stop) {
  enum { CAMPAIGNS = 10000, SHOWN = 1000, MOST = 5000 };
  const iscc_sequential_rule rule = {
      .confidence = 0.95, .width = 1.959964 * skewed[_i].deviation / sqrt(skewed[_i].runs), .minimum = 5};
  iscc_random random = iscc_study_stream(9, _i);
  static double value[MOST];
  int held = 0, shown = 0;
  double runs = 0;
  for (int k = 0; k < CAMPAIGNS; k++) {
    iscc_moments so_far = {0};
    iscc_sequential_look look = {.reached = false};
    for (size_t next = 5; !look.reached; next = iscc_sequential_next(&look, so_far.count)) {
      ck_assert_uint_lt(next, MOST);
      while (so_far.count < next) iscc_moments_add(&so_far, value[so_far.count] = skewed[_i].draw(&random));
      look = iscc_sequential_look_at(&rule, &so_far);
    }
    runs += (double)so_far.count;
    held += fabs(look.mean - skewed[_i].mean) <= look.half_width;
    if (k < SHOWN) shown += shown_holds(&rule, value, so_far.count, skewed[_i].mean);
  }
  const double share = iscc_study_percent(held, CAMPAIGNS);
  iscc_study_note("stop, %s, about %.0f runs: %.1f %% after %.1f runs, as shown %.1f %%", skewed[_i].what,
                  skewed[_i].runs, share, runs / CAMPAIGNS, iscc_study_percent(shown, SHOWN));
  ck_assert_double_ge(share, skewed[_i].least);
  ck_assert_double_le(share, skewed[_i].most);
  ck_assert_double_ge(iscc_study_percent(shown, SHOWN), share + 2);
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
  tcase_add_loop_test(t, intervals_after_a_relative_stop, 0, sizeof relative / sizeof *relative);
  tcase_add_loop_test(t, intervals_after_a_stop_relative_to_a_baseline, 0, sizeof beside / sizeof *beside);
  tcase_add_loop_test(t, intervals_of_shares_after_a_stop, 0, sizeof binary / sizeof *binary);
  tcase_add_loop_test(t, intervals_of_skewed_values_after_a_stop, 0, sizeof skewed / sizeof *skewed);
  suite_add_tcase(s, t);
  return s;
}
