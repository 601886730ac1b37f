/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-indoor-factory - path loss of 3GPP's indoor factory (InF), TR 38.901 V16, Tables 7.4.1-1 and 7.4.2-1.
 *
 * d is the distance in m (at least 1), f the frequency in GHz:
 *
 *   in sight         L   = 31.84 + 21.5 log10 d + 19 log10 f                      4.3 dB of shadowing
 *   out of sight SL  max(L, 33    + 25.5 log10 d + 20 log10 f)                    5.7 dB
 *                DL  max(L, SL, 18.6 + 35.7 log10 d + 20 log10 f)                 7.2 dB
 *                SH  max(L, 32.4  + 23   log10 d + 20 log10 f)                    5.9 dB
 *                DH  max(L, 33.63 + 21.9 log10 d + 20 log10 f)                    4.0 dB
 *   in sight with probability exp(-d2D/k),  k = -d_c/ln(1 - r) c
 *
 * r is the share of the floor that clutter covers, d_c its size, h_c its height; c is 1 for the low stations, and
 * (h_BS - h_UT)/(h_c - h_UT), at least 1, for the high ones (H). Where the lower end is above the clutter, and in HH,
 * everything is in sight.
 *
 * Sight and shadowing are drawn for each pair of nodes and each pair of 10 m squares that they are in (10 m is the
 * correlation distance of Table 7.5-6), so that they are functions of (seed, run, nodes, places) alone: constant
 * within squares, independent between them, where 3GPP has them change gradually. */
#ifndef ISCC_INDOOR_FACTORY_H
#define ISCC_INDOOR_FACTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { ISCC_INF_SL, ISCC_INF_DL, ISCC_INF_SH, ISCC_INF_DH, ISCC_INF_HH } iscc_indoor_factory_kind;

/* Zeros of the clutter stand for 3GPP's calibration (Table 7.8-7): sparse 20 %, 10 m, 2 m; dense 60 %, 2 m, 6 m. */
typedef struct {
  uint64_t seed, run;
  iscc_indoor_factory_kind kind;
  double frequency_hz;                                      /* 0.5..100 GHz */
  double clutter_density, clutter_size_m, clutter_height_m; /* r in 0..1, d_c, h_c */
  bool shadowing;
} iscc_indoor_factory;

/* "SL", ... "HH". false: none of these. */
bool iscc_indoor_factory_kind_find(const char *name, iscc_indoor_factory_kind *kind);
const char *iscc_indoor_factory_kind_name(iscc_indoor_factory_kind kind);

double iscc_indoor_factory_sight_probability(const iscc_indoor_factory *factory, double distance2d_m,
                                             double high_m, double low_m); /* of ends at these heights */
double iscc_indoor_factory_loss_db(const iscc_indoor_factory *factory, double distance_m, bool in_sight);

/* The loss of a link between two nodes at places (x, y, z), m: with the sight and the shadowing that it has there. The
 * same in both directions. drawn: the uniform number that decided the sight, the first of the link's; NULL: not wanted. */
double iscc_indoor_factory_link_db(const iscc_indoor_factory *factory, uint32_t node, const double place_m[3],
                                   uint32_t other, const double other_m[3], double *drawn);

#ifdef __cplusplus
}
#endif
#endif
