/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-cell-stack - the radio stack of a scenario: its medium, and its devices on nodes. */
#ifndef ISCC_CELL_STACK_H
#define ISCC_CELL_STACK_H

#include "iscc-ns3.h"
#include "iscc-scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A channel, or network, of the scenario's stack with its settings. */
iscc_status iscc_cell_stack_create(const iscc_scenario *scenario, iscc_ns3_handle *channel,
                                   iscc_error *error);

/* A device on that channel. settings are of the Shannon channel; of them other stacks take hub alone. */
iscc_status iscc_cell_stack_install(const iscc_scenario *scenario, iscc_ns3_handle channel,
                                    iscc_ns3_handle node, const iscc_ns3_device_settings *settings,
                                    iscc_ns3_handle *device, iscc_error *error);

/* ISCC_EINVAL names an option that this stack does not have. */
iscc_status iscc_cell_stack_check(const iscc_scenario *scenario, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
