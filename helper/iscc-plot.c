/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-plot.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { CURVES_MAX = 16, MAPS_MAX = 4 };

/* ------------------------------------------------------------------------------------------- running gnuplot
 */

/* Commands from script, picture to the file `picture`; 0 or a reason. */
static const char *run_gnuplot(FILE *script, int picture) {
  static char program[] = "gnuplot";
  char *arguments[] = {program, NULL};
  posix_spawn_file_actions_t actions;
  if (fflush(script) != 0 || lseek(fileno(script), 0, SEEK_SET) < 0)
    return "its commands could not be stored";
  if (posix_spawn_file_actions_init(&actions) != 0) return "out of memory";
  posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, picture, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child;
  const int failed = posix_spawnp(&child, program, &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed) return "gnuplot could not be started (package gnuplot-nox)";
  int status;
  pid_t waited;
  do waited = waitpid(child, &status, 0);
  while (waited < 0 && errno == EINTR);
  struct stat info;
  if (waited != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return "gnuplot reported an error";
  if (fstat(picture, &info) != 0 || info.st_size == 0) return "gnuplot drew nothing";
  return NULL;
}

/* Draws the script beside path and renames. Takes script. */
static iscc_status draw(const char *path, FILE *script, iscc_error *error) {
  const size_t size = strlen(path) + sizeof ".XXXXXX";
  char *beside = malloc(size);
  if (!beside) {
    fclose(script);
    return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  }
  snprintf(beside, size, "%s.XXXXXX", path);
  const int picture = mkstemp(beside);
  const char *reason = NULL;
  if (picture < 0) {
    reason = strerror(errno);
  } else {
    const mode_t mask = umask(0);
    umask(mask);
    (void)fchmod(picture, 0666 & ~mask);
    reason = run_gnuplot(script, picture);
    if (close(picture) != 0 && !reason) reason = strerror(errno);
    if (!reason && rename(beside, path) != 0) reason = strerror(errno);
    if (reason) unlink(beside);
  }
  fclose(script);
  free(beside);
  return reason ? iscc_fail(error, ISCC_EIO, "%s: cannot be drawn: %s", path, reason) : ISCC_OK;
}

static FILE *begin_script(const char *path, const iscc_plot_frame *frame, iscc_error *error) {
  FILE *script = tmpfile();
  if (!script) {
    iscc_fail(error, ISCC_EIO, "%s: cannot be drawn: no temporary file: %s", path, strerror(errno));
    return NULL;
  }
  fprintf(script,
          "set terminal pngcairo size %d,%d font 'sans,11' noenhanced\n"
          "set encoding utf8\nset border lw 0.8\nset tics out nomirror\n",
          frame->width_px > 0 ? frame->width_px : 900, frame->height_px > 0 ? frame->height_px : 600);
  return script;
}

static bool is_plain(const char *text) {
  return !text || !strpbrk(text, "'\"\\\n\r`");
}

static iscc_status check_frame(const iscc_plot_frame *frame, iscc_error *error) {
  if (is_plain(frame->title) && is_plain(frame->x_label) && is_plain(frame->y_label)) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "plot: title and labels may not hold quotes, backslashes or newlines");
}

static const char *text_or_empty(const char *text) {
  return text ? text : "";
}

/* ----------------------------------------------------------------------------------------------------
 * figures */

iscc_status iscc_plot_curves(const char *path, const iscc_plot_frame *frame, const iscc_plot_curve *curves,
                             size_t count, iscc_error *error) {
  iscc_status status = check_frame(frame, error);
  if (status) return status;
  if (count < 1 || count > CURVES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "plot: %zu curves are outside 1..%d", count, CURVES_MAX);
  for (size_t i = 0; i < count; i++)
    if (!is_plain(curves[i].legend))
      return iscc_fail(error, ISCC_EINVAL, "plot: legends may not hold quotes, backslashes or newlines");
  FILE *script = begin_script(path, frame, error);
  if (!script) return ISCC_EIO;
  fprintf(script,
          "set title '%s'\nset xlabel '%s'\nset ylabel '%s'\nset grid lc rgb '#dddddd'\nset key outside "
          "top center horizontal\n",
          text_or_empty(frame->title), text_or_empty(frame->x_label), text_or_empty(frame->y_label));
  fprintf(script, "set datafile missing 'nan'\nplot ");
  for (size_t i = 0; i < count; i++)
    fprintf(script, "%s'-' using 1:2 with %s title '%s'", i ? ", " : "",
            curves[i].marks ? "points pt 7 ps 0.8" : "lines lw 1.5", text_or_empty(curves[i].legend));
  fputc('\n', script);
  for (size_t i = 0; i < count; i++) {
    for (size_t k = 0; k < curves[i].points; k++) {
      if (isfinite(curves[i].x[k]) && isfinite(curves[i].y[k]))
        fprintf(script, "%.9g %.9g\n", curves[i].x[k], curves[i].y[k]);
      else
        fputc('\n', script);
    }
    fputs("e\n", script);
  }
  return draw(path, script, error);
}

