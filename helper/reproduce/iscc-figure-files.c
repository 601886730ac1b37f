/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-figure-files.h"

#include <unistd.h>

void iscc_figure_path(const iscc_study *study, const char *name, const char *ending,
                      char path[ISCC_FIGURE_PATH_MAX]) {
  snprintf(path, ISCC_FIGURE_PATH_MAX, "%s/%s.%s", study->settings.directory, name, ending);
}

FILE *iscc_figure_csv(const iscc_study *study, const char *name, iscc_output_file *file, iscc_error *error) {
  char path[ISCC_FIGURE_PATH_MAX];
  iscc_figure_path(study, name, "csv", path);
  return iscc_output_begin(file, path, error);
}

static const char *const endings[] = {"png", "svg"};

iscc_status iscc_figure_draw(const iscc_study *study, const char *name, const iscc_plot_sheet *sheet,
                             const iscc_plot_panel *panels, size_t count, iscc_error *error) {
  char path[ISCC_FIGURE_PATH_MAX];
  iscc_status status = ISCC_OK;
  for (int i = 0; i < 2 && !status; i++) {
    iscc_figure_path(study, name, endings[i], path);
    status = iscc_plot_panels(path, sheet, panels, count, error);
  }
  return status;
}

void iscc_figure_remove(const iscc_study *study, const char *name) {
  char path[ISCC_FIGURE_PATH_MAX];
  for (int i = 0; i < 2; i++) {
    iscc_figure_path(study, name, endings[i], path);
    unlink(path);
  }
}
