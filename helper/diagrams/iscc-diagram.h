/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-diagram - pictures of what a result database says: energy by stage, latency, accuracy, the course of one node's tasks,
 * decisions, paired differences.
 *
 * A diagram is three files: the picture, its numbers as CSV beside it (.csv; its first lines, which begin with #, are the SQL that
 * yields them), and the gnuplot script that draws it (.gp). Means and shares are of runs that are done. The database is only read. */
#ifndef ISCC_DIAGRAM_H
#define ISCC_DIAGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_DIAGRAM_BY_MAX = 2, ISCC_DIAGRAM_REMARK_MAX = 200 };

typedef struct {
  const char *by[ISCC_DIAGRAM_BY_MAX]; /* names of iscc-query-name.h in place of the kind's own */
  size_t by_count;
  const char *const
      *where; /* conditions of iscc-query-name.h; of kind compare those of iscc-campaign-where.h */
  size_t where_count;
  const char *metric, *baseline; /* of kinds of_metric */
  long long run_id, node_id;     /* of kinds of_node; below 0: the first */
  double from_s,
      to_s; /* arrivals within [from_s, to_s); NAN: the first ten tasks from from_s on, or from the start */
  bool aligned; /* of kinds of_node: each task from its arrival on, in place of the course of time */
} iscc_diagram_question;

typedef struct {
  size_t rows;                          /* of the CSV */
  char remark[ISCC_DIAGRAM_REMARK_MAX]; /* what whoever looks at it must know; "": nothing */
} iscc_diagram_report;

typedef struct iscc_diagram_job iscc_diagram_job; /* iscc-diagram-job.h */

typedef struct {
  const char *name, *summary;
  const char *by; /* name that it is by unless others are given; NULL: none */
  size_t by_max;  /* how many names may be given */
  bool of_metric,
      of_node; /* which members of the question it takes beside by and where; of_node: in place of where */
  iscc_status (*draw)(const iscc_diagram_job *job, iscc_error *error);
} iscc_diagram_kind;

/* All of them; the last one's name is NULL. */
extern const iscc_diagram_kind iscc_diagram_kinds[];

const iscc_diagram_kind *iscc_diagram_find(const char *name); /* NULL: there is none */

/* Writes the three files, each renamed when it is whole, the picture last. ISCC_EINVAL: a name that is not there, nothing to draw,
 * more values than can be told apart, or path ends in none of .png, .svg and .pdf. ISCC_EIO also without gnuplot; the CSV stays then. */
iscc_status iscc_diagram_draw(const iscc_diagram_kind *kind, const char *database,
                              const iscc_diagram_question *question, const char *path,
                              iscc_diagram_report *report, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
