/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-decision-text.h"

#include <math.h>

/* Names after a label, each behind a blank, and the end of the line. */
static void print_constraints(unsigned set, FILE *out) {
  for (int i = 0; i < ISCC_CONSTRAINT_COUNT; i++)
    if (set & 1u << i) fprintf(out, " %s", iscc_constraint_name((iscc_constraint)(1 << i)));
  fputc('\n', out);
}

void iscc_decision_print(const iscc_decision *d, const char *scheme, double time_us, FILE *out) {
  fprintf(out, "%-20s %s (%s)\n", "decision", iscc_decision_status_name(d->status), scheme);
  if (d->status == ISCC_DECISION_INFEASIBLE) {
    fprintf(out, "%-20s", "conflict");
    print_constraints(d->conflict, out);
    if (!isnan(d->least_latency_s))
      fprintf(out, "%-20s %12.6g s at this accuracy\n", "least latency", d->least_latency_s);
    if (!isnan(d->highest_accuracy))
      fprintf(out, "%-20s %12.6g within this latency\n", "highest accuracy", d->highest_accuracy);
    return;
  }
  fprintf(out, "%-20s %12d\n%-20s %12d bits\n%-20s %12.6g\n", "split layer l", d->split, "quantization Q",
          d->bits, "pruning ratio p", d->keep_ratio);
  fprintf(out, "%-20s %12.6g W\n%-20s %12.6g W\n%-20s %12.6g FLOP/s\n", "sensing power P_s",
          d->sensing_power_w, "transmit power P_c", d->transmit_power_w, "edge speed nu_e",
          d->edge_speed_flops);
  fprintf(out, "%-20s %12s %12s\n", "stage", "energy mJ", "latency s");
  fprintf(out, "  %-18s %12.6g %12.6g\n  %-18s %12.6g %12.6g\n  %-18s %12.6g %12.6g\n  %-18s %12s %12.6g\n",
          "sensing", 1e3 * d->energy.sensing, d->latency.sensing, "compute", 1e3 * d->energy.compute,
          d->latency.compute, "uplink", 1e3 * d->energy.uplink, d->latency.uplink, "server", "-",
          d->latency.server);
  fprintf(out, "  %-18s %12.6g %12.6g\n", "total", 1e3 * d->energy.total, d->latency.total);
  fprintf(out, "%-20s %12.6g\n", "predicted accuracy", d->predicted_accuracy);
  fprintf(out, "%-20s", "binding");
  print_constraints(d->binding, out);
  if (!isnan(d->relative_gap))
    fprintf(out, "%-20s %12.6g mJ, relative gap %.1e\n", "certified bound", 1e3 * d->lower_bound_j,
            d->relative_gap);
  fprintf(out, "%-20s %12d of %d (l, Q) pairs, %.1f us\n", "solved", d->evaluated,
          d->evaluated + d->discarded, time_us);
}

void iscc_decision_table_head(const char *before, FILE *out) {
  fprintf(out, "%s%-11s %-10s %2s %2s %7s %8s %8s %9s %10s %10s %10s %10s %9s %8s %8s\n", before, "scheme",
          "status", "l", "Q", "p", "P_s mW", "P_c mW", "nu_e MF/s", "sensing mJ", "compute mJ", "uplink mJ",
          "total mJ", "latency s", "accuracy", "us");
}

void iscc_decision_table_row(const char *before, const char *scheme, const iscc_decision *d, double time_us,
                             FILE *out) {
  fprintf(out, "%s%-11s %-10s ", before, scheme, iscc_decision_status_name(d->status));
  if (d->status == ISCC_DECISION_INFEASIBLE) {
    print_constraints(d->conflict, out);
    return;
  }
  fprintf(out, "%2d %2d %7.4f %8.3f %8.3f %9.4f %10.4f %10.4f %10.4f %10.4f %9.4f %8.4f %8.1f\n", d->split,
          d->bits, d->keep_ratio, 1e3 * d->sensing_power_w, 1e3 * d->transmit_power_w,
          1e-6 * d->edge_speed_flops, 1e3 * d->energy.sensing, 1e3 * d->energy.compute,
          1e3 * d->energy.uplink, 1e3 * d->energy.total, d->latency.total, d->predicted_accuracy, time_us);
}

void iscc_decision_table_refusal(const char *before, const char *scheme, const char *why, FILE *out) {
  fprintf(out, "%s%-11s %-10s  %s\n", before, scheme, "-", why);
}

void iscc_decision_csv_head(const char *before, FILE *out) {
  fprintf(out,
          "%sscheme,status,split,bits,keep_ratio,sensing_power_w,transmit_power_w,edge_speed_flops,sensing_j,"
          "compute_j,uplink_j,energy_j,latency_s,predicted_accuracy,lower_bound_j,least_latency_s,"
          "highest_accuracy,time_us\n",
          before);
}

static void print_number(double value, FILE *out) {
  if (isfinite(value)) fprintf(out, "%.17g", value);
  fputc(',', out);
}

void iscc_decision_csv_row(const char *before, const char *scheme, const iscc_decision *d, double time_us,
                           FILE *out) {
  const bool found = d->status != ISCC_DECISION_INFEASIBLE;
  fprintf(out, "%s%s,%s,", before, scheme, iscc_decision_status_name(d->status));
  if (found)
    fprintf(out, "%d,%d,", d->split, d->bits);
  else
    fputs(",,", out);
  const double values[] = {d->keep_ratio,     d->sensing_power_w,   d->transmit_power_w, d->edge_speed_flops,
                           d->energy.sensing, d->energy.compute,    d->energy.uplink,    d->energy.total,
                           d->latency.total,  d->predicted_accuracy};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    print_number(found ? values[i] : (double)NAN, out);
  print_number(d->lower_bound_j, out);
  print_number(d->least_latency_s, out);
  print_number(d->highest_accuracy, out);
  fprintf(out, "%.3f\n", time_us);
}

void iscc_decision_csv_refusal(const char *before, const char *scheme, FILE *out) {
  fprintf(out, "%s%s,error%s\n", before, scheme, ",,,,,,,,,,,,,,,,");
}
