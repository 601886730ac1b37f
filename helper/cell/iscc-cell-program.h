/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-cell-program - what all example programs do alike: options in, report out. */
#ifndef ISCC_CELL_PROGRAM_H
#define ISCC_CELL_PROGRAM_H

#include "iscc-scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads ns-3's options and the scenario's as iscc_scenario_read() does. defaults: what the example sets. Ctrl-C
 * interrupts the simulation from now on (iscc_ns3_interrupt). */
iscc_status iscc_cell_options(int argc, char **argv, const char *doc, const char *const *defaults,
                              iscc_scenario *scenario, iscc_error *error);

/* Prints what the database says of a run. */
iscc_status iscc_cell_report(const iscc_scenario *scenario, int64_t run_id, iscc_error *error);

/* Of a program whose run is recorded: 0, or 128 and the signal that ended it before its time, as a shell says it. */
int iscc_cell_exit_status(void);

#ifdef __cplusplus
}
#endif
#endif
