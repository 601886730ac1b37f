/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-model-report.h"

#include <jansson.h>
#include <math.h>

#include "iscc-model-metadata.h"
#include "iscc-motion.h"

enum { BITS_SHOWN = 8 };

static void print_topology(const iscc_network *net, FILE *out) {
  fprintf(out, "\n%5s  %-8s %-8s %-14s %9s %9s %14s %12s\n", "l", "name", "kind", "output", "N_l", "weights",
          "FLOPs at p: p *", "+");
  fprintf(out, "%5d  %-8s %-8s %4d x%3d x%3d %9zu\n", 0, "input", "", net->channels, net->rows, net->columns,
          net->inputs);
  size_t weights = 0;
  for (int l = 1; l <= net->layers; l++) {
    const iscc_layer *y = &net->layer[l];
    weights += y->weights;
    fprintf(out, "%5d  %-8s %-8s %4d x%3d x%3d %9zu %9zu %14.0f %12.0f\n", l, y->name,
            iscc_layer_kind_name(y->kind), y->channels, y->rows, y->columns, y->features, y->weights,
            y->flops_slope, y->flops_const);
  }
  fprintf(out, "%5s  %-42s %9zu %14.0f FLOP unpruned\n", "", "total", weights,
          iscc_network_server_flops(net, 0));
}

static void print_provenance(const iscc_provenance *p, int classes, FILE *out) {
  fprintf(out,
          "\nTrained by iscc %s from seed %llu: %d samples, %d of them held out, %d epochs\n"
          "Noise-free test accuracy %.4f on %d samples; true class by row, predicted by column:\n",
          p->version, (unsigned long long)p->seed, p->train_samples, p->validation_samples, p->epochs,
          p->test_accuracy, p->test_samples);
  for (int i = 0; i < classes; i++) {
    fprintf(out, "  %-12s", iscc_motion_name((iscc_motion)i) ? iscc_motion_name((iscc_motion)i) : "");
    for (int j = 0; j < classes; j++) fprintf(out, " %6d", p->confusion[i][j]);
    fputc('\n', out);
  }
}

static void print_curve(const iscc_calibration *c, FILE *out) {
  fprintf(out,
          "\nAccuracy over sensing power, %d samples a point\n"
          "  arctan fit R_0 = %.4f atan(%.2f P_s), RMSE %.4f; noise-free accuracy %.4f\n"
          "%12s %10s %10s %10s\n",
          c->curve_samples, c->arctan_a, c->arctan_b_per_w, c->arctan_rmse, c->clean_accuracy, "P_s mW",
          "measured", "arctan", "planned");
  for (int i = 0; i < c->curve_points; i++) {
    fprintf(out, "%12.3f %10.4f %10.4f", 1e3 * c->power_w[i], c->measured_accuracy[i],
            c->arctan_a * atan(c->arctan_b_per_w * c->power_w[i]));
    if (i < c->concave_points) fprintf(out, " %10.4f", c->concave_accuracy[i]);
    fputc('\n', out);
  }
}

static void print_losses(const iscc_network *net, const iscc_calibration *c, FILE *out) {
  fprintf(out,
          "\nLosses per split layer, %d samples: accuracy = R_0(P_s) (1 - kappa u(p) - tau (1 - p) - q(Q)), "
          "p >= p_min\n"
          "%3s %7s %7s %6s %7s %7s %7s %9s %7s",
          c->split_samples, "l", "kappa", "tau", "p_min", "RMSE", "C", "RMSE", "A", "RMSE");
  for (int q = ISCC_BITS_MIN; q <= BITS_SHOWN; q++) fprintf(out, "   q(%d)", q);
  fputc('\n', out);
  for (int l = 0; l <= net->layers; l++) {
    const iscc_split_calibration *s = &c->split[l];
    fprintf(out, "%3d %7.4f %7.4f %6.2f %7.4f %7.4f %7.4f %9.4f %7.4f", l, s->pruning_loss, s->pruning_slope,
            s->keep_min, s->pruning_rmse, s->pruning_loss_u, s->pruning_rmse_u, s->quantization_loss_v,
            s->quantization_rmse);
    for (int q = ISCC_BITS_MIN; q <= BITS_SHOWN; q++) fprintf(out, " %6.4f", s->quantization_loss[q]);
    fputc('\n', out);
  }
  fputs("C, A: one factor of u(p), of v(Q), for comparison\n", out);
  fprintf(out, "\nThe raw bound, and |w| ~ Exp(lambda)\n%3s %12s %12s %12s %10s %8s %10s\n", "l", "C(l)",
          "A(l)", "w(l)", "lambda", "KS", "||W||_F");
  for (int l = 0; l <= net->layers; l++) {
    const iscc_split_calibration *s = &c->split[l];
    fprintf(out, "%3d %12.4g %12.4g %12.4g", l, s->bound_pruning, s->bound_quantization, s->margin);
    if (s->laplace_rate > 0)
      fprintf(out, " %10.3f %8.3f %10.3f\n", s->laplace_rate, s->laplace_distance, s->frobenius);
    else
      fprintf(out, " %10s %8s %10s\n", "-", "-", "-");
  }
}

