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
  static const char *const defaults[] = {
      "--uplink=wifi",      "--nodes=30",   "--radius=40", "--inference=model",
      "--arrivals=poisson", "--interval=2", "--tasks=20",  NULL};
  return iscc_cell_main(argc, argv, "iscc-wifi-contention", "Edge nodes that contend for a Wi-Fi channel.",
                        defaults);
}
