/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-random.h"
#include "iscc-safetensors.h"

/* A file put together by hand: header text, then `values` floats 0, 1, 2, ... */
static uint8_t *compose(const char *header, size_t values, size_t *n_bytes) {
  const size_t length = strlen(header);
  *n_bytes = 8 + length + 4 * values;
  uint8_t *bytes = calloc(*n_bytes, 1);
  for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)((uint64_t)length >> 8 * i);
  memcpy(bytes + 8, header, length);
  for (size_t i = 0; i < values; i++) {
    const float value = (float)i;
    memcpy(bytes + 8 + length + 4 * i, &value, 4); /* little-endian machines only, as the tests run on */
  }
  return bytes;
}

static iscc_status parse_text(const char *header, size_t values, iscc_safetensors **out, iscc_error *error) {
  size_t n_bytes;
  uint8_t *bytes = compose(header, values, &n_bytes);
  const iscc_status status = iscc_safetensors_parse("some.file", bytes, n_bytes, out, error);
  free(bytes);
  return status;
}

#define TENSOR(name, shape, begin, end)                                                                      \
  "\"" name "\":{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":[" #begin "," #end "]}"
#define GOOD_HEADER                                                                                          \
  "{\"__metadata__\":{\"who\":\"me\"}," TENSOR("b", "[2]", 24, 32) "," TENSOR(                               \
      "a", "[2,3]", 0, 24) "," TENSOR("empty", "[0,7]", 24, 24) "," TENSOR("one", "[]", 32, 36) "}   "
enum { GOOD_VALUES = 9 };

START_TEST(tensors_and_texts_are_found) {
  iscc_safetensors *file;
  ck_assert_int_eq(parse_text(GOOD_HEADER, GOOD_VALUES, &file, NULL), ISCC_OK);
  const iscc_tensor *a = iscc_safetensors_tensor(file, "a"), *b = iscc_safetensors_tensor(file, "b");
  const iscc_tensor *one = iscc_safetensors_tensor(file, "one"),
                    *empty = iscc_safetensors_tensor(file, "empty");
  ck_assert(a && b && one && empty);
  ck_assert(a->rank == 2 && a->shape[0] == 2 && a->shape[1] == 3 && a->count == 6);
  ck_assert(one->rank == 0 && one->count == 1 && empty->count == 0);
  for (int i = 0; i < 6; i++) ck_assert(a->data[i] == (float)i);
  ck_assert(b->data[0] == 6.0f && b->data[1] == 7.0f && one->data[0] == 8.0f);
  ck_assert_ptr_eq(iscc_safetensors_at(file, 0), a);
  ck_assert_ptr_null(iscc_safetensors_at(file, 4));
  ck_assert_ptr_null(iscc_safetensors_tensor(file, "c"));
  ck_assert_str_eq(iscc_safetensors_text(file, "who"), "me");
  ck_assert_ptr_null(iscc_safetensors_text(file, "whom"));
  iscc_safetensors_destroy(file);
}
END_TEST

