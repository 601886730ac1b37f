/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-options.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-nearest.h"
#include "iscc-safe-text.h"

enum { REFUSAL_MAX = 4096 }; /* bytes of a line */

void iscc_option_refuse(const struct argp_state *state, const char *format, ...) {
  char text[REFUSAL_MAX], safe[4 * REFUSAL_MAX];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  iscc_safe_text(text, strlen(text), 0, safe, sizeof safe);
  fprintf(stderr, "%s: %s (see '%s --help')\n", state->name, safe, state->name);
  exit(ISCC_EXIT_USAGE);
}

/* The whole text as a finite number, or a refusal. */
static double parse_real(const struct argp_state *state, const char *name, const char *text) {
  char *end;
  errno = 0;
  const double value = strtod(text, &end);
  if (end == text || *end != '\0' || !isfinite(value))
    iscc_option_refuse(state, "--%s: '%s' is not a number", name, text);
  return value;
}

double iscc_option_real(const struct argp_state *state, const char *name, const char *text, double low,
                        double high) {
  const double value = parse_real(state, name, text);
  if (!(value >= low && value <= high))
    iscc_option_refuse(state, "--%s: %s is outside %g..%g", name, text, low, high);
  return value;
}

double iscc_option_positive(const struct argp_state *state, const char *name, const char *text) {
  const double value = parse_real(state, name, text);
  if (!(value > 0)) iscc_option_refuse(state, "--%s: %s is not greater than 0", name, text);
  return value;
}

int64_t iscc_option_integer(const struct argp_state *state, const char *name, const char *text, int64_t low,
                            int64_t high) {
  char *end;
  errno = 0;
  const long long value = strtoll(text, &end, 10);
  if (end == text || *end != '\0' || errno == ERANGE)
    iscc_option_refuse(state, "--%s: '%s' is not a whole number", name, text);
  if (value < low || value > high)
    iscc_option_refuse(state, "--%s: %s is outside %lld..%lld", name, text, (long long)low, (long long)high);
  return value;
}

void iscc_option_range(const struct argp_state *state, const char *name, const char *text, int least,
                       int most, int *low, int *high) {
  char first[16];
  const size_t length = strcspn(text, ":");
  if (text[length] != ':' || length >= sizeof first)
    iscc_option_refuse(state, "--%s: '%s' is not LOW:HIGH", name, text);
  memcpy(first, text, length);
  first[length] = '\0';
  *low = (int)iscc_option_integer(state, name, first, least, most);
  *high = (int)iscc_option_integer(state, name, text + length + 1, *low, most);
}

int iscc_option_list(const struct argp_state *state, const char *name, const char *text, int least, int most,
                     int *values, int max) {
  int count = 0;
  for (const char *rest = text; count == 0 || *rest;) {
    char item[16];
    const size_t length = strcspn(rest, ",");
    if (length >= sizeof item || count == max)
      iscc_option_refuse(state, "--%s: '%s' is not a list of 1..%d numbers", name, text, max);
    memcpy(item, rest, length);
    item[length] = '\0';
    values[count++] = (int)iscc_option_integer(state, name, item, least, most);
    rest += length + (rest[length] == ',');
  }
  return count;
}

/* The option of this name, or else the first that begins with it, as getopt takes abbreviations; NULL without one. */
static const struct argp_option *find_option(const struct argp *argp, const char *name, size_t length) {
  const struct argp_option *found = NULL;
  for (const struct argp_option *o = argp->options; o && (o->name || o->key || o->doc); o++) {
    if (!o->name || strncmp(o->name, name, length) != 0) continue;
    if (o->name[length] == '\0') return o;
    if (!found) found = o;
  }
  for (const struct argp_child *c = argp->children; c && c->argp; c++) {
    const struct argp_option *o = find_option(c->argp, name, length);
    if (o && (!found || o->name[length] == '\0')) found = o;
  }
  return found;
}

static void offer_options(const struct argp *argp, iscc_nearest *nearest) {
  for (const struct argp_option *o = argp->options; o && (o->name || o->key || o->doc); o++) {
    char name[ISCC_NEAREST_NAME_MAX];
    snprintf(name, sizeof name, "--%s", o->name ? o->name : "");
    if (o->name) iscc_nearest_offer(nearest, name);
  }
  for (const struct argp_child *c = argp->children; c && c->argp; c++) offer_options(c->argp, nearest);
}

