/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-wire.h"

#include <stdbool.h>
#include <string.h>

enum { MAGIC = 0x1c, VERSION = 2, HEADER_BYTES = 8, MISSING_HEADER_BYTES = 10 };

static void put(uint8_t *at, int n_bytes, uint64_t value) {
  for (int i = n_bytes - 1; i >= 0; i--, value >>= 8) at[i] = (uint8_t)(value & 0xffu);
}

static uint64_t get(const uint8_t *at, int n_bytes) {
  uint64_t value = 0;
  for (int i = 0; i < n_bytes; i++) value = value << 8 | at[i];
  return value;
}

static size_t field_bytes(int fragments) {
  return ((size_t)fragments + 7) / 8;
}

int iscc_wire_bit(const uint8_t *field, int fragment) {
  return field[fragment / 8] >> (7 - fragment % 8) & 1;
}

void iscc_wire_bit_set(uint8_t *field, int fragment) {
  field[fragment / 8] = (uint8_t)(field[fragment / 8] | 1u << (7 - fragment % 8));
}

int iscc_wire_fragments(size_t n_bytes, int datagram_max_bytes, int *chunk_bytes) {
  int chunk = datagram_max_bytes - ISCC_WIRE_FEATURES_HEADER_BYTES;
  if (chunk > UINT16_MAX) chunk = UINT16_MAX;
  *chunk_bytes = chunk;
  return (int)((n_bytes + (size_t)chunk - 1) / (size_t)chunk);
}

uint32_t iscc_wire_deadline_us(int64_t deadline_ns) {
  return (uint32_t)(deadline_ns / 1000);
}

int64_t iscc_wire_deadline_ns(uint32_t deadline_us, int64_t now_ns) {
  const int32_t ahead_us = (int32_t)(deadline_us - iscc_wire_deadline_us(now_ns));
  return (now_ns / 1000 + ahead_us) * 1000;
}

/* What both directions demand of the fields. NULL: all is well. */
static const char *fault_of(const iscc_message *m) {
  switch (m->kind) {
  case ISCC_MESSAGE_FEATURES:
    if (m->split < 0 || m->split > UINT8_MAX) return "split layer";
    if (m->bits < 1 || m->bits > 16) return "bits per element";
    if (m->fragments < 1 || m->fragments > ISCC_WIRE_FRAGMENTS_MAX) return "number of fragments";
    if (m->fragment < 0 || m->fragment >= m->fragments) return "fragment index";
    if (m->chunk_bytes < 1 || m->chunk_bytes > UINT16_MAX) return "chunk size";
    if (m->body_bytes < 1 || m->body_bytes > (size_t)m->chunk_bytes) return "payload size";
    if (m->fragment < m->fragments - 1 && m->body_bytes != (size_t)m->chunk_bytes) return "payload size";
    return NULL;
  case ISCC_MESSAGE_MISSING:
    if (m->fragments < 0 || m->fragments > ISCC_WIRE_FRAGMENTS_MAX) return "number of fragments";
    return m->body_bytes != field_bytes(m->fragments) ? "bit field size" : NULL;
  case ISCC_MESSAGE_BUSY:
    return m->busy_ns < 0 ? "time left" : NULL;
  case ISCC_MESSAGE_ANSWER:
    if (m->wait_ns < 0 || m->compute_ns < 0) return "server time";
    return m->answer_class < 0 || m->answer_class > UINT8_MAX ? "class" : NULL;
  case ISCC_MESSAGE_PROBE:
    return NULL;
  }
  return "kind";
}

static size_t fixed_bytes(iscc_message_kind kind) {
  switch (kind) {
  case ISCC_MESSAGE_FEATURES:
    return ISCC_WIRE_FEATURES_HEADER_BYTES;
  case ISCC_MESSAGE_PROBE:
    return ISCC_WIRE_PROBE_BYTES;
  case ISCC_MESSAGE_MISSING:
    return MISSING_HEADER_BYTES;
  case ISCC_MESSAGE_BUSY:
    return ISCC_WIRE_BUSY_BYTES;
  case ISCC_MESSAGE_ANSWER:
    return ISCC_WIRE_ANSWER_BYTES;
  }
  return 0;
}

static bool has_body(iscc_message_kind kind) {
  return kind == ISCC_MESSAGE_FEATURES || kind == ISCC_MESSAGE_MISSING;
}

