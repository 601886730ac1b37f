/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-commit - the git commit that the command was built from: the whole hash, with "-dirty" behind it when the tree held
 * something else; "unknown" when it was built without git. Of the command alone, so that libraries and other programs
 * stay the same file from one commit to the next unless their own sources change. */
#ifndef ISCC_COMMIT_H
#define ISCC_COMMIT_H

const char *iscc_commit(void);

#endif
