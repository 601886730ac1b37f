/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-document-text - plain text made safe for HTML and Markdown, base64 and links; for iscc-document.c. */
#ifndef ISCC_DOCUMENT_TEXT_H
#define ISCC_DOCUMENT_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For HTML's content and quoted attributes, valid XML too. Control characters become blanks, line ends only
 * unless they are kept. */
void iscc_html_text(const char *text, bool keep_lines, FILE *out);

/* For a paragraph, heading, list item or table cell of GitHub's Markdown: shows as it is. */
void iscc_markdown_text(const char *text, FILE *out);

/* A link's target, both files being there: `path` from the folder that holds `from`, percent-encoded.
 * ISCC_EIO if one of the two cannot be found. */
iscc_status iscc_link_target(const char *from, const char *path, FILE *out, iscc_error *error);

/* All bytes of a file in base64. */
iscc_status iscc_base64_file(const char *path, FILE *out, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
