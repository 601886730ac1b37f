/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-json-text - JSON as text that people read, too: 1e-21, not 9.9999999999999991e-22. */
#ifndef ISCC_JSON_TEXT_H
#define ISCC_JSON_TEXT_H

#include <jansson.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One line with the fewest digits, 15 to 17 for all numbers alike, at which it reads back equal; free() it. NULL: out
 * of memory. */
char *iscc_json_text(const json_t *value);

#ifdef __cplusplus
}
#endif
#endif
