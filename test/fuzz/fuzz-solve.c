/* SPDX-License-Identifier: GPL-2.0-only */
/* Decision problems as JSON (`iscc solve --problem`), decided by every scheme; answers and refusals are JSON again. */
#include <jansson.h>
#include <stdlib.h>

#include "iscc-fuzz.h"
#include "iscc-solve-json.h"

/* An answer is one object; free()s its text. */
static json_t *read_answer(char *text) {
  ISCC_FUZZ_REQUIRE(text);
  json_t *answer = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  ISCC_FUZZ_REQUIRE(answer);
  free(text);
  return answer;
}

static void refuse(const char *scheme, const iscc_error *error) {
  json_decref(read_answer(iscc_error_json(scheme, error->text)));
}

/* Certified ones keep the constraints. A number that is not finite would be missing. */
static void check_decision(const iscc_problem *problem, const iscc_decision *decision, const json_t *answer) {
  ISCC_FUZZ_REQUIRE(json_object_get(json_object_get(answer, "energy_j"), "total"));
  if (decision->status != ISCC_DECISION_OPTIMAL) return;
  ISCC_FUZZ_REQUIRE(decision->latency.total <= problem->max_latency_s * (1 + 1e-9));
  ISCC_FUZZ_REQUIRE(decision->predicted_accuracy >= problem->target_accuracy * (1 - 1e-9));
}

static void solve(const char *scheme, const iscc_problem *problem) {
  iscc_error error = {""};
  iscc_solver *solver;
  iscc_decision decision;
  ISCC_FUZZ_REQUIRE(iscc_solver_create(scheme, &solver, &error) == ISCC_OK);
  if (iscc_fuzz_accepted(iscc_solver_solve(solver, problem, &decision, &error), &error)) {
    json_t *answer = read_answer(iscc_decision_json(scheme, &decision, 0));
    if (decision.status != ISCC_DECISION_INFEASIBLE) check_decision(problem, &decision, answer);
    json_decref(answer);
  } else {
    refuse(scheme, &error);
  }
  iscc_solver_destroy(solver);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  iscc_error error = {""};
  iscc_problem_json *parsed;
  char *text = iscc_fuzz_text(bytes, count);
  if (iscc_fuzz_accepted(iscc_problem_json_parse(text, &parsed, &error), &error)) {
    for (size_t i = 0; iscc_scheme_name(i); i++)
      solve(iscc_scheme_name(i), iscc_problem_json_problem(parsed));
    iscc_problem_json_destroy(parsed);
  } else {
    refuse("joint", &error);
  }
  free(text);
  return 0;
}
