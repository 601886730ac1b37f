/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-reproduction-report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "iscc-claims.h"
#include "iscc-document.h"
#include "iscc-figure-files.h"
#include "iscc-node-settings.h"
#include "iscc-problem.h"

enum { CELL = 96 };

/* ---- settings ---- */

static void add_setting(iscc_document *d, const char *name, const char *format, ...) ISCC_PRINTF(3, 4);
static void add_setting(iscc_document *d, const char *name, const char *format, ...) {
  char value[256];
  va_list values;
  va_start(values, format);
  vsnprintf(value, sizeof value, format, values);
  va_end(values);
  iscc_document_table_row(d, ISCC_VERDICT_NONE, (const char *[]){name, value});
}

static void add_table2(const iscc_study *s, iscc_document *d) {
  iscc_problem p;
  iscc_problem_defaults(&p);
  add_setting(d, "Target accuracy R_t", "%g", p.target_accuracy);
  add_setting(d, "Maximum latency T_max", "%g s", p.max_latency_s);
  add_setting(d, "Sensing time T_sen", "%g s", s->model->sensing.chirps * s->model->sensing.chirp_spacing_s);
  add_setting(d, "Maximum edge speed nu_max", "%g FLOP/s", p.max_speed_flops);
  add_setting(d, "Server speed nu_s", "%g FLOP/s", p.server_speed_flops);
  add_setting(d, "Switched capacitance kappa", "%g J s^2/FLOP^3", p.kappa);
  add_setting(d, "Maximum power P_max", "%g W", p.max_power_w);
  add_setting(d, "Bandwidth B", "%g Hz", p.uplink.bandwidth_hz);
  add_setting(d, "SNR at 1 W", "%g dB", 10 * log10(p.uplink.snr_per_w));
  add_setting(d, "Quantization bits Q", "%d to %d", p.bits_min, p.bits_max);
}

static void add_settings(const iscc_study *s, iscc_document *d) {
  static const iscc_document_column columns[] = {{"setting", ISCC_COLUMN_LEFT}, {"value", ISCC_COLUMN_LEFT}};
  const iscc_effort *e = &s->settings.effort;
  iscc_node_settings defaults;
  iscc_node_defaults(&defaults);
  char candidates[CELL] = "";
  for (int i = 0; i < defaults.candidate_count; i++)
    snprintf(candidates + strlen(candidates), sizeof candidates - strlen(candidates), "%s%d", i ? ", " : "",
             defaults.candidates[i]);
  iscc_document_heading(d, 2, "Settings");
  iscc_document_paragraph(d, "What a figure does not vary is Table II of the paper.");
  iscc_document_table_begin(d, columns, 2);
  add_table2(s, d);
  add_setting(d, "Candidate split layers l", "%s; once more without 0", candidates);
  add_setting(d, "Accuracy curve R_0", "measured concave table");
  add_setting(d, "Program", "iscc %s", ISCC_VERSION);
  add_setting(d, "Network", "SHA-256 %s", s->model->sha256);
  add_setting(d, "Seed", "%llu", (unsigned long long)s->settings.seed);
  add_setting(d, "Samples", "%zu per sensing power (Fig. 4), %zu per sample set (Fig. 8)", e->curve,
              e->losses);
  add_setting(d, "Samples of a check", "%zu for joint and alternating, %zu for other schemes%s", e->check,
              e->check_others, s->settings.quick ? "; pca is not checked" : "");
  add_setting(d, "Effort", "%s", s->settings.quick ? "quick: fewer points and samples" : "full");
  iscc_document_table_end(d);
  if (s->components_refused.text[0])
    iscc_document_paragraph(d, "Scheme pca is not checked: %s.", s->components_refused.text);
}

static void add_data(const iscc_study *s, iscc_document *d, const char *name, const char *text) {
  char csv[ISCC_FIGURE_PATH_MAX];
  iscc_figure_path(s, name, "csv", csv);
  iscc_document_link(d, csv, text);
}

