/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-allocations.h"

#include <stdatomic.h>
#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTED 0
#else
#define COUNTED 1
#endif

const bool iscc_allocations_available = COUNTED;

static atomic_ulong count;
static atomic_int paused;

unsigned long iscc_allocations_count(void) {
  return atomic_load(&count);
}

void iscc_allocations_pause(void) {
  atomic_fetch_add(&paused, 1);
}

void iscc_allocations_resume(void) {
  atomic_fetch_sub(&paused, 1);
}

#if COUNTED
/* The C library's own names for its allocator: the program's malloc stands before it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *block, size_t size);
void *aligned_alloc(size_t alignment, size_t size);

static void note(void) {
  if (atomic_load(&paused) == 0) atomic_fetch_add(&count, 1);
}

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t n, size_t size) {
  note();
  return __libc_calloc(n, size);
}

void *realloc(void *block, size_t size) {
  note();
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}
#endif
