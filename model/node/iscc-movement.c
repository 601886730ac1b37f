/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-movement.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024, NODE_MAX = 1000000 };

static const double TIME_MAX_S = 9.0e9; /* 285 years: below the range of 64-bit nanoseconds */
static const double PLACE_MAX_M = 1e9;

typedef struct { /* of one node */
  iscc_waypoint *at;
  size_t count, capacity;
  unsigned placed; /* bits: X_, Y_ are told */
} way;

typedef struct {
  uint32_t node;
  unsigned long line;
  double time_s, x_m, y_m, speed_mps;
} order;

struct iscc_movement {
  char *path;
  way *node;
  uint32_t nodes; /* room for; those that the file does not place have no waypoints */
  order *order;   /* while the file is read: places may come after them */
  size_t orders, capacity;
};

static iscc_status no_memory(const iscc_movement *m, iscc_error *error) {
  return iscc_fail(error, ISCC_ENOMEM, "%s: no memory for the movements", m->path);
}

/* Room for one more of size bytes. */
static bool grow(void **items, size_t count, size_t *capacity, size_t size) {
  if (count < *capacity) return true;
  const size_t wanted = *capacity ? 2 * *capacity : 16;
  void *grown = realloc(*items, wanted * size);
  if (!grown) return false;
  *items = grown;
  *capacity = wanted;
  return true;
}

static iscc_status append(iscc_movement *m, uint32_t node, int64_t time_ns, const double position_m[3],
                          iscc_error *error) {
  way *w = &m->node[node];
  void *items = w->at;
  if (!grow(&items, w->count, &w->capacity, sizeof *w->at)) return no_memory(m, error);
  w->at = items;
  w->at[w->count].time_ns = time_ns;
  memcpy(w->at[w->count++].position_m, position_m, sizeof w->at->position_m);
  return ISCC_OK;
}

/* ---- lines ---- */

/* The node's way begins, at the origin until its place is told. */
static iscc_status meet(iscc_movement *m, uint32_t node, iscc_error *error) {
  if (node >= m->nodes) {
    const uint32_t wanted = 2 * m->nodes > node ? 2 * m->nodes : node + 1;
    way *grown = realloc(m->node, wanted * sizeof *grown);
    if (!grown) return no_memory(m, error);
    memset(grown + m->nodes, 0, (wanted - m->nodes) * sizeof *grown);
    m->node = grown;
    m->nodes = wanted;
  }
  return m->node[node].count ? ISCC_OK : append(m, node, 0, (const double[3]){0, 0, 0}, error);
}

static bool within(double value, double low, double high) {
  return value >= low && value <= high; /* no NaN is */
}

static iscc_status take_place(iscc_movement *m, unsigned long line, uint32_t node, char axis, double value,
                              iscc_error *error) {
  if (!within(value, -PLACE_MAX_M, PLACE_MAX_M))
    return iscc_fail(error, ISCC_EFORMAT, "%s:%lu: the place %g m is not within -1e9..1e9 m", m->path, line,
                     value);
  const iscc_status status = meet(m, node, error);
  if (status != ISCC_OK) return status;
  m->node[node].at[0].position_m[axis - 'X'] = value;
  m->node[node].placed |= 1u << (axis - 'X');
  return ISCC_OK;
}

static iscc_status take_order(iscc_movement *m, const order *o, iscc_error *error) {
  if (!within(o->time_s, 0, TIME_MAX_S))
    return iscc_fail(error, ISCC_EFORMAT, "%s:%lu: the time %g s is not within 0..%g s", m->path, o->line,
                     o->time_s, TIME_MAX_S);
  if (!within(o->x_m, -PLACE_MAX_M, PLACE_MAX_M) || !within(o->y_m, -PLACE_MAX_M, PLACE_MAX_M))
    return iscc_fail(error, ISCC_EFORMAT, "%s:%lu: the place (%g, %g) m is not within -1e9..1e9 m", m->path,
                     o->line, o->x_m, o->y_m);
  if (!within(o->speed_mps, 0, PLACE_MAX_M))
    return iscc_fail(error, ISCC_EFORMAT, "%s:%lu: the speed %g m/s is not within 0..1e9 m/s", m->path,
                     o->line, o->speed_mps);
  void *items = m->order;
  if (!grow(&items, m->orders, &m->capacity, sizeof *o)) return no_memory(m, error);
  m->order = items;
  m->order[m->orders++] = *o;
  return meet(m, o->node, error);
}