/* The command that makes this report. */
static void add_command(const iscc_study *s, iscc_document *d) {
  const iscc_study_settings *have = &s->settings;
  iscc_study_settings usual;
  iscc_study_defaults(&usual, have->quick);
  char command[ISCC_FIGURE_PATH_MAX + 256];
  size_t used =
      (size_t)snprintf(command, sizeof command, "iscc reproduce all -o DIR%s", have->quick ? " --quick" : "");
  if (have->seed != usual.seed)
    used += (size_t)snprintf(command + used, sizeof command - used, " --seed=%llu",
                             (unsigned long long)have->seed);
  if (have->effort.curve != usual.effort.curve)
    used += (size_t)snprintf(command + used, sizeof command - used, " --samples=%zu", have->effort.curve);
  if (have->effort.check != usual.effort.check)
    used +=
        (size_t)snprintf(command + used, sizeof command - used, " --check-samples=%zu", have->effort.check);
  if (have->model) snprintf(command + used, sizeof command - used, " --model='%s'", have->model);
  iscc_document_heading(d, 2, "How to make it again");
  iscc_document_code(d, command);
}

/* ---- words ---- */

static void add_words(iscc_document *d) {
  static const iscc_document_column columns[] = {{"word", ISCC_COLUMN_LEFT}, {"meaning", ISCC_COLUMN_LEFT}};
  static const char *const rows[][2] = {
      {"R_t, T_max", "target accuracy; maximum latency of a task"},
      {"l", "split layer: the device computes layers 1 to l (0: none, the raw spectrogram is sent; the last: "
            "all). For pca the number of principal components"},
      {"p, Q", "share of the weights kept by pruning; bits of each feature sent (0: nothing is sent)"},
      {"P_s, P_c, nu_e", "sensing power; transmit power; computing speed of the device"},
      {"promised, realised", "accuracy that the plan counts with; share of right answers when the allocation "
                             "is run through real sensing, network and quantizer"},
      {"joint", "our solver: least energy over all six variables, certified by a lower bound"},
      {"alternating", "the paper's algorithm for the same problem"},
      {"on-server, on-device", "l = 0; l = the last layer"},
      {"no-pruning", "p = 1"},
      {"pca", "the paper's typical ISCC: principal components sent to classifiers of their own"},
      {"jcc", "the paper's JC&C: communication and computation chosen, sensing power fixed"}};
  iscc_document_heading(d, 2, "Words");
  iscc_document_table_begin(d, columns, 2);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    iscc_document_table_row(d, ISCC_VERDICT_NONE, rows[i]);
  iscc_document_table_end(d);
}

/* ---- claims ---- */

/* "11 hold, 5 hold in part, ..." */
static void add_summary(const iscc_claim *claims, size_t count, iscc_document *d) {
  int of[ISCC_CLAIM_NOT_MEASURED + 1] = {0};
  char text[256];
  size_t used = 0;
  for (size_t i = 0; i < count; i++) of[claims[i].verdict]++;
  for (int v = 0; v <= ISCC_CLAIM_NOT_MEASURED; v++)
    if (of[v])
      used += (size_t)snprintf(text + used, sizeof text - used, "%s%d: %s", used ? "; " : "", of[v],
                               iscc_claim_verdict_name((iscc_claim_verdict)v));
  iscc_document_paragraph(d, "Of %zu claims %s.", count, text);
}

static void write_quoted(FILE *csv, const char *text, const char *after) {
  fputc('"', csv);
  for (; *text; text++) {
    if (*text == '"') fputc('"', csv);
    fputc(*text, csv);
  }
  fprintf(csv, "\"%s", after);
}

/* claims.csv */
static iscc_status write_claims(const iscc_study *s, const iscc_claim *claims, size_t count,
                                iscc_error *error) {
  iscc_output_file output;
  FILE *csv = iscc_figure_csv(s, "claims", &output, error);
  if (!csv) return ISCC_EIO;
  fputs("paper,claim,verdict,found,why,rule\n", csv);
  for (size_t i = 0; i < count; i++) {
    write_quoted(csv, claims[i].where, ",");
    write_quoted(csv, claims[i].claim, ",");
    write_quoted(csv, iscc_claim_verdict_name(claims[i].verdict), ",");
    write_quoted(csv, claims[i].found, ",");
    write_quoted(csv, claims[i].why, ",");
    write_quoted(csv, claims[i].rule, "\n");
  }
  return iscc_output_end(&output, error);
}

