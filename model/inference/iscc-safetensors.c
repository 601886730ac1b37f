/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-safetensors.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LENGTH_BYTES = 8, VALUE_BYTES = 4, BESIDE_TRIES = 1000 };
#define FILE_BYTES_MAX   ((size_t)1 << 30)   /* far above any network here, far below exhausting memory */
#define HEADER_BYTES_MAX ((size_t)100000000) /* the format's own limit */

struct iscc_safetensors {
  json_t *notes; /* object of texts; NULL: none */
  float *values; /* all tensors, in file order */
  size_t tensor_count;
  iscc_tensor tensor[ISCC_TENSORS_MAX];
  char sha256[SHA256_DIGEST_STRING_LENGTH];
};

void iscc_safetensors_destroy(iscc_safetensors *file) {
  if (!file) return;
  json_decref(file->notes);
  free(file->values);
  free(file);
}

const iscc_tensor *iscc_safetensors_tensor(const iscc_safetensors *file, const char *name) {
  for (size_t i = 0; i < file->tensor_count; i++)
    if (strcmp(file->tensor[i].name, name) == 0) return &file->tensor[i];
  return NULL;
}

const iscc_tensor *iscc_safetensors_at(const iscc_safetensors *file, size_t index) {
  return index < file->tensor_count ? &file->tensor[index] : NULL;
}

const char *iscc_safetensors_text(const iscc_safetensors *file, const char *key) {
  return json_string_value(json_object_get(file->notes, key));
}

const char *iscc_safetensors_sha256(const iscc_safetensors *file) {
  return file->sha256;
}

/* ---- reading ---- */

static uint64_t little_endian(const uint8_t *bytes, int n) {
  uint64_t value = 0;
  for (int i = n - 1; i >= 0; i--) value = value << 8 | bytes[i];
  return value;
}

static void copy_values(const uint8_t *bytes, size_t count, float *values) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t word = (uint32_t)little_endian(bytes + VALUE_BYTES * i, VALUE_BYTES);
    memcpy(&values[i], &word, sizeof word);
  }
}

/* A JSON whole number in 0..high, or false. */
static int whole_number(const json_t *value, size_t high, size_t *out) {
  if (!json_is_integer(value)) return 0;
  const json_int_t number = json_integer_value(value);
  if (number < 0 || (uint64_t)number > high) return 0;
  *out = (size_t)number;
  return 1;
}

static iscc_status read_shape(const char *file, const json_t *shape, size_t count_max, iscc_tensor *tensor,
                              iscc_error *error) {
  if (!json_is_array(shape) || json_array_size(shape) > ISCC_TENSOR_RANK_MAX)
    return iscc_fail(error, ISCC_EFORMAT, "%s: tensor '%s' has no shape of at most %d sizes", file,
                     tensor->name, ISCC_TENSOR_RANK_MAX);
  tensor->rank = (int)json_array_size(shape);
  tensor->count = 1;
  for (int i = 0; i < tensor->rank; i++) {
    if (!whole_number(json_array_get(shape, (size_t)i), count_max, &tensor->shape[i]) ||
        (tensor->shape[i] && tensor->count > count_max / tensor->shape[i]))
      return iscc_fail(error, ISCC_EFORMAT, "%s: tensor '%s' has a shape that the file cannot hold", file,
                       tensor->name);
    tensor->count *= tensor->shape[i];
  }
  return ISCC_OK;
}

