/* SPDX-License-Identifier: GPL-2.0-only */
/* Movements of ns-2's form (--mobility-trace=FILE). */
#include <math.h>

#include "iscc-fuzz.h"
#include "iscc-movement.h"

static void check_way(const iscc_waypoint *way, size_t count) {
  ISCC_FUZZ_REQUIRE(count >= 1 && way[0].time_ns == 0);
  for (size_t i = 0; i < count; i++) {
    ISCC_FUZZ_REQUIRE(i == 0 || way[i].time_ns > way[i - 1].time_ns);
    for (int axis = 0; axis < 3; axis++) ISCC_FUZZ_REQUIRE(fabs(way[i].position_m[axis]) <= 1e9);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  iscc_error error = {""};
  iscc_movement *movement;
  if (!iscc_fuzz_accepted(iscc_movement_read(iscc_fuzz_file(bytes, count), &movement, &error), &error))
    return 0;
  for (uint32_t node = 0; node < 100; node++) {
    const iscc_waypoint *way;
    size_t waypoints;
    if (iscc_fuzz_accepted(iscc_movement_of(movement, node, &way, &waypoints, &error), &error))
      check_way(way, waypoints);
  }
  iscc_movement_destroy(movement);
  return 0;
}
