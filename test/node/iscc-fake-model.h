/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-fake-model - the default network with a made-up calibration, and random weights for tests of real
 * inference. */
#ifndef ISCC_FAKE_MODEL_H
#define ISCC_FAKE_MODEL_H

#include "iscc-model.h"

iscc_model *iscc_fake_model_create(void); /* free with iscc_model_destroy() */
void iscc_fake_model_randomize(iscc_model *model, uint64_t seed);

#endif