/* One entry of the header. The tensor's place in the data is kept as a pointer into file->values. */
static iscc_status read_entry(const char *file, const char *name, const json_t *entry, size_t data_bytes,
                              const float *values, iscc_tensor *tensor, iscc_error *error) {
  if (strlen(name) >= sizeof tensor->name)
    return iscc_fail(error, ISCC_EFORMAT, "%s: tensor name of %zu characters, at most %zu are read", file,
                     strlen(name), sizeof tensor->name - 1);
  memcpy(tensor->name, name, strlen(name) + 1);
  const char *type = json_string_value(json_object_get(entry, "dtype"));
  if (!type) return iscc_fail(error, ISCC_EFORMAT, "%s: tensor '%s' has no dtype", file, name);
  if (strcmp(type, "F32") != 0)
    return iscc_fail(error, ISCC_EFORMAT, "%s: tensor '%s' has a dtype other than F32, the only one read",
                     file, name);
  const iscc_status status =
      read_shape(file, json_object_get(entry, "shape"), data_bytes / VALUE_BYTES, tensor, error);
  if (status) return status;
  const json_t *offsets = json_object_get(entry, "data_offsets");
  size_t begin, end;
  if (!json_is_array(offsets) || json_array_size(offsets) != 2 ||
      !whole_number(json_array_get(offsets, 0), data_bytes, &begin) ||
      !whole_number(json_array_get(offsets, 1), data_bytes, &end) || begin > end)
    return iscc_fail(error, ISCC_EFORMAT, "%s: tensor '%s' does not lie within the file's %zu bytes of data",
                     file, name, data_bytes);
  if (end - begin != tensor->count * VALUE_BYTES || begin % VALUE_BYTES)
    return iscc_fail(error, ISCC_EFORMAT, "%s: tensor '%s' has %zu bytes at %zu, its shape needs %zu", file,
                     name, end - begin, begin, tensor->count * VALUE_BYTES);
  tensor->data = values + begin / VALUE_BYTES;
  return ISCC_OK;
}

static int by_place(const void *left, const void *right) {
  const iscc_tensor *a = left, *b = right;
  if (a->data != b->data) return a->data < b->data ? -1 : 1;
  if (a->count != b->count) return a->count < b->count ? -1 : 1; /* empty ones before what starts there */
  return strcmp(a->name, b->name);
}

/* The tensors must cover the data exactly, as the format demands: nothing hidden, nothing shared. */
static iscc_status check_cover(const char *file, iscc_safetensors *out, size_t data_bytes,
                               iscc_error *error) {
  qsort(out->tensor, out->tensor_count, sizeof *out->tensor, by_place);
  const float *next = out->values;
  for (size_t i = 0; i < out->tensor_count; i++) {
    if (out->tensor[i].data != next)
      return iscc_fail(error, ISCC_EFORMAT, "%s: tensor '%s' overlaps another or leaves a hole", file,
                       out->tensor[i].name);
    next += out->tensor[i].count;
  }
  if (next != out->values + data_bytes / VALUE_BYTES || data_bytes % VALUE_BYTES)
    return iscc_fail(error, ISCC_EFORMAT, "%s: %zu bytes of data belong to no tensor", file,
                     data_bytes - (size_t)(next - out->values) * VALUE_BYTES);
  return ISCC_OK;
}

static iscc_status read_notes(const char *file, json_t *notes, iscc_safetensors *out, iscc_error *error) {
  const char *key;
  json_t *text;
  if (!json_is_object(notes)) return iscc_fail(error, ISCC_EFORMAT, "%s: __metadata__ is no object", file);
  json_object_foreach(notes, key, text) if (!json_is_string(text)) return iscc_fail(
      error, ISCC_EFORMAT, "%s: an entry of __metadata__ is no text", file);
  out->notes = json_incref(notes);
  return ISCC_OK;
}

static iscc_status read_header(const char *file, json_t *header, size_t data_bytes, iscc_safetensors *out,
                               iscc_error *error) {
  const char *name;
  json_t *entry;
  json_object_foreach(header, name, entry) {
    iscc_status status;
    if (strcmp(name, "__metadata__") == 0) {
      status = read_notes(file, entry, out, error);
    } else if (out->tensor_count == ISCC_TENSORS_MAX) {
      status = iscc_fail(error, ISCC_EFORMAT, "%s: more than %d tensors", file, ISCC_TENSORS_MAX);
    } else {
      status =
          read_entry(file, name, entry, data_bytes, out->values, &out->tensor[out->tensor_count++], error);
    }
    if (status) return status;
  }
  return check_cover(file, out, data_bytes, error);
}

