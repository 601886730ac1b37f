/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-channel-estimate.h"

#include <math.h>

enum { DECISIONS_MAX = 8 };

void iscc_channel_estimate_begin(iscc_channel_estimate *e, const iscc_host *host, double error_db) {
  iscc_random stream;
  host->random(host->ctx, ISCC_STREAM_CHANNEL_ERROR, &stream);
  e->host = host;
  e->error_db = error_db;
  e->draws = (iscc_draws){.kept = 0};
  e->key = iscc_random_u64(&stream);
}

iscc_status iscc_channel_estimate_link(iscc_channel_estimate *e, uint64_t task, int decision, iscc_link *link,
                                       double *true_snr_per_w, iscc_error *error) {
  const iscc_status status = e->host->link(e->host->ctx, link, error);
  if (status != ISCC_OK) return status;
  *true_snr_per_w = link->snr_per_w;
  if (!(e->error_db > 0)) return ISCC_OK;
  iscc_random stream;
  iscc_random_seed_at(&stream, e->key, 0, 0, ISCC_STREAM_CHANNEL_ERROR,
                      DECISIONS_MAX * task + (uint64_t)decision);
  const double n = iscc_random_normal(&stream);
  if (decision == 0) iscc_draws_note(&e->draws, task, n);
  const double factor = pow(10, 0.1 * e->error_db * n);
  link->snr_per_w *= factor;
  for (int i = 0; i < link->rates; i++) link->power_w[i] /= factor;
  return ISCC_OK;
}
