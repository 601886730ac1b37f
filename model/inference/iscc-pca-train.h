/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-pca-train - the classifiers of typical ISCC: d whitened principal components of the network's input
 * are sent, dense layers of 120, 60 and 5 outputs at the server tell the motions apart (as behind the default
 * network's last pooling).
 *
 * Components come from the first training samples; each classifier is trained as the network is, on the
 * projections of all of them. The result is a model whose first layer is the projection, so that it runs,
 * splits and quantizes as any other.
 *
 * Determinism: as the trainer's. Memory: allocates and frees its own work space. */
#ifndef ISCC_PCA_TRAIN_H
#define ISCC_PCA_TRAIN_H

#include "iscc-model.h"
#include "iscc-trainer.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_PCA_FIT_SAMPLES = 3000 }; /* that the components are taken from, at most */

/* components[0..count): rising numbers d, each below the number of training samples. trainer: as for the
 * network, but for the gain; its progress counts the batches of all classifiers. training, validation, test:
 * samples of the network's input. Fills model->pca; ISCC_EINVAL names what is out of range. */
iscc_status iscc_pca_train(const int *components, int count, const iscc_trainer_settings *trainer,
                           const iscc_samples *training, const iscc_samples *validation,
                           const iscc_samples *test, iscc_model *model, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
