/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-diagram.h"

#include <string.h>

#include "iscc-campaign-picture.h"
#include "iscc-diagram-job.h"
#include "iscc-plot.h"
#include "iscc-query.h"

const iscc_diagram_kind iscc_diagram_kinds[] = {
    {.name = "energy",
     .summary = "mean energy per task by stage, 95 % intervals over runs",
     .by = "scheme",
     .by_max = 2,
     .draw = iscc_diagram_energy},
    {.name = "latency",
     .summary = "distribution: share of all tasks answered within a time",
     .by = "scheme",
     .by_max = 1,
     .draw = iscc_diagram_latency},
    {.name = "accuracy",
     .summary = "right answers against the target, Wilson's 95 % intervals",
     .by = "scheme",
     .by_max = 1,
     .draw = iscc_diagram_accuracy},
    {.name = "timeline",
     .summary = "the tasks of one node in time, stage by stage",
     .of_node = true,
     .draw = iscc_diagram_timeline},
    {.name = "decisions",
     .summary = "l, bits Q and kept share p over channel gain and time left",
     .draw = iscc_diagram_decisions},
    {.name = "compare",
     .summary = "campaigns: paired differences to a baseline, 95 % intervals",
     .by = "scheme",
     .by_max = 1,
     .of_metric = true,
     .draw = iscc_diagram_compare},
    {.name = NULL}};

const iscc_diagram_kind *iscc_diagram_find(const char *name) {
  for (const iscc_diagram_kind *kind = iscc_diagram_kinds; kind->name; kind++)
    if (strcmp(kind->name, name) == 0) return kind;
  return NULL;
}

iscc_status iscc_diagram_draw(const iscc_diagram_kind *kind, const char *database,
                              const iscc_diagram_question *question, const char *path,
                              iscc_diagram_report *report, iscc_error *error) {
  iscc_diagram_job job = {
      .database = database, .kind = kind, .question = question, .path = path, .report = report};
  *report = (iscc_diagram_report){.rows = 0};
  iscc_status status = iscc_plot_check_path(path, error);
  if (!status) status = iscc_query_open(database, &job.db, error);
  if (status) return status;
  iscc_chart_path(path, ".csv", job.csv);
  iscc_chart_path(path, ".gp", job.script);
  status = kind->draw(&job, error);
  sqlite3_close(job.db);
  return status;
}
