/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-fake-host.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-allocations.h"

typedef struct {
  int64_t time_ns;
  uint64_t id; /* grows: breaks ties first come first served */
  void (*fn)(void *arg);
  void *arg;
  bool cancelled;
} fake_event;

typedef struct { /* a node's or the server's view of the world */
  iscc_fake_world *world;
  uint32_t node;
} fake_place;

struct iscc_fake_clock {
  int64_t now_ns;
  uint64_t last_id;
  fake_event *heap;
  size_t events, capacity;
  fake_place place[ISCC_FAKE_NODES_MAX];
  int64_t up_free_ns[ISCC_FAKE_NODES_MAX], down_free_ns[ISCC_FAKE_NODES_MAX];
};

typedef struct { /* a datagram on its way, or the end of its transmission */
  iscc_fake_world *world;
  uint32_t node;
  bool up;
  uint64_t token;
  int64_t start_ns, airtime_ns;
  double bits, energy_j;
  size_t n_bytes;
  uint8_t bytes[];
} fake_flight;

static bool before(const fake_event *a, const fake_event *b) {
  return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->id < b->id;
}

static uint64_t push(struct iscc_fake_clock *clock, int64_t time_ns, void (*fn)(void *), void *arg) {
  if (clock->events == clock->capacity) {
    clock->capacity = clock->capacity ? 2 * clock->capacity : 64;
    iscc_allocations_pause();
    clock->heap = realloc(clock->heap, clock->capacity * sizeof *clock->heap);
    iscc_allocations_resume();
    if (!clock->heap) abort();
  }
  const fake_event event = {.time_ns = time_ns, .id = ++clock->last_id, .fn = fn, .arg = arg};
  size_t i = clock->events++;
  for (; i > 0 && before(&event, &clock->heap[(i - 1) / 2]); i = (i - 1) / 2)
    clock->heap[i] = clock->heap[(i - 1) / 2];
  clock->heap[i] = event;
  return event.id;
}

static fake_event pop(struct iscc_fake_clock *clock) {
  const fake_event first = clock->heap[0];
  const fake_event moved = clock->heap[--clock->events];
  size_t i = 0;
  for (;;) {
    size_t child = 2 * i + 1;
    if (child >= clock->events) break;
    if (child + 1 < clock->events && before(&clock->heap[child + 1], &clock->heap[child])) child++;
    if (!before(&clock->heap[child], &moved)) break;
    clock->heap[i] = clock->heap[child];
    i = child;
  }
  if (clock->events > 0) clock->heap[i] = moved;
  return first;
}

static int64_t host_now(void *ctx) {
  return ((fake_place *)ctx)->world->clock->now_ns;
}

static uint64_t host_schedule(void *ctx, int64_t delay_ns, void (*fn)(void *), void *arg) {
  struct iscc_fake_clock *clock = ((fake_place *)ctx)->world->clock;
  if (delay_ns < 0 || delay_ns > INT64_MAX - clock->now_ns) abort(); /* the contract is broken */
  return push(clock, clock->now_ns + delay_ns, fn, arg);
}

static void host_cancel(void *ctx, uint64_t id) {
  struct iscc_fake_clock *clock = ((fake_place *)ctx)->world->clock;
  for (size_t i = 0; i < clock->events; i++)
    if (clock->heap[i].id == id) clock->heap[i].cancelled = true;
}

static iscc_status host_link(void *ctx, iscc_link *link, iscc_error *error) {
  const fake_place *place = ctx;
  const iscc_fake_band *band = &place->world->band[place->node];
  if (place->world->link_fails) return iscc_fail(error, ISCC_EIO, "no route to the server");
  *link = band->link;
  const double gain = iscc_fading_gain(&band->fading, place->world->clock->now_ns);
  link->snr_per_w *= gain;
  link->fading = band->fading.coherence_ns > 0 ? gain : 0;
  return ISCC_OK;
}

static void host_random(void *ctx, iscc_purpose purpose, iscc_random *stream) {
  const fake_place *place = ctx;
  iscc_random_seed(stream, place->world->seed, place->world->run, place->node, purpose);
}

