/* SPDX-License-Identifier: GPL-2.0-only */
/* Ways to stop in time, side by side on the same normal values: that of iscc-sequential holds what the others
 * hold for fewer runs. The worst case of a rule is the least coverage over targets that need 2 to 200 runs;
 * its cost are the runs beyond those of the uncorrected rule, their mean and their maximum over the targets.
 * Of 100000 campaigns, a coverage near 93 % has a standard deviation of 0.08 %; of 40000, 0.13 %. */
#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "iscc-mean-interval.h"
#include "iscc-sequential.h"
#include "iscc-study.h"

enum { MOST = 900 };

typedef enum { FACTOR, DELAY, ASKED, MORE, IN_A_ROW, QUANTILE, GEOMETRIC, STEIN } kind;

/* FACTOR: half width times 1 + value/n^power. MORE: that many runs after the stop. IN_A_ROW: narrow enough at
 * that many looks. QUANTILE: of that confidence instead of 95 %. GEOMETRIC: looks at n = minimum value^k.
 * DELAY: stops by the factor, reports the interval without. ASKED: stops without, reports the width asked.
 * STEIN: two stages, the second as long as the first one's variance asks for; reports the width asked. */
static const struct {
  const char *name;
  kind is;
  double value, power;
} rule[] = {
    {"uncorrected", FACTOR, 0, 1},
    {"1 + 8/n^2 (ours)", FACTOR, 8, 2},
    {"1 + 4/n^2", FACTOR, 4, 2},
    {"1 + 12/n^2", FACTOR, 12, 2},
    {"1 + 2.5/n^1.5", FACTOR, 2.5, 1.5},
    {"1 + 0.75/n", FACTOR, 0.75, 1},
    {"1 + 8/n^2, unseen", DELAY, 8, 2},
    {"width asked", ASKED, 0, 0},
    {"one run more", MORE, 1, 0},
    {"two runs more", MORE, 2, 0},
    {"three runs more", MORE, 3, 0},
    {"twice in a row", IN_A_ROW, 2, 0},
    {"4 times in a row", IN_A_ROW, 4, 0},
    {"confidence 96 %", QUANTILE, 0.96, 0},
    {"confidence 97 %", QUANTILE, 0.97, 0},
    {"looks at 5 1.5^k", GEOMETRIC, 1.5, 0},
    {"Stein, 5 and rest", STEIN, 0, 0},
};
enum { UNCORRECTED, OURS, RULES = sizeof rule / sizeof *rule };

static const double needed[] = {2, 4, 6, 8, 10, 12, 15, 20, 30, 50, 80, 120, 200};
enum { TARGETS = sizeof needed / sizeof *needed };

typedef struct {
  int count;
  double mean[MOST + 1], error[MOST + 1]; /* after n values */
  iscc_moments moments;
} course;

/* What is simulated; what is drawn has mean 0 and deviation 1. z: normal quantile of the confidence. */
typedef struct {
  const char *name;
  int minimum;
  double confidence, z;
  double (*draw)(iscc_random *);
  int rules, campaigns; /* the first so many rules */
} setting;

static void reach(course *c, int n, const setting *of, iscc_random *random) {
  while (c->count < n) {
    iscc_moments_add(&c->moments, of->draw(random));
    c->count++;
    c->mean[c->count] = c->moments.mean;
    c->error[c->count] = c->count < 2 ? 0 : iscc_moments_error(&c->moments);
  }
}

/* quantile[r][n]: half width in standard errors, for rule r. */
static double quantile[RULES][MOST + 1];

static void tabulate(const setting *of) {
  for (int n = of->minimum; n <= MOST; n++)
    for (int r = 0; r < of->rules; r++) {
      const double confidence = rule[r].is == QUANTILE ? rule[r].value : of->confidence;
      const double factor =
          rule[r].is == FACTOR || rule[r].is == DELAY ? 1 + rule[r].value / pow(n, rule[r].power) : 1;
      quantile[r][n] = factor * iscc_mean_interval_quantile((size_t)n, confidence);
    }
}

/* The first look of a rule that looks more than once at which it stops. */
static int first_stop(int r, course *c, double width, const setting *of, iscc_random *random) {
  int in_a_row = 0;
  double place = of->minimum;
  for (int n = of->minimum; n < MOST - 3;
       n = rule[r].is == GEOMETRIC ? (int)ceil(place *= rule[r].value) : n + 1) {
    reach(c, n, of, random);
    in_a_row = quantile[r][n] * c->error[n] <= width ? in_a_row + 1 : 0;
    if (in_a_row >= (rule[r].is == IN_A_ROW ? (int)rule[r].value : 1)) return n;
  }
  return MOST - 3;
}

/* Runs that rule r takes, and the half width it reports. */
static int stop(int r, course *c, double width, const setting *of, iscc_random *random, double *half_width) {
  int n = of->minimum;
  if (rule[r].is == STEIN) {
    const double ratio = quantile[r][n] * c->error[n] / width;
    n = (int)fmin(MOST, fmax(n, ceil(n * ratio * ratio)));
  } else {
    n = first_stop(r, c, width, of, random) + (rule[r].is == MORE ? (int)rule[r].value : 0);
  }
  reach(c, n, of, random);
  const bool asked = rule[r].is == STEIN || rule[r].is == ASKED;
  *half_width = asked ? width : quantile[rule[r].is == DELAY ? UNCORRECTED : r][n] * c->error[n];
  return n;
}

