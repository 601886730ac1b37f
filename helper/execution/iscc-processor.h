/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-processor - which kind of processor this is: libraries of numerics choose by it how they compute. */
#ifndef ISCC_PROCESSOR_H
#define ISCC_PROCESSOR_H

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_PROCESSOR_TEXT = 128 };

/* "model name" of /proc/cpuinfo, of the first processor; empty where Linux does not tell it. */
void iscc_processor_kind(char text[ISCC_PROCESSOR_TEXT]);

#ifdef __cplusplus
}
#endif
#endif
