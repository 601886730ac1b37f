/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-inference - what a task's sensing and computing really yield: features, payload bytes, class.
 *
 * Real: the sample is synthesized at P_s with its noise, the pruned network runs to the split, the quantizer
 * packs the features; the other half decodes and finishes. Modelled: the answer is right with the calibrated
 * probability. The person, clutter, noise, rounding and draw of task k depend on (stream, k) alone: whatever
 * scheme decides, task k sees the same world.
 *
 * Memory: create allocates; nothing afterwards. Threads: one handle per thread; the model is borrowed. */
#ifndef ISCC_INFERENCE_H
#define ISCC_INFERENCE_H

#include "iscc-draws.h"
#include "iscc-edge-node.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_inference iscc_inference;

/* host: where the streams come from; NULL at the server, which draws nothing. */
iscc_status iscc_inference_create(iscc_inference_mode mode, const iscc_model *model, const iscc_host *host,
                                  iscc_inference **out, iscc_error *error);
void iscc_inference_destroy(iscc_inference *inference); /* NULL is fine */

iscc_inference_mode iscc_inference_mode_of(const iscc_inference *inference);

/* Real only: observes the person of task `number` at power_w. */
iscc_status iscc_inference_sense(iscc_inference *inference, uint64_t number, double power_w, int *true_class,
                                 iscc_error *error);

/* Real only: runs the device half on the last observation and packs it into payload[0..capacity); at split L
 * nothing is packed and *device_class is the answer, else -1. */
iscc_status iscc_inference_device(iscc_inference *inference, uint64_t number, int split, double keep_ratio,
                                  int bits, uint8_t *payload, size_t capacity, int *device_class,
                                  iscc_error *error);

/* Real only: decodes a payload and runs the server half. */
iscc_status iscc_inference_server(iscc_inference *inference, int split, int bits, const uint8_t *payload,
                                  size_t n_bytes, int *server_class, iscc_error *error);

/* Modelled only: 1 with this probability, else 0. */
int iscc_inference_draw(iscc_inference *inference, uint64_t number, double probability);

/* What the stream of a purpose gave for each of the first tasks: its first number. */
const iscc_draws *iscc_inference_draws(const iscc_inference *inference, iscc_purpose purpose);

#ifdef __cplusplus
}
#endif
#endif
