/* SPDX-License-Identifier: GPL-2.0-only */
/* x = (tau - tau_0)/half is the delay on [-1, 1]; moment k of the points is M_k(m) = sum_s b_s(m) x_s(m)^k.
 * The tone around t_c (mid chirp) is exp(-j 2 pi mu tau_0 (t_n - t_c)) sum_k (-j 2 pi mu half (t_n - t_c))^k
 * / k! x^k, the factor exp(-j 2 pi mu tau t_c) going into b_s. The matrix of those columns is U S V^H; Q = U,
 * Z = S V^H M. */
#include "iscc-echo.h"

#include <complex.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TWO_PI    6.28318530717958647692
#define LIGHT_MPS 299792458.0
#define REMAINDER 1e-7 /* relative size of what the series and the rank may leave out */

enum { TERMS_MAX = 48 };

struct iscc_echo {
  iscc_echo_settings set;
  int samples, terms, rank;
  double slope, tau_0_s, half_s, middle_s;
  double *basis;           /* Q */
  double *transform;       /* S V^H: rank x terms, interleaved, row after row */
  double *moment;          /* re[terms][chirps], then im[terms][chirps] */
  double *x, *b_re, *b_im; /* work space, one value per chirp */
};

/* Terms of exp(j z) needed for |z| <= limit; 0 when more than TERMS_MAX. */
static int series_terms(double limit) {
  double term = 1.0;
  for (int k = 1; k <= TERMS_MAX; k++) {
    term *= limit / k;
    if (term < REMAINDER && k > limit) return k;
  }
  return 0;
}

/* Fills basis, transform and rank from the SVD of the series' columns. */
static iscc_status factor(iscc_echo *e, iscc_error *error) {
  const int n = e->samples, k_max = e->terms;
  double complex *a = malloc(sizeof *a * (size_t)(n * k_max));
  double complex *u = malloc(sizeof *u * (size_t)(n * k_max));
  double complex *vh = malloc(sizeof *vh * (size_t)(k_max * k_max));
  double s[TERMS_MAX], superb[TERMS_MAX];
  iscc_status status = a && u && vh ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "radar echo: out of memory");
  if (!status) {
    for (int i = 0; i < n; i++) {
      const double t = i / e->set.sampling_hz - e->middle_s;
      double complex term = cexp(CMPLX(0, -TWO_PI * e->slope * e->tau_0_s * t));
      for (int k = 0; k < k_max; k++) {
        a[k * n + i] = term;
        term *= CMPLX(0, -TWO_PI * e->slope * e->half_s * t / (k + 1));
      }
    }
    if (LAPACKE_zgesvd(LAPACK_COL_MAJOR, 'S', 'S', n, k_max, (void *)a, n, s, (void *)u, n, (void *)vh, k_max,
                       superb))
      status = iscc_fail(error, ISCC_ELIBRARY, "radar echo: singular value decomposition failed");
  }
  if (!status) {
    while (e->rank < k_max && s[e->rank] > REMAINDER * s[0]) e->rank++;
    for (int r = 0; r < e->rank; r++)
      for (int k = 0; k < k_max; k++) {
        const double complex value = s[r] * vh[k * k_max + r];
        e->transform[2 * (r * k_max + k)] = creal(value);
        e->transform[2 * (r * k_max + k) + 1] = cimag(value);
      }
    memcpy(e->basis, u, sizeof *u * (size_t)(n * e->rank));
  }
  free(a);
  free(u);
  free(vh);
  return status;
}

iscc_status iscc_echo_create(const iscc_echo_settings *settings, iscc_echo **out, iscc_error *error) {
  *out = NULL;
  iscc_echo *e = calloc(1, sizeof *e);
  if (!e) return iscc_fail(error, ISCC_ENOMEM, "radar echo: out of memory");
  e->set = *settings;
  e->samples = (int)lround(settings->sampling_hz * settings->chirp_s);
  e->slope = settings->sweep_hz / settings->chirp_s;
  e->tau_0_s = e->half_s = settings->farthest_m / LIGHT_MPS; /* delays 0 .. 2 farthest / c */
  e->middle_s = 0.5 * settings->chirp_s;
  e->terms = series_terms(TWO_PI * e->slope * e->half_s * e->middle_s);
  if (e->terms > e->samples) e->terms = e->samples;
  const size_t chirps = (size_t)settings->chirps;
  if (e->terms < 1) {
    free(e);
    return iscc_fail(error, ISCC_EINVAL,
                     "sweep_hz: %g Hz is too wide for echoes from %g m (their product is at most "
                     "about 2e9 Hz m)",
                     settings->sweep_hz, settings->farthest_m);
  }
  e->basis = malloc(sizeof(double) * 2 * (size_t)(e->samples * e->terms));
  e->transform = malloc(sizeof(double) * 2 * (size_t)(e->terms * e->terms));
  e->moment = malloc(sizeof(double) * 2 * (size_t)e->terms * chirps);
  e->x = malloc(sizeof(double) * 3 * chirps);
  iscc_status status = ISCC_OK;
  if (!e->basis || !e->transform || !e->moment || !e->x)
    status = iscc_fail(error, ISCC_ENOMEM, "radar echo: out of memory for %d chirps", settings->chirps);
  else
    status = factor(e, error);
  if (status) {
    iscc_echo_destroy(e);
    return status;
  }
  e->b_re = e->x + chirps;
  e->b_im = e->b_re + chirps;
  *out = e;
  return ISCC_OK;
}

