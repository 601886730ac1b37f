/* SPDX-License-Identifier: GPL-2.0-only */
/* One battery-powered node, one server, a wireless channel with block fading.
 *
 * A person moves in front of the node's radar; at each task arrival the node decides how to sense, compute
 * and send; the server finishes the inference; every task's energy goes into an SQLite database, and a table
 * of the run comes from there. Try:  iscc-single-device --tasks=50 --db=try.db --RngRun=2
 *
 * Introduces: a scenario with its options (iscc-scenario.h), the cell that is built from it (iscc-cell.h).
 * iscc-hello.c does the same by hand. */
#include "iscc-cell.h"

int main(int argc, char **argv) {
  static const char *const defaults[] = {NULL};
  return iscc_cell_main(argc, argv, "iscc-single-device",
                        "One edge node that senses a moving person, decides, computes and sends; one server "
                        "that finishes the inference.",
                        defaults);
}
