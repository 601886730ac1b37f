/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-scenario-json - a scenario as it is recorded with its run. */
#ifndef ISCC_SCENARIO_JSON_H
#define ISCC_SCENARIO_JSON_H

#include "iscc-scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All options that have a meaning for the scenario (iscc-option-scope.h) as a JSON object, units in the names; free()
 * it. NULL: out of memory. */
char *iscc_scenario_json(const iscc_scenario *scenario);

#ifdef __cplusplus
}
#endif
#endif
