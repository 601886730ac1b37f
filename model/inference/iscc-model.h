/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-model - a trained network with its calibration and provenance, in memory and as a safetensors file.
 *
 * File: 8-byte little-endian header length, JSON header, raw little-endian F32 tensors. Tensor names are
 * "<layer>.weight" (convolution (out, in, h, w); dense (out, in)) and "<layer>.bias" (out). Topology,
 * calibration and provenance are JSON texts under "__metadata__" (doc/model-file.rst). */
#ifndef ISCC_MODEL_H
#define ISCC_MODEL_H

#include <stdint.h>

#include "iscc-calibration.h"
#include "iscc-network.h"
#include "iscc-sensing.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_MODEL_TEXT_MAX = 64 };

typedef struct {
  uint64_t seed;
  int train_samples, validation_samples, test_samples, epochs, threads;
  double test_accuracy;              /* noise-free, unpruned, unquantized */
  int confusion[8][8];               /* [true][predicted] on the test samples */
  char version[ISCC_MODEL_TEXT_MAX]; /* of iscc that trained it */
} iscc_provenance;

typedef struct iscc_model {
  iscc_network network;
  float *weight[ISCC_LAYERS_MAX + 1]; /* per weight layer, owned; NULL for layers without weights */
  float *bias[ISCC_LAYERS_MAX + 1];   /* one per output */
  bool calibrated;
  iscc_calibration calibration;
  iscc_sensing_settings sensing; /* the chain the network was trained for; set it */
  iscc_provenance provenance;
  char sha256[65]; /* of the file it was read from; "" when not from a file */
  /* Classifiers on principal components, projection first, until they are calibrated; owned. The file keeps
   * their calibration alone. */
  struct iscc_model *pca[ISCC_PCA_MAX];
  int pca_count;
} iscc_model;

/* Zero weights of the network's shapes; not calibrated; sensing settings and provenance are zero until set.
 * Free with iscc_model_destroy(). ISCC_EINVAL: more classes than the confusion matrix has. */
iscc_status iscc_model_create(const iscc_network *network, iscc_model **out, iscc_error *error);
void iscc_model_destroy(iscc_model *model); /* NULL is fine */

/* ISCC_EIO: cannot be opened or read; ISCC_EFORMAT: truncated, corrupt, wrong shapes or of another program;
 * the text names the file and what is wrong. Never crashes on any content. */
iscc_status iscc_model_read(const char *path, iscc_model **out, iscc_error *error);

/* Writes beside the path, then renames: the old file stays whole until the new one is. Same model, same
 * bytes. */
iscc_status iscc_model_write(const char *path, const iscc_model *model, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
