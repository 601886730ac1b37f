/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-test-files - files in the folder of iscc-run-program.h: for tests. */
#ifndef ISCC_TEST_FILES_H
#define ISCC_TEST_FILES_H

#include <stddef.h>

/* The path of a name in the folder; one of a few buffers in turn. */
const char *iscc_test_path(const char *name);

void iscc_test_write(const char *name, const char *text);

/* The whole file with a zero after it, in a buffer that the next call reuses; fails the test if it is not
 * there. length may be NULL. */
const char *iscc_test_read(const char *name, size_t *length);

/* How often a text occurs in another. */
int iscc_test_count(const char *text, const char *wanted);

/* Fails the test unless the folder holds just this many files. */
void iscc_test_expect_files(int count);

/* Fails the test unless the text is one line that holds the wanted words. */
void iscc_test_expect_line(const char *text, const char *wanted);

#endif