static void put_fields(const iscc_message *m, uint8_t *bytes) {
  switch (m->kind) {
  case ISCC_MESSAGE_FEATURES:
    bytes[8] = (uint8_t)m->split;
    bytes[9] = (uint8_t)m->bits;
    put(bytes + 10, 2, (uint64_t)m->fragment);
    put(bytes + 12, 2, (uint64_t)m->fragments);
    put(bytes + 14, 2, (uint64_t)m->chunk_bytes);
    put(bytes + 16, 4, m->deadline_us);
    break;
  case ISCC_MESSAGE_MISSING:
    put(bytes + 8, 2, (uint64_t)m->fragments);
    break;
  case ISCC_MESSAGE_BUSY:
    put(bytes + 8, 8, (uint64_t)m->busy_ns);
    break;
  case ISCC_MESSAGE_ANSWER:
    put(bytes + 8, 8, (uint64_t)m->wait_ns);
    put(bytes + 16, 8, (uint64_t)m->compute_ns);
    bytes[24] = (uint8_t)m->answer_class;
    break;
  case ISCC_MESSAGE_PROBE:
    break;
  }
}

size_t iscc_wire_encode(const iscc_message *m, uint8_t *bytes, size_t capacity) {
  const size_t fixed = fixed_bytes(m->kind);
  const size_t body = has_body(m->kind) ? m->body_bytes : 0;
  if (fault_of(m) || fixed > capacity || body > capacity - fixed) return 0;
  bytes[0] = MAGIC;
  bytes[1] = VERSION;
  bytes[2] = (uint8_t)m->kind;
  bytes[3] = m->round;
  put(bytes + 4, 4, m->task);
  put_fields(m, bytes);
  if (body > 0) memcpy(bytes + fixed, m->body, body);
  return fixed + body;
}

static void get_fields(iscc_message *m, const uint8_t *bytes) {
  switch (m->kind) {
  case ISCC_MESSAGE_FEATURES:
    m->split = bytes[8];
    m->bits = bytes[9];
    m->fragment = (int)get(bytes + 10, 2);
    m->fragments = (int)get(bytes + 12, 2);
    m->chunk_bytes = (int)get(bytes + 14, 2);
    m->deadline_us = (uint32_t)get(bytes + 16, 4);
    break;
  case ISCC_MESSAGE_MISSING:
    m->fragments = (int)get(bytes + 8, 2);
    break;
  case ISCC_MESSAGE_BUSY:
    m->busy_ns = (int64_t)get(bytes + 8, 8);
    break;
  case ISCC_MESSAGE_ANSWER:
    m->wait_ns = (int64_t)get(bytes + 8, 8);
    m->compute_ns = (int64_t)get(bytes + 16, 8);
    m->answer_class = bytes[24];
    break;
  case ISCC_MESSAGE_PROBE:
    break;
  }
}

iscc_status iscc_wire_decode(const uint8_t *bytes, size_t n_bytes, iscc_message *message, iscc_error *error) {
  if (n_bytes < HEADER_BYTES || bytes[0] != MAGIC)
    return iscc_fail(error, ISCC_EFORMAT, "datagram of %zu bytes is not of this protocol", n_bytes);
  if (bytes[1] != VERSION)
    return iscc_fail(error, ISCC_EFORMAT, "datagram is of protocol version %d, known is %d", bytes[1],
                     VERSION);
  iscc_message m = {.round = bytes[3], .task = (uint32_t)get(bytes + 4, 4)};
  if (bytes[2] < ISCC_MESSAGE_FEATURES || bytes[2] > ISCC_MESSAGE_ANSWER)
    return iscc_fail(error, ISCC_EFORMAT, "datagram is of unknown kind %d", bytes[2]);
  m.kind = (iscc_message_kind)bytes[2];
  const size_t fixed = fixed_bytes(m.kind);
  if (n_bytes < fixed || (!has_body(m.kind) && n_bytes != fixed))
    return iscc_fail(error, ISCC_EFORMAT, "datagram of kind %d has %zu bytes, needs %zu", bytes[2], n_bytes,
                     fixed);
  get_fields(&m, bytes);
  m.body = has_body(m.kind) ? bytes + fixed : NULL;
  m.body_bytes = n_bytes - fixed;
  const char *fault = fault_of(&m);
  if (fault)
    return iscc_fail(error, ISCC_EFORMAT, "datagram of kind %d: %s is out of range", bytes[2], fault);
  *message = m;
  return ISCC_OK;
}
