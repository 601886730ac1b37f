/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-test-query.h"

#include <stdlib.h>

#include "iscc-run-program.h"

#define CELL "'" ISCC_TEST_BUILD_DIR "/examples/iscc-factory-cell' --nodes=2 --tasks=8 --db=made.db "

void iscc_query_begin(void) {
  iscc_run_begin();
  iscc_run_write(
      "cell.yaml",
      "program: iscc-factory-cell\noptions: {nodes: 3, tasks: 12, inference: model, battery: 0.2}\n"
      "grid: {scheme: [joint, jcc], max-latency: [0.7, 0.9]}\nruns: 2\n");
  iscc_run_well(ISCC "campaign run cell.yaml --db=made.db");
  iscc_run_well(CELL);
  iscc_run_well(CELL "--RngRun=9 && sqlite3 made.db \"UPDATE run SET status = 'interrupted' WHERE run = 9\"");
  iscc_run_write_program("test $RUN = 2 && { echo broken >&2; exit 3; }; echo m=$RUN.5");
  iscc_run_write("p.yaml", "program: ./p\nresults: lines\nruns: 3\n");
  iscc_run(ISCC "campaign run p.yaml --db=made.db"); /* 1: a run has failed */
}

void iscc_query_end(void) {
  iscc_run_end();
}