typedef struct {
  double worst, mean_runs, most_extra; /* mean over targets */
} result;

static void sum_up(const setting *of, int held[RULES][TARGETS], double runs[RULES][TARGETS],
                   result *results) {
  for (int r = 0; r < of->rules; r++) {
    results[r] = (result){100, 0, 0};
    for (int t = 0; t < TARGETS; t++) {
      results[r].worst = fmin(results[r].worst, iscc_study_percent(held[r][t], of->campaigns));
      results[r].mean_runs += runs[r][t] / TARGETS;
      results[r].most_extra = fmax(results[r].most_extra, runs[r][t] - runs[UNCORRECTED][t]);
    }
    iscc_study_note("rule %-18s %-12s worst %.2f %%, extra runs %.2f, at most %.2f", rule[r].name, of->name,
                    results[r].worst, results[r].mean_runs - results[UNCORRECTED].mean_runs,
                    results[r].most_extra);
  }
}

static void study(const setting *of, int index, result *results) {
  static int held[RULES][TARGETS];
  static double runs[RULES][TARGETS];
  iscc_random random = iscc_study_stream(5, index);
  memset(held, 0, sizeof held);
  memset(runs, 0, sizeof runs);
  tabulate(of);
  for (int k = 0; k < of->campaigns; k++) {
    course c = {.count = 0};
    reach(&c, of->minimum, of, &random);
    for (int t = 0; t < TARGETS; t++)
      for (int r = 0; r < of->rules; r++) {
        double half_width;
        const int n = stop(r, &c, of->z / sqrt(needed[t]), of, &random, &half_width);
        runs[r][t] += n / (double)of->campaigns;
        held[r][t] += fabs(c.mean[n]) <= half_width;
      }
  }
  sum_up(of, held, runs, results);
}

static double exponential(iscc_random *random) {
  return iscc_random_exponential(random) - 1;
}

static const setting usual = {"95 %", 5, 0.95, 1.959964, iscc_random_normal, RULES, 100000};

START_TEST(ours_holds_for_the_fewest_runs) {
  result results[RULES];
  study(&usual, 0, results);
  ck_assert_double_le(results[UNCORRECTED].worst, 92.6);
  ck_assert_double_ge(results[OURS].worst, 93.2);
  for (int r = 0; r < RULES; r++)
    if (results[r].worst >= results[OURS].worst - 0.1 && r != OURS)
      ck_assert_msg(results[r].mean_runs > results[OURS].mean_runs, "%s is cheaper", rule[r].name);
}
END_TEST

/* At other confidences, too, the factor brings back half of what is missing; of skewed values a fifth, which
 * is a limit of all these rules. */
static const struct {
  setting of;
  double uncorrected_at_most, ours_at_least, ours_at_most;
} other[] = {{{"90 %", 5, 0.9, 1.644854, iscc_random_normal, 2, 40000}, 86.2, 87.5, 90},
             {{"99 %", 5, 0.99, 2.575829, iscc_random_normal, 2, 40000}, 98.2, 98.3, 99},
             {{"minimum 10", 10, 0.95, 1.959964, iscc_random_normal, 2, 40000}, 94, 93.5, 95},
             {{"exponential", 5, 0.95, 1.959964, exponential, 2, 40000}, 83, 83.5, 86}};

START_TEST(other_settings) {
  result results[RULES];
  study(&other[_i].of, 1 + _i, results);
  ck_assert_double_le(results[UNCORRECTED].worst, other[_i].uncorrected_at_most);
  ck_assert_double_ge(results[OURS].worst, other[_i].ours_at_least);
  ck_assert_double_le(results[OURS].worst, other[_i].ours_at_most);
  ck_assert_double_le(results[OURS].most_extra, 1.7);
}
END_TEST

/* The table that the study ranks is what the library computes. */
START_TEST(the_rule_studied_is_the_librarys) {
  iscc_random random = iscc_study_stream(6, 0);
  tabulate(&usual);
  course c = {.count = 0};
  for (int n = usual.minimum; n <= 60; n++) {
    reach(&c, n, &usual, &random);
    const iscc_sequential_rule asked = {.confidence = 0.95, .width = 1, .minimum = 5};
    const iscc_sequential_look look = iscc_sequential_look_at(&asked, &c.moments);
    ck_assert_double_eq_tol(look.half_width, quantile[OURS][n] * c.error[n], 1e-12);
  }
}
END_TEST

Suite *iscc_suite_stopping_rules(void);
Suite *iscc_suite_stopping_rules(void) {
  Suite *s = suite_create("helper: stopping rules");
  TCase *t = tcase_create("stopping rules");
  tcase_set_tags(t, "slow");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, ours_holds_for_the_fewest_runs);
  tcase_add_loop_test(t, other_settings, 0, sizeof other / sizeof *other);
  tcase_add_test(t, the_rule_studied_is_the_librarys);
  suite_add_tcase(s, t);
  return s;
}
