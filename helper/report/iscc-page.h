/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-page - a result database as one HTML file to look at in a browser: summary in words, plots, tables, where the numbers come from.
 *
 * The file holds all it needs and fetches nothing; its Content-Security-Policy allows just the scripts that are in it. Texts of the database are
 * shown as text. The same database, by the same name, gives the same bytes. */
#ifndef ISCC_PAGE_H
#define ISCC_PAGE_H

#include "iscc-page-data.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the file whole or not at all. ISCC_ESTATE: this build has no library for plots; else the status of iscc_page_data() and of
 * iscc-output-file.h. */
iscc_status iscc_page_write(const char *database, const iscc_page_question *question, const char *path,
                            iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
