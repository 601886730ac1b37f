/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-diagram-job - what the kinds of diagrams share: the job they are given, names and conditions as SQL, rows of numbers that
 * are kept as CSV, texts of strangers as labels. For the iscc-diagram files. */
#ifndef ISCC_DIAGRAM_JOB_H
#define ISCC_DIAGRAM_JOB_H

#include <jansson.h>
#include <limits.h>
#include <sqlite3.h>

#include "iscc-diagram.h"

#ifdef __cplusplus
extern "C" {
#endif

struct iscc_diagram_job {
  sqlite3 *db; /* of iscc_query_open() */
  const char *database;
  const iscc_diagram_kind *kind;
  const iscc_diagram_question *question;
  const char *path;
  char csv[PATH_MAX], script[PATH_MAX];
  iscc_diagram_report *report;
};

/* ---- names and conditions ---- */

typedef struct {
  const char *view; /* the first that has all names */
  size_t count;     /* 1..ISCC_DIAGRAM_BY_MAX */
  const char *name[ISCC_DIAGRAM_BY_MAX];
  char *by[ISCC_DIAGRAM_BY_MAX]; /* SQL expressions; owned */
  char *where;                   /* SQL expression, of runs that are done; owned */
} iscc_diagram_terms;

/* views: NULL at the end; the first that has all names is asked, else the last. On failure nothing is to be freed. */
iscc_status iscc_diagram_terms_make(const iscc_diagram_job *job, const char *const *views,
                                    iscc_diagram_terms *terms, iscc_error *error);
void iscc_diagram_terms_free(iscc_diagram_terms *terms);

/* ---- rows ---- */

/* Asks, keeps the rows as the job's CSV and yields them as iscc_answer_json() does; json_decref() them. ISCC_EINVAL: none at all, or
 * more than 10 000. sql is freed by sqlite3_free(); NULL: out of memory. */
iscc_status iscc_diagram_ask(const iscc_diagram_job *job, char *sql, json_t **answer, iscc_error *error);

/* Writes rows of that form, after a comment, as the job's CSV. */
iscc_status iscc_diagram_keep(const iscc_diagram_job *job, const char *comment, const json_t *answer,
                              iscc_error *error);

size_t iscc_diagram_rows(const json_t *answer);
double iscc_diagram_number(const json_t *answer, size_t row, size_t column); /* NAN: it is none */
const json_t *iscc_diagram_value(const json_t *answer, size_t row, size_t column);
iscc_status iscc_diagram_nothing(const iscc_diagram_job *job,
                                 iscc_error *error); /* ISCC_EINVAL: nothing to draw */

/* ---- texts ---- */

enum { ISCC_DIAGRAM_LABEL_MAX = 128 };

/* Text as a picture can show it: control characters as iscc-safe-text.h, quotes and backslashes as signs that look alike, cut
 * after so many columns. */
void iscc_diagram_plain(const char *text, size_t columns, char label[ISCC_DIAGRAM_LABEL_MAX]);

/* A value of what it is by: a number with its name. */
void iscc_diagram_label(const char *name, const json_t *value, char label[ISCC_DIAGRAM_LABEL_MAX]);

/* Title and conditions. */
void iscc_diagram_title(const iscc_diagram_job *job, const char *title, char label[ISCC_DIAGRAM_LABEL_MAX]);

/* ---- kinds ---- */

iscc_status iscc_diagram_energy(const iscc_diagram_job *job, iscc_error *error);
iscc_status iscc_diagram_latency(const iscc_diagram_job *job, iscc_error *error);
iscc_status iscc_diagram_accuracy(const iscc_diagram_job *job, iscc_error *error);
iscc_status iscc_diagram_timeline(const iscc_diagram_job *job, iscc_error *error);
iscc_status iscc_diagram_decisions(const iscc_diagram_job *job, iscc_error *error);
iscc_status iscc_diagram_compare(const iscc_diagram_job *job, iscc_error *error);

/* Colours of the stages, in every diagram. */
enum {
  ISCC_DIAGRAM_WAIT = 7,
  ISCC_DIAGRAM_SENSING = 5,
  ISCC_DIAGRAM_COMPUTE = 9, /* hatched */
  ISCC_DIAGRAM_UPLINK = 0,
  ISCC_DIAGRAM_SERVER_WAIT = 15, /* hatched */
  ISCC_DIAGRAM_SERVER = 4,
  ISCC_DIAGRAM_ANSWER = 10 /* hatched */
};

#ifdef __cplusplus
}
#endif
#endif
