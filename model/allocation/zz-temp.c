#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "iscc-solver.h"
#include "iscc-sensing.h"
#include "iscc-calibration.h"
struct iscc_solver { int x; };
iscc_status iscc_solver_create(const char *scheme, iscc_solver **out, iscc_error *error) { (void)scheme;(void)error; *out = calloc(1, sizeof **out); return ISCC_OK; }
void iscc_solver_destroy(iscc_solver *s) { free(s); }
void iscc_problem_defaults(iscc_problem *p) { memset(p, 0, sizeof *p); p->target_accuracy=.85; p->bits_min=2; p->bits_max=8; }
double iscc_accuracy_curve_at(const iscc_accuracy_curve *c, double w) {
  if (c->kind == ISCC_CURVE_ARCTAN) return c->a * atan(c->b_per_w * w);
  if (w < c->power_w[0]) return 0;
  for (int i = 1; i < c->points; i++) if (w <= c->power_w[i]) return c->accuracy[i-1] + (c->accuracy[i]-c->accuracy[i-1])*(w-c->power_w[i-1])/(c->power_w[i]-c->power_w[i-1]);
  return c->accuracy[c->points-1];
}
static double inv(const iscc_accuracy_curve *c, double a) {
  if (a <= c->accuracy[0]) return c->power_w[0];
  for (int i = 1; i < c->points; i++) if (a <= c->accuracy[i]) return c->power_w[i-1] + (a-c->accuracy[i-1])*(c->power_w[i]-c->power_w[i-1])/(c->accuracy[i]-c->accuracy[i-1]);
  return HUGE_VAL;
}
static void try1(const iscc_problem *q, const iscc_split *s, int Q, double p, double frac, iscc_decision *best) {
  double D = 1 - s->pruning_loss * iscc_pruning_shape(p) - (s->features ? s->quantization_loss[Q] : 0);
  if (D <= 0) return;
  double Ps = inv(&q->accuracy_curve, q->target_accuracy / D);
  if (!(Ps <= q->max_power_w)) return;
  double F = fmax(0, s->flops_slope * p + s->flops_const);
  double serv = s->server_flops / q->server_speed_flops;
  double T = q->max_latency_s - q->sensing_time_s - serv - s->delay_s;
  if (T <= 0) return;
  double c = s->features ? (F > 0 ? T * frac : 0) : T, u = s->features ? T - c : 0;
  double nu = F > 0 ? F / c : 0, P = 0, bits = s->features * (double)Q + s->overhead_bits[Q];
  if (nu > q->max_speed_flops) return;
  if (s->features) { P = (pow(2, bits / u / q->uplink.bandwidth_hz) - 1) / q->uplink.snr_per_w; if (!(P <= q->max_power_w)) return; }
  double E = q->sensing_time_s * Ps + q->kappa * F * nu * nu + P * u;
  if (best->status != ISCC_DECISION_INFEASIBLE && E >= best->energy.total) return;
  best->status = ISCC_DECISION_OPTIMAL; best->split = s->layer; best->bits = s->features ? Q : 0; best->keep_ratio = p; best->sensing_power_w = Ps; best->transmit_power_w = P; best->edge_speed_flops = nu;
  best->energy = (iscc_energy_j){q->sensing_time_s * Ps, q->kappa * F * nu * nu, P * u, E};
  best->latency = (iscc_latency_s){q->sensing_time_s, F > 0 ? c : 0, u, serv, q->max_latency_s};
  best->uplink_bits = s->features ? bits : 0;
}
iscc_status iscc_solver_solve(iscc_solver *x, const iscc_problem *q, iscc_decision *d, iscc_error *error) {
  (void)x; (void)error; memset(d, 0, sizeof *d); d->status = ISCC_DECISION_INFEASIBLE; d->conflict = ISCC_CONSTRAINT_LATENCY;
  for (size_t i = 0; i < q->split_count; i++) for (int Q = q->bits_min; Q <= q->bits_max; Q += 2) for (double p = .1; p <= 1.0; p += .1) for (double f = .05; f < 1; f += .05) try1(q, &q->splits[i], Q, p, f, d);
  return ISCC_OK;
}
void iscc_sensing_defaults(iscc_sensing_settings *s) { memset(s, 0, sizeof *s); s->chirps = 2000; s->chirp_spacing_s = .25e-3; }
iscc_status iscc_sensing_create(const iscc_sensing_settings *s, iscc_sensing **o, iscc_error *e) { (void)s; *o = 0; return iscc_fail(e, ISCC_ELIBRARY, "none"); }
void iscc_sensing_destroy(iscc_sensing *s) { (void)s; }
iscc_status iscc_sensing_run(iscc_sensing *s, const iscc_person *p, double w, iscc_random *c, iscc_random *n, float *i, iscc_error *e) { (void)s; (void)p; (void)w; (void)c; (void)n; (void)i; return iscc_fail(e, ISCC_ELIBRARY, "none"); }