static void add_claims(const iscc_study *s, const iscc_claim *claims, size_t count, iscc_document *d) {
  static const iscc_document_column columns[] = {
      {"paper", ISCC_COLUMN_LEFT}, {"claim", ISCC_COLUMN_LEFT},           {"here", ISCC_COLUMN_VERDICT},
      {"found", ISCC_COLUMN_LEFT}, {"our explanation", ISCC_COLUMN_LEFT}, {"holds if", ISCC_COLUMN_LEFT}};
  static const iscc_verdict colours[] = {[ISCC_CLAIM_HOLDS] = ISCC_VERDICT_HOLDS,
                                         [ISCC_CLAIM_IN_PART] = ISCC_VERDICT_PART,
                                         [ISCC_CLAIM_FAILS] = ISCC_VERDICT_FAILS,
                                         [ISCC_CLAIM_NOT_COMPARABLE] = ISCC_VERDICT_NA,
                                         [ISCC_CLAIM_NOT_MEASURED] = ISCC_VERDICT_NA};
  iscc_document_heading(d, 2, "Claims");
  add_summary(claims, count, d);
  iscc_document_paragraph(
      d, "What the paper says of its evaluation, and what comes out here. 'With l = 0' and 'without "
         "l = 0' are the two candidate sets.");
  iscc_document_table_begin(d, columns, sizeof columns / sizeof *columns);
  for (size_t i = 0; i < count; i++) {
    const iscc_claim *c = &claims[i];
    iscc_document_table_row(
        d, colours[c->verdict],
        (const char *[]){c->where, c->claim, iscc_claim_verdict_name(c->verdict), c->found, c->why, c->rule});
  }
  iscc_document_table_end(d);
  add_data(s, d, "claims", "the same as a file");
}

/* ---- figures ---- */

static void add_picture(const iscc_study *s, iscc_document *d, const char *name, const char *caption) {
  char svg[ISCC_FIGURE_PATH_MAX], png[ISCC_FIGURE_PATH_MAX];
  iscc_figure_path(s, name, "svg", svg);
  iscc_figure_path(s, name, "png", png);
  iscc_document_figure(d, svg, png, caption);
}

static const struct {
  iscc_figure figure;
  const char *heading, *caption;
} sections[] = {
    {ISCC_FIGURE_4, "Fig. 4: accuracy over sensing power",
     "Accuracy, structural similarity to the noise-free spectrogram, and discriminant gain over sensing "
     "power. Bars are 95 % intervals."},
    {ISCC_FIGURE_7, "Fig. 7: distribution of the weights",
     "Distribution function of each layer's weights beside its Laplace fit and a normal one."},
    {ISCC_FIGURE_8, "Fig. 8: pruning and quantization",
     "Accuracy over the pruning ratio p, unquantized, and over the bits Q, unpruned: Monte Carlo with 95 % "
     "intervals, "
     "what plans promise, the paper's form with one factor for each split, and the raw bound."},
    {ISCC_FIGURE_9, "Fig. 9: energy over the maximum latency",
     "Energy of one task over the maximum latency."},
    {ISCC_FIGURE_10, "Fig. 10: energy over the target accuracy",
     "Energy of one task over the target accuracy."},
    {ISCC_FIGURE_11, "Fig. 11: energy over the SNR", "Energy of one task over the SNR."},
};

