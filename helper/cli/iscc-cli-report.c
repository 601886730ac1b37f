/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc report - a result database as a page for a browser. */
#include "iscc-cli.h"
#include "iscc-options.h"
#include "iscc-page.h"

enum { OPTION_BY = 256, OPTION_BASELINE };

static const struct argp_option options[] = {
    {"output", 'o', "FILE", 0, "the page to write, e.g. report.html", 0},
    {"by", OPTION_BY, "OPTION", 0, "of a campaign: the option whose values are compared (default scheme)", 0},
    {"baseline", OPTION_BASELINE, "VALUE", 0,
     "its value that the others are compared with (default joint, or the first there is)", 0},
    {0}};

typedef struct {
  const char *database, *output;
  iscc_page_question question;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case 'o':
    a->output = arg;
    break;
  case OPTION_BY:
    a->question.by = arg;
    break;
  case OPTION_BASELINE:
    a->question.baseline = arg;
    break;
  case ARGP_KEY_ARG:
    if (a->database) iscc_option_refuse(state, "'%s': one database at a time", arg);
    a->database = arg;
    break;
  case ARGP_KEY_END:
    if (!a->database) iscc_option_refuse(state, "which database");
    if (!a->output) iscc_option_refuse(state, "-o FILE is needed");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

int iscc_cli_report(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "DATABASE",
      .doc = "Writes a result database as one HTML page: summary in words, plots, tables that sort and "
             "filter, where the "
             "numbers come from.\vThe page needs no network. The database is only read.\n\nExample:\n"
             "  iscc report wifi.db -o report.html --baseline=jcc"};
  arguments a = {0};
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  const iscc_status status = iscc_page_write(a.database, &a.question, a.output, &error);
  if (status) return iscc_report_failure(argv[0], status, &error);
  iscc_cli_print_size(a.output);
  return 0;
}
