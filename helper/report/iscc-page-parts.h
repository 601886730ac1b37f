/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-page-parts - style and scripts of a report, as text; the build makes the source from the files of this folder and from the
 * library dygraphs. */
#ifndef ISCC_PAGE_PARTS_H
#define ISCC_PAGE_PARTS_H

#ifdef __cplusplus
extern "C" {
#endif

extern const char iscc_page_style[], iscc_page_script[];
extern const char iscc_page_plot_style[], iscc_page_plot_script[]; /* of dygraphs; empty: it was not there */

#ifdef __cplusplus
}
#endif
#endif
