/* SPDX-License-Identifier: GPL-2.0-only */
/* A program of somebody else's on the installed library: the default model and one decision. */
#include <iscc-default-model.h>
#include <iscc-node-settings.h>
#include <iscc-solver.h>
#include <iscc-splits.h>
#include <stdio.h>

int main(void) {
  char path[4096];
  iscc_error error = {""};
  iscc_model *model = NULL;
  iscc_solver *solver = NULL;
  iscc_node_settings node;
  iscc_problem problem;
  iscc_split splits[ISCC_LAYERS_MAX + 1];
  iscc_decision decision;
  iscc_node_defaults(&node);
  iscc_problem_defaults(&problem);
  if (!iscc_default_model_path(path, sizeof path, &error) && !iscc_model_read(path, &model, &error) &&
      !iscc_splits_from_model(model, node.candidates, node.candidate_count, splits, &error) &&
      !iscc_solver_create("joint", &solver, &error)) {
    iscc_curve_from_model(model, true, &problem.accuracy_curve);
    problem.splits = splits;
    problem.split_count = (size_t)node.candidate_count;
    if (!iscc_solver_solve(solver, &problem, &decision, &error))
      printf("%s\nsplit %d, %d bits, %.6g mJ\n", path, decision.split, decision.bits,
             1e3 * decision.energy.total);
  }
  if (error.text[0]) fprintf(stderr, "%s\n", error.text);
  iscc_solver_destroy(solver);
  iscc_model_destroy(model);
  return error.text[0] != '\0';
}
