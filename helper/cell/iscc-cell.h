/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-cell - a server and its edge nodes in one wireless cell of ns-3: built from a scenario, run, recorded.
 *
 *   iscc_cell *cell;
 *   iscc_status status = iscc_cell_create(&scenario, "my-program", &cell, &error);
 *   if (!status) status = iscc_cell_run(cell, &run_id, &error);
 *   iscc_cell_destroy(cell);
 *
 * The server stands at the origin unless the scenario says where. Nodes stand on a circle around it, anywhere in a
 * disc, or where a movement file puts them; each has its own random streams, so that a node's arrivals, fading and observations are the same however many others there
 * are. One cell per process at a time, as ns-3 is. */
#ifndef ISCC_CELL_H
#define ISCC_CELL_H

#include "iscc-ns3.h"
#include "iscc-scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_cell iscc_cell;

/* Reads the model, begins a simulation, builds it and opens the database. scenario is copied; its texts are
 * borrowed until destroy. On failure nothing is left under way. */
iscc_status iscc_cell_create(const iscc_scenario *scenario, const char *program, iscc_cell **out,
                             iscc_error *error);
void iscc_cell_destroy(iscc_cell *cell); /* NULL is fine */

/* To change or trace something between create and run. */
iscc_ns3_handle iscc_cell_channel(const iscc_cell *cell);
iscc_ns3_handle iscc_cell_device(const iscc_cell *cell, uint32_t node); /* node < scenario nodes */

/* Runs to the end, or until iscc_ns3_interrupt(); what was simulated is recorded either way. run_id: its key
 * in the database. Once. What went wrong without ending the run is in iscc_cell_warning(). */
iscc_status iscc_cell_run(iscc_cell *cell, int64_t *run_id, iscc_error *error);
const char *iscc_cell_warning(const iscc_cell *cell); /* NULL: nothing */

/* A whole example program: options, Ctrl-C, the cell, its report. defaults: options that the example sets below the
 * user's (iscc-scenario-read.h), ended by NULL. Returns the exit status. */
int iscc_cell_main(int argc, char **argv, const char *program, const char *doc, const char *const *defaults);

#ifdef __cplusplus
}
#endif
#endif