/* One row of a table of decisions. */
static void add_decision(const iscc_study *s, iscc_document *d, const char *place, int set, size_t scheme,
                         double target, const iscc_energy_point *p) {
  char split[CELL], bits[CELL], keep[CELL], sensing[CELL], transmit[CELL], speed[CELL], energy[CELL];
  char promised[CELL], realised[CELL], asked[CELL];
  const iscc_decision *a = &p->decision;
  const char *none = p->refused ? "refused" : "infeasible", *name = iscc_study_scheme(s, scheme);
  const char *candidates = set ? "without l = 0" : "with l = 0";
  snprintf(asked, CELL, "%g", target);
  if (!iscc_energy_has_allocation(p)) {
    iscc_document_table_row(
        d, ISCC_VERDICT_NA,
        (const char *[]){place, candidates, name, asked, none, "", "", "", "", "", "", "", "", ""});
    return;
  }
  const iscc_proportion share = iscc_proportion_of((double)p->correct, (double)p->samples);
  const bool kept = share.high >= target;
  snprintf(split, CELL, "%d", a->split);
  snprintf(bits, CELL, "%d", a->bits);
  snprintf(keep, CELL, "%.4f", a->keep_ratio);
  snprintf(sensing, CELL, "%.2f", 1e3 * a->sensing_power_w);
  snprintf(transmit, CELL, "%.2f", 1e3 * a->transmit_power_w);
  snprintf(speed, CELL, "%.4f", 1e-6 * a->edge_speed_flops);
  snprintf(energy, CELL, "%.2f", 1e3 * a->energy.total);
  snprintf(promised, CELL, "%.3f", a->predicted_accuracy);
  snprintf(realised, CELL, "%.3f (%.3f..%.3f, n = %zu)", share.share, share.low, share.high, p->samples);
  iscc_document_table_row(d,
                          !p->samples ? ISCC_VERDICT_NA
                          : kept      ? ISCC_VERDICT_HOLDS
                                      : ISCC_VERDICT_FAILS,
                          (const char *[]){place, candidates, name, asked,
                                           !p->samples ? "not checked"
                                           : kept      ? "kept"
                                                       : "not kept",
                                           p->samples ? realised : "", promised, energy, split, bits, keep,
                                           sensing, transmit, speed});
}

static void begin_decisions(iscc_document *d, const char *place) {
  const iscc_document_column columns[] = {
      {place, ISCC_COLUMN_LEFT},       {"candidates", ISCC_COLUMN_LEFT},   {"scheme", ISCC_COLUMN_LEFT},
      {"R_t", ISCC_COLUMN_RIGHT},      {"promise", ISCC_COLUMN_VERDICT},   {"realised", ISCC_COLUMN_RIGHT},
      {"promised", ISCC_COLUMN_RIGHT}, {"energy mJ", ISCC_COLUMN_RIGHT},   {"l", ISCC_COLUMN_RIGHT},
      {"Q", ISCC_COLUMN_RIGHT},        {"p", ISCC_COLUMN_RIGHT},           {"P_s mW", ISCC_COLUMN_RIGHT},
      {"P_c mW", ISCC_COLUMN_RIGHT},   {"nu_e MFLOP/s", ISCC_COLUMN_RIGHT}};
  iscc_document_table_begin(d, columns, sizeof columns / sizeof *columns);
}

/* Decisions of joint and alternating at every case. */
static void add_checks(const iscc_study *s, const iscc_energy_results *r, iscc_document *d) {
  static const char *const schemes[] = {"joint", "alternating"};
  begin_decisions(d, iscc_energy_axis_label(r->axis));
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
    for (size_t i = 0; i < r->cases; i++)
      for (int k = 0; k < 2; k++) {
        const size_t scheme = iscc_study_find(s, schemes[k]);
        char place[CELL];
        snprintf(place, CELL, "%g", iscc_energy_x(r, i));
        if (scheme < r->schemes)
          add_decision(s, d, place, set, scheme, r->at[i].target_accuracy, &r->point[set][scheme][i]);
      }
  iscc_document_table_end(d);
}

static void add_figure(const iscc_study *s, const iscc_reproduction *r, size_t section, iscc_document *d) {
  const iscc_figure f = sections[section].figure;
  const char *name = iscc_figure_name(f);
  iscc_document_heading(d, 2, sections[section].heading);
  add_picture(s, d, name, sections[section].caption);
  if (f >= ISCC_FIGURE_9) {
    char beside[CELL];
    snprintf(beside, sizeof beside, "%s-joint", name);
    add_picture(s, d, beside, "The paper's algorithm beside the certified optimum.");
    snprintf(beside, sizeof beside, "%s-check", name);
    if (iscc_energy_is_checked(&r->energy[f - ISCC_FIGURE_9]))
      add_picture(
          s, d, beside,
          "Realised accuracy of the allocations, 95 % intervals: above those of joint and alternating, below "
          "those of the other schemes, which are checked with fewer samples.");
  }
  add_data(s, d, name, "every number of it");
  if (f < ISCC_FIGURE_9) return;
  iscc_document_heading(d, 3, "Does each allocation keep its promise?");
  add_checks(s, &r->energy[f - ISCC_FIGURE_9], d);
}

