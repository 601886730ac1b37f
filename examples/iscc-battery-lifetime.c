/* SPDX-License-Identifier: GPL-2.0-only */
/* How long a battery lasts.
 *
 * A node with a battery of 5 J that draws 5 mW when it does nothing gets a task every second until the battery is
 * empty; its lifetime is the result. A scheme that spends less on each task lives longer.
 * Try:  iscc-battery-lifetime --scheme=no-pruning
 *       iscc-battery-lifetime --battery='ns3::BasicEnergySource[BasicEnergySourceInitialEnergyJ=5|BasicEnergyLowBatteryThreshold=0.2]'
 *       iscc-battery-lifetime --harvester='ns3::BasicEnergyHarvester[HarvestablePower=ns3::UniformRandomVariable[Min=0|Max=0.02]]'
 *       sqlite3 -box iscc.db "SELECT * FROM battery_audit"
 *
 * Introduces: ns-3's energy sources and harvesters (--battery, --harvester, --idle-power). */
#include "iscc-cell.h"

int main(int argc, char **argv) {
  static const char *const defaults[] = {"--battery=5", "--idle-power=0.005", "--inference=model",
                                         "--tasks=1000", NULL};
  return iscc_cell_main(argc, argv, "iscc-battery-lifetime",
                        "An edge node that lives until its battery is empty.", defaults);
}
