/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-orphans - ends what the runs of a killed campaign have started and what is still at work.
 *
 * A run dies with its campaign, but what it has started does not. Whatever has stdout or stderr in a file run-... of
 * the campaign's folder is of such a run; what has made a session of its own (setsid) is let go on. Of this machine and, but
 * for root, of this user. Needs Linux. */
#ifndef ISCC_ORPHANS_H
#define ISCC_ORPHANS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Called by whoever holds the folder's lock, before there are runs of its own. */
void iscc_orphans_end(const char *folder);

#ifdef __cplusplus
}
#endif
#endif
