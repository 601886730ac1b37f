/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-digest.h"
#include "iscc-sealed-file.h"

static char folder[64], path[128];

static void make_folder(void) {
  strcpy(folder, "/tmp/iscc-test-sealed-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/file", folder);
}

static void drop_folder(void) {
  unlink(path);
  ck_assert_int_eq(rmdir(folder), 0); /* nothing else may be left in it */
}

START_TEST(digest_is_sha256) { /* FIPS 180-2, appendix B.1 */
  iscc_digest d;
  char text[ISCC_DIGEST_TEXT];
  iscc_digest_begin(&d);
  iscc_digest_bytes(&d, "a", 1);
  iscc_digest_bytes(&d, "bc", 2);
  iscc_digest_end(&d, text);
  ck_assert_str_eq(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

static void write_file(int number, char letters[3]) {
  const iscc_file_part parts[] = {{&number, sizeof number}, {letters, 3}};
  iscc_error error = {.text = ""};
  ck_assert_msg(iscc_sealed_file_write(path, parts, 2, &error) == ISCC_OK, "%s", error.text);
}

static bool read_file(int *number, char letters[3]) {
  const iscc_file_part parts[] = {{number, sizeof *number}, {letters, 3}};
  return iscc_sealed_file_read(path, parts, 2);
}

START_TEST(what_was_written_is_read_and_the_last_one_wins) {
  int number;
  char letters[3];
  ck_assert(!read_file(&number, letters));
  write_file(7, (char[3]){'a', 'b', 'c'});
  write_file(8, (char[3]){'d', 'e', 'f'});
  ck_assert(read_file(&number, letters));
  ck_assert_int_eq(number, 8);
  ck_assert_mem_eq(letters, "def", 3);
}
END_TEST

START_TEST(any_flipped_bit_and_any_cut_is_found) {
  write_file(7, (char[3]){'a', 'b', 'c'});
  struct stat info;
  ck_assert_int_eq(stat(path, &info), 0);
  int number;
  char letters[3];
  for (long at = 0; at < (long)info.st_size; at++) {
    FILE *file = fopen(path, "r+b");
    fseek(file, at, SEEK_SET);
    const int byte = fgetc(file);
    fseek(file, at, SEEK_SET);
    fputc(byte ^ 4, file);
    fclose(file);
    ck_assert_msg(!read_file(&number, letters), "byte %ld", at);
    write_file(7, (char[3]){'a', 'b', 'c'});
    ck_assert_int_eq(truncate(path, at), 0);
    ck_assert_msg(!read_file(&number, letters), "cut at %ld", at);
    write_file(7, (char[3]){'a', 'b', 'c'});
  }
  ck_assert_int_eq(truncate(path, info.st_size + 1), 0);
  ck_assert(!read_file(&number, letters));
}
END_TEST

START_TEST(a_place_that_cannot_be_written_is_named) {
  int number = 1;
  const iscc_file_part part = {&number, sizeof number};
  iscc_error error = {.text = ""};
  ck_assert_int_eq(iscc_sealed_file_write("/nonexistent/file", &part, 1, &error), ISCC_EIO);
  ck_assert_ptr_nonnull(strstr(error.text, "/nonexistent/file"));
  write_file(7, (char[3]){'a', 'b', 'c'});
  char below[160];
  snprintf(below, sizeof below, "%s/x", path);
  ck_assert_int_eq(iscc_directory_make(below, &error), ISCC_EIO);
  ck_assert_int_eq(iscc_directory_make(path, &error), ISCC_EIO);
  ck_assert_int_eq(iscc_directory_make("", &error), ISCC_EINVAL);
}
END_TEST

START_TEST(directories_are_made_with_those_above) {
  char deep[160], middle[160];
  snprintf(middle, sizeof middle, "%s/a", folder);
  snprintf(deep, sizeof deep, "%s/a/b", folder);
  ck_assert_int_eq(iscc_directory_make(deep, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_directory_make(deep, NULL), ISCC_OK); /* being there already is fine */
  ck_assert_int_eq(rmdir(deep), 0);
  ck_assert_int_eq(rmdir(middle), 0);
}
END_TEST

Suite *iscc_suite_sealed_file(void);
Suite *iscc_suite_sealed_file(void) {
  Suite *s = suite_create("base: sealed-file");
  TCase *t = tcase_create("sealed-file");
  tcase_add_checked_fixture(t, make_folder, drop_folder);
  tcase_add_test(t, digest_is_sha256);
  tcase_add_test(t, what_was_written_is_read_and_the_last_one_wins);
  tcase_add_test(t, any_flipped_bit_and_any_cut_is_found);
  tcase_add_test(t, a_place_that_cannot_be_written_is_named);
  tcase_add_test(t, directories_are_made_with_those_above);
  suite_add_tcase(s, t);
  return s;
}
