/* SPDX-License-Identifier: GPL-2.0-only */
/* A file is "\x93NUMPY", version (2 bytes), header length (2 bytes in version 1, 4 in version 2, little
 * endian), the header - a Python dictionary with keys descr, fortran_order, shape, padded by spaces so that
 * data starts at a multiple of 64, ended by a newline - and the data. */
#include "iscc-npy.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "data are written as they lie in memory");

enum { MAGIC_BYTES = 6, HEADER_MAX = 65536 };
static const char magic[MAGIC_BYTES] = "\x93NUMPY";

static const struct {
  const char *code;
  size_t bytes;
} types[] = {[ISCC_NPY_F32] = {"<f4", 4},
             [ISCC_NPY_F64] = {"<f8", 8},
             [ISCC_NPY_C64] = {"<c8", 8},
             [ISCC_NPY_C128] = {"<c16", 16}};
enum { TYPE_COUNT = sizeof types / sizeof *types };

size_t iscc_npy_item_bytes(iscc_npy_type type) {
  return types[type].bytes;
}

size_t iscc_npy_count(const iscc_npy *array) {
  size_t count = 1;
  for (int i = 0; i < array->dimensions; i++) count *= array->shape[i];
  return count;
}

/* ------------------------------------------------------------------------------------------------- writing
 */

static bool write_content(FILE *file, const iscc_npy *array) {
  char shape[ISCC_NPY_DIMENSIONS_MAX * 24] = "", text[512];
  size_t at = 0;
  for (int i = 0; i < array->dimensions; i++)
    at += (size_t)snprintf(shape + at, sizeof shape - at, "%s%zu", i ? ", " : "", array->shape[i]);
  const int length = snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }",
                              types[array->type].code, shape, array->dimensions == 1 ? "," : "");
  const int start = MAGIC_BYTES + 4, total = (start + length + 1 + 63) / 64 * 64;
  const unsigned header = (unsigned)(total - start);
  const unsigned char prefix[4] = {1, 0, (unsigned char)(header & 255), (unsigned char)(header >> 8)};
  const size_t bytes = iscc_npy_count(array) * types[array->type].bytes;
  fwrite(magic, 1, MAGIC_BYTES, file);
  fwrite(prefix, 1, sizeof prefix, file);
  fprintf(file, "%-*s\n", (int)header - 1, text);
  if (bytes > 0) fwrite(array->data, 1, bytes, file);
  return !ferror(file);
}

/* mkstemp() makes private files; an output file should be as readable as any other. */
static void apply_umask(int descriptor) {
  const mode_t mask = umask(0);
  umask(mask);
  (void)fchmod(descriptor, 0666 & ~mask);
}

iscc_status iscc_npy_write(const char *path, const iscc_npy *array, iscc_error *error) {
  const size_t size = strlen(path) + sizeof ".XXXXXX";
  char *beside = malloc(size);
  if (!beside) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  snprintf(beside, size, "%s.XXXXXX", path);
  const int descriptor = mkstemp(beside);
  FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
  int reason = file ? 0 : errno;
  if (file) {
    apply_umask(descriptor);
    errno = 0;
    bool fine = write_content(file, array) && fflush(file) == 0 && fsync(descriptor) == 0;
    if (!fine) reason = errno ? errno : EIO;
    if (fclose(file) != 0 && fine) fine = false, reason = errno;
    if (fine && rename(beside, path) != 0) reason = errno;
  }
  if (reason && descriptor >= 0) unlink(beside);
  free(beside);
  return reason ? iscc_fail(error, ISCC_EIO, "%s: cannot be written: %s", path, strerror(reason)) : ISCC_OK;
}

/* ------------------------------------------------------------------------------------------------- reading
 */

/* Skips blanks and then the given text. */
static bool skip(const char **at, const char *text) {
  while (isspace((unsigned char)**at)) (*at)++;
  if (strncmp(*at, text, strlen(text)) != 0) return false;
  *at += strlen(text);
  return true;
}

/* The place after "'key':", keys being in any order; NULL if there is none. */
static const char *find_value(const char *header, const char *key) {
  char quoted[32];
  snprintf(quoted, sizeof quoted, "'%s'", key);
  const char *at = strstr(header, quoted);
  if (!at) return NULL;
  at += strlen(quoted);
  return skip(&at, ":") ? at : NULL;
}

static iscc_status parse_type(const char *path, const char *header, iscc_npy *array, iscc_error *error) {
  const char *at = find_value(header, "descr");
  char code[16] = "";
  if (!at || sscanf(at, " '%15[^']'", code) != 1)
    return iscc_fail(error, ISCC_EFORMAT, "%s: the NPY header names no plain element type", path);
  for (int i = 0; i < TYPE_COUNT; i++)
    if (strcmp(code, types[i].code) == 0) {
      array->type = (iscc_npy_type)i;
      return ISCC_OK;
    }
  return iscc_fail(
      error, ISCC_EFORMAT,
      "%s: elements of type '%s' are not among <f4, <f8, <c8, <c16 (convert with numpy's astype)", path,
      code);
}

