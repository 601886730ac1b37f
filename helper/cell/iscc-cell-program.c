/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-cell-program.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "iscc-ns3-command-line.h"
#include "iscc-ns3.h"
#include "iscc-report.h"
#include "iscc-scenario-read.h"

static volatile sig_atomic_t ended_by; /* a signal; 0: none */

static void on_interrupt(int signal) {
  ended_by = signal;
  iscc_ns3_interrupt();
}

int iscc_cell_exit_status(void) {
  return ended_by ? 128 + ended_by : 0;
}

iscc_status iscc_cell_report(const iscc_scenario *s, int64_t run_id, iscc_error *error) {
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

enum { DOC_MAX = 4096 };

static void write_doc(const char *doc, const char *const *defaults, char text[DOC_MAX]) {
  int used = snprintf(text, DOC_MAX,
                      "%s Every task goes into an SQLite database. ns-3's own options, "
                      "--ns3::Type::Attribute=value and global values, work too.",
                      doc);
  for (int i = 0; defaults[i] && used < DOC_MAX; i++)
    used += snprintf(text + used, (size_t)(DOC_MAX - used), "%s'%s'",
                     i ? " " : "\vSet by this example: ", defaults[i]);
}

/* Defaults of ns-3 that would have no effect here: the cell gives each device its own values, and makes no C++
 * applications. */
static iscc_status refuse_without_effect(int argc, char **argv, iscc_error *error) {
  static const struct {
    const char *attribute, *instead;
  } row[] = {{"IsccNetDevice::BandwidthHz", "give --bandwidth"},
             {"IsccNetDevice::NoiseWPerHz", "give --snr-db or --noise-figure"},
             {"IsccNetDevice::TxPowerW", "leave it out"},
             {"IsccNetDevice::Coherence", "give --coherence"},
             {"IsccNetDevice::NakagamiM", "leave it out"},
             {"IsccNetDevice::Hub", "leave it out"},
             {"IsccEdgeNode::", "give the option of that name"},
             {"IsccServer::", "give the option of that name"}};
  for (int i = 1; i < argc; i++)
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
      const size_t length = strlen(row[k].attribute);
      if (strncmp(argv[i], "--ns3::", 7) == 0 && strncmp(argv[i] + 7, row[k].attribute, length) == 0)
        return iscc_fail(error, ISCC_EINVAL, "%.*s: has no effect in this program; %s",
                         (int)strcspn(argv[i], "="), argv[i], row[k].instead);
    }
  return ISCC_OK;
}

iscc_status iscc_cell_options(int argc, char **argv, const char *doc, const char *const *defaults,
                              iscc_scenario *s, iscc_error *error) {
  char text[DOC_MAX];
  iscc_status status = refuse_without_effect(argc, argv, error);
  if (!status) status = iscc_ns3_command_line(&argc, argv, error);
  if (status) return status;
  iscc_scenario_defaults(s);
  s->seed = iscc_ns3_command_line_seed();
  s->run = iscc_ns3_command_line_run();
  write_doc(doc, defaults, text);
  status = iscc_scenario_read(s, text, defaults, argc, argv, error);
  if (status) return status;
  signal(SIGINT, on_interrupt);
  signal(SIGTERM, on_interrupt);
  signal(SIGHUP, on_interrupt); /* the terminal was closed */
  return ISCC_OK;
}
