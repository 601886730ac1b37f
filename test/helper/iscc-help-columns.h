/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-help-columns - whether what --help prints stands in its two columns: for tests. */
#ifndef ISCC_HELP_COLUMNS_H
#define ISCC_HELP_COLUMNS_H

#ifdef __cplusplus
extern "C" {
#endif

/* The first line of a help text that is wider than 79 characters or an option's whose text does not begin in column
 * 29; NULL: none. Stays until the next call. */
const char *iscc_help_misplaced(const char *help);

#ifdef __cplusplus
}
#endif
#endif
