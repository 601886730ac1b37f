/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-options.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void iscc_option_refuse(const struct argp_state *state, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fprintf(stderr, "%s: ", state->name);
  vfprintf(stderr, format, args);
  fprintf(stderr, " (see '%s --help')\n", state->name);
  va_end(args);
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

void iscc_options_parse(const struct argp *argp, int argc, char **argv, unsigned flags, void *input) {
  argp_err_exit_status = ISCC_EXIT_USAGE;
  const error_t failed = argp_parse(argp, argc, argv, flags, NULL, input);
  if (failed) {
    fprintf(stderr, "%s: %s\n", argv[0], strerror(failed));
    exit(ISCC_EXIT_FAILURE);
  }
}

int iscc_report_failure(const char *program, iscc_status status, const iscc_error *error) {
  fprintf(stderr, "%s: %s\n", program, error && error->text[0] ? error->text : iscc_status_text(status));
  return ISCC_EXIT_FAILURE;
}
