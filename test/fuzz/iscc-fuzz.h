/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-fuzz - what the fuzz targets share: input as a file, and what must hold of every refusal.
 *
 * A target defines LLVMFuzzerTestOneInput() for libFuzzer (doc/fuzzing.rst), which calls it from one thread. What must
 * hold is checked with ISCC_FUZZ_REQUIRE(), which ends the process: libFuzzer then keeps the input. */
#ifndef ISCC_FUZZ_H
#define ISCC_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

void iscc_fuzz_require(int holds, const char *what, const char *file, int line);
#define ISCC_FUZZ_REQUIRE(what) iscc_fuzz_require(!!(what), #what, __FILE__, __LINE__)

/* The path of a regular file in memory that holds these bytes until the next call. */
const char *iscc_fuzz_file(const void *bytes, size_t count);

/* The bytes with a NUL behind them; free() it. */
char *iscc_fuzz_text(const uint8_t *bytes, size_t count);

/* Whether it worked; of a refusal, the text must be one line of UTF-8 without control characters. */
int iscc_fuzz_accepted(iscc_status status, const iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
