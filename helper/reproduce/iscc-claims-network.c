/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims about sensing, weights, pruning and quantization: figs. 4, 7 and 8. */
#include <math.h>
#include <string.h>

#include "iscc-claims.h"
#include "iscc-loss-fit.h"
#include "iscc-proportion.h"
#include "iscc-splits.h"

/* ---- Fig. 4 ---- */

#define FALL_MAX  0.01 /* between neighbouring powers, relative */
#define ERROR_MAX 0.02

void iscc_judge_sensing_quality(const iscc_evidence *e, iscc_claim *c) {
  const iscc_sensing_results *r = &e->results->sensing;
  const int last = r->powers - 1;
  c->verdict = ISCC_CLAIM_HOLDS;
  for (int k = 1; k < r->powers; k++) {
    const bool ssim_falls = r->point[k].ssim < (1 - FALL_MAX) * r->point[k - 1].ssim;
    const bool gain_falls = r->point[k].gain < (1 - FALL_MAX) * r->point[k - 1].gain;
    if (!ssim_falls && !gain_falls) continue;
    c->verdict = ISCC_CLAIM_FAILS;
    iscc_claim_add(c->why, "%s falls from %.4g to %.4g mW. ", ssim_falls ? "similarity" : "gain",
                   1e3 * r->power_w[k - 1], 1e3 * r->power_w[k]);
  }
  iscc_claim_add(c->found, "from %.4g to %.4g mW similarity goes from %.3f to %.3f, gain from %.2f to %.2f",
                 1e3 * r->power_w[0], 1e3 * r->power_w[last], r->point[0].ssim, r->point[last].ssim,
                 r->point[0].gain, r->point[last].gain);
}

void iscc_judge_arctan(const iscc_evidence *e, iscc_claim *c) {
  const iscc_sensing_results *r = &e->results->sensing;
  const iscc_calibration *a = &e->study->model->calibration;
  double worst = 0, at_w = 0, above_w = INFINITY, worst_above = 0;
  for (int k = r->powers - 1; k >= 0; k--) {
    const double accuracy = (double)r->point[k].correct / (double)r->samples;
    const double error = fabs(a->arctan_a * atan(a->arctan_b_per_w * r->power_w[k]) - accuracy);
    if (error > worst) worst = error, at_w = r->power_w[k];
    if (error <= ERROR_MAX && worst <= ERROR_MAX) above_w = r->power_w[k], worst_above = worst;
  }
  c->verdict = worst <= ERROR_MAX ? ISCC_CLAIM_HOLDS : ISCC_CLAIM_FAILS;
  iscc_claim_add(c->found, "a = %.3f, b = %.0f per W; largest distance %.3f, at %.4g mW", a->arctan_a,
                 a->arctan_b_per_w, worst, 1e3 * at_w);
  if (c->verdict == ISCC_CLAIM_HOLDS) return;
  iscc_claim_add(c->why,
                 "the arctan starts at 0, but guessing among five motions is right once in five times");
  if (isfinite(above_w))
    iscc_claim_add(c->why, "; from %.4g mW on it stays within %.3f", 1e3 * above_w, worst_above);
  iscc_claim_add(c->why, ". Plans use the measured table.");
}

/* ---- Fig. 7 ---- */

static const iscc_weights_layer *layer_named(const iscc_weights_results *r, const char *name) {
  for (int i = 0; i < r->layers; i++)
    if (strcmp(r->layer[i].name, name) == 0) return &r->layer[i];
  return NULL;
}

static double distance_of(const iscc_weights_layer *l, bool magnitude) {
  return magnitude ? l->magnitude_distance : l->laplace_distance;
}

/* Whether no other layer is as near its fit as the farther of two. */
static bool are_nearest(const iscc_weights_results *r, const iscc_weights_layer *a,
                        const iscc_weights_layer *b, bool magnitude, iscc_claim *c) {
  const iscc_weights_layer *farther = distance_of(a, magnitude) > distance_of(b, magnitude) ? a : b;
  bool nearest = true;
  for (int i = 0; i < r->layers; i++) {
    const iscc_weights_layer *l = &r->layer[i];
    if (l == a || l == b || distance_of(l, magnitude) > distance_of(farther, magnitude)) continue;
    iscc_claim_add(c->why, "%s%s of %s fit better than those of %s", c->why[0] ? "; " : "",
                   magnitude ? "magnitudes" : "signed weights", l->name, farther->name);
    nearest = false;
  }
  return nearest;
}

