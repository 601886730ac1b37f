/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-figures.h"

#include <string.h>

static const char *const names[ISCC_FIGURES] = {"fig4", "fig7", "fig8", "fig9", "fig10", "fig11", "table3"};

const char *iscc_figure_name(iscc_figure figure) {
  return names[figure];
}

iscc_status iscc_figure_find(const char *name, iscc_figure *figure, iscc_error *error) {
  for (int i = 0; i < ISCC_FIGURES; i++) {
    *figure = (iscc_figure)i;
    if (strcmp(names[i], name) == 0) return ISCC_OK;
  }
  return iscc_fail(error, ISCC_EINVAL, "'%s' is none of fig4, fig7, fig8, fig9, fig10, fig11, table3, all",
                   name);
}
