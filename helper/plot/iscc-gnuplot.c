/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-gnuplot.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define PX_PER_INCH  96.0
#define PT_PER_PX    0.75
#define LETTER_WIDTH 0.64 /* of the font's size; a mean of DejaVu Sans, which is wide */

/* gnuplot's terminals differ in what a point size of 1 is and in how far below an axis its texts stand. */
static const struct {
  const char *ending, *terminal, *font, *bold; /* which size and font follow */
  double unit_px, font_unit_px;                /* of sizes and of the font's size */
  double mark_scale, tick_up;
} kinds[] = {
    {".png", "pngcairo background rgb 'white' noenhanced", "DejaVu Sans", "DejaVu Sans:Bold", 1, 4 / 3.0, 1.5,
     0.1},
    {".svg", "svg fixed standalone background rgb 'white' noenhanced", "DejaVu Sans,Verdana,Arial,sans-serif",
     "sans-serif Bold", 1, 1, 0.62, 0.5},
    {".pdf", "pdfcairo background rgb 'white' noenhanced", "DejaVu Sans", "DejaVu Sans:Bold", PX_PER_INCH,
     0.88, 0.75, 0.1},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static int find_kind(const char *path) {
  const char *dot = strrchr(path, '.');
  int i = 0;
  while (i < KINDS && (!dot || strcasecmp(dot, kinds[i].ending) != 0)) i++;
  return i;
}

iscc_status iscc_gnuplot_check_path(const char *path, iscc_error *error) {
  if (find_kind(path) < KINDS) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "%s: a figure's name ends in .png, .svg or .pdf", path);
}

bool iscc_gnuplot_is_plain(const char *text) {
  for (; text && *text; text++)
    if (strchr("'\"\\`", *text) || iscntrl((unsigned char)*text)) return false;
  return true;
}

double iscc_gnuplot_text_px(const char *text) {
  size_t letters = 0; /* bytes that begin a character of UTF-8 */
  for (; text && *text; text++) letters += ((unsigned char)*text & 0xC0) != 0x80;
  return LETTER_WIDTH * ISCC_GNUPLOT_FONT_PX * (double)letters;
}

iscc_status iscc_gnuplot_begin(iscc_gnuplot *gnuplot, const char *path, int width_px, int height_px,
                               iscc_error *error) {
  const iscc_status status = iscc_gnuplot_check_path(path, error);
  if (status) return status;
  if (!iscc_output_begin(&gnuplot->picture, path, error)) return ISCC_EIO;
  gnuplot->script = tmpfile();
  if (!gnuplot->script) {
    iscc_output_cancel(&gnuplot->picture);
    return iscc_fail(error, ISCC_EIO, "%s: cannot be drawn: no temporary file: %s", path, strerror(errno));
  }
  const int k = find_kind(path);
  const double font_size = ISCC_GNUPLOT_FONT_PX / kinds[k].font_unit_px;
  fprintf(gnuplot->script,
          "set encoding utf8\nset terminal %s size %.6g,%.6g font '%s,%.6g'\n"
          "BOLD = '%s,%.6g'\nMARK = %g\nTICK_UP = %g\n",
          kinds[k].terminal, width_px / kinds[k].unit_px, height_px / kinds[k].unit_px, kinds[k].font,
          font_size, kinds[k].bold, font_size, kinds[k].mark_scale, kinds[k].tick_up);
  return ISCC_OK;
}

iscc_status iscc_gnuplot_keep(const iscc_gnuplot *gnuplot, const char *path, iscc_error *error) {
  iscc_output_file kept;
  char block[4096];
  size_t n;
  FILE *out = iscc_output_begin(&kept, path, error);
  if (!out) return ISCC_EIO;
  rewind(gnuplot->script);
  while ((n = fread(block, 1, sizeof block, gnuplot->script)) > 0) fwrite(block, 1, n, out);
  fseek(gnuplot->script, 0, SEEK_END);
  return iscc_output_end(&kept, error);
}

void iscc_gnuplot_cancel(iscc_gnuplot *gnuplot) {
  fclose(gnuplot->script);
  iscc_output_cancel(&gnuplot->picture);
}

/* ---- the run ---- */

/* The last line that gnuplot printed: the complaint follows the line it complains of. */
static void read_complaint(FILE *complaints, char *text, size_t size) {
  char line[256];
  rewind(complaints);
  while (fgets(line, sizeof line, complaints)) {
    line[strcspn(line, "\n")] = '\0';
    const char *start = line + strspn(line, " \t\"");
    if (isalnum((unsigned char)*start)) snprintf(text, size, "gnuplot: %s", start);
  }
}

/* In a process group of its own: Ctrl-C is for the program, which then may want to finish the picture. */
static pid_t start(FILE *script, FILE *picture, FILE *complaints) {
  static char program[] = "gnuplot", defaults[] = "--default-settings";
  char *arguments[] = {program, defaults, NULL};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  pid_t child = -1;
  if (posix_spawn_file_actions_init(&actions) != 0) return -1;
  if (posix_spawnattr_init(&attributes) != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return -1;
  }
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(picture), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(complaints), STDERR_FILENO);
  if (posix_spawnp(&child, program, &actions, &attributes, arguments, environ) != 0) child = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return child;
}

/* Writes a reason into the text unless the picture was drawn. */
static void run(FILE *script, FILE *picture, FILE *complaints, char *reason, size_t size) {
  if (fflush(script) != 0 || ferror(script) || lseek(fileno(script), 0, SEEK_SET) < 0) {
    snprintf(reason, size, "its commands could not be stored");
    return;
  }
  const pid_t child = start(script, picture, complaints);
  if (child < 0) {
    snprintf(reason, size, "gnuplot could not be started (package gnuplot-nox)");
    return;
  }
  int status;
  pid_t waited;
  do waited = waitpid(child, &status, 0);
  while (waited < 0 && errno == EINTR);
  struct stat info;
  if (waited != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    snprintf(reason, size, "gnuplot reported an error");
    read_complaint(complaints, reason, size);
  } else if (fstat(fileno(picture), &info) != 0 || info.st_size == 0) {
    snprintf(reason, size, "gnuplot drew nothing");
  }
}

iscc_status iscc_gnuplot_end(iscc_gnuplot *gnuplot, iscc_error *error) {
  char reason[300] = "";
  FILE *complaints = tmpfile();
  if (complaints) {
    run(gnuplot->script, gnuplot->picture.file, complaints, reason, sizeof reason);
    fclose(complaints);
  } else {
    snprintf(reason, sizeof reason, "no temporary file: %s", strerror(errno));
  }
  fclose(gnuplot->script);
  if (!*reason) return iscc_output_end(&gnuplot->picture, error);
  iscc_fail(error, ISCC_EIO, "%s: cannot be drawn: %s", gnuplot->picture.path, reason);
  iscc_output_cancel(&gnuplot->picture);
  return ISCC_EIO;
}

iscc_status iscc_gnuplot_end_keeping(iscc_gnuplot *gnuplot, const char *kept, iscc_error *error) {
  const iscc_status status = kept ? iscc_gnuplot_keep(gnuplot, kept, error) : ISCC_OK;
  if (!status) return iscc_gnuplot_end(gnuplot, error);
  iscc_gnuplot_cancel(gnuplot);
  return status;
}
