/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-node-settings - what every node of a scenario is told. */
#ifndef ISCC_NODE_SETTINGS_H
#define ISCC_NODE_SETTINGS_H

#include "iscc-arrivals.h"
#include "iscc-model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { ISCC_INFERENCE_MODEL, ISCC_INFERENCE_REAL } iscc_inference_mode;
typedef enum { ISCC_CHARGE_ALL, ISCC_CHARGE_PAYLOAD } iscc_charge;

typedef enum { /* what to do with a task that cannot be both accurate and in time */
               ISCC_INFEASIBLE_DROP,
               ISCC_INFEASIBLE_BEST_ACCURACY, /* the highest accuracy within T_max, if any helps */
               ISCC_INFEASIBLE_BEST_LATENCY   /* the least latency at R_t, if any helps */
} iscc_infeasible_action;

typedef enum {
  ISCC_REPLAN_NEVER, /* a decision is carried out as it was made */
  ISCC_REPLAN_STAGE  /* after sensing and after the device layers the rest is decided again if the link has
                        changed; if it has become infeasible and when_infeasible is drop, the plan stays */
} iscc_replan;

/* What every node of a scenario is told. Start from iscc_node_defaults(). */
typedef struct {
  uint32_t id;            /* 0.. unique among the nodes */
  uint64_t first_stream;  /* id + first_stream selects its random streams; default 0 */
  const char *scheme;     /* a name of iscc_scheme_name(); default "joint" */
  double target_accuracy; /* R_t */
  double max_latency_s;   /* T_max from arrival to answer */
  double max_power_w, max_speed_flops, server_speed_flops, kappa;
  double fixed_sensing_power_w; /* of scheme jcc; 0 (default): where R_0 is 97 % of its limit */
  int bits_min, bits_max;
  int candidates[ISCC_LAYERS_MAX + 1], candidate_count; /* split layers allowed; default 0 3 6 8 10 11 */
  bool use_measured_curve; /* true: plan with the measured concave table, false: with the arctan */
  iscc_charge charge;
  iscc_inference_mode inference;
  iscc_infeasible_action when_infeasible;
  iscc_replan replan;
  int queue_capacity;       /* waiting tasks, the one in service not counted; >= 0 */
  int retry_limit;          /* retransmission rounds before a task is lost; >= 0 */
  double transfer_quantile; /* of the transfer time that plans count with, [0, 1); 0: what the link says */
  double
      channel_error_db;  /* standard deviation of the channel's estimate, >= 0; see iscc-channel-estimate.h */
  double uplink_limit_s; /* longest uplink before a task is lost; 0: no limit */
  iscc_arrivals_settings arrivals;
} iscc_node_settings;

void iscc_node_defaults(iscc_node_settings *settings);

/* ISCC_EINVAL names the setting that is out of its range, its value and the range. Scheme and arrivals are
 * checked by those who use them. */
iscc_status iscc_node_settings_check(const iscc_node_settings *settings, const iscc_model *model,
                                     iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
