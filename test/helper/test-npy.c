/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-npy.h"

static char path[] = "/tmp/iscc-test-npy-XXXXXX";

static void make_path(void) {
  const int descriptor = mkstemp(path);
  ck_assert_int_ge(descriptor, 0);
  close(descriptor);
}

static void drop_path(void) {
  unlink(path);
  memcpy(path + sizeof path - 7, "XXXXXX", 6);
}

static void write_bytes(const void *bytes, size_t n) {
  FILE *file = fopen(path, "wb");
  ck_assert_ptr_nonnull(file);
  ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
  fclose(file);
}

static size_t read_bytes(unsigned char *bytes, size_t n) {
  FILE *file = fopen(path, "rb");
  ck_assert_ptr_nonnull(file);
  const size_t got = fread(bytes, 1, n, file);
  fclose(file);
  return got;
}

static const struct {
  iscc_npy_type type;
  int dimensions;
  size_t shape[4];
} kinds[] = {{ISCC_NPY_F32, 3, {3, 4, 5}},   {ISCC_NPY_F64, 1, {7}}, {ISCC_NPY_C64, 2, {2, 3}},
             {ISCC_NPY_C128, 2, {4, 1}},     {ISCC_NPY_F64, 0, {0}}, {ISCC_NPY_F32, 2, {0, 3}},
             {ISCC_NPY_F32, 4, {1, 2, 3, 4}}};

static void fill_array(int kind, iscc_npy *array, unsigned char *data) {
  *array = (iscc_npy){.type = kinds[kind].type, .dimensions = kinds[kind].dimensions, .data = data};
  memcpy(array->shape, kinds[kind].shape, sizeof kinds[kind].shape);
  for (size_t i = 0; i < iscc_npy_count(array) * iscc_npy_item_bytes(array->type) / 4; i++) {
    const float value = 0.5F + (float)i;
    memcpy(data + 4 * i, &value, 4);
  }
}

