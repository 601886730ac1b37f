/* SPDX-License-Identifier: GPL-2.0-only */
/* Many battery-powered nodes in a factory hall share one band and one server.
 *
 * Fifty nodes walk about within 60 m, each watches for people at random times, and all of them send in equal
 * parts of one fading band of 5 MHz to a server of two slow cores, where the earliest deadline is served
 * first. Try:  iscc-factory-cell --nodes=200 --server-queue=fifo --mobility=none
 *
 * Introduces: many nodes (--nodes, --radius, --band), their movement and the loss it brings (--mobility,
 * --propagation), a server under load (--server-cores, --server-queue). */
#include "iscc-cell.h"

int main(int argc, char **argv) {
  iscc_scenario scenario;
  iscc_scenario_defaults(&scenario);
  scenario.nodes = 50;
  scenario.radius_m = 60;
  scenario.mobility = "ns3::RandomWalk2dMobilityModel[Bounds=-61|61|-61|61]";
  scenario.propagation = "ns3::LogDistancePropagationLossModel[Exponent=2.2]";
  scenario.band = ISCC_BAND_SHARED;
  scenario.bandwidth_hz = 5e6;
  scenario.server_cores = 2;
  scenario.server_queue = ISCC_QUEUE_DEADLINE;
  scenario.node.server_speed_flops = 1e8;
  scenario.node.inference = ISCC_INFERENCE_MODEL;
  scenario.node.arrivals.kind = ISCC_ARRIVALS_POISSON;
  scenario.node.arrivals.interval_s = 3;
  scenario.node.arrivals.count = 20;
  return iscc_cell_main(
      argc, argv, "iscc-factory-cell",
      "Edge nodes in a hall that share a band and a server. Every task goes into an SQLite database. ns-3's "
      "own options, --ns3::Type::Attribute=value and global values, work too.",
      &scenario);
}
