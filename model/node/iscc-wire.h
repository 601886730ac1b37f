/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-wire - the messages between node and server, as bytes. Big endian; doc/node.rst has the tables.
 *
 *   all       0 magic 0x1c   1 version 2   2 kind   3 round   4..7 task number modulo 2^32
 *   FEATURES  8 split   9 bits   10..11 fragment   12..13 fragments   14..15 chunk
 *             16..19 deadline, us of the common clock modulo 2^32   20.. payload
 *   PROBE     nothing more
 *   MISSING   8..9 fragments (0: the server knows nothing of the task)   10.. one bit each, first one
 * highest; 1: lacks it BUSY      8..15 ns until the server will have computed ANSWER    8..15 ns the task
 * waited   16..23 ns it was computed   24 class (255: not known)
 *
 * Decoding reads only inside the given bytes and refuses whatever is not exactly of this form. */
#ifndef ISCC_WIRE_H
#define ISCC_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Split codes from here on stand for the classifiers on principal components, in the model's order. */
enum { ISCC_WIRE_PCA = 128 };

typedef enum {
  ISCC_MESSAGE_FEATURES = 1, /* node to server: one fragment of the quantized features */
  ISCC_MESSAGE_PROBE = 2,    /* node to server: how far are you with this task? */
  ISCC_MESSAGE_MISSING = 3,  /* server to node: fragments it lacks */
  ISCC_MESSAGE_BUSY = 4,     /* server to node: all there, not computed yet */
  ISCC_MESSAGE_ANSWER = 5    /* server to node: computed; acknowledges the features */
} iscc_message_kind;

enum {
  ISCC_WIRE_FEATURES_HEADER_BYTES = 20,
  ISCC_WIRE_PROBE_BYTES = 8,
  ISCC_WIRE_BUSY_BYTES = 16,
  ISCC_WIRE_ANSWER_BYTES = 25,
  ISCC_WIRE_FRAGMENTS_MAX = 1024,
  ISCC_WIRE_MISSING_BYTES_MAX = 10 + ISCC_WIRE_FRAGMENTS_MAX / 8,
  ISCC_WIRE_DATAGRAM_MIN = 160, /* smallest datagram_max_bytes a link may have: every message fits */
  ISCC_WIRE_CLASS_UNKNOWN = 255
};

typedef struct {
  iscc_message_kind kind;
  uint8_t round;               /* of the node's asking; 0: the first transmission */
  uint32_t task;               /* number modulo 2^32 */
  int split, bits;             /* FEATURES */
  int fragment;                /* FEATURES: 0..fragments-1 */
  int fragments;               /* FEATURES: 1..1024; MISSING: 0..1024 */
  int chunk_bytes;             /* FEATURES: payload bytes of every fragment but the last, 1..65535 */
  uint32_t deadline_us;        /* FEATURES: when the answer is due */
  int64_t busy_ns;             /* BUSY, >= 0 */
  int64_t wait_ns, compute_ns; /* ANSWER, >= 0 */
  int answer_class;            /* ANSWER: 0..254, or ISCC_WIRE_CLASS_UNKNOWN */
  const uint8_t *body;         /* FEATURES: payload; MISSING: bit field; borrowed */
  size_t body_bytes;
} iscc_message;

/* Bytes of the message, body included; 0: it cannot be encoded (a field out of range, or more than capacity).
 */
size_t iscc_wire_encode(const iscc_message *message, uint8_t *bytes, size_t capacity);

/* message->body points into bytes. ISCC_EFORMAT: not one of our messages; the text says why. */
iscc_status iscc_wire_decode(const uint8_t *bytes, size_t n_bytes, iscc_message *message, iscc_error *error);

/* Fragments of n_bytes in datagrams of at most datagram_max_bytes, and the chunk of each; 0 for n_bytes 0. */
int iscc_wire_fragments(size_t n_bytes, int datagram_max_bytes, int *chunk_bytes);

/* The instant, within 35 min of now, whose microseconds modulo 2^32 a deadline is; and back. */
int64_t iscc_wire_deadline_ns(uint32_t deadline_us, int64_t now_ns);
uint32_t iscc_wire_deadline_us(int64_t deadline_ns);

/* Bit `fragment` of a bit field. */
int iscc_wire_bit(const uint8_t *field, int fragment);
void iscc_wire_bit_set(uint8_t *field, int fragment);

#ifdef __cplusplus
}
#endif
#endif
