/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-problem - one allocation decision as plain numbers.
 *
 *   minimise   T_sen P_s + kappa F_e(p) nu_e^2 + P_c T_comm   over l, p, P_s, P_c, nu_e, Q   (eq. 10)
 *   C1  R_0(P_s) (1 - pruning_loss u(p) - pruning_slope (1 - p) - quantization_loss(Q)) >= R_t
 *   C2  T_sen + F_e(p)/nu_e + F_s/nu_s + (N_l Q + overhead)/R(P_c) + delay <= T_max
 *   C3..C7  l among the splits, keep_min <= p <= 1, P_s and P_c <= P_max, nu_e <= nu_max,
 *           Q in bits_min..bits_max
 *
 * Everything is borrowed by whoever solves it; nothing here allocates. Ranges: doc/solve-json.rst. */
#ifndef ISCC_PROBLEM_H
#define ISCC_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_PROBLEM_BITS_MAX = 16, ISCC_PROBLEM_SPLITS_MAX = 1024 };

typedef enum { ISCC_CURVE_ARCTAN, ISCC_CURVE_TABLE } iscc_curve_kind;

typedef struct { /* R_0: accuracy over sensing power, increasing and concave */
  iscc_curve_kind kind;
  double a, b_per_w;      /* arctan: R_0 = a atan(b P_s); a pi/2 <= 1 */
  const double *power_w;  /* table: increasing; linear between points; never planned below the first, */
  const double *accuracy; /*        constant after the last; borrowed */
  int points;
} iscc_accuracy_curve;

double iscc_accuracy_curve_at(const iscc_accuracy_curve *curve, double power_w);

typedef struct {  /* R_0^-1 at an accuracy y */
  double power_w; /* the least with R_0(power) >= y; INFINITY where none */
  double slope_w; /* its derivative by y (at a table's corner: from below); INFINITY where the power is */
  double bend;    /* its second derivative by y over the first */
  int segment;    /* of a table: y is in (accuracy[segment - 1], accuracy[segment]] */
} iscc_sensing_point;

iscc_sensing_point iscc_accuracy_curve_inverse(const iscc_accuracy_curve *curve, double accuracy);

typedef enum { ISCC_UPLINK_SHANNON, ISCC_UPLINK_STEPS } iscc_uplink_kind;

typedef struct { /* rate over transmit power */
  iscc_uplink_kind kind;
  double bandwidth_hz;    /* Shannon: R = B log2(1 + snr_per_w P_c) (eq. 7) */
  double snr_per_w;       /* g/(B N_0) in 1/W */
  const double *rate_bps; /* steps: increasing rates and the least power of each; borrowed */
  const double *power_w;
  int steps;
  double max_power_w; /* of P_c; 0: the problem's P_max */
} iscc_uplink;

double iscc_uplink_rate_bps(const iscc_uplink *uplink, double power_w);

typedef struct {                                       /* one candidate split layer */
  int layer;                                           /* l */
  double flops_slope, flops_const;                     /* F_e(p) = max(0, slope p + const) */
  double server_flops;                                 /* F_s */
  int features;                                        /* N_l; 0: nothing is sent */
  double pruning_loss;                                 /* factor of u(p), compensation included */
  double pruning_slope;                                /* factor of 1 - p */
  double keep_min;                                     /* least p that these hold for; 0: any above 0 */
  double quantization_loss[ISCC_PROBLEM_BITS_MAX + 1]; /* [Q]: the whole term, v(Q) included */
  double overhead_bits[ISCC_PROBLEM_BITS_MAX + 1];     /* [Q]: headers sent beside N_l Q */
  double delay_s; /* fixed time of this split outside the allocation: propagation, answer */
} iscc_split;

typedef struct {    /* one candidate of scheme pca: principal components sent to a classifier of their own */
  iscc_split split; /* layer: number of components; nothing is pruned: F_e = max(0, slope + const) */
  iscc_accuracy_curve accuracy_curve; /* R_0 of that classifier */
} iscc_pca_split;

typedef struct {
  double target_accuracy;    /* R_t in (0, 1) */
  double max_latency_s;      /* T_max > 0: what is left for sensing, edge compute, uplink, server compute */
  double sensing_time_s;     /* T_sen >= 0 */
  double max_power_w;        /* P_max > 0 */
  double max_speed_flops;    /* nu_max > 0 */
  double server_speed_flops; /* nu_s > 0 */
  double kappa;              /* J s^2/FLOP^3 > 0 */
  iscc_uplink uplink;
  iscc_accuracy_curve accuracy_curve;
  int bits_min, bits_max;       /* 2..16 */
  double fixed_sensing_power_w; /* scheme jcc; 0: where R_0 is 97 % of its limit */
  bool sensed;                  /* sensing is done, at P_s = sensed_power_w, which is not chosen any more */
  double sensed_power_w;
  const iscc_split *splits; /* 1..1024, borrowed */
  size_t split_count;
  const iscc_pca_split *pca_splits; /* 0..1024, borrowed; for scheme pca alone */
  size_t pca_split_count;
} iscc_problem;

static inline double iscc_transmit_power_max(const iscc_problem *problem) {
  return problem->uplink.max_power_w > 0 ? problem->uplink.max_power_w : problem->max_power_w;
}

/* u(p), eq. 17, from p and t = -ln p, which its users have at hand. */
static inline double iscc_keep_shape(double keep_ratio, double minus_log) {
  return 2 - keep_ratio * (1 + (minus_log + 1) * (minus_log + 1));
}

/* Share of the accuracy that pruning to p costs; t = -ln p. */
static inline double iscc_split_pruned(const iscc_split *split, double keep_ratio, double minus_log) {
  return split->pruning_loss * iscc_keep_shape(keep_ratio, minus_log) +
         split->pruning_slope * (1 - keep_ratio);
}

/* How fast it falls with p: -d/dp of iscc_split_pruned(). */
static inline double iscc_split_pruned_slope(const iscc_split *split, double minus_log) {
  return split->pruning_loss * minus_log * minus_log + split->pruning_slope;
}

/* Checks every field. ISCC_EINVAL names the field as doc/solve-json.rst spells it, its value and its range.
 */
iscc_status iscc_problem_check(const iscc_problem *problem, iscc_error *error);

/* Table II of the paper without splits: R_t 0.85, T_max 0.8 s, T_sen 0.5 s, P_max 1 W, nu_max 8e6, nu_s 1e11,
 * kappa 1e-21, Shannon uplink of 100 kHz at 100 per W, bits 2..8. */
void iscc_problem_defaults(iscc_problem *problem);

#ifdef __cplusplus
}
#endif
#endif