__attribute__((noreturn)) static void refuse_option(const struct argp *argp, const struct argp_state *state,
                                                    const char *name, size_t length) {
  char typed[ISCC_NEAREST_NAME_MAX], question[ISCC_ERROR_TEXT_MAX];
  snprintf(typed, sizeof typed, "--%.*s", (int)length, name);
  iscc_nearest nearest = {.typed = typed};
  offer_options(argp, &nearest);
  iscc_option_refuse(state, "%s: there is no such option%s", typed,
                     iscc_nearest_question(&nearest, question, sizeof question));
}

/* Words after "--" and "-" that getopt would report in two lines without the program's short name; each returns how many
 * words behind it are its value. */
static int check_name(const struct argp *argp, const struct argp_state *state, const char *name, bool last) {
  static const struct argp_option own[] = {{.name = "help", .doc = ""}, {.name = "usage", .doc = ""}, {0}};
  const struct argp always = {.options = own};
  const size_t length = strcspn(name, "=");
  const struct argp_option *o = find_option(&always, name, length);
  if (!o) o = find_option(argp, name, length);
  if (!o) refuse_option(argp, state, name, length);
  if (!o->arg && name[length] == '=') iscc_option_refuse(state, "--%s: takes no value", o->name);
  if (!o->arg || (o->flags & OPTION_ARG_OPTIONAL) || name[length] == '=') return 0;
  if (last) iscc_option_refuse(state, "--%s: needs a value, %s", o->name, o->arg);
  return 1;
}

static const struct argp_option *find_letter(const struct argp *argp, char letter) {
  for (const struct argp_option *o = argp->options; o && (o->name || o->key || o->doc); o++)
    if (o->key == letter) return o;
  for (const struct argp_child *c = argp->children; c && c->argp; c++) {
    const struct argp_option *o = find_letter(c->argp, letter);
    if (o) return o;
  }
  return NULL;
}

static int check_letters(const struct argp *argp, const struct argp_state *state, const char *letters,
                         bool last) {
  for (const char *l = letters; *l; l++) {
    if (*l == '?') continue; /* help */
    const struct argp_option *o = isalnum((unsigned char)*l) ? find_letter(argp, *l) : NULL;
    if (!o) iscc_option_refuse(state, "-%s: there is no such option", l);
    if (!o->arg || (o->flags & OPTION_ARG_OPTIONAL)) continue;
    if (!l[1] && last) iscc_option_refuse(state, "-%c: needs a value, %s", *l, o->arg);
    return l[1] == '\0';
  }
  return 0;
}

static void check_words(const struct argp *argp, int argc, char **argv) {
  const char *slash = strrchr(argv[0], '/');
  struct argp_state state = {0};
  state.name = argv[0] + (slash ? slash + 1 - argv[0] : 0);
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (argv[i][0] == '-' && argv[i][1])
      i += argv[i][1] == '-' ? check_name(argp, &state, argv[i] + 2, i + 1 == argc)
                             : check_letters(argp, &state, argv[i] + 1, i + 1 == argc);
}

void iscc_options_parse(const struct argp *argp, int argc, char **argv, unsigned flags, void *input) {
  argp_err_exit_status = ISCC_EXIT_USAGE;
  setenv("ARGP_HELP_FMT", "long-opt-col=2",
         0); /* few have letters: room for long names before the texts' column */
  check_words(argp, argc, argv);
  const error_t failed = argp_parse(argp, argc, argv, flags, NULL, input);
  if (failed) {
    fprintf(stderr, "%s: %s\n", argv[0], strerror(failed));
    exit(ISCC_EXIT_FAILURE);
  }
}

int iscc_report_failure(const char *program, iscc_status status, const iscc_error *error) {
  fflush(stdout); /* what was said before comes before */
  fprintf(stderr, "%s: %s\n", program, error && error->text[0] ? error->text : iscc_status_text(status));
  return status == ISCC_EINVAL ? ISCC_EXIT_USAGE : ISCC_EXIT_FAILURE;
}