static const struct {
  const char *what, *header;
  size_t values;
  const char *says; /* a part of the error line */
} bad[] = {
    {"no JSON", "{\"a\":", 0, "no JSON"},
    {"an array", "[1,2]", 0, "no safetensors header"},
    {"bytes after the object", "{} x", 0, "no JSON"},
    {"a name twice", "{" TENSOR("a", "[1]", 0, 4) "," TENSOR("a", "[1]", 0, 4) "}", 1, "no JSON"},
    {"not UTF-8", "{\"\xff\xfe\":1}", 0, "no JSON"},
    {"entry is a number", "{\"a\":3}", 0, "no dtype"},
    {"other dtype", "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}", 1, "other than F32"},
    {"no shape", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 1, "shape"},
    {"negative size", "{" TENSOR("a", "[-1]", 0, 4) "}", 1, "cannot hold"},
    {"fractional size", "{" TENSOR("a", "[1.5]", 0, 4) "}", 1, "cannot hold"},
    {"rank 5", "{" TENSOR("a", "[1,1,1,1,1]", 0, 4) "}", 1, "at most 4"},
    {"product overflows", "{" TENSOR("a", "[4294967296,4294967296,4]", 0, 4) "}", 1, "cannot hold"},
    {"size beyond 64 bits", "{" TENSOR("a", "[99999999999999999999]", 0, 4) "}", 1, "no JSON"},
    {"product wraps to the right count", "{" TENSOR("a", "[2,9223372036854775807,2]", 0, 4) "}", 1,
     "cannot hold"},
    {"end beyond the file", "{" TENSOR("a", "[2]", 0, 8) "}", 1, "cannot hold"},
    {"offsets beyond the file", "{" TENSOR("a", "[1]", 4, 8) "}", 1, "lie within"},
    {"negative offset", "{" TENSOR("a", "[1]", -4, 0) "}", 1, "lie within"},
    {"end before begin", "{" TENSOR("a", "[1]", 4, 0) "}", 1, "lie within"},
    {"one offset", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 1, "lie within"},
    {"bytes and shape differ", "{" TENSOR("a", "[1]", 0, 8) "}", 2, "its shape needs 4"},
    {"not aligned", "{" TENSOR("a", "[1]", 2, 6) "}", 2, "bytes at 2"},
    {"overlap", "{" TENSOR("a", "[2]", 0, 8) "," TENSOR("b", "[2]", 4, 12) "}", 3, "overlaps"},
    {"same place twice", "{" TENSOR("a", "[2]", 0, 8) "," TENSOR("b", "[2]", 0, 8) "}", 2, "overlaps"},
    {"hole", "{" TENSOR("a", "[1]", 0, 4) "," TENSOR("b", "[1]", 8, 12) "}", 3, "hole"},
    {"data nobody owns", "{" TENSOR("a", "[1]", 0, 4) "}", 2, "belong to no tensor"},
    {"no tensor but data", "{}", 1, "belong to no tensor"},
    {"metadata no object", "{\"__metadata__\":[]}", 0, "no object"},
    {"metadata holds a number", "{\"__metadata__\":{\"a\":1}}", 0, "no text"},
    {"name too long", "{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":{}}", 0,
     "name of"},
};

START_TEST(a_broken_header_is_refused) {
  iscc_safetensors *file = (iscc_safetensors *)&file;
  iscc_error error = {.text = ""};
  ck_assert_msg(parse_text(bad[_i].header, bad[_i].values, &file, &error) == ISCC_EFORMAT, "%s: not refused",
                bad[_i].what);
  ck_assert_ptr_null(file);
  ck_assert_msg(strncmp(error.text, "some.file: ", 11) == 0, "%s: '%s' names no file", bad[_i].what,
                error.text);
  ck_assert_msg(strstr(error.text, bad[_i].says) != NULL, "%s: '%s' lacks '%s'", bad[_i].what, error.text,
                bad[_i].says);
}
END_TEST

START_TEST(deep_nesting_is_refused) {
  enum { DEPTH = 1000000 };
  char *header = malloc(DEPTH + 16);
  memcpy(header, "{\"a\":", 5);
  memset(header + 5, '[', DEPTH);
  header[5 + DEPTH] = '\0';
  iscc_safetensors *file;
  ck_assert_int_eq(parse_text(header, 0, &file, NULL), ISCC_EFORMAT);
  free(header);
}
END_TEST

START_TEST(a_header_length_that_lies_is_refused) {
  const uint64_t lengths[] = {0, 1, 7, 1000, 100000001, UINT32_MAX, INT64_MAX, UINT64_MAX - 8, UINT64_MAX};
  size_t n_bytes;
  uint8_t *bytes = compose(GOOD_HEADER, GOOD_VALUES, &n_bytes);
  for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(lengths[k] >> 8 * i);
    iscc_safetensors *file;
    ck_assert_int_eq(iscc_safetensors_parse("x", bytes, n_bytes, &file, NULL), ISCC_EFORMAT);
    ck_assert_ptr_null(file);
  }
  free(bytes);
}
END_TEST

