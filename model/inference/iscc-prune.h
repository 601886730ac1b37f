/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-prune - weight-magnitude pruning of one layer at any ratio, fast enough for every task.
 *
 * At keep ratio p the floor((1-p) M) weights of smallest magnitude are zero, the others as they were
 * (doc/model.rst, section on pruning). Of equal magnitudes the one with the lower index goes first.
 *
 * The weights are ranked once at creation; a ratio is then applied in one pass of M comparisons.
 * Memory: create allocates, nothing else does. Threads: read only after creation. */
#ifndef ISCC_PRUNE_H
#define ISCC_PRUNE_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_pruner iscc_pruner;

/* Ranks weight[0..n), which is borrowed and must outlive the pruner. ISCC_EINVAL: n is 0 or above 2^32 - 1.
 */
iscc_status iscc_pruner_create(const float *weight, size_t n, iscc_pruner **out, iscc_error *error);
void iscc_pruner_destroy(iscc_pruner *pruner); /* NULL is fine */

/* Weights left at p in (0, 1]: n - floor((1-p) n), computed as ceil(p n), which keeps decimal ratios exact.
 */
size_t iscc_prune_kept(size_t n, double keep_ratio);

/* pruned[0..n) = the weights with all but the `kept` largest zeroed. pruned may not overlap the weights. */
void iscc_pruner_apply(const iscc_pruner *pruner, size_t kept, float *pruned);

#ifdef __cplusplus
}
#endif
#endif
