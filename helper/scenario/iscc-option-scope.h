/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-option-scope - where an option of a scenario has a meaning: one table of options and conditions.
 *
 * The Shannon channel's options mean nothing over Wi-Fi, a harvester nothing without a battery. Such an option is
 * refused if it was asked for, else it is put back to its general default, so that nothing of it is left in the run
 * or in what is recorded of it. */
#ifndef ISCC_OPTION_SCOPE_H
#define ISCC_OPTION_SCOPE_H

#include <stdbool.h>

#include "iscc-scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Options by the keys that argp has for them. */
typedef enum {
  ISCC_OPTION_FIRST = 256, /* beyond all letters */
  ISCC_OPTION_TASKS = ISCC_OPTION_FIRST,
  ISCC_OPTION_INTERVAL,
  ISCC_OPTION_STOP,
  ISCC_OPTION_ARRIVALS,
  ISCC_OPTION_TARGET,
  ISCC_OPTION_LATENCY,
  ISCC_OPTION_SNR,
  ISCC_OPTION_COHERENCE,
  ISCC_OPTION_BANDWIDTH,
  ISCC_OPTION_DISTANCE,
  ISCC_OPTION_RADIUS,
  ISCC_OPTION_UPLINK,
  ISCC_OPTION_TRANSPORT,
  ISCC_OPTION_STANDARD,
  ISCC_OPTION_PROPAGATION,
  ISCC_OPTION_MOBILITY,
  ISCC_OPTION_BAND,
  ISCC_OPTION_NODES,
  ISCC_OPTION_LOSS,
  ISCC_OPTION_SCHEME,
  ISCC_OPTION_FIXED_SENSING,
  ISCC_OPTION_INFEASIBLE,
  ISCC_OPTION_REPLAN,
  ISCC_OPTION_INFERENCE,
  ISCC_OPTION_CANDIDATES,
  ISCC_OPTION_BITS,
  ISCC_OPTION_CURVE,
  ISCC_OPTION_CHARGE,
  ISCC_OPTION_POWER,
  ISCC_OPTION_SPEED,
  ISCC_OPTION_SERVER_SPEED,
  ISCC_OPTION_SERVER_CORES,
  ISCC_OPTION_SERVER_QUEUE,
  ISCC_OPTION_KAPPA,
  ISCC_OPTION_QUEUE,
  ISCC_OPTION_RETRY,
  ISCC_OPTION_UPLINK_LIMIT,
  ISCC_OPTION_QUANTILE,
  ISCC_OPTION_CHANNEL_ERROR,
  ISCC_OPTION_BATTERY,
  ISCC_OPTION_HARVESTER,
  ISCC_OPTION_IDLE_POWER,
  ISCC_OPTION_DATABASE,
  ISCC_OPTION_MODEL,
  ISCC_OPTION_PCAP,
  ISCC_OPTION_PRESET,
  ISCC_OPTION_SEED,
  ISCC_OPTION_RUN,
  ISCC_OPTION_MOVEMENT,
  ISCC_OPTION_CHANNEL,
  ISCC_OPTION_BUILDINGS,
  ISCC_OPTION_SERVER_POSITION,
  ISCC_OPTION_NODE_HEIGHT,
  ISCC_OPTION_NOISE_FIGURE,
  ISCC_OPTION_LAST = ISCC_OPTION_NOISE_FIGURE
} iscc_option;

/* Whether option has a meaning for this scenario. */
bool iscc_option_has_meaning(const iscc_scenario *scenario, iscc_option option);

/* Goes through the table: an option without meaning for which asked(ctx, option) holds is ISCC_EINVAL with what, why
 * and what to do; others become their general defaults. Options that stand at what turns them off pass. */
iscc_status iscc_option_scope_apply(iscc_scenario *scenario,
                                    bool (*asked)(const void *ctx, iscc_option option), const void *ctx,
                                    iscc_error *error);

/* Of a scenario that a program has filled in: refuses what was turned on without a meaning. What always has some
 * value, such as an SNR, may stand there unused. */
iscc_status iscc_option_scope_check(const iscc_scenario *scenario, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
