/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc plot - pictures of what a result database says. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-picture.h"
#include "iscc-cli.h"
#include "iscc-diagram.h"
#include "iscc-options.h"
#include "iscc-plot.h"

enum {
  OPTION_WHERE = 256,
  OPTION_BY,
  OPTION_METRIC,
  OPTION_BASELINE,
  OPTION_RUN_ID,
  OPTION_NODE,
  OPTION_FROM,
  OPTION_TO,
  OPTION_ALIGNED
};
enum { CONDITIONS_MAX = 64 };
#define SECONDS_MAX 9e9 /* simulated time is below 2^63 ns */

static const struct argp_option options[] = {
    {"output", 'o', "FILE", 0,
     "the picture, .svg, .png or .pdf as its name ends; its numbers and gnuplot script go beside it, with "
     ".csv and .gp",
     0},
    {"where", OPTION_WHERE, "NAME=VALUE", 0,
     "only what fulfils this; also != < <= > >=. Several = of one name are alternatives, all else holds "
     "together",
     0},
    {"by", OPTION_BY, "NAMES", 0,
     "in place of the kind's own; of energy also two, comma-separated: bars of the first under headings of "
     "the second",
     0},
    {"metric", OPTION_METRIC, "NAME", 0, "of compare (default energy_per_task_j)", 0},
    {"baseline", OPTION_BASELINE, "VALUE", 0, "of compare: what others are compared with", 0},
    {"run-id", OPTION_RUN_ID, "N", 0, "of timeline: run_id of the run (default: the first)", 0},
    {"node", OPTION_NODE, "N", 0, "of timeline: its node (default: the first)", 0},
    {"from", OPTION_FROM, "S", 0, "of timeline: arrivals from this simulated time on, s (default 0)", 0},
    {"to", OPTION_TO, "S", 0, "of timeline: and before this one, s (default: ten tasks)", 0},
    {"aligned", OPTION_ALIGNED, NULL, 0, "of timeline: draw each task from its arrival on", 0},
    {0}};

typedef struct {
  const char *database, *output;
  const iscc_diagram_kind *kind;
  const char *where[CONDITIONS_MAX];
  iscc_diagram_question question;
} arguments;

static void take_names(const struct argp_state *state, iscc_diagram_question *q, char *text) {
  q->by_count = 0;
  for (char *rest = text, *name; (name = strtok_r(rest, ",", &rest));) {
    if (q->by_count == ISCC_DIAGRAM_BY_MAX)
      iscc_option_refuse(state, "--by: at most %d names", ISCC_DIAGRAM_BY_MAX);
    q->by[q->by_count++] = name;
  }
  if (!q->by_count) iscc_option_refuse(state, "--by: names, comma-separated");
}

static void list_kinds(char *text, size_t size) {
  size_t used = 0;
  for (const iscc_diagram_kind *k = iscc_diagram_kinds; k->name && used < size; k++)
    used += (size_t)snprintf(text + used, size - used, "%s%s", k == iscc_diagram_kinds ? "" : ", ", k->name);
}

static void take_argument(const struct argp_state *state, arguments *a, const char *text) {
  char kinds[256];
  list_kinds(kinds, sizeof kinds);
  if (!a->database) {
    a->database = text;
    return;
  }
  if (a->kind) iscc_option_refuse(state, "'%s': one picture at a time", text);
  a->kind = iscc_diagram_find(text);
  if (!a->kind) iscc_option_refuse(state, "'%s' is no kind of picture: %s", text, kinds);
}