/* Whether nothing but blanks, a ';' and, of a quoted command, its closing quote is left. */
static bool ends(const char *rest, bool quoted) {
  rest += strspn(rest, " \t");
  if (quoted && *rest++ != '"') return false;
  return rest[strspn(rest, " \t\r\n;")] == '\0';
}

static iscc_status take_line(iscc_movement *m, char *line, unsigned long number, iscc_error *error) {
  unsigned long long node = 0; /* wide: scanf takes what is too great as the greatest */
  char axis = 0;
  double value;
  int end = 0;
  order o = {.line = number};
  line[strcspn(line, "#")] = '\0';
  const char *text = line + strspn(line, " \t\r\n");
  if (!*text || strncmp(text, "$god_", 5) == 0 || strstr(text, "\"$god_")) return ISCC_OK;
  const bool place = sscanf(text, "$node_(%llu) set %c_ %lf%n", &node, &axis, &value, &end) == 3 && end > 0;
  if (place && (axis < 'X' || axis > 'Z' || !ends(text + end, false))) end = 0;
  if (!place &&
      sscanf(text, "$ns_ at %lf \"$node_(%llu) setdest %lf %lf %lf%n", &o.time_s, &node, &o.x_m, &o.y_m,
             &o.speed_mps, &end) == 5 &&
      !ends(text + end, true))
    end = 0;
  const int shown = (int)strcspn(text, "\r\n");
  if (end == 0)
    return iscc_fail(
        error, ISCC_EFORMAT,
        "%s:%lu: '%.*s' is neither '$node_(N) set X_ M' nor '$ns_ at S \"$node_(N) setdest X Y SPEED\"'",
        m->path, number, shown > 60 ? 60 : shown, text);
  if (node >= NODE_MAX)
    return iscc_fail(error, ISCC_EFORMAT, "%s:%lu: the node number %llu is not below %d", m->path, number,
                     node, NODE_MAX);
  o.node = (uint32_t)node;
  return place ? take_place(m, number, o.node, axis, value, error) : take_order(m, &o, error);
}

/* ---- ways ---- */

/* Ends the way where the node is at this time. */
static iscc_status stop_at(iscc_movement *m, uint32_t node, int64_t time_ns, iscc_error *error) {
  way *w = &m->node[node];
  iscc_waypoint *last = &w->at[w->count - 1];
  if (time_ns == last->time_ns) return ISCC_OK;
  if (time_ns > last->time_ns) {
    double here[3];
    memcpy(here, last->position_m, sizeof here);
    return append(m, node, time_ns, here, error);
  }
  const iscc_waypoint *from =
      last - 1; /* a waypoint is later than the last order only when it is a way's end */
  if (time_ns == from->time_ns) {
    w->count--;
    return ISCC_OK;
  }
  const double done = (double)(time_ns - from->time_ns) / (double)(last->time_ns - from->time_ns);
  for (int i = 0; i < 3; i++)
    last->position_m[i] = from->position_m[i] + done * (last->position_m[i] - from->position_m[i]);
  last->time_ns = time_ns;
  return ISCC_OK;
}