/* Splits the bytes into header and data. */
static iscc_status locate(const char *name, const uint8_t *bytes, size_t n_bytes, size_t *header_bytes,
                          iscc_error *error) {
  if (n_bytes < LENGTH_BYTES)
    return iscc_fail(error, ISCC_EFORMAT,
                     "%s: %zu bytes are no safetensors file; it is truncated or another format", name,
                     n_bytes);
  const uint64_t length = little_endian(bytes, LENGTH_BYTES);
  if (length < 2 || length > HEADER_BYTES_MAX || length > n_bytes - LENGTH_BYTES ||
      bytes[LENGTH_BYTES] != '{')
    return iscc_fail(error, ISCC_EFORMAT,
                     "%s: no safetensors header; the file is truncated or another format", name);
  *header_bytes = (size_t)length;
  return ISCC_OK;
}

iscc_status iscc_safetensors_parse(const char *name, const uint8_t *bytes, size_t n_bytes,
                                   iscc_safetensors **out, iscc_error *error) {
  *out = NULL;
  size_t header_bytes = 0;
  iscc_status status = locate(name, bytes, n_bytes, &header_bytes, error);
  if (status) return status;
  const size_t data_bytes = n_bytes - LENGTH_BYTES - header_bytes;
  json_error_t fault;
  json_t *header =
      json_loadb((const char *)bytes + LENGTH_BYTES, header_bytes, JSON_REJECT_DUPLICATES, &fault);
  if (!header)
    return iscc_fail(error, ISCC_EFORMAT, "%s: its header is no JSON object (at byte %d: %s)", name,
                     fault.position, fault.text);
  iscc_safetensors *file = calloc(1, sizeof *file);
  if (file) file->values = malloc(data_bytes ? data_bytes : 1);
  if (!file || !file->values) {
    status = iscc_fail(error, ISCC_ENOMEM, "%s: out of memory reading %zu bytes", name, n_bytes);
  } else {
    copy_values(bytes + LENGTH_BYTES + header_bytes, data_bytes / VALUE_BYTES, file->values);
    SHA256Data(bytes, n_bytes, file->sha256);
    status = read_header(name, header, data_bytes, file, error);
  }
  json_decref(header);
  if (status)
    iscc_safetensors_destroy(file);
  else
    *out = file;
  return status;
}

/* Reads a regular file whole; *bytes is the caller's to free. */
static iscc_status load(const char *path, uint8_t **bytes, size_t *n_bytes, iscc_error *error) {
  struct stat info;
  if (stat(path, &info)) return iscc_fail(error, ISCC_EIO, "%s: cannot be opened: %s", path, strerror(errno));
  if (!S_ISREG(info.st_mode)) /* before it is opened: opening a pipe would wait for its other end */
    return iscc_fail(error, ISCC_EIO, "%s: is no regular file", path);
  FILE *f = fopen(path, "rb");
  if (!f) return iscc_fail(error, ISCC_EIO, "%s: cannot be opened: %s", path, strerror(errno));
  iscc_status status = ISCC_OK;
  *bytes = NULL;
  *n_bytes = (size_t)info.st_size;
  if (*n_bytes > FILE_BYTES_MAX)
    status =
        iscc_fail(error, ISCC_EFORMAT, "%s: %zu bytes, at most %zu are read", path, *n_bytes, FILE_BYTES_MAX);
  else if (!(*bytes = malloc(*n_bytes ? *n_bytes : 1)))
    status = iscc_fail(error, ISCC_ENOMEM, "%s: out of memory reading %zu bytes", path, *n_bytes);
  else if (fread(*bytes, 1, *n_bytes, f) != *n_bytes)
    status = iscc_fail(error, ISCC_EIO, "%s: cannot be read: %s", path,
                       ferror(f) ? strerror(errno) : "it became shorter meanwhile");
  fclose(f);
  return status;
}

iscc_status iscc_safetensors_read(const char *path, iscc_safetensors **out, iscc_error *error) {
  *out = NULL;
  uint8_t *bytes = NULL;
  size_t n_bytes = 0;
  iscc_status status = load(path, &bytes, &n_bytes, error);
  if (!status) status = iscc_safetensors_parse(path, bytes, n_bytes, out, error);
  free(bytes);
  return status;
}

/* ---- writing ---- */

static json_t *describe_tensor(const iscc_tensor *tensor, size_t begin) {
  json_t *shape = json_array();
  for (int i = 0; i < tensor->rank; i++)
    json_array_append_new(shape, json_integer((json_int_t)tensor->shape[i]));
  const size_t end = begin + tensor->count * VALUE_BYTES;
  return json_pack("{s:s, s:o, s:[I, I]}", "dtype", "F32", "shape", shape, "data_offsets", (json_int_t)begin,
                   (json_int_t)end);
}

