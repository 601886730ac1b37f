/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-study - what the figures of `iscc reproduce` share: the trained network, a directory, Monte-Carlo
 * results that are kept in it, progress and interruption.
 *
 * Cache: every Monte-Carlo result stands in a sealed file of its own below DIR/cache. Its name is a digest of
 * all that it depends on: the model file, the seed, the point and its number of samples, and one observation
 * with the scores it gets, computed anew at each start, so that results of another sensing chain, network or
 * numeric library are never taken.
 *
 * Determinism: results depend on the settings up to `seed` alone. Threads: one study at a time per process.
 */
#ifndef ISCC_STUDY_H
#define ISCC_STUDY_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscc-digest.h"
#include "iscc-model.h"
#include "iscc-progress.h"
#include "iscc-solver.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Streams of observations: none is the calibration's (0). */
enum { ISCC_SERIES_SENSING = 11, ISCC_SERIES_LOSSES = 12, ISCC_SERIES_CHECK = 13 };

typedef struct {       /* numbers of samples */
  size_t curve;        /* Fig. 4, at each sensing power */
  size_t losses;       /* Fig. 8, at each sensing power */
  size_t check;        /* of each allocation of joint and alternating */
  size_t check_others; /* of each allocation of the other schemes */
} iscc_effort;

typedef struct {
  const char *directory; /* made when missing */
  const char *model;     /* file; NULL: the default model */
  bool quick;            /* fewer samples and points; pca is not checked */
  iscc_effort effort;
  uint64_t seed;
  int threads;                       /* 0: one per processor */
  const volatile sig_atomic_t *stop; /* not 0: finish soon with ISCC_EINTR; may be NULL */
} iscc_study_settings;

/* Effort of a full or a quick study; everything else zero. */
void iscc_study_defaults(iscc_study_settings *settings, bool quick);

typedef struct {
  iscc_study_settings settings; /* threads resolved */
  iscc_model *model;
  const char *model_path;
  iscc_model *components; /* holds the classifiers on principal components; NULL until they are asked for */
  iscc_error components_refused; /* why they cannot be had; "" otherwise */
  iscc_solver *solver[16];
  size_t schemes;
  char basis[ISCC_DIGEST_TEXT]; /* digest of what all results depend on */
  char path[4096];              /* of the model */
  iscc_progress bar, training;
  uint64_t done; /* of the bar */
} iscc_study;

/* ISCC_EIO: the directory cannot be written or the model not read; ISCC_EFORMAT: the model is not calibrated.
 */
iscc_status iscc_study_open(const iscc_study_settings *settings, iscc_study **out, iscc_error *error);
void iscc_study_close(iscc_study *study); /* NULL is fine */

/* ---- kept results ---- */

/* A key that holds the basis and what: add what else the result depends on, then iscc_digest_end(). */
iscc_digest iscc_study_key(const iscc_study *study, const char *what);
bool iscc_study_recall(const iscc_study *study, const char key[ISCC_DIGEST_TEXT], void *bytes, size_t n);
iscc_status iscc_study_keep(const iscc_study *study, const char key[ISCC_DIGEST_TEXT], const void *bytes,
                            size_t n, iscc_error *error);

/* ---- progress ---- */

/* A bar over `total` samples. */
void iscc_study_begin(iscc_study *study, const char *label, uint64_t total);
/* n more are done, or were kept. ISCC_EINTR when the user wants to stop. */
iscc_status iscc_study_advance(iscc_study *study, uint64_t n, iscc_error *error);
void iscc_study_end(iscc_study *study);
bool iscc_study_is_stopped(const iscc_study *study); /* the user wants to stop */
/* For iscc_parallel_for() and what builds on it: ctx is the study; shows `done` beyond what is done. */
bool iscc_study_show(void *ctx, size_t done);

#ifdef __cplusplus
}
#endif
#endif
