/* SPDX-License-Identifier: GPL-2.0-only */
/* Arrivals and channel from files.
 *
 * When tasks arrive and how good the channel is were written down elsewhere, measured or made: here two small files
 * of examples/traces, which say themselves how they were made. The rate, the airtime and what the node plans with
 * follow the channel's file line by line. --mobility-trace reads movements in the same way.
 * Try:  iscc-trace-driven --nodes=4 --channel-error=3
 *
 * Introduces: files in place of random processes (--arrivals, --channel-trace). */
#include <stdio.h>

#include "iscc-cell.h"
#include "iscc-data-file.h"
#include "iscc-options.h"

enum { OPTION_MAX = 4200 };

int main(int argc, char **argv) {
  static const char name[] = "iscc-trace-driven";
  char path[4096], arrivals[OPTION_MAX], channel[OPTION_MAX];
  const char *const defaults[] = {arrivals, channel, "--tasks=80", NULL};
  iscc_error error;
  iscc_status status = iscc_data_file("traces/shift-arrivals.txt", path, sizeof path, &error);
  snprintf(arrivals, sizeof arrivals, "--arrivals=%s", path);
  if (!status) status = iscc_data_file("traces/lane-channel.txt", path, sizeof path, &error);
  snprintf(channel, sizeof channel, "--channel-trace=%s", path);
  if (status) return iscc_report_failure(name, status, &error);
  return iscc_cell_main(argc, argv, name, "Edge nodes whose arrivals and channel come from files.", defaults);
}
