/* SPDX-License-Identifier: GPL-2.0-only */
/* Stations that contend for one Wi-Fi channel.
 *
 * Thirty nodes within 40 m of an access point, at whose side the server is, send when they have something to
 * send: carrier sensing, collisions and retransmissions are ns-3's 802.11n. Each node plans with the rates that
 * its power buys and with an upper quantile of what its transfers really took.
 * Try:  iscc-wifi-contention --nodes=60 --transfer-quantile=0
 *
 * Introduces: a real radio stack as the uplink (--uplink, --wifi-standard, --propagation). */
#include "iscc-cell.h"

int main(int argc, char **argv) {
  iscc_scenario scenario;
  iscc_scenario_defaults(&scenario);
  scenario.uplink = ISCC_STACK_WIFI;
  scenario.nodes = 30;
  scenario.radius_m = 40;
  scenario.node.inference = ISCC_INFERENCE_MODEL;
  scenario.node.arrivals.kind = ISCC_ARRIVALS_POISSON;
  scenario.node.arrivals.interval_s = 2;
  scenario.node.arrivals.count = 20;
  return iscc_cell_main(
      argc, argv, "iscc-wifi-contention",
      "Edge nodes that contend for a Wi-Fi channel. Every task goes into an SQLite database. ns-3's own "
      "options, --ns3::Type::Attribute=value and global values, work too.",
      &scenario);
}
