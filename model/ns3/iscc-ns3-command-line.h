/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-command-line - ns-3's own options on a program's command line.
 *
 * Takes out of argv, and carries out, what every ns-3 program understands: "--ns3::Type::Attribute=value"
 * sets an attribute's default for all objects made from then on, "--Name=value" a global value (RngSeed,
 * RngRun, SimulatorImplementationType, ChecksumEnabled, ...). Everything else stays for the program's own
 * parser. Values are checked before ns-3 sees them, so that no mistake aborts. Not thread safe. */
#ifndef ISCC_NS3_COMMAND_LINE_H
#define ISCC_NS3_COMMAND_LINE_H

#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* *argc and argv shrink by what was taken; argv[*argc] stays NULL. Call before iscc_ns3_begin(). ISCC_EINVAL:
 * no such attribute, or not a value of it; argv is then undefined. */
iscc_status iscc_ns3_command_line(int *argc, char **argv, iscc_error *error);

/* RngSeed and RngRun as they stand now: ns-3's defaults, NS_GLOBAL_VALUE, or the command line. */
uint32_t iscc_ns3_command_line_seed(void);
uint64_t iscc_ns3_command_line_run(void);

#ifdef __cplusplus
}
#endif
#endif