static void check(const struct argp_state *state, arguments *a) {
  iscc_error error;
  iscc_diagram_question *q = &a->question;
  char kinds[256];
  list_kinds(kinds, sizeof kinds);
  if (!a->database) iscc_option_refuse(state, "which database");
  if (!a->kind) iscc_option_refuse(state, "which kind of picture: %s", kinds);
  if (!a->output) iscc_option_refuse(state, "-o FILE is needed");
  if (iscc_plot_check_path(a->output, &error)) iscc_option_refuse(state, "-o: %s", error.text);
  if (q->by_count > a->kind->by_max)
    iscc_option_refuse(state, a->kind->by_max ? "--by: '%s' is by one name" : "--by: '%s' is by nothing",
                       a->kind->name);
  if (!a->kind->of_metric && (q->metric || q->baseline))
    iscc_option_refuse(state, "--metric and --baseline are of kind 'compare'");
  if (a->kind->of_metric && !q->baseline) iscc_option_refuse(state, "compare needs --baseline");
  if (!a->kind->of_node &&
      (q->run_id >= 0 || q->node_id >= 0 || !isnan(q->from_s) || !isnan(q->to_s) || q->aligned))
    iscc_option_refuse(state, "--run-id, --node, --from, --to and --aligned are of kind 'timeline'");
  if (a->kind->of_node && q->where_count)
    iscc_option_refuse(state, "--where: 'timeline' is of one node; choose it by --run-id and --node");
  if (q->from_s >= q->to_s) iscc_option_refuse(state, "--from: %g is not below --to, %g", q->from_s, q->to_s);
  if (!q->metric) q->metric = "energy_per_task_j";
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  iscc_diagram_question *q = &a->question;
  switch (key) {
  case 'o':
    a->output = arg;
    break;
  case OPTION_WHERE:
    if (q->where_count == CONDITIONS_MAX) iscc_option_refuse(state, "--where: at most %d", CONDITIONS_MAX);
    a->where[q->where_count++] = arg;
    break;
  case OPTION_BY:
    take_names(state, q, arg);
    break;
  case OPTION_METRIC:
    q->metric = arg;
    break;
  case OPTION_BASELINE:
    q->baseline = arg;
    break;
  case OPTION_RUN_ID:
    q->run_id = iscc_option_integer(state, "run-id", arg, 0, INT64_MAX);
    break;
  case OPTION_NODE:
    q->node_id = iscc_option_integer(state, "node", arg, 0, INT64_MAX);
    break;
  case OPTION_FROM:
    q->from_s = iscc_option_real(state, "from", arg, 0, SECONDS_MAX);
    break;
  case OPTION_TO:
    q->to_s = iscc_option_real(state, "to", arg, 0, SECONDS_MAX);
    break;
  case OPTION_ALIGNED:
    q->aligned = true;
    break;
  case ARGP_KEY_ARG:
    take_argument(state, a, arg);
    break;
  case ARGP_KEY_END:
    check(state, a);
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

/* The list of kinds, for --help. */
static char *filter_help(int key, const char *text, void *input) {
  (void)input;
  if (key != ARGP_KEY_HELP_POST_DOC) return (char *)(uintptr_t)text;
  char *help = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&help, &size);
  if (!out) return NULL;
  fputs("Kinds:\n", out);
  for (const iscc_diagram_kind *k = iscc_diagram_kinds; k->name; k++)
    fprintf(out, "  %-10s %s\n", k->name, k->summary);
  fputs("\nUnless --by names something else, they are by scheme (timeline and decisions by none).\n"
        "Names are columns of the view that is asked, options of a campaign (max-latency) or parameters of "
        "a run (bandwidth_hz).\n"
        "Runs that are not done are left out, but of timeline. A metric over an option is drawn by 'iscc "
        "campaign plot'.\n\nExamples:\n"
        "  iscc plot wifi.db energy --by=scheme,max-latency -o energy.svg\n"
        "  iscc plot wifi.db latency --where=max-latency=0.8 -o latency.png\n"
        "  iscc plot wifi.db timeline --run-id=3 --node=1 --to=30 -o node1.pdf\n"
        "  iscc plot wifi.db compare --baseline=joint --metric=done_share -o c.svg\n",
        out);
  fclose(out);
  return help;
}

static void print_files(const arguments *a, const iscc_diagram_report *report) {
  char csv[PATH_MAX], script[PATH_MAX];
  iscc_chart_path(a->output, ".csv", csv);
  iscc_chart_path(a->output, ".gp", script);
  printf("%s; %zu rows in %s, script in %s\n", a->output, report->rows, csv, script);
  if (*report->remark) printf("%s\n", report->remark);
}

int iscc_cli_plot(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "DATABASE KIND",
      .doc = "Draws a picture of what a result database says, by gnuplot. The file is only read.\v.",
      .help_filter = filter_help};
  static arguments a = {.question = {.run_id = -1, .node_id = -1, .from_s = NAN, .to_s = NAN}};
  iscc_diagram_report report;
  iscc_error error = {""};
  a.question.where = a.where;
  iscc_options_parse(&argp, argc, argv, 0, &a);
  const iscc_status status = iscc_diagram_draw(a.kind, a.database, &a.question, a.output, &report, &error);
  if (status) return iscc_report_failure(argv[0], status, &error);
  print_files(&a, &report);
  return 0;
}
