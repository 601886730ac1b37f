/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-processor.h"

#include <stdio.h>

void iscc_processor_kind(char text[ISCC_PROCESSOR_TEXT]) {
  char line[512];
  FILE *file = fopen("/proc/cpuinfo", "r");
  text[0] = '\0';
  while (file && !text[0] && fgets(line, sizeof line, file)) sscanf(line, "model name : %127[^\n]", text);
  if (file) fclose(file);
}