/* Seconds to send bits from start_ns on, block by block. */
static double airtime_s(const iscc_fake_band *band, int64_t start_ns, double bits, double power_w) {
  double spent_s = 0.0;
  int64_t at_ns = start_ns;
  while (bits > 0.0) {
    const double snr = band->link.snr_per_w * iscc_fading_gain(&band->fading, at_ns);
    const double rate = band->link.bandwidth_hz * log2(1.0 + snr * power_w);
    const int64_t end_ns = iscc_fading_block_end_ns(&band->fading, at_ns);
    const double block_s = end_ns == INT64_MAX ? HUGE_VAL : (double)(end_ns - start_ns) * 1e-9 - spent_s;
    if (bits <= rate * block_s) return spent_s + bits / rate;
    bits -= rate * block_s;
    spent_s += block_s;
    at_ns = end_ns;
  }
  return spent_s;
}

static void on_sent(void *arg) {
  fake_flight *f = arg;
  iscc_fake_world *world = f->world;
  world->energy_j[f->node] += f->energy_j;
  iscc_edge_node_on_transmitted(world->band[f->node].node, f->token, f->start_ns, f->airtime_ns, f->bits,
                                f->energy_j);
  free(f);
}

static void on_arrived(void *arg) {
  fake_flight *f = arg;
  if (f->up)
    iscc_server_on_receive(f->world->server, f->node, f->bytes, f->n_bytes);
  else
    iscc_edge_node_on_receive(f->world->band[f->node].node, f->bytes, f->n_bytes);
  free(f);
}

static fake_flight *flight(iscc_fake_world *world, uint32_t node, bool up, const iscc_transmission *t) {
  iscc_allocations_pause();
  fake_flight *f = calloc(1, sizeof *f + t->n_bytes);
  iscc_allocations_resume();
  if (!f) abort();
  f->world = world;
  f->node = node;
  f->up = up;
  f->n_bytes = t->n_bytes;
  if (t->bytes) memcpy(f->bytes, t->bytes, t->n_bytes);
  return f;
}

static void deliver(iscc_fake_world *world, uint32_t node, bool up, const iscc_transmission *t,
                    int64_t end_ns) {
  if (t->n_bytes > 2 && ((const uint8_t *)t->bytes)[2] < ISCC_FAKE_KINDS)
    world->sent[((const uint8_t *)t->bytes)[2]]++;
  iscc_fake_fate fate = {.copies = 1};
  if (world->fate) fate = world->fate(world->fate_ctx, node, up, t->bytes, t->n_bytes);
  const int64_t way_ns = (int64_t)ceil(world->band[node].link.propagation_s * 1e9) + fate.delay_ns;
  for (int i = 0; i < fate.copies; i++)
    push(world->clock, end_ns + way_ns, on_arrived, flight(world, node, up, t));
}

static iscc_status node_send(void *ctx, const iscc_transmission *t, iscc_error *error) {
  const fake_place *place = ctx;
  iscc_fake_world *world = place->world;
  const iscc_fake_band *band = &world->band[place->node];
  if (world->send_fails) return iscc_fail(error, ISCC_EIO, "the radio refuses");
  if (t->n_bytes == 0 || t->n_bytes > (size_t)band->link.datagram_max_bytes) abort();
  int64_t *free_ns = &world->clock->up_free_ns[place->node];
  fake_flight *f = flight(world, place->node, true, t);
  f->token = t->token;
  f->bits = t->charged_bits < 0 ? 8.0 * (double)(t->n_bytes + (size_t)band->link.datagram_overhead_bytes)
                                : t->charged_bits;
  f->start_ns = world->clock->now_ns > *free_ns ? world->clock->now_ns : *free_ns;
  const double exact_s = airtime_s(band, f->start_ns, f->bits, t->power_w);
  f->airtime_ns = (int64_t)fmin(ceil(exact_s * 1e9), 1e17);
  f->energy_j = exact_s * t->power_w;
  *free_ns = f->start_ns + f->airtime_ns;
  push(world->clock, *free_ns, on_sent, f);
  deliver(world, place->node, true, t, *free_ns);
  return ISCC_OK;
}