/* ---- Table III ---- */

static const char *const scenario_names[] = {"latency-constrained", "accuracy-constrained",
                                             "SNR-constrained"};

static void add_paper_table(iscc_document *d) {
  static const iscc_document_column columns[] = {
      {"scenario", ISCC_COLUMN_LEFT},     {"R_t", ISCC_COLUMN_RIGHT},    {"T_max s", ISCC_COLUMN_RIGHT},
      {"SNR dB", ISCC_COLUMN_RIGHT},      {"l", ISCC_COLUMN_RIGHT},      {"Q", ISCC_COLUMN_RIGHT},
      {"p", ISCC_COLUMN_RIGHT},           {"P_s mW", ISCC_COLUMN_RIGHT}, {"P_c mW", ISCC_COLUMN_RIGHT},
      {"nu_e MFLOP/s", ISCC_COLUMN_RIGHT}};
  static const char *const rows[][10] = {
      {"latency-constrained", "0.8", "0.6", "20", "5", "5", "0.3425", "18.9", "90.7", "7.2871"},
      {"accuracy-constrained", "0.94", "1.2", "20", "?", "3", "0.7409", "62.3", "16.9", "2.6703"},
      {"SNR-constrained", "0.8", "1.2", "0", "11", "2", "0.6741", "14.5", "152.7", "2.5698"}};
  iscc_document_paragraph(
      d, "As printed in the paper, for its own network (the surviving 3 of row two may be l or Q; the "
         "paper numbers its layers differently):");
  iscc_document_table_begin(d, columns, sizeof columns / sizeof *columns);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    iscc_document_table_row(d, ISCC_VERDICT_NONE, rows[i]);
  iscc_document_table_end(d);
}

static void add_table3(const iscc_study *s, const iscc_energy_results *r, iscc_document *d) {
  static const char *const schemes[] = {"joint", "alternating"};
  iscc_document_heading(d, 2, "Table III: optimal settings in three scenarios");
  add_paper_table(d);
  iscc_document_paragraph(d, "Here:");
  begin_decisions(d, "scenario");
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
    for (size_t i = 0; i < r->cases; i++)
      for (int k = 0; k < 2; k++) {
        const size_t scheme = iscc_study_find(s, schemes[k]);
        if (scheme < r->schemes)
          add_decision(s, d, scenario_names[i], set, scheme, r->at[i].target_accuracy,
                       &r->point[set][scheme][i]);
      }
  iscc_document_table_end(d);
  add_data(s, d, "table3", "every number of it");
}

/* ---- all of it ---- */

iscc_status iscc_reproduction_report(const iscc_study *s, const iscc_reproduction *r, iscc_error *error) {
  char html[ISCC_FIGURE_PATH_MAX], markdown[ISCC_FIGURE_PATH_MAX];
  iscc_figure_path(s, "report", "html", html);
  iscc_figure_path(s, "report", "md", markdown);
  iscc_document *d;
  iscc_claim claims[ISCC_CLAIMS_MAX];
  const size_t count = iscc_claims_judge(s, r, claims);
  iscc_status status = write_claims(s, claims, count, error);
  if (!status) status = iscc_document_create("The paper, reproduced", html, markdown, &d, error);
  if (status) return status;
  iscc_document_paragraph(
      d, "Figures and tables of section V of the paper, from a network trained and measured by this "
         "project. Figures that were asked for, in this run or before in the same directory, are here.");
  if (s->settings.quick)
    iscc_document_paragraph(
        d, "This is a quick run, of fewer points and samples: verdicts near their limits may "
           "differ from those of a full one.");
  add_words(d);
  add_claims(s, claims, count, d);
  for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
    if (r->have[sections[i].figure]) add_figure(s, r, i, d);
  if (r->have[ISCC_TABLE_3]) add_table3(s, &r->energy[ISCC_TABLE_3 - ISCC_FIGURE_9], d);
  add_settings(s, d);
  add_command(s, d);
  return iscc_document_finish(d, error);
}
