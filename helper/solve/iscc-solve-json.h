/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-solve-json - allocation problems and decisions as JSON, one object a line (doc/solve-json.rst).
 *
 * Every field that is unknown, missing, mistyped, not finite or out of its range is refused by its name. */
#ifndef ISCC_SOLVE_JSON_H
#define ISCC_SOLVE_JSON_H

#include "iscc-problem.h"
#include "iscc-solver.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_problem_json iscc_problem_json; /* a problem with the arrays it points to */

/* Parses one object. ISCC_EFORMAT: not JSON; ISCC_EINVAL: names the field. */
iscc_status iscc_problem_json_parse(const char *text, iscc_problem_json **out, iscc_error *error);
void iscc_problem_json_destroy(iscc_problem_json *parsed); /* NULL is fine */
const iscc_problem *iscc_problem_json_problem(const iscc_problem_json *parsed);

/* The decision as one line without newline; free() it. NULL: out of memory. */
char *iscc_decision_json(const char *scheme, const iscc_decision *decision, double time_us);

/* {"scheme": ..., "status": "error", "error": text}; free() it. */
char *iscc_error_json(const char *scheme, const char *text);

#ifdef __cplusplus
}
#endif
#endif
