/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>

#include "iscc-cell-program.h"
#include "iscc-cell.h"
#include "iscc-options.h"

int iscc_cell_main(int argc, char **argv, const char *program, const char *doc, const char *const *defaults) {
  iscc_error error = {""};
  iscc_scenario s;
  iscc_cell *cell = NULL;
  int64_t run_id = 0;
  iscc_status status = iscc_cell_options(argc, argv, doc, defaults, &s, &error);
  if (status) return iscc_report_failure(program, status, &error);
  status = iscc_cell_create(&s, program, &cell, &error);
  if (!status) status = iscc_cell_run(cell, &run_id, &error);
  if (!status && iscc_cell_warning(cell))
    fprintf(stderr, "%s: warning: %s\n", program, iscc_cell_warning(cell));
  if (!status) status = iscc_cell_report(&s, run_id, &error);
  iscc_cell_destroy(cell);
  return status ? iscc_report_failure(program, status, &error) : iscc_cell_exit_status();
}
