/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-test-files.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "iscc-run-program.h"

const char *iscc_test_path(const char *name) {
  static char paths[4][256];
  static int turn;
  char *path = paths[turn++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", iscc_run_folder, name);
  return path;
}

void iscc_test_write(const char *name, const char *text) {
  FILE *file = fopen(iscc_test_path(name), "wb");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  ck_assert_int_eq(fclose(file), 0);
}

const char *iscc_test_read(const char *name, size_t *length) {
  static char bytes[1 << 20];
  FILE *file = fopen(iscc_test_path(name), "rb");
  ck_assert_msg(file != NULL, "%s is not there", name);
  const size_t n = fread(bytes, 1, sizeof bytes - 1, file);
  ck_assert_int_eq(fclose(file), 0);
  bytes[n] = '\0';
  if (length) *length = n;
  return bytes;
}

int iscc_test_count(const char *text, const char *wanted) {
  int count = 0;
  for (const char *at = text; (at = strstr(at, wanted)) != NULL; at += strlen(wanted)) count++;
  return count;
}

void iscc_test_expect_files(int count) {
  DIR *folder = opendir(iscc_run_folder);
  ck_assert_ptr_nonnull(folder);
  char names[1024] = "";
  int found = 0;
  for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    found++;
    snprintf(names + strlen(names), sizeof names - strlen(names), " %s", entry->d_name);
  }
  closedir(folder);
  ck_assert_msg(found == count, "%d files instead of %d:%s", found, count, names);
}

void iscc_test_expect_line(const char *text, const char *wanted) {
  ck_assert_msg(strstr(text, wanted) != NULL, "'%s' lacks '%s'", text, wanted);
  ck_assert_msg(strchr(text, '\n') == NULL, "more than a line: %s", text);
}
