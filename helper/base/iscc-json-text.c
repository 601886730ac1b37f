/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-json-text.h"

#include <stdlib.h>

/* What was typed with up to 15 digits comes back with as many, and 17 are enough for any double. */
char *iscc_json_text(const json_t *value) {
  for (size_t digits = 15;; digits++) {
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits));
    if (!text || digits == 17) return text;
    json_t *back = json_loads(text, JSON_DECODE_ANY, NULL);
    const int same = json_equal(back, value);
    json_decref(back);
    if (same) return text;
    free(text);
  }
}
