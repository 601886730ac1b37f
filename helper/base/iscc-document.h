/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-document - one report written twice by the same calls: as an HTML file that holds all it shows, and as
 * Markdown (GitHub's) beside its pictures.
 *
 *   iscc_document *d;
 *   status = iscc_document_create("Figures of the paper", "report.html", "report.md", &d, error);
 *   iscc_document_heading(d, 2, "Energy and accuracy");
 *   iscc_document_paragraph(d, "%d tasks each.", tasks);
 *   iscc_document_figure(d, "fig5.svg", "fig5.png", "Energy over the target accuracy");
 *   status = iscc_document_finish(d, error);
 *
 * All texts are plain UTF-8 and are escaped here; line ends in them count as blanks. Everything is borrowed
 * for the call only. The calls in between report nothing: the first that fails makes the later ones do
 * nothing, and iscc_document_finish() tells of it. The HTML needs no script and no network; its table of
 * contents lists the headings of level 2. */
#ifndef ISCC_DOCUMENT_H
#define ISCC_DOCUMENT_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_document iscc_document;

/* Opens both files beside their paths (iscc-output-file.h), so that a folder that cannot be written to is
 * found now. */
iscc_status iscc_document_create(const char *title, const char *html_path, const char *markdown_path,
                                 iscc_document **out, iscc_error *error);

/* level: 2..4; the title is level 1. */
void iscc_document_heading(iscc_document *document, int level, const char *text);
void iscc_document_paragraph(iscc_document *document, const char *format, ...) ISCC_PRINTF(2, 3);

/* One item of a bulleted list; items that follow each other make up one list. */
void iscc_document_item(iscc_document *document, const char *format, ...) ISCC_PRINTF(2, 3);

/* Commands or output, as they are; line ends count. */
void iscc_document_code(iscc_document *document, const char *text);

/* ---- tables ---- */

typedef enum { ISCC_COLUMN_LEFT, ISCC_COLUMN_RIGHT, ISCC_COLUMN_VERDICT } iscc_column_kind;

/* Right: for numbers. Verdict: coloured by the row's verdict in HTML, a word in both. */
typedef struct {
  const char *head;
  iscc_column_kind kind;
} iscc_document_column;

typedef enum {
  ISCC_VERDICT_NONE,
  ISCC_VERDICT_HOLDS,
  ISCC_VERDICT_PART,
  ISCC_VERDICT_FAILS,
  ISCC_VERDICT_NA
} iscc_verdict;

enum { ISCC_DOCUMENT_COLUMNS_MAX = 32 };

/* 1..ISCC_DOCUMENT_COLUMNS_MAX columns; rows follow, then the end, nothing else between. */
void iscc_document_table_begin(iscc_document *document, const iscc_document_column *columns, size_t count);

/* cells: one text for each column; NULL is an empty cell, in a verdict column the verdict's own word (holds,
 * holds in part, fails, not applicable). */
void iscc_document_table_row(iscc_document *document, iscc_verdict verdict, const char *const *cells);
void iscc_document_table_end(iscc_document *document);

/* ---- files ---- */

/* Embeds one picture (.svg or .png, read now) into the HTML, and links the other from the Markdown by its
 * place relative to that file; NULL: the same picture. The caption is also the text for who cannot see it. */
void iscc_document_figure(iscc_document *document, const char *html_picture, const char *markdown_picture,
                          const char *caption);

/* An item that links a file, such as a CSV file, by its place relative to the document; the file has to be
 * there. text: what follows the file's name, NULL for nothing. */
void iscc_document_link(iscc_document *document, const char *path, const char *text);

/* Writes both files, then renames them; neither if one cannot be written whole. Frees the document in any
 * case. Reports the first failure of all calls. */
iscc_status iscc_document_finish(iscc_document *document, iscc_error *error);

/* Frees the document and leaves the files as they were. NULL: nothing. */
void iscc_document_cancel(iscc_document *document);

#ifdef __cplusplus
}
#endif
#endif