/* The header's text, padded with spaces so that the data starts at a multiple of 8; NULL: a name or text that
 * is not UTF-8, or out of memory. */
static char *describe_file(const iscc_tensor *tensors, size_t tensor_count,
                           const iscc_safetensors_note *notes, size_t note_count, size_t *length) {
  json_t *header = json_object(), *texts = json_object();
  int failed = 0;
  size_t begin = 0;
  for (size_t i = 0; i < note_count; i++)
    failed |= json_object_set_new(texts, notes[i].key, json_string(notes[i].text));
  failed |= json_object_set_new(header, "__metadata__", texts);
  for (size_t i = 0; i < tensor_count; begin += tensors[i++].count * VALUE_BYTES)
    failed |= json_object_set_new(header, tensors[i].name, describe_tensor(&tensors[i], begin));
  char *text = failed ? NULL : json_dumps(header, JSON_COMPACT);
  json_decref(header);
  if (!text) return NULL;
  const size_t used = strlen(text);
  *length = (used + 7) / 8 * 8;
  char *padded = malloc(*length + 1);
  if (padded) snprintf(padded, *length + 1, "%-*s", (int)*length, text);
  free(text);
  return padded;
}

static int write_values(FILE *f, const iscc_tensor *tensor) {
  for (size_t i = 0; i < tensor->count; i++) {
    uint32_t word;
    memcpy(&word, &tensor->data[i], sizeof word);
    const uint8_t bytes[VALUE_BYTES] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                                        (uint8_t)(word >> 24)};
    if (fwrite(bytes, 1, VALUE_BYTES, f) != VALUE_BYTES) return 0;
  }
  return 1;
}

static int write_all(FILE *f, const char *header, size_t length, const iscc_tensor *tensors, size_t count) {
  uint8_t prefix[LENGTH_BYTES];
  for (int i = 0; i < LENGTH_BYTES; i++) prefix[i] = (uint8_t)((uint64_t)length >> 8 * i);
  int fine = fwrite(prefix, 1, sizeof prefix, f) == sizeof prefix && fwrite(header, 1, length, f) == length;
  for (size_t i = 0; fine && i < count; i++) fine = write_values(f, &tensors[i]);
  return fine && fflush(f) == 0 && fsync(fileno(f)) == 0;
}

/* Opens a new file of a free name beside path. */
static FILE *open_beside(const char *path, char *beside, size_t size) {
  int fd = -1;
  for (int i = 0; fd < 0 && i < BESIDE_TRIES; i++) {
    if ((size_t)snprintf(beside, size, "%s.part%d", path, i) >= size) {
      errno = ENAMETOOLONG;
      return NULL;
    }
    fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST) return NULL;
  }
  if (fd < 0) return NULL;
  FILE *f = fdopen(fd, "wb");
  if (!f) {
    close(fd);
    unlink(beside);
  }
  return f;
}

iscc_status iscc_safetensors_write(const char *path, const iscc_tensor *tensors, size_t tensor_count,
                                   const iscc_safetensors_note *notes, size_t note_count, iscc_error *error) {
  size_t length = 0;
  char *header = describe_file(tensors, tensor_count, notes, note_count, &length);
  if (!header)
    return iscc_fail(error, ISCC_EINVAL, "%s: a tensor's name or a text cannot be written as JSON", path);
  char beside[4096];
  FILE *f = open_beside(path, beside, sizeof beside);
  if (!f) {
    free(header);
    return iscc_fail(error, ISCC_EIO, "%s: cannot be written: %s", path, strerror(errno));
  }
  int fine = write_all(f, header, length, tensors, tensor_count);
  int reason = errno;
  free(header);
  if (fclose(f) && fine) fine = 0, reason = errno;
  if (fine && rename(beside, path)) fine = 0, reason = errno;
  if (fine) return ISCC_OK;
  unlink(beside);
  return iscc_fail(error, ISCC_EIO, "%s: cannot be written: %s", path, strerror(reason));
}
