/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-scenario-read - a scenario from a command line.
 *
 * Options lie in layers, each on top of those before it: the general defaults of iscc_scenario_defaults(), what an
 * example sets, a preset wherever it stands on the line, what the user gives. --help shows the defaults below the
 * user's layer. An option without meaning for the run is refused if the user gave it, else it is as if nobody had
 * (iscc-option-scope.h). */
#ifndef ISCC_SCENARIO_READ_H
#define ISCC_SCENARIO_READ_H

#include "iscc-scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Puts the layers on top of scenario. example: options of the form --name=value, ended by NULL. doc: what --help says
 * first. Texts of argv and example are borrowed. A mistake ends the program with one line and status 2. ISCC_ENOMEM. */
iscc_status iscc_scenario_read(iscc_scenario *scenario, const char *doc, const char *const *example, int argc,
                               char **argv, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
