/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-test-air - what the bindings leave to C++: frames and settings of a node's first device. */
#ifndef ISCC_TEST_AIR_H
#define ISCC_TEST_AIR_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sends n_bytes zeros of an unknown protocol to everybody. Nodes are numbered as they were made. */
bool iscc_test_broadcast(uint32_t node, uint32_t n_bytes);
bool iscc_test_set_mtu(uint32_t node, uint16_t n_bytes);
uint16_t iscc_test_mtu(uint32_t node);

/* Lets ns-3's own reader move the first nodes, which have no place yet, as a movement file says. */
void iscc_test_move(const char *file, uint32_t nodes);

#ifdef __cplusplus
}
#endif
#endif
