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
  static const char *const defaults[] = {"--nodes=50",
                                         "--radius=60",
                                         "--mobility=ns3::RandomWalk2dMobilityModel[Bounds=-61|61|-61|61]",
                                         "--propagation=ns3::LogDistancePropagationLossModel[Exponent=2.2]",
                                         "--band=shared",
                                         "--bandwidth=5e6",
                                         "--server-cores=2",
                                         "--server-queue=deadline",
                                         "--server-speed=1e8",
                                         "--inference=model",
                                         "--arrivals=poisson",
                                         "--interval=3",
                                         "--tasks=20",
                                         NULL};
  return iscc_cell_main(argc, argv, "iscc-factory-cell",
                        "Edge nodes that walk about in a hall and share a band and a server.", defaults);
}
