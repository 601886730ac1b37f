/* SPDX-License-Identifier: GPL-2.0-only */
/* File rows come first, memory rows after: memory is flushed to the file whenever it is full. */
#include "iscc-spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct iscc_spill {
  size_t row_bytes, capacity; /* rows that memory holds */
  char *rows;
  size_t in_memory;
  uint64_t in_file;
  int file; /* -1 until needed */
  char *directory;
  char *page; /* read-back buffer, capacity rows */
  size_t page_rows;
  uint64_t page_first, next;
};

iscc_status iscc_spill_create(size_t row_bytes, size_t memory_bytes, const char *directory, iscc_spill **out,
                              iscc_error *error) {
  *out = NULL;
  iscc_spill *s = calloc(1, sizeof *s);
  if (!s) return iscc_fail(error, ISCC_ENOMEM, "waiting rows: out of memory");
  s->file = -1;
  s->row_bytes = row_bytes;
  s->capacity = memory_bytes / row_bytes / 2; /* half for rows, half for reading back */
  if (s->capacity < 1) s->capacity = 1;
  s->rows = malloc(s->capacity * row_bytes);
  s->page = malloc(s->capacity * row_bytes);
  s->directory = strdup(directory);
  if (!s->rows || !s->page || !s->directory) {
    iscc_spill_destroy(s);
    return iscc_fail(error, ISCC_ENOMEM, "waiting rows: no memory for %zu bytes", memory_bytes);
  }
  *out = s;
  return ISCC_OK;
}

void iscc_spill_destroy(iscc_spill *s) {
  if (!s) return;
  if (s->file >= 0) close(s->file);
  free(s->rows);
  free(s->page);
  free(s->directory);
  free(s);
}

/* A file without a name. */
static iscc_status open_file(iscc_spill *s, iscc_error *error) {
  s->file = open(s->directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (s->file >= 0) return ISCC_OK;
  char path[4096]; /* file systems without O_TMPFILE */
  if (snprintf(path, sizeof path, "%s/.iscc-rows-XXXXXX", s->directory) < (int)sizeof path) {
    s->file = mkostemp(path, O_CLOEXEC);
    if (s->file >= 0) {
      unlink(path);
      return ISCC_OK;
    }
  }
  return iscc_fail(error, ISCC_EIO, "%s: no room for waiting rows: %s", s->directory, strerror(errno));
}

static iscc_status write_all(iscc_spill *s, iscc_error *error) {
  const size_t bytes = s->in_memory * s->row_bytes;
  const off_t start = (off_t)(s->in_file * s->row_bytes);
  for (size_t done = 0; done < bytes;) {
    const ssize_t n = pwrite(s->file, s->rows + done, bytes - done, start + (off_t)done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0)
      return iscc_fail(error, ISCC_EIO, "%s: waiting rows cannot be written: %s", s->directory,
                       n < 0 ? strerror(errno) : "nothing was taken");
    done += (size_t)n;
  }
  s->in_file += s->in_memory;
  s->in_memory = 0;
  return ISCC_OK;
}

iscc_status iscc_spill_append(iscc_spill *s, const void *row, iscc_error *error) {
  if (s->in_memory == s->capacity) {
    iscc_status status = s->file < 0 ? open_file(s, error) : ISCC_OK;
    if (!status) status = write_all(s, error);
    if (status) return status;
  }
  memcpy(s->rows + s->in_memory * s->row_bytes, row, s->row_bytes);
  s->in_memory++;
  return ISCC_OK;
}

void iscc_spill_rewind(iscc_spill *s) {
  s->next = 0;
  s->page_rows = 0;
}

static iscc_status read_page(iscc_spill *s, iscc_error *error) {
  const uint64_t left = s->in_file - s->next;
  s->page_first = s->next;
  s->page_rows = left < s->capacity ? (size_t)left : s->capacity;
  const size_t bytes = s->page_rows * s->row_bytes;
  for (size_t done = 0; done < bytes;) {
    const ssize_t n = pread(s->file, s->page + done, bytes - done, (off_t)(s->next * s->row_bytes + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0)
      return iscc_fail(error, ISCC_EIO, "%s: waiting rows cannot be read: %s", s->directory,
                       n < 0 ? strerror(errno) : "the file has become shorter");
    done += (size_t)n;
  }
  return ISCC_OK;
}

iscc_status iscc_spill_next(iscc_spill *s, const void **row, iscc_error *error) {
  *row = NULL;
  if (s->next >= s->in_file + s->in_memory) return ISCC_OK;
  if (s->next >= s->in_file) {
    *row = s->rows + (size_t)(s->next++ - s->in_file) * s->row_bytes;
    return ISCC_OK;
  }
  if (s->page_rows == 0 || s->next >= s->page_first + s->page_rows) {
    const iscc_status status = read_page(s, error);
    if (status) return status;
  }
  *row = s->page + (size_t)(s->next++ - s->page_first) * s->row_bytes;
  return ISCC_OK;
}

void iscc_spill_clear(iscc_spill *s) {
  s->in_memory = 0;
  s->in_file = 0;
  if (s->file >= 0) close(s->file);
  s->file = -1;
  iscc_spill_rewind(s);
}
