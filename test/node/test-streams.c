/* SPDX-License-Identifier: GPL-2.0-only */
/* Stream by stream: what a task meets is drawn from the stream of one purpose, and is the same whatever was decided,
 * sensed or asked before. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-arrivals.h"
#include "iscc-channel-estimate.h"
#include "iscc-fading.h"
#include "iscc-fake-model.h"
#include "iscc-inference.h"

enum { TASKS = 6, PAYLOAD_MAX = 2 * ISCC_INPUT_SIZE, DRAWS = 200 };

static const iscc_purpose NONE = (iscc_purpose)0;

typedef struct { /* all that the streams of a node make */
  int true_class[TASKS];
  uint8_t payload[TASKS][PAYLOAD_MAX];
  int right[DRAWS];
  int64_t arrival_ns[DRAWS];
  double estimate[TASKS], gain[DRAWS];
  double noted[ISCC_PURPOSES][TASKS]; /* as kept for a fingerprint; 0: none */
} world;

typedef struct {
  iscc_purpose moved; /* the stream that is another node's */
} host_context;

static void draw_random(void *ctx, iscc_purpose purpose, iscc_random *stream) {
  const host_context *host = ctx;
  iscc_random_seed(stream, 3, 7, purpose == host->moved ? 1001 : 1, purpose);
}

static iscc_status see_link(void *ctx, iscc_link *link, iscc_error *error) {
  (void)ctx;
  (void)error;
  *link = (iscc_link){.bandwidth_hz = 1e5, .snr_per_w = 100};
  return ISCC_OK;
}

/* Senses a task as a scheme would that chose these, and packs it. */
static void carry_out(iscc_inference *inference, uint64_t task, double power_w, int split, double keep,
                      int bits, int *true_class, uint8_t *payload) {
  int device_class;
  iscc_error error = {""};
  ck_assert_msg(!iscc_inference_sense(inference, task, power_w, true_class, &error), "%s", error.text);
  ck_assert_msg(
      !iscc_inference_device(inference, task, split, keep, bits, payload, PAYLOAD_MAX, &device_class, &error),
      "%s", error.text);
}

static void keep(const iscc_draws *draws, iscc_purpose purpose, world *w) {
  for (int k = 0; k < TASKS; k++)
    if (draws->kept >> k & 1) w->noted[purpose][k] = draws->value[k];
}

static void infer(const iscc_model *model, const iscc_host *host, bool other_scheme, world *w) {
  static uint8_t unused[PAYLOAD_MAX];
  iscc_inference *inference;
  int class;
  ck_assert_int_eq(iscc_inference_create(ISCC_INFERENCE_REAL, model, host, &inference, NULL), ISCC_OK);
  for (uint64_t k = 0; other_scheme && k < 9; k++) carry_out(inference, k, 0.9, 6, 0.4, 7, &class, unused);
  for (int k = other_scheme ? TASKS - 1 : 0; k >= 0 && k < TASKS; k += other_scheme ? -1 : 1)
    carry_out(inference, (uint64_t)k, 0.02, 3, 0.6, 4, &w->true_class[k], w->payload[k]);
  for (int p = ISCC_STREAM_PLACEMENT; p <= ISCC_STREAM_QUANTIZATION; p++)
    keep(iscc_inference_draws(inference, (iscc_purpose)p), (iscc_purpose)p, w);
  iscc_inference_destroy(inference);
  ck_assert_int_eq(iscc_inference_create(ISCC_INFERENCE_MODEL, model, host, &inference, NULL), ISCC_OK);
  for (uint64_t k = 0; k < DRAWS; k++) {
    if (other_scheme) iscc_inference_draw(inference, k, 0.9);
    w->right[k] = iscc_inference_draw(inference, k, 0.5);
  }
  keep(iscc_inference_draws(inference, ISCC_STREAM_INFERENCE), ISCC_STREAM_INFERENCE, w);
  iscc_inference_destroy(inference);
}

static void arrive(const iscc_host *host, world *w) {
  const iscc_arrivals_settings settings = {.kind = ISCC_ARRIVALS_POISSON, .interval_s = 1, .count = DRAWS};
  iscc_random stream;
  iscc_arrivals *arrivals;
  host->random(host->ctx, ISCC_STREAM_ARRIVALS, &stream);
  ck_assert_int_eq(iscc_arrivals_create(&settings, &stream, &arrivals, NULL), ISCC_OK);
  for (int k = 0; k < DRAWS; k++) w->arrival_ns[k] = iscc_arrivals_next_ns(arrivals);
  keep(iscc_arrivals_draws(arrivals), ISCC_STREAM_ARRIVALS, w);
  iscc_arrivals_destroy(arrivals);
}