/* A copy of exactly n bytes, so that the address sanitizer sees a read past its end. */
static iscc_status parse_copy(const uint8_t *bytes, size_t n, iscc_error *error) {
  uint8_t *copy = malloc(n ? n : 1);
  memcpy(copy, bytes, n);
  iscc_safetensors *file;
  const iscc_status status = iscc_safetensors_parse("cut", copy, n, &file, error);
  ck_assert((status == ISCC_OK) == (file != NULL));
  iscc_safetensors_destroy(file);
  free(copy);
  return status;
}

START_TEST(every_truncation_is_refused) {
  size_t n_bytes;
  uint8_t *bytes = compose(GOOD_HEADER, GOOD_VALUES, &n_bytes);
  for (size_t n = 0; n < n_bytes; n++) {
    iscc_error error = {.text = ""};
    ck_assert_int_eq(parse_copy(bytes, n, &error), ISCC_EFORMAT);
    ck_assert(strncmp(error.text, "cut: ", 5) == 0);
  }
  ck_assert_int_eq(parse_copy(bytes, n_bytes, NULL), ISCC_OK);
  free(bytes);
}
END_TEST

/* Seeded damage: whatever it does, the reader answers with a status and holds on to nothing. */
START_TEST(random_damage_never_crashes) {
  size_t n_bytes;
  uint8_t *bytes = compose(GOOD_HEADER, GOOD_VALUES, &n_bytes), *hurt = malloc(n_bytes);
  iscc_random r;
  iscc_random_seed(&r, 20, 0, 0, ISCC_STREAM_TEST);
  int refused = 0;
  enum { TRIALS = 20000 };
  for (int trial = 0; trial < TRIALS; trial++) {
    memcpy(hurt, bytes, n_bytes);
    const size_t reach = n_bytes - 4 * GOOD_VALUES; /* prefix and header: values may be anything */
    for (uint64_t hits = 1 + iscc_random_below(&r, 4); hits > 0; hits--)
      hurt[iscc_random_below(&r, reach)] ^= (uint8_t)(1 + iscc_random_below(&r, 255));
    refused += parse_copy(hurt, n_bytes, NULL) != ISCC_OK;
  }
  ck_assert_int_gt(refused, TRIALS / 2); /* the rest hit a name or a text */
  free(bytes), free(hurt);
}
END_TEST

static const float values[6] = {1.5f, -2, 3, 0, 1e-30f, 7};
static const iscc_tensor written[] = {
    {.name = "z.weight", .rank = 2, .shape = {2, 2}, .count = 4, .data = values},
    {.name = "a.bias", .rank = 1, .shape = {2}, .count = 2, .data = values + 4},
};
static const iscc_safetensors_note notes[] = {{"format", "test"}, {"text", "{\"a\": \"b\\n\"}"}};

static char *read_bytes(const char *path, size_t *n) {
  FILE *f = fopen(path, "rb");
  ck_assert_ptr_nonnull(f);
  char *bytes = malloc(1 << 16);
  *n = fread(bytes, 1, 1 << 16, f);
  fclose(f);
  return bytes;
}

