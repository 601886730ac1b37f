/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <string.h>

#include "iscc-fingerprint.h"

typedef struct {
  char index[ISCC_DIGEST_TEXT], value[ISCC_DIGEST_TEXT];
} hashes;

/* Of two nodes. */
static hashes hash(const iscc_draws *a, const iscc_draws *b) {
  hashes h;
  iscc_fingerprint f;
  iscc_fingerprint_begin(&f);
  iscc_fingerprint_add(&f, 0, a);
  iscc_fingerprint_add(&f, 1, b);
  iscc_fingerprint_read(&f, h.index, h.value);
  return h;
}

START_TEST(the_first_of_each_index_is_kept) {
  iscc_draws draws = {.kept = 0};
  iscc_draws_note(&draws, 2, 0.5);
  iscc_draws_note(&draws, 2, 0.75);
  iscc_draws_note(&draws, ISCC_DRAWS_KEPT - 1, 0.25);
  iscc_draws_note(&draws, ISCC_DRAWS_KEPT, 9);
  iscc_draws_note(&draws, UINT64_MAX, 9);
  ck_assert_int_eq(draws.kept, 1 << 2 | 1 << (ISCC_DRAWS_KEPT - 1));
  ck_assert(draws.value[2] == 0.5 && draws.value[ISCC_DRAWS_KEPT - 1] == 0.25);
}
END_TEST

START_TEST(a_stream_is_noted_by_its_next_number_and_not_moved) {
  iscc_draws draws = {.kept = 0};
  iscc_random stream;
  iscc_random_seed(&stream, 1, 2, 3, ISCC_STREAM_TEST);
  iscc_random_uniform(&stream);
  iscc_draws_note_first(&draws, 0, &stream);
  ck_assert(draws.value[0] == iscc_random_uniform(&stream));
}
END_TEST

START_TEST(a_value_changes_the_hash_of_values_alone) {
  const iscc_draws a = {.value = {0.25, 0.5}, .kept = 3}, b = {.value = {0.125}, .kept = 1},
                   other = {.value = {0.25, 0.5 + 0x1p-53}, .kept = 3};
  const hashes one = hash(&a, &b), same = hash(&a, &b), moved = hash(&other, &b), turned = hash(&b, &a);
  ck_assert_uint_eq(strlen(one.value), ISCC_DIGEST_TEXT - 1);
  ck_assert_str_eq(one.index, same.index);
  ck_assert_str_eq(one.value, same.value);
  ck_assert_str_eq(one.index, moved.index);
  ck_assert_str_ne(one.value, moved.value);
  ck_assert_str_ne(one.index, turned.index); /* the nodes count */
}
END_TEST

/* As many numbers, but of other tasks. */
START_TEST(other_indices_are_told) {
  const iscc_draws a = {.value = {0.25, 0.5}, .kept = 3}, b = {.value = {0.25, 0, 0.5}, .kept = 5};
  ck_assert_str_ne(hash(&a, &a).index, hash(&a, &b).index);
}
END_TEST

START_TEST(what_is_read_can_be_added_to) {
  const iscc_draws a = {.value = {0.25}, .kept = 1};
  hashes early, late;
  iscc_fingerprint f;
  iscc_fingerprint_begin(&f);
  iscc_fingerprint_add(&f, 0, &a);
  iscc_fingerprint_read(&f, early.index, early.value);
  iscc_fingerprint_add(&f, 1, &a);
  iscc_fingerprint_read(&f, late.index, late.value);
  ck_assert_int_eq(f.draws, 2);
  ck_assert_str_ne(early.value, late.value);
  ck_assert_str_eq(late.value, hash(&a, &a).value);
}
END_TEST

START_TEST(purposes_have_names_of_their_own) {
  for (int i = 1; i < ISCC_PURPOSES; i++) {
    const char *name = iscc_purpose_name((iscc_purpose)i);
    ck_assert_ptr_nonnull(name);
    for (int k = 1; k < i; k++) ck_assert_str_ne(name, iscc_purpose_name((iscc_purpose)k));
  }
  ck_assert_ptr_null(iscc_purpose_name((iscc_purpose)0));
  ck_assert_ptr_null(iscc_purpose_name((iscc_purpose)ISCC_PURPOSES));
}
END_TEST

Suite *iscc_suite_fingerprint(void);
Suite *iscc_suite_fingerprint(void) {
  Suite *s = suite_create("base: stream fingerprints");
  TCase *t = tcase_create("fingerprint");
  tcase_add_test(t, the_first_of_each_index_is_kept);
  tcase_add_test(t, a_stream_is_noted_by_its_next_number_and_not_moved);
  tcase_add_test(t, a_value_changes_the_hash_of_values_alone);
  tcase_add_test(t, other_indices_are_told);
  tcase_add_test(t, what_is_read_can_be_added_to);
  tcase_add_test(t, purposes_have_names_of_their_own);
  suite_add_tcase(s, t);
  return s;
}
