/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-calibration - what the allocation needs to know of a trained network: its accuracy model.
 *
 *   accuracy(l, p, Q, P_s) = R_0(P_s) D(l, p, Q),   p >= p_min(l)             (doc/model.rst, eq. 21')
 *   D = 1 - kappa(l) u(p) - tau(l) (1 - p) - q(l, Q)
 *   u(p) = 2 - p - p (ln p - 1)^2,   v(Q) = 1/(2^(Q-1) - 1)^2
 *
 * R_0 is an arctan a atan(b P_s) capped at the clean accuracy, or the measured concave table. All numbers are
 * measured by Monte Carlo on the network itself; the raw bound C(l), A(l), w(l) stands beside them. */
#ifndef ISCC_CALIBRATION_H
#define ISCC_CALIBRATION_H

#include "iscc-network.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_BITS_MIN = 2, ISCC_BITS_MAX = 16, ISCC_CURVE_POINTS_MAX = 64 };

typedef struct {              /* of one split layer l */
  double laplace_rate;        /* lambda_l of |w| ~ Exp(lambda_l); 0 for layers without weights */
  double laplace_distance;    /* Kolmogorov-Smirnov distance of that fit */
  double frobenius;           /* ||W_l||_F, convolutions unrolled; 0 for layers without weights */
  double bound_pruning;       /* C(l) */
  double bound_quantization;  /* A(l) */
  double margin;              /* w(l) */
  double pruning_loss;        /* kappa: factor of u(p) */
  double pruning_slope;       /* tau: factor of 1 - p */
  double keep_min;            /* p_min: below it the network collapses, and nothing is promised */
  double pruning_rmse;        /* error of kappa u(p) + tau (1 - p), in accuracy */
  double pruning_loss_u;      /* compensated C(l)/w(l): one factor of u(p), least squares, for comparison */
  double pruning_rmse_u;      /* error of that */
  double quantization_loss_v; /* compensated A(l)/w(l): one factor of v(Q), likewise */
  double quantization_rmse;   /* error of that */
  double promise_excess;      /* largest promised minus measured accuracy over the runs of the fit */
  double feature_max[ISCC_BITS_MAX + 1];   /* [Q]: f_max of the quantizer of Q bits; f_min is 0 */
  double clipped_share[ISCC_BITS_MAX + 1]; /* [Q]: share of calibration features beyond f_max */
  double
      quantization_loss[ISCC_BITS_MAX + 1]; /* [Q], v(Q) included: measured loss, or scaled by v(Q) beyond */
} iscc_split_calibration;

enum { ISCC_PCA_MAX = 8 };

typedef struct {        /* of a classifier on principal components: the baseline of typical ISCC */
  int components;       /* d sent */
  double device_flops;  /* of the projection, (2 N - 1) d */
  double server_flops;  /* of the classifier */
  double test_accuracy; /* noise-free test samples */
  double arctan_a, arctan_b_per_w, arctan_rmse;
  int concave_points; /* at the powers of the main curve */
  double concave_accuracy[ISCC_CURVE_POINTS_MAX];
  double feature_max[ISCC_BITS_MAX + 1];       /* [Q]: f_max of the quantizer; components are whitened */
  double quantization_loss[ISCC_BITS_MAX + 1]; /* [Q] */
} iscc_pca_calibration;

typedef struct {
  double arctan_a, arctan_b_per_w; /* R_0(P_s) = a atan(b P_s) */
  double arctan_rmse;              /* on the fitted range */
  double clean_accuracy;           /* noise-free */
  int curve_points;                /* measured: Monte-Carlo accuracy over sensing power */
  double power_w[ISCC_CURVE_POINTS_MAX];
  double measured_accuracy[ISCC_CURVE_POINTS_MAX];
  int concave_points; /* the increasing concave table the node plans with */
  double concave_power_w[ISCC_CURVE_POINTS_MAX];
  double concave_accuracy[ISCC_CURVE_POINTS_MAX];
  int curve_samples; /* Monte-Carlo samples per point */
  int split_samples;
  iscc_split_calibration split[ISCC_LAYERS_MAX + 1]; /* [0..L] */
  int pca_count;
  iscc_pca_calibration pca[ISCC_PCA_MAX];
} iscc_calibration;

double iscc_pruning_shape(double keep_ratio); /* u(p), p in (0, 1]; u(1) = 0 */
double iscc_quantization_shape(int bits);     /* v(Q), Q >= 2 */

#ifdef __cplusplus
}
#endif
#endif
