/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-default-model - where the trained network that comes with the project lies.
 *
 * Programs take it when no --model is given, from any working directory: the one installed with the library
 * (share/iscc of its prefix, wherever that was moved), else the source tree's, else the one below the prefix
 * of the build. */
#ifndef ISCC_DEFAULT_MODEL_H
#define ISCC_DEFAULT_MODEL_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ISCC_DEFAULT_MODEL_NAME "default.safetensors"

/* Writes the absolute path of a readable default model, at most size - 1 characters. ISCC_EIO: there is none;
 * the text names the folders looked into. Thread-safe. */
iscc_status iscc_default_model_path(char *path, size_t size, iscc_error *error);

/* The same in folders of the caller's, the first that holds one; NULL entries are passed over. */
iscc_status iscc_default_model_find(const char *const *folders, size_t count, char *path, size_t size,
                                    iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