static iscc_status server_send(void *ctx, const iscc_transmission *t, iscc_error *error) {
  iscc_fake_world *world = ((fake_place *)ctx)->world;
  if (world->send_fails) return iscc_fail(error, ISCC_EIO, "the radio refuses");
  const iscc_link *link = &world->band[t->peer].link;
  const double bits = t->charged_bits < 0 ? 8.0 * (double)(t->n_bytes + (size_t)link->datagram_overhead_bytes)
                                          : t->charged_bits;
  int64_t *free_ns = &world->clock->down_free_ns[t->peer];
  const int64_t start_ns = world->clock->now_ns > *free_ns ? world->clock->now_ns : *free_ns;
  *free_ns = start_ns + (int64_t)ceil(bits / link->answer_rate_bps * 1e9);
  deliver(world, t->peer, false, t, *free_ns);
  return ISCC_OK;
}

iscc_fake_world *iscc_fake_world_create(uint64_t seed) {
  iscc_fake_world *world = calloc(1, sizeof *world);
  struct iscc_fake_clock *clock = calloc(1, sizeof *clock);
  if (!world || !clock) abort();
  world->seed = seed;
  world->clock = clock;
  for (uint32_t i = 0; i < ISCC_FAKE_NODES_MAX; i++) {
    clock->place[i] = (fake_place){.world = world, .node = i};
    world->band[i].link = (iscc_link){.bandwidth_hz = 1e5,
                                      .snr_per_w = 100.0,
                                      .answer_rate_bps = 1e6,
                                      .datagram_overhead_bytes = 28,
                                      .datagram_max_bytes = 1472};
    world->band[i].fading = (iscc_fading){.seed = seed, .node = i, .nakagami_m = 1.0};
  }
  return world;
}

void iscc_fake_world_destroy(iscc_fake_world *world) {
  struct iscc_fake_clock *clock = world->clock;
  for (size_t i = 0; i < clock->events; i++)
    if (clock->heap[i].fn == on_sent || clock->heap[i].fn == on_arrived) free(clock->heap[i].arg);
  free(clock->heap);
  free(clock);
  free(world);
}

static void host_draw(void *ctx, iscc_load load, double power_w) {
  const fake_place *place = ctx;
  const int64_t now = place->world->clock->now_ns;
  iscc_fake_load *l = &place->world->load[place->node][load];
  l->energy_j += l->power_w * 1e-9 * (double)(now - l->since_ns);
  l->power_w = power_w;
  l->since_ns = now;
}

iscc_host iscc_fake_node_host(iscc_fake_world *world, uint32_t node) {
  return (iscc_host){.ctx = &world->clock->place[node],
                     .now_ns = host_now,
                     .schedule = host_schedule,
                     .cancel = host_cancel,
                     .send = node_send,
                     .link = host_link,
                     .random = host_random,
                     .draw = host_draw};
}

iscc_host iscc_fake_server_host(iscc_fake_world *world) {
  iscc_host host = iscc_fake_node_host(world, 0);
  host.send = server_send;
  host.link = NULL;
  return host;
}

int64_t iscc_fake_now_ns(const iscc_fake_world *world) {
  return world->clock->now_ns;
}

static void step(iscc_fake_world *world) {
  const fake_event event = pop(world->clock);
  if (event.cancelled) return;
  world->clock->now_ns = event.time_ns;
  world->events++;
  event.fn(event.arg);
}

void iscc_fake_run_until(iscc_fake_world *world, int64_t end_ns) {
  while (world->clock->events > 0 && world->clock->heap[0].time_ns <= end_ns) step(world);
  world->clock->now_ns = end_ns;
}

bool iscc_fake_run_out(iscc_fake_world *world, uint64_t events_max) {
  const uint64_t end = world->events + events_max;
  while (world->clock->events > 0 && world->events < end) step(world);
  return world->clock->events == 0;
}

void iscc_fake_call_at(iscc_fake_world *world, int64_t time_ns, void (*fn)(void *arg), void *arg) {
  push(world->clock, time_ns, fn, arg);
}
