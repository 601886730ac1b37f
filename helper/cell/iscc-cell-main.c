/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>
#include <stdio.h>

#include "iscc-cell.h"
#include "iscc-ns3-command-line.h"
#include "iscc-options.h"
#include "iscc-report.h"

static void on_interrupt(int signal) {
  (void)signal;
  iscc_ns3_interrupt();
}

static iscc_status print_report(const iscc_scenario *s, int64_t run_id, iscc_error *error) {
  iscc_report report;
  const char *db = s->database;
  const iscc_status status = iscc_report_read(db, run_id, &report, error);
  if (status) return status;
  iscc_report_print(&report, stdout);
  printf("\nRun %lld is in %s%s. To look closer:\n"
         "  sqlite3 -box %s \"SELECT split, bits, count(*) AS tasks, round(1e3 * avg(energy_j), 3) AS "
         "mean_mj FROM "
         "task_plan WHERE run_id = %lld GROUP BY split, bits\"\n",
         (long long)run_id, db, iscc_ns3_interrupted() ? " (interrupted)" : "", db, (long long)run_id);
  return ISCC_OK;
}

int iscc_cell_main(int argc, char **argv, const char *program, const char *doc, iscc_scenario *s) {
  iscc_error error = {""};
  iscc_cell *cell = NULL;
  int64_t run_id = 0;
  struct argp argp = iscc_scenario_argp;
  argp.doc = doc;
  iscc_status status = iscc_ns3_command_line(&argc, argv, &error);
  if (status) return iscc_report_failure(program, status, &error);
  s->seed = iscc_ns3_command_line_seed();
  s->run = iscc_ns3_command_line_run();
  iscc_options_parse(&argp, argc, argv, 0, s);
  signal(SIGINT, on_interrupt);
  signal(SIGTERM, on_interrupt);
  status = iscc_cell_create(s, program, &cell, &error);
  if (!status) status = iscc_cell_run(cell, &run_id, &error);
  if (!status && iscc_cell_warning(cell))
    fprintf(stderr, "%s: warning: %s\n", program, iscc_cell_warning(cell));
  if (!status) status = print_report(s, run_id, &error);
  iscc_cell_destroy(cell);
  return status ? iscc_report_failure(program, status, &error) : 0;
}
