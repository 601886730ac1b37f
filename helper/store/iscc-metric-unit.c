/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-metric-unit.h"

#include <string.h>

static const iscc_metric_unit units[] = {
    {"_j", "J", true},    {"_s", "s", true},        {"_w", "W", true},          {"_db", "dB", false},
    {"_hz", "Hz", false}, {"_bits", "bits", false}, {"_bytes", "bytes", false}, {"_m", "m", false}};

const iscc_metric_unit *iscc_metric_unit_of(const char *metric) {
  const size_t length = strlen(metric);
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    const size_t end = strlen(units[i].ending);
    if (length > end && strcmp(metric + length - end, units[i].ending) == 0) return units + i;
  }
  return NULL;
}
