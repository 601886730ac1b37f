/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-movement - where nodes are when, from a movement file as ns-2 reads it and SUMO, BonnMotion and setdest
 * write it.
 *
 *   $node_(0) set X_ 12.5                         where node 0 is at time 0, m; the same with Y_ and Z_
 *   $ns_ at 3.5 "$node_(0) setdest 40 10 1.5"     from 3.5 s on it goes to (40, 10) at 1.5 m/s; Z stays
 *
 * A node stays where it is until it is sent elsewhere, and a way that another one interrupts ends there. '#'
 * starts a comment; lines about $god_ are passed over. */
#ifndef ISCC_MOVEMENT_H
#define ISCC_MOVEMENT_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { /* a node goes straight and evenly from one to the next, and stays at the last */
  int64_t time_ns;
  double position_m[3];
} iscc_waypoint;

typedef struct iscc_movement iscc_movement;

/* Reads a file: ISCC_EIO, or ISCC_EFORMAT with file, line and reason. A node's lines must be in order of time;
 * its place at time 0 may stand anywhere. */
iscc_status iscc_movement_read(const char *path, iscc_movement **out, iscc_error *error);
void iscc_movement_destroy(iscc_movement *movement); /* NULL is fine */

/* A node's waypoints, *count >= 1 of them: the first at time 0, times increasing. ISCC_EINVAL: the file has no
 * place of it. */
iscc_status iscc_movement_of(const iscc_movement *movement, uint32_t node, const iscc_waypoint **waypoints,
                             size_t *count, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