static iscc_status carry_out(iscc_movement *m, const order *o, iscc_error *error) {
  const int64_t time_ns = llround(o->time_s * 1e9);
  const iscc_status status = stop_at(m, o->node, time_ns, error);
  if (status != ISCC_OK) return status;
  const way *w = &m->node[o->node];
  const double *here = w->at[w->count - 1].position_m;
  const double to[3] = {o->x_m, o->y_m, here[2]}, distance_m = hypot(to[0] - here[0], to[1] - here[1]);
  if (!(o->speed_mps > 0) || !(distance_m > 0)) return ISCC_OK;
  const double arrival_s = o->time_s + distance_m / o->speed_mps;
  if (!(arrival_s <= TIME_MAX_S))
    return iscc_fail(error, ISCC_EFORMAT, "%s:%lu: %g m at %g m/s end after %g s", m->path, o->line,
                     distance_m, o->speed_mps, TIME_MAX_S);
  const int64_t arrival_ns = llround(arrival_s * 1e9);
  return append(m, o->node, arrival_ns > time_ns ? arrival_ns : time_ns + 1, to, error);
}

static iscc_status make_ways(iscc_movement *m, iscc_error *error) {
  double *before_s = calloc((size_t)m->nodes + 1, sizeof *before_s); /* of each node's last order */
  if (!before_s) return no_memory(m, error);
  iscc_status status = ISCC_OK;
  for (size_t i = 0; i < m->orders && status == ISCC_OK; i++) {
    const order *o = &m->order[i];
    if (m->node[o->node].placed != (m->node[o->node].placed | 3))
      status = iscc_fail(error, ISCC_EFORMAT, "%s:%lu: no line tells where node %u is at first, X_ and Y_",
                         m->path, o->line, (unsigned)o->node);
    else if (o->time_s < before_s[o->node])
      status = iscc_fail(error, ISCC_EFORMAT,
                         "%s:%lu: the time %g s is before the one of this node above it, %g s", m->path,
                         o->line, o->time_s, before_s[o->node]);
    else
      status = carry_out(m, o, error);
    before_s[o->node] = o->time_s;
  }
  free(before_s);
  return status;
}

static iscc_status read_lines(iscc_movement *m, FILE *file, iscc_error *error) {
  char line[LINE_MAX_BYTES];
  unsigned long number = 0;
  while (fgets(line, sizeof line, file)) {
    number++;
    const size_t length = strlen(line);
    if ((length == 0 || line[length - 1] != '\n') && !feof(file))
      return iscc_fail(error, ISCC_EFORMAT, "%s:%lu: line is not text of fewer than %d characters", m->path,
                       number, LINE_MAX_BYTES);
    const iscc_status status = take_line(m, line, number, error);
    if (status != ISCC_OK) return status;
  }
  if (ferror(file)) return iscc_fail(error, ISCC_EIO, "%s: %s", m->path, strerror(errno));
  return make_ways(m, error);
}

iscc_status iscc_movement_read(const char *path, iscc_movement **out, iscc_error *error) {
  *out = NULL;
  FILE *file = fopen(path, "r");
  if (!file) return iscc_fail(error, ISCC_EIO, "%s: cannot read the movements: %s", path, strerror(errno));
  iscc_movement *m = calloc(1, sizeof *m);
  if (m) m->path = strdup(path);
  iscc_status status = m && m->path ? read_lines(m, file, error)
                                    : iscc_fail(error, ISCC_ENOMEM, "%s: no memory for the movements", path);
  fclose(file);
  if (status != ISCC_OK) {
    iscc_movement_destroy(m);
    return status;
  }
  free(m->order);
  m->order = NULL;
  *out = m;
  return ISCC_OK;
}

void iscc_movement_destroy(iscc_movement *m) {
  if (!m) return;
  for (uint32_t i = 0; i < m->nodes; i++) free(m->node[i].at);
  free(m->node);
  free(m->order);
  free(m->path);
  free(m);
}

iscc_status iscc_movement_of(const iscc_movement *m, uint32_t node, const iscc_waypoint **waypoints,
                             size_t *count, iscc_error *error) {
  if (node >= m->nodes || (m->node[node].placed & 3) != 3)
    return iscc_fail(error, ISCC_EINVAL, "%s: no line tells where node %u is at first, X_ and Y_", m->path,
                     (unsigned)node);
  *waypoints = m->node[node].at;
  *count = m->node[node].count;
  return ISCC_OK;
}
