/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign - many runs of a scenario over a grid of options. */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-file.h"
#include "iscc-campaign-plan.h"
#include "iscc-cli.h"
#include "iscc-options.h"
#include "iscc-program.h"

enum { OPTION_POINTS = 256, POINTS_SHOWN = 20 };

static const struct argp_option options[] = {
    {"points", OPTION_POINTS, "N", 0,
     "plan: how many points of the grid are listed, 0..1000000 or all (default 20)", 0},
    {0}};

typedef struct {
  const char *verb, *file;
  size_t points;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_POINTS:
    a->points = strcmp(arg, "all") == 0
                    ? SIZE_MAX
                    : (size_t)iscc_option_integer(state, "points", arg, 0, ISCC_GRID_POINTS_MAX);
    break;
  case ARGP_KEY_ARG:
    if (!a->verb)
      a->verb = arg;
    else if (!a->file)
      a->file = arg;
    else
      iscc_option_refuse(state, "'%s': one file at a time", arg);
    break;
  case ARGP_KEY_END:
    if (!a->verb || strcmp(a->verb, "plan") != 0)
      iscc_option_refuse(state, "'%s': say 'iscc campaign plan FILE'", a->verb ? a->verb : "");
    if (!a->file) iscc_option_refuse(state, "plan: which campaign file");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

int iscc_cli_campaign(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "plan FILE",
      .doc = "Many runs of a scenario over a grid of options, from a campaign file in YAML.\v"
             "'plan' shows grid and runs and runs nothing. doc/campaign.rst says what a campaign file holds; "
             "examples/campaigns has some to copy."};
  arguments a = {.points = POINTS_SHOWN};
  iscc_campaign campaign;
  iscc_error error = {""};
  char program[PATH_MAX];
  iscc_options_parse(&argp, argc, argv, 0, &a);
  iscc_status status = iscc_campaign_read(a.file, &campaign, &error);
  if (status) return iscc_report_failure(argv[0], status, &error);
  status = iscc_program_find(campaign.program, a.file, program, sizeof program, &error);
  if (!status) iscc_campaign_plan_print(&campaign, program, a.points, stdout);
  iscc_campaign_free(&campaign);
  return status ? iscc_report_failure(argv[0], status, &error) : 0;
}