void iscc_judge_laplace(const iscc_evidence *e, iscc_claim *c) {
  const iscc_weights_results *r = &e->results->weights;
  const iscc_weights_layer *conv2 = layer_named(r, "conv2"), *fc1 = layer_named(r, "fc1");
  for (int i = 0; i < r->layers; i++)
    iscc_claim_add(c->found, "%s%s %.3f / %.3f (normal %.3f)",
                   i ? ", " : "distances of w / |w|: ", r->layer[i].name, r->layer[i].laplace_distance,
                   r->layer[i].magnitude_distance, r->layer[i].normal_distance);
  if (!conv2 || !fc1) {
    c->verdict = ISCC_CLAIM_NOT_COMPARABLE;
    iscc_claim_add(c->why, "this network has no layers named conv2 and fc1");
    return;
  }
  const bool weights = are_nearest(r, conv2, fc1, false, c), magnitudes = are_nearest(r, conv2, fc1, true, c);
  c->verdict = weights && magnitudes   ? ISCC_CLAIM_HOLDS
               : weights || magnitudes ? ISCC_CLAIM_IN_PART
                                       : ISCC_CLAIM_FAILS;
}

/* ---- Fig. 8 ---- */

/* Accuracy lost at a place of the ratios or widths. */
static double lost(const iscc_losses_results *r, int set, int correct) {
  return (double)(r->set[set].whole - correct) / (double)r->samples;
}

/* The same less the uncertainty of so many samples: the lower end of its interval. */
static double surely_lost(const iscc_losses_results *r, int set, int correct) {
  const int fewer = r->set[set].whole - correct;
  return fewer > 0 ? iscc_proportion_of(fewer, (double)r->samples).low : 0;
}

static int place_of(const iscc_losses_results *r, double keep) {
  int k = 0;
  while (k + 1 < ISCC_LOSSES_RATIOS && r->keep_ratio[k] > keep + 1e-9) k++;
  return k;
}

static void judge_pruning(const iscc_evidence *e, int set, iscc_claim *c) {
  const double most = 0.03;
  const iscc_losses_results *r = &e->results->losses;
  const int half = place_of(r, 0.5);
  double worst = -1;
  int worst_split = 0;
  for (int i = 0; i < r->splits; i++) {
    const int l = r->split[i];
    if (l == 0) continue;
    const double loss = lost(r, set, r->set[set].pruned[half][l]);
    iscc_claim_add(c->found, "%sl = %d %.3f", c->found[0] ? ", " : "lost at p = 0.5: ", l, loss);
    if (loss > worst) worst = loss, worst_split = l;
  }
  c->verdict = worst <= most ? ISCC_CLAIM_HOLDS : ISCC_CLAIM_FAILS;
  if (c->verdict == ISCC_CLAIM_FAILS)
    iscc_claim_add(c->why, "%s most is lost at l = %d, %.3f",
                   set ? "pruning adds to what noise blurs already, so that margins are missed that "
                         "noise-free samples keep;"
                       : "this network has less to spare:",
                   worst_split, worst);
}

void iscc_judge_pruning_clean(const iscc_evidence *e, iscc_claim *c) {
  judge_pruning(e, 0, c);
}

void iscc_judge_pruning_noisy(const iscc_evidence *e, iscc_claim *c) {
  judge_pruning(e, 1, c);
}