void iscc_echo_destroy(iscc_echo *e) {
  if (!e) return;
  free(e->basis);
  free(e->transform);
  free(e->moment);
  free(e->x);
  free(e);
}

int iscc_echo_fast_samples(const iscc_echo *e) {
  return e->samples;
}

int iscc_echo_rank(const iscc_echo *e) {
  return e->rank;
}

const double *iscc_echo_basis(const iscc_echo *e) {
  return e->basis;
}

void iscc_echo_clear(iscc_echo *e) {
  memset(e->moment, 0, sizeof(double) * 2 * (size_t)e->terms * (size_t)e->set.chirps);
}

/* Phase of a delay in cycles: carrier, residual video phase, and the tone's phase at mid chirp. */
static inline double delay_cycles(const iscc_echo *e, double tau_s) {
  return tau_s * (0.5 * e->slope * tau_s - e->set.carrier_hz - e->slope * e->middle_s);
}

/* moment_k += b x^k for all k. A few chirps at a time go through all powers, so that b and x stay in
 * registers. */
static void add_powers(iscc_echo *e) {
  enum { LANES = 4 };
  const int chirps = e->set.chirps, terms = e->terms;
  const size_t to_im = (size_t)terms * chirps;
  int m = 0;
  for (; m + LANES <= chirps; m += LANES) {
    double b_re[LANES], b_im[LANES], x[LANES];
    memcpy(b_re, e->b_re + m, sizeof b_re);
    memcpy(b_im, e->b_im + m, sizeof b_im);
    memcpy(x, e->x + m, sizeof x);
    double *restrict re = e->moment + m;
    for (int k = 0; k < terms; k++, re += chirps) {
      double *restrict im = re + to_im;
      for (int lane = 0; lane < LANES; lane++) {
        re[lane] += b_re[lane];
        im[lane] += b_im[lane];
        b_re[lane] *= x[lane];
        b_im[lane] *= x[lane];
      }
    }
  }
  for (; m < chirps; m++) {
    double re = e->b_re[m], im = e->b_im[m];
    for (int k = 0; k < terms; k++) {
      e->moment[(size_t)k * chirps + m] += re;
      e->moment[to_im + (size_t)k * chirps + m] += im;
      re *= e->x[m];
      im *= e->x[m];
    }
  }
}

/* x to its nearest whole number, for |x| < 2^51: the sum leaves no room for a fraction. rint() would be a
 * call, and keep the loop below from being vectorized. */
static inline double nearest(double x) {
  return (x + 0x1.8p52) - 0x1.8p52;
}

iscc_status iscc_echo_add_moving(iscc_echo *e, const double *range_m, const double *amplitude,
                                 iscc_error *error) {
  const int chirps = e->set.chirps;
  double *restrict angle = e->b_re, *restrict x = e->x;
  double farthest = 0;
  for (int m = 0; m < chirps; m++) {
    const double tau = 2.0 / LIGHT_MPS * range_m[m], cycles = delay_cycles(e, tau);
    angle[m] = TWO_PI * (cycles - nearest(cycles));
    x[m] = (tau - e->tau_0_s) / e->half_s;
    farthest = range_m[m] > farthest ? range_m[m] : farthest;
  }
  if (!(farthest <= e->set.farthest_m))
    return iscc_fail(error, ISCC_EINVAL, "person: %.3g m away from the radar, beyond the %.3g m it covers",
                     farthest, e->set.farthest_m);
  for (int m = 0; m < chirps; m++) { /* the fraction of a cycle needs double precision, its sine does not */
    float s, c;
    sincosf((float)angle[m], &s, &c);
    e->b_re[m] = amplitude[m] * (double)c;
    e->b_im[m] = amplitude[m] * (double)s;
  }
  add_powers(e);
  return ISCC_OK;
}

void iscc_echo_add_fixed(iscc_echo *e, double path_m, const double amplitude[2], const float *gain_re,
                         const float *gain_im) {
  const double tau = path_m / LIGHT_MPS, cycles = delay_cycles(e, tau);
  const double angle = TWO_PI * (cycles - rint(cycles)), c = cos(angle), s = sin(angle);
  const double re = amplitude[0] * c - amplitude[1] * s, im = amplitude[0] * s + amplitude[1] * c;
  const double x = (tau - e->tau_0_s) / e->half_s;
  for (int m = 0; m < e->set.chirps; m++) {
    const double g_re = (double)gain_re[m], g_im = (double)gain_im[m];
    e->x[m] = x;
    e->b_re[m] = re * g_re - im * g_im;
    e->b_im[m] = re * g_im + im * g_re;
  }
  add_powers(e);
}

void iscc_echo_gather(iscc_echo *e, double scale, double *z) {
  const int chirps = e->set.chirps;
  for (int r = 0; r < e->rank; r++) {
    double *restrict row = z + 2 * (size_t)r * chirps;
    memset(row, 0, sizeof(double) * 2 * (size_t)chirps);
    for (int k = 0; k < e->terms; k++) {
      const double t_re = scale * e->transform[2 * (r * e->terms + k)];
      const double t_im = scale * e->transform[2 * (r * e->terms + k) + 1];
      const double *restrict re = e->moment + (size_t)k * chirps;
      const double *restrict im = e->moment + (size_t)(e->terms + k) * chirps;
      for (int m = 0; m < chirps; m++) {
        row[2 * m] += t_re * re[m] - t_im * im[m];
        row[2 * m + 1] += t_re * im[m] + t_im * re[m];
      }
    }
  }
}