START_TEST(what_is_written_is_read) {
  unsigned char data[1024];
  iscc_npy array, back;
  fill_array(_i, &array, data);
  ck_assert_int_eq(iscc_npy_write(path, &array, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_npy_read(path, &back, NULL), ISCC_OK);
  ck_assert_int_eq(back.type, array.type);
  ck_assert_int_eq(back.dimensions, array.dimensions);
  for (int i = 0; i < array.dimensions; i++) ck_assert_uint_eq(back.shape[i], array.shape[i]);
  ck_assert_mem_eq(back.data, data, iscc_npy_count(&array) * iscc_npy_item_bytes(array.type));
  iscc_npy_release(&back);
  iscc_npy_release(&back);
}
END_TEST

/* Exit status of a Python program that has the file's path in `path`; -1 without NumPy. */
static int run_python(const char *program) {
  static const char *const pythons[] = {"/usr/bin/python3", "python3"};
  for (int i = 0; i < 2; i++) {
    char command[2048];
    snprintf(command, sizeof command, "%s -c 'import numpy' 2>/dev/null", pythons[i]);
    if (system(command) != 0) continue;
    snprintf(command, sizeof command, "%s -c \"import numpy as np\npath = '%s'\n%s\"", pythons[i], path,
             program);
    const int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
  }
  return -1;
}

START_TEST(numpy_reads_what_we_write) {
  unsigned char data[1024];
  iscc_npy array;
  char program[512], shape[64] = "";
  static const char *const names[] = {"float32", "float64", "complex64", "complex128"};
  fill_array(_i, &array, data);
  ck_assert_int_eq(iscc_npy_write(path, &array, NULL), ISCC_OK);
  for (int i = 0; i < array.dimensions; i++)
    snprintf(shape + strlen(shape), sizeof shape - strlen(shape), "%zu,", array.shape[i]);
  snprintf(program, sizeof program,
           "x = np.load(path)\nassert x.shape == (%s) and x.dtype == np.%s, (x.shape, x.dtype)\n"
           "w = x.ravel().view(np.float32)\nassert (w == 0.5 + np.arange(w.size)).all(), w",
           shape, names[array.type]);
  ck_assert_int_eq(run_python(program), 0);
}
END_TEST

START_TEST(we_read_what_numpy_writes) {
  static const struct {
    const char *program;
    iscc_npy_type type;
  } rows[] = {{"np.save(open(path, 'wb'), np.arange(6, dtype=np.float32).reshape(2, 3))", ISCC_NPY_F32},
              {"np.save(open(path, 'wb'), np.arange(6, dtype=np.complex128).reshape(2, 3))", ISCC_NPY_C128},
              {"np.lib.format.write_array(open(path, 'wb'), np.arange(6.).reshape(2, 3), version=(2, 0))",
               ISCC_NPY_F64}};
  iscc_npy array;
  ck_assert_int_eq(run_python(rows[_i].program), 0);
  ck_assert_int_eq(iscc_npy_read(path, &array, NULL), ISCC_OK);
  ck_assert_int_eq(array.type, rows[_i].type);
  ck_assert_int_eq(array.dimensions, 2);
  ck_assert(array.shape[0] == 2 && array.shape[1] == 3);
  const double last = array.type == ISCC_NPY_F32   ? (double)((float *)array.data)[5]
                      : array.type == ISCC_NPY_F64 ? ((double *)array.data)[5]
                                                   : ((double *)array.data)[10];
  ck_assert_double_eq(last, 5);
  iscc_npy_release(&array);
}
END_TEST

#define HEAD(text)                "\x93NUMPY\x01\x00\x76\x00" text
#define DICT(descr, order, shape) "{'descr': " descr ", 'fortran_order': " order ", 'shape': " shape ", }"

START_TEST(broken_and_foreign_files_are_refused) {
  static const char *const heads[] = {
      "",
      "\x93NUMP",
      "PK\x03\x04 a zip file, not an array",
      "\x93NUMPY\x03",
      HEAD(""),
      HEAD(DICT("'<i8'", "False", "(2,)")),
      HEAD(DICT("'>f4'", "False", "(2,)")),
      HEAD(DICT("'|O'", "False", "(2,)")),
      HEAD(DICT("[('a', '<f4')]", "False", "(2,)")),
      HEAD(DICT("'<f4'", "True", "(2,)")),
      HEAD(DICT("'<f4'", "Maybe", "(2,)")),
      HEAD(DICT("'<f4'", "False", "(2")),
      HEAD(DICT("'<f4'", "False", "(-2,)")),
      HEAD(DICT("'<f4'", "False", "(2 3)")),
      HEAD(DICT("'<f4'", "False", "(99999999999999999999,)")),
      HEAD(DICT("'<f4'", "False", "(4294967296, 4294967296)")),
      HEAD(DICT("'<f4'", "False", "(1,1,1,1,1,1,1,1,1)")),
      HEAD(DICT("'<f4'", "False", "(1000000000000,)")), /* promises a terabyte: no memory is taken for it */
      HEAD(DICT("'<f4'", "False", "(3,)")),
      HEAD(DICT("'<f4'", "False", "(1,)")),
      HEAD("{'descr': '<f4', 'shape': (2,), }"),
  };
  unsigned char bytes[10 + 0x76 + 8];
  memset(bytes, ' ', sizeof bytes);
  const size_t length =
      strlen(heads[_i]) < 10 ? 10 : strlen(heads[_i] + 10) + 10; /* a zero byte lies at 7 and 9 */
  if (strncmp(heads[_i], "\x93NUMPY\x01", 7) == 0)
    memcpy(bytes, heads[_i], length);
  else
    memcpy(bytes, heads[_i], strlen(heads[_i]));
  write_bytes(bytes, sizeof bytes);
  if (_i < 2) write_bytes(heads[_i], strlen(heads[_i]));
  iscc_npy array = {.dimensions = 77};
  iscc_error error = {.text = ""};
  ck_assert_int_eq(iscc_npy_read(path, &array, &error), ISCC_EFORMAT);
  ck_assert_int_eq(array.dimensions, 77);
  ck_assert_msg(strstr(error.text, path) != NULL, "'%s' does not name the file", error.text);
}
END_TEST

/* A good file cut anywhere, and one byte too long, is refused. */
START_TEST(cut_files_are_refused) {
  unsigned char data[1024], bytes[2048];
  iscc_npy array, back;
  fill_array(0, &array, data);
  ck_assert_int_eq(iscc_npy_write(path, &array, NULL), ISCC_OK);
  const size_t n = read_bytes(bytes, sizeof bytes);
  ck_assert_uint_eq(n, 128 + 240);
  bytes[n] = 0;
  for (size_t length = 0; length <= n + 1; length++) {
    write_bytes(bytes, length);
    const iscc_status status = iscc_npy_read(path, &back, NULL);
    ck_assert_int_eq(status, length == n ? ISCC_OK : ISCC_EFORMAT);
    if (!status) iscc_npy_release(&back);
  }
}
END_TEST

START_TEST(unwritable_places_leave_everything_as_it_was) {
  unsigned char data[1024];
  iscc_npy array;
  iscc_error error = {.text = ""};
  fill_array(0, &array, data);
  ck_assert_int_eq(iscc_npy_write("/nonexistent/x.npy", &array, &error), ISCC_EIO);
  ck_assert_str_ne(error.text, "");
  char folder[] = "/tmp/iscc-test-npy-folder-XXXXXX", inside[64];
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(inside, sizeof inside, "%s/x.npy", folder);
  ck_assert_int_eq(mkdir(inside, 0700), 0); /* a folder of that name cannot be replaced */
  ck_assert_int_eq(iscc_npy_write(inside, &array, &error), ISCC_EIO);
  ck_assert_int_eq(rmdir(inside), 0);
  ck_assert_int_eq(rmdir(folder), 0); /* so nothing was left beside it */
  ck_assert_int_eq(iscc_npy_read("/nonexistent/x.npy", &array, &error), ISCC_EIO);
  ck_assert_int_ne(iscc_npy_read("/tmp", &array, &error), ISCC_OK);
}
END_TEST

Suite *iscc_suite_npy(void);
Suite *iscc_suite_npy(void) {
  Suite *s = suite_create("helper: npy");
  TCase *t = tcase_create("npy");
  tcase_add_checked_fixture(t, make_path, drop_path);
  tcase_set_timeout(t, 20);
  tcase_add_loop_test(t, what_is_written_is_read, 0, 7);
  tcase_add_loop_test(t, numpy_reads_what_we_write, 0, 7);
  tcase_add_loop_test(t, we_read_what_numpy_writes, 0, 3);
  tcase_add_loop_test(t, broken_and_foreign_files_are_refused, 0, 21);
  tcase_add_test(t, cut_files_are_refused);
  tcase_add_test(t, unwritable_places_leave_everything_as_it_was);
  suite_add_tcase(s, t);
  return s;
}
