/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-engine - what carries out the runs of a campaign, whatever it is: processes here, or a cluster.
 *
 * The campaign says which runs it wants and is told, one by one, how they ended. Which runs come to be is decided without
 * the engine, so that results do not depend on it. An open engine holds the lock on the database and the signals that ask to stop
 * (iscc-pool.h); nobody else opens one meanwhile. */
#ifndef ISCC_CAMPAIGN_ENGINE_H
#define ISCC_CAMPAIGN_ENGINE_H

#include "iscc-campaign-points.h"
#include "iscc-campaign-record.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  void *self;
  /* Whether it takes no more runs at the moment, and whether it has none. */
  bool (*is_full)(const void *self);
  bool (*is_idle)(const void *self);
  /* Takes a run over: it begins now, or with others that were taken over before the next wait. */
  iscc_status (*start)(void *self, size_t point, int64_t run, iscc_error *error);
  /* Waits up to patience_s for a run that has ended. ISCC_EINTR: a signal asks to stop; the text says what goes on. */
  iscc_status (*wait)(void *self, double patience_s, bool *ended, iscc_error *error);
  /* After such a wait, but not necessarily at once: says how that run ended. It is in the database then, unless it was lost. */
  iscc_status (*take_end)(void *self, iscc_campaign_end *end, iscc_error *error);
  /* While the database is waited for: waits a moment and notes which runs end, with no say to it. false: a signal asks to stop. */
  bool (*watch)(void *self);
  void (*close)(void *self); /* NULL: it is not open */
} iscc_campaign_engine;

/* Opens one. settings: of its kind. All is borrowed until it is closed. On failure there is nothing to close. */
typedef iscc_status iscc_campaign_opener(const iscc_campaign_program *program,
                                         const iscc_campaign_points *points, iscc_campaign_store *store,
                                         const char *database, const void *settings,
                                         iscc_campaign_engine *out, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