void iscc_judge_quantization(const iscc_evidence *e, iscc_claim *c) {
  const double little = 0.01;
  const iscc_losses_results *r = &e->results->losses;
  const int half = place_of(r, 0.5), four = 4 - ISCC_BITS_MIN;
  c->verdict = ISCC_CLAIM_HOLDS;
  for (int set = 0; set < ISCC_LOSSES_SETS; set++) {
    iscc_claim_add(c->found, "%s", set ? "; with noise: " : "4 bits / p = 0.5 lose, without noise: ");
    for (int i = 0, n = 0; i < r->splits; i++) {
      const int l = r->split[i];
      if (l == 0 || l == e->study->model->network.layers) continue;
      const double quantized = lost(r, set, r->set[set].quantized[four][l]);
      const double pruned = lost(r, set, r->set[set].pruned[half][l]);
      iscc_claim_add(c->found, "%sl = %d %.3f / %.3f", n++ ? ", " : "", l, quantized, pruned);
      if (quantized < pruned || quantized <= little) continue;
      c->verdict = ISCC_CLAIM_FAILS;
      iscc_claim_add(c->why, "%sl = %d%s", c->why[0] ? ", " : "not at ", l, set ? " with noise" : "");
    }
  }
  if (c->verdict == ISCC_CLAIM_FAILS)
    iscc_claim_add(c->why,
                   ": half of the weights before these splits are hardly missed, less than what 4 bits lose");
}

void iscc_judge_scaled(const iscc_evidence *e, iscc_claim *c) {
  const double most = 0.02;
  const iscc_losses_results *r = &e->results->losses;
  double squares = 0, planned = 0;
  int n = 0;
  for (int set = 0; set < ISCC_LOSSES_SETS; set++)
    for (int i = 0; i < r->splits; i++) {
      const int l = r->split[i];
      const iscc_split_calibration *s = &e->study->model->calibration.split[l];
      const double whole = (double)r->set[set].whole / (double)r->samples;
      for (int k = 0; k <= place_of(r, 0.5) && l; k++, n++) {
        const double have = (double)r->set[set].pruned[k][l] / (double)r->samples;
        squares += pow(whole * (1 - s->pruning_loss_u * iscc_pruning_shape(r->keep_ratio[k])) - have, 2);
        planned += pow(whole * iscc_split_retained(s, r->keep_ratio[k], 0) - have, 2);
      }
      for (int bits = 3; bits <= 8 && l < e->study->model->network.layers; bits++, n++) {
        const double have = (double)r->set[set].quantized[bits - ISCC_BITS_MIN][l] / (double)r->samples;
        squares += pow(whole * (1 - s->quantization_loss_v * iscc_quantization_shape(bits)) - have, 2);
        planned += pow(whole * iscc_split_retained(s, 1, bits) - have, 2);
      }
    }
  const double rmse = sqrt(squares / n);
  c->verdict = rmse <= most ? ISCC_CLAIM_HOLDS : ISCC_CLAIM_FAILS;
  iscc_claim_add(c->found,
                 "over p >= 0.5 and Q >= 3 error %.3f; of what is planned with %.3f (cautious: it seldom "
                 "promises too much)",
                 rmse, sqrt(planned / n));
  if (c->verdict == ISCC_CLAIM_FAILS)
    iscc_claim_add(
        c->why, "u(p) is flatter near p = 1 than the measured loss under noise, and v(Q) falls faster than "
                "the measured loss where features are clipped");
}

void iscc_judge_fewer_bits(const iscc_evidence *e, iscc_claim *c) {
  const double most = 0.02;
  const iscc_losses_results *r = &e->results->losses;
  int before = ISCC_BITS_MAX + 1;
  c->verdict = ISCC_CLAIM_HOLDS;
  for (int i = 0; i < r->splits; i++) {
    const int l = r->split[i];
    if (l == e->study->model->network.layers) continue;
    int bits = ISCC_BITS_MIN;
    while (bits < ISCC_BITS_MIN + ISCC_LOSSES_WIDTHS &&
           surely_lost(r, 0, r->set[0].quantized[bits - ISCC_BITS_MIN][l]) > most)
      bits++;
    iscc_claim_add(c->found, "%sl = %d %s%d bits", i ? ", " : "", l, bits > 8 ? "above " : "",
                   bits > 8 ? 8 : bits);
    if (bits > before) {
      c->verdict = ISCC_CLAIM_FAILS;
      iscc_claim_add(c->why, "%sl = %d needs more than the split before it", c->why[0] ? ", " : "", l);
    }
    before = bits;
  }
}