START_TEST(what_is_written_reads_back_in_equal_bytes) {
  char path[] = "/tmp/iscc-test-XXXXXX", beside[64];
  close(mkstemp(path));
  snprintf(beside, sizeof beside, "%s.part0", path);
  ck_assert_int_eq(iscc_safetensors_write(path, written, 2, notes, 2, NULL), ISCC_OK);
  size_t n, again_n;
  char *bytes = read_bytes(path, &n);
  ck_assert_int_eq(iscc_safetensors_write(path, written, 2, notes, 2, NULL), ISCC_OK);
  char *again = read_bytes(path, &again_n);
  ck_assert(n == again_n && memcmp(bytes, again, n) == 0);
  ck_assert_int_ne(access(beside, F_OK), 0); /* nothing is left lying about */
  uint64_t length = 0;
  memcpy(&length, bytes, 8);
  ck_assert_uint_eq(length % 8, 0);
  ck_assert_uint_eq(n, 8 + length + sizeof values);

  iscc_safetensors *file;
  ck_assert_int_eq(iscc_safetensors_read(path, &file, NULL), ISCC_OK);
  for (int i = 0; i < 2; i++) {
    const iscc_tensor *t = iscc_safetensors_tensor(file, written[i].name);
    ck_assert_ptr_nonnull(t);
    ck_assert_int_eq(t->rank, written[i].rank);
    ck_assert_mem_eq(t->data, written[i].data, written[i].count * sizeof(float));
    ck_assert_str_eq(iscc_safetensors_text(file, notes[i].key), notes[i].text);
  }
  iscc_safetensors_destroy(file);
  free(bytes), free(again);
  unlink(path);
}
END_TEST

START_TEST(sha256_is_that_of_the_bytes) {
  char path[] = "/tmp/iscc-test-XXXXXX", line[128], command[128];
  close(mkstemp(path));
  ck_assert_int_eq(iscc_safetensors_write(path, written, 2, notes, 2, NULL), ISCC_OK);
  iscc_safetensors *file;
  ck_assert_int_eq(iscc_safetensors_read(path, &file, NULL), ISCC_OK);
  snprintf(command, sizeof command, "sha256sum %s", path); /* coreutils, an independent reckoning */
  FILE *p = popen(command, "r");
  ck_assert(p && fgets(line, sizeof line, p));
  pclose(p);
  ck_assert_uint_eq(strlen(iscc_safetensors_sha256(file)), 64);
  ck_assert(strncmp(line, iscc_safetensors_sha256(file), 64) == 0);
  iscc_safetensors_destroy(file);
  unlink(path);
}
END_TEST

START_TEST(paths_that_cannot_be_used_are_refused) {
  iscc_safetensors *file;
  iscc_error error = {.text = ""};
  ck_assert_int_eq(iscc_safetensors_read("/nonexistent/model", &file, &error), ISCC_EIO);
  ck_assert_str_eq(error.text, "/nonexistent/model: cannot be opened: No such file or directory");
  ck_assert_int_eq(iscc_safetensors_read("/tmp", &file, &error), ISCC_EIO);
  ck_assert_ptr_nonnull(strstr(error.text, "/tmp: "));
  ck_assert_int_eq(iscc_safetensors_read("/dev/zero", &file, &error), ISCC_EIO);
  ck_assert_int_eq(iscc_safetensors_write("/nonexistent/model", written, 2, notes, 2, &error), ISCC_EIO);
  ck_assert_ptr_nonnull(strstr(error.text, "/nonexistent/model: cannot be written"));
}
END_TEST

Suite *iscc_suite_safetensors(void);
Suite *iscc_suite_safetensors(void) {
  Suite *s = suite_create("inference: safetensors");
  TCase *t = tcase_create("safetensors");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, tensors_and_texts_are_found);
  tcase_add_loop_test(t, a_broken_header_is_refused, 0, (int)(sizeof bad / sizeof *bad));
  tcase_add_test(t, deep_nesting_is_refused);
  tcase_add_test(t, a_header_length_that_lies_is_refused);
  tcase_add_test(t, every_truncation_is_refused);
  tcase_add_test(t, random_damage_never_crashes);
  tcase_add_test(t, what_is_written_reads_back_in_equal_bytes);
  tcase_add_test(t, sha256_is_that_of_the_bytes);
  tcase_add_test(t, paths_that_cannot_be_used_are_refused);
  suite_add_tcase(s, t);
  return s;
}