static iscc_status parse_order(const char *path, const char *header, iscc_error *error) {
  const char *at = find_value(header, "fortran_order");
  if (at && skip(&at, "False")) return ISCC_OK;
  if (at && skip(&at, "True"))
    return iscc_fail(error, ISCC_EFORMAT,
                     "%s: array in Fortran order (save numpy.ascontiguousarray() of it instead)", path);
  return iscc_fail(error, ISCC_EFORMAT, "%s: the NPY header does not say fortran_order", path);
}

static iscc_status parse_shape(const char *path, const char *header, iscc_npy *array, iscc_error *error) {
  const char *at = find_value(header, "shape");
  size_t bytes = types[array->type].bytes;
  array->dimensions = 0;
  bool fine = at && skip(&at, "(");
  while (fine && !skip(&at, ")")) {
    char *end;
    while (isspace((unsigned char)*at)) at++;
    errno = 0;
    const unsigned long long n = strtoull(at, &end, 10);
    fine = isdigit((unsigned char)*at) && errno == 0 && array->dimensions < ISCC_NPY_DIMENSIONS_MAX &&
           n <= SIZE_MAX && !__builtin_mul_overflow(bytes, (size_t)n, &bytes);
    if (!fine) break;
    array->shape[array->dimensions++] = (size_t)n;
    at = end;
    const char *before_comma = at;
    if (!skip(&at, ",")) fine = skip(&before_comma, ")");
  }
  return fine ? ISCC_OK
              : iscc_fail(error, ISCC_EFORMAT,
                          "%s: the NPY header holds no shape of up to %d dimensions that fits", path,
                          ISCC_NPY_DIMENSIONS_MAX);
}

static iscc_status read_header(const char *path, FILE *file, iscc_npy *array, iscc_error *error) {
  unsigned char prefix[MAGIC_BYTES + 2], size[4] = {0};
  if (fread(prefix, 1, sizeof prefix, file) != sizeof prefix || memcmp(prefix, magic, MAGIC_BYTES) != 0)
    return iscc_fail(error, ISCC_EFORMAT, "%s: not an NPY file", path);
  const int version = prefix[MAGIC_BYTES];
  if (version != 1 && version != 2)
    return iscc_fail(error, ISCC_EFORMAT, "%s: NPY version %d.%d is neither 1 nor 2", path, version,
                     prefix[MAGIC_BYTES + 1]);
  const size_t size_bytes = version == 1 ? 2 : 4;
  const bool sized = fread(size, 1, size_bytes, file) == size_bytes;
  const size_t length =
      (size_t)size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 | (size_t)size[3] << 24;
  if (!sized || length > HEADER_MAX)
    return iscc_fail(error, ISCC_EFORMAT, "%s: the NPY header's length is missing or beyond %d bytes", path,
                     HEADER_MAX);
  char *header = malloc(length + 1);
  if (!header) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  iscc_status status = ISCC_OK;
  if (fread(header, 1, length, file) != length)
    status = iscc_fail(error, ISCC_EFORMAT, "%s: cut off within the NPY header", path);
  header[length] = '\0';
  if (!status) status = parse_type(path, header, array, error);
  if (!status) status = parse_order(path, header, error);
  if (!status) status = parse_shape(path, header, array, error);
  free(header);
  return status;
}

/* The data, whose size is compared with the file's before memory is taken for it. */
static iscc_status read_data(const char *path, FILE *file, iscc_npy *array, iscc_error *error) {
  const size_t bytes = iscc_npy_count(array) * types[array->type].bytes;
  struct stat info;
  const long start = ftell(file);
  if (start < 0 || fstat(fileno(file), &info) != 0 || !S_ISREG(info.st_mode))
    return iscc_fail(error, ISCC_EIO, "%s: not a regular file", path);
  const size_t there = (size_t)(info.st_size - start);
  if (there != bytes)
    return iscc_fail(error, ISCC_EFORMAT, "%s: %zu bytes of data where the NPY header promises %zu", path,
                     there, bytes);
  array->data = malloc(bytes ? bytes : 1);
  if (!array->data) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory for %zu bytes", path, bytes);
  if (fread(array->data, 1, bytes, file) == bytes) return ISCC_OK;
  iscc_npy_release(array);
  return iscc_fail(error, ISCC_EIO, "%s: cannot be read: %s", path, strerror(errno));
}

iscc_status iscc_npy_read(const char *path, iscc_npy *array, iscc_error *error) {
  FILE *file = fopen(path, "rb");
  if (!file) return iscc_fail(error, ISCC_EIO, "%s: cannot be read: %s", path, strerror(errno));
  iscc_npy found = {.data = NULL};
  iscc_status status = read_header(path, file, &found, error);
  if (!status) status = read_data(path, file, &found, error);
  fclose(file);
  if (!status) *array = found;
  return status;
}

void iscc_npy_release(iscc_npy *array) {
  free(array->data);
  array->data = NULL;
}