static void print_ranges(const iscc_network *net, const iscc_calibration *c, FILE *out) {
  fprintf(out, "\nQuantizer ranges f_max, share of the features clipped\n%3s", "l");
  for (int q = ISCC_BITS_MIN; q <= BITS_SHOWN; q++) fprintf(out, "        Q = %-6d", q);
  fputc('\n', out);
  for (int l = 0; l < net->layers; l++) {
    fprintf(out, "%3d", l);
    for (int q = ISCC_BITS_MIN; q <= BITS_SHOWN; q++)
      fprintf(out, "%10.4g %6.3f%%", c->split[l].feature_max[q], 100 * c->split[l].clipped_share[q]);
    fputc('\n', out);
  }
}

static void print_pca(const iscc_calibration *c, FILE *out) {
  if (c->pca_count == 0) return;
  fprintf(out,
          "\nClassifiers on d principal components, scheme pca: R_0 by arctan fit, losses q(Q)\n%5s %9s %12s "
          "%12s %9s %9s %7s",
          "d", "test acc.", "device FLOP", "server FLOP", "a", "b per W", "RMSE");
  for (int q = ISCC_BITS_MIN; q <= BITS_SHOWN; q++) fprintf(out, "   q(%d)", q);
  fputc('\n', out);
  for (int i = 0; i < c->pca_count; i++) {
    const iscc_pca_calibration *p = &c->pca[i];
    fprintf(out, "%5d %9.4f %12.0f %12.0f %9.4f %9.2f %7.4f", p->components, p->test_accuracy,
            p->device_flops, p->server_flops, p->arctan_a, p->arctan_b_per_w, p->arctan_rmse);
    for (int q = ISCC_BITS_MIN; q <= BITS_SHOWN; q++) fprintf(out, " %6.4f", p->quantization_loss[q]);
    fputc('\n', out);
  }
}

void iscc_model_print(const iscc_model *m, const char *path, FILE *out) {
  fprintf(out, "%s\nSHA-256 %s\n", path, m->sha256);
  print_topology(&m->network, out);
  print_provenance(&m->provenance, m->network.classes, out);
  if (!m->calibrated) {
    fputs("\nNot calibrated: no accuracy model. 'iscc train' measures one.\n", out);
    return;
  }
  print_curve(&m->calibration, out);
  print_losses(&m->network, &m->calibration, out);
  print_ranges(&m->network, &m->calibration, out);
  print_pca(&m->calibration, out);
}

char *iscc_model_json(const iscc_model *m, const char *path) {
  json_t *o = json_object();
  int failed = json_object_set_new(o, "path", json_string(path));
  failed |= json_object_set_new(o, "sha256", json_string(m->sha256));
  failed |= json_object_set_new(o, "topology", iscc_topology_describe(&m->network));
  failed |= json_object_set_new(o, "provenance", iscc_provenance_describe(m));
  failed |= json_object_set_new(o, "calibration",
                                m->calibrated ? iscc_calibration_describe(&m->network, &m->calibration)
                                              : json_null());
  char *text = failed ? NULL : json_dumps(o, JSON_INDENT(1));
  json_decref(o);
  return text;
}