static void estimate(const iscc_host *host, bool other_scheme, world *w) {
  iscc_channel_estimate e;
  iscc_link link;
  iscc_channel_estimate_begin(&e, host, 2);
  for (uint64_t k = 0; k < TASKS; k++) {
    if (other_scheme) iscc_channel_estimate_link(&e, k, 1, &link, &(double){0}, NULL);
    ck_assert_int_eq(iscc_channel_estimate_link(&e, k, 0, &link, &(double){0}, NULL), ISCC_OK);
    w->estimate[k] = link.snr_per_w;
  }
  keep(&e.draws, ISCC_STREAM_CHANNEL_ERROR, w);
}

/* Fading is a function of seed, run, node and time, asked in this order or the other. */
static void fade(uint64_t node, bool other_scheme, world *w) {
  const iscc_fading fading = {.seed = 3, .run = 7, .node = node, .coherence_ns = 1000, .nakagami_m = 1};
  for (int k = 0; k < DRAWS; k++) {
    const int at = other_scheme ? DRAWS - 1 - k : k;
    w->gain[at] = iscc_fading_gain(&fading, 1000 * at + (other_scheme ? 999 : 0));
  }
}

static world *meet(iscc_purpose moved, bool other_scheme) {
  world *w = calloc(1, sizeof *w);
  iscc_model *model = iscc_fake_model_create();
  host_context context = {.moved = moved};
  const iscc_host host = {.ctx = &context, .random = draw_random, .link = see_link};
  iscc_fake_model_randomize(model, 5);
  infer(model, &host, other_scheme, w);
  arrive(&host, w);
  estimate(&host, other_scheme, w);
  fade(moved == ISCC_STREAM_FADING ? 1001 : 1, other_scheme, w);
  iscc_model_destroy(model);
  return w;
}

START_TEST(what_was_decided_before_changes_nothing) {
  world *a = meet(NONE, false), *b = meet(NONE, true);
  ck_assert_mem_eq(a, b, sizeof *a);
  free(a);
  free(b);
}
END_TEST

/* What each purpose is drawn for. */
static const struct {
  iscc_purpose purpose;
  bool class, payload, right, arrival, estimate, gain;
} streams[] = {
    {ISCC_STREAM_ARRIVALS, .arrival = true},       {ISCC_STREAM_PLACEMENT, .class = true, .payload = true},
    {ISCC_STREAM_CLUTTER, .payload = true},        {ISCC_STREAM_NOISE, .payload = true},
    {ISCC_STREAM_QUANTIZATION, .payload = true},   {ISCC_STREAM_INFERENCE, .right = true},
    {ISCC_STREAM_CHANNEL_ERROR, .estimate = true}, {ISCC_STREAM_FADING, .gain = true}};

#define EXPECT_MOVED(part, moved) ck_assert_int_eq(memcmp(a->part, b->part, sizeof a->part) != 0, moved)

START_TEST(a_stream_changes_what_is_drawn_from_it_and_nothing_else) {
  world *a = meet(NONE, false), *b = meet(streams[_i].purpose, false);
  EXPECT_MOVED(true_class, streams[_i].class);
  EXPECT_MOVED(payload, streams[_i].payload);
  EXPECT_MOVED(right, streams[_i].right);
  EXPECT_MOVED(arrival_ns, streams[_i].arrival);
  EXPECT_MOVED(estimate, streams[_i].estimate);
  EXPECT_MOVED(gain, streams[_i].gain);
  for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
    if (streams[i].purpose == ISCC_STREAM_FADING) continue; /* the node's own: suite edge-node */
    for (int k = 0; k < TASKS; k++) ck_assert(a->noted[streams[i].purpose][k] != 0);
    EXPECT_MOVED(noted[streams[i].purpose], i == (size_t)_i);
  }
  free(a);
  free(b);
}
END_TEST

Suite *iscc_suite_streams(void);
Suite *iscc_suite_streams(void) {
  Suite *suite = suite_create("node: streams");
  TCase *tc = tcase_create("streams");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, what_was_decided_before_changes_nothing);
  tcase_add_loop_test(tc, a_stream_changes_what_is_drawn_from_it_and_nothing_else, 0,
                      sizeof streams / sizeof *streams);
  suite_add_tcase(suite, tc);
  return suite;
}