/* Cells as a binary array would need a byte count; text lines "x y value", a blank line after each row. */
static void write_cells(FILE *script, const iscc_plot_map *map, double low, double high) {
  const double dx = map->columns > 1 ? (map->x_last - map->x_first) / (double)(map->columns - 1) : 1;
  const double dy = map->rows > 1 ? (map->y_last - map->y_first) / (double)(map->rows - 1) : 1;
  for (size_t r = 0; r < map->rows; r++)
    for (size_t c = 0; c < map->columns; c++) {
      const double value = map->values[r * map->columns + c];
      fprintf(script, "%.7g %.7g %.5g\n", map->x_first + dx * (double)c, map->y_first + dy * (double)r,
              isfinite(value) ? fmin(high, fmax(low, value)) : low);
    }
  fputs("e\n", script);
}

/* The largest of 1, 2, 5 times a power of ten that is not above a wanted step. */
static double tick_step(double wanted) {
  if (!(wanted > 0)) return 1;
  const double unit = pow(10, floor(log10(wanted)));
  return unit * (wanted >= 5 * unit ? 5 : wanted >= 2 * unit ? 2 : 1);
}

iscc_status iscc_plot_maps(const char *path, const iscc_plot_frame *frame, const iscc_plot_map *maps,
                           size_t count, const char *scale_label, double low, double high,
                           iscc_error *error) {
  iscc_status status = check_frame(frame, error);
  if (status) return status;
  if (count < 1 || count > MAPS_MAX || !(low < high))
    return iscc_fail(error, ISCC_EINVAL, "plot: %zu maps are outside 1..%d, or the scale %g..%g is empty",
                     count, MAPS_MAX, low, high);
  for (size_t i = 0; i < count; i++)
    if (!is_plain(maps[i].title) || !is_plain(scale_label) || maps[i].rows < 1 || maps[i].columns < 1)
      return iscc_fail(error, ISCC_EINVAL, "plot: map %zu is empty or its title holds a quote or newline", i);
  FILE *script = begin_script(path, frame, error);
  if (!script) return ISCC_EIO;
  fprintf(
      script,
      "set palette defined (0 '#000004', 1 '#3b0f70', 2 '#8c2981', 3 '#de4968', 4 '#fe9f6d', 5 '#fcfdbf')\n"
      "set cbrange [%.9g:%.9g]\nset xlabel '%s'\nset ylabel '%s'\nunset key\n",
      low, high, text_or_empty(frame->x_label), text_or_empty(frame->y_label));
  fprintf(script, "set multiplot layout 1,%zu title '%s'\n", count, text_or_empty(frame->title));
  for (size_t i = 0; i < count; i++) {
    const double half_x =
        maps[i].columns > 1 ? 0.5 * (maps[i].x_last - maps[i].x_first) / (double)(maps[i].columns - 1) : 0.5;
    const double half_y =
        maps[i].rows > 1 ? 0.5 * (maps[i].y_last - maps[i].y_first) / (double)(maps[i].rows - 1) : 0.5;
    fprintf(script, "set xtics %.9g\n",
            tick_step(fabs(maps[i].x_last - maps[i].x_first) / (double)(5 - count / 2)));
    fprintf(script, "set title '%s'\nset xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n",
            text_or_empty(maps[i].title), maps[i].x_first - half_x, maps[i].x_last + half_x,
            maps[i].y_first - half_y, maps[i].y_last + half_y);
    /* equal widths, the colour scale to the right of the last */
    const double left = (count == 1 ? 0.09 : 0.065) + 0.865 * (double)i / (double)count;
    fprintf(script, "set lmargin at screen %.4f\nset rmargin at screen %.4f\n", left,
            left + 0.865 / (double)count - (count == 1 ? 0.10 : 0.065));
    if (i + 1 < count)
      fputs("unset colorbox\n", script);
    else
      fprintf(script, "set colorbox\nset cblabel '%s'\n", text_or_empty(scale_label));
    fputs("plot '-' using 1:2:3 with image\n", script);
    write_cells(script, &maps[i], low, high);
  }
  fputs("unset multiplot\n", script);
  return draw(path, script, error);
}
