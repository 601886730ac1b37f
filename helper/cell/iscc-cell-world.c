/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-cell-world.h"

#include <math.h>
#include <string.h>

#include "iscc-link-budget.h"
#include "iscc-option-scope.h"
#include "iscc-random.h"

static iscc_status read_trace(const iscc_scenario *s, iscc_cell_world *w, iscc_error *error) {
  const iscc_status status = iscc_channel_trace_read(s->world.channel_file, &w->trace, error);
  if (status) return status;
  const uint32_t columns = iscc_channel_trace_columns(w->trace);
  if (columns == 1 || columns >= s->nodes) return ISCC_OK;
  return iscc_fail(error, ISCC_EFORMAT,
                   "%s: has the SNRs of %u nodes, there are %u (or one SNR for all of them)",
                   s->world.channel_file, (unsigned)columns, (unsigned)s->nodes);
}

iscc_status iscc_cell_world_read(const iscc_scenario *s, iscc_cell_world *w, iscc_error *error) {
  memset(w, 0, sizeof *w);
  iscc_status status = iscc_option_scope_check(s, error);
  if (!status && s->world.channel_file) status = read_trace(s, w, error);
  if (!status && s->world.movement_file)
    status = iscc_movement_read(s->world.movement_file, &w->movement, error);
  return status;
}

void iscc_cell_world_free(iscc_cell_world *w) {
  iscc_movement_destroy(w->movement);
  iscc_channel_trace_destroy(w->trace);
}

/* Uniform over the disc, from the node's own stream. */
static void draw_place(iscc_fingerprint *positions, const iscc_scenario *s, uint32_t id, double *distance_m,
                       double *angle) {
  iscc_draws drawn = {.kept = 0};
  iscc_random r;
  iscc_random_seed(&r, s->seed, s->run, s->node.first_stream + id, ISCC_STREAM_POSITION);
  const double area = iscc_random_uniform(&r), turn = iscc_random_uniform(&r);
  iscc_draws_note(&drawn, 0, area);
  iscc_draws_note(&drawn, 1, turn);
  iscc_fingerprint_add(positions, id, &drawn);
  *distance_m = s->radius_m * sqrt(area);
  *angle = 2 * M_PI * turn;
}

iscc_status iscc_cell_world_place(iscc_cell_world *w, const iscc_scenario *s, uint32_t id,
                                  double position_m[3], iscc_error *error) {
  if (id == 0) iscc_fingerprint_begin(&w->positions);
  if (w->movement) {
    const iscc_waypoint *way;
    size_t count;
    const iscc_status status = iscc_movement_of(w->movement, id, &way, &count, error);
    if (!status) memcpy(position_m, way[0].position_m, sizeof way[0].position_m);
    return status;
  }
  double distance_m = s->distance_m,
         angle = 2 * M_PI * id / s->nodes; /* on the circle, node 0 on the x axis */
  if (s->radius_m > 0) draw_place(&w->positions, s, id, &distance_m, &angle);
  position_m[0] = s->world.server_position_m[0] + distance_m * cos(angle);
  position_m[1] = s->world.server_position_m[1] + distance_m * sin(angle);
  position_m[2] = s->world.node_height_m;
  return ISCC_OK;
}

iscc_status iscc_cell_world_install(const iscc_cell_world *w, const iscc_scenario *s, uint32_t id,
                                    iscc_ns3_handle node, const double position_m[3], iscc_error *error) {
  const iscc_waypoint *way;
  size_t count;
  if (!w->movement)
    return iscc_ns3_mobility_install(node, s->mobility ? s->mobility : "ns3::ConstantPositionMobilityModel",
                                     position_m, error);
  const iscc_status status = iscc_movement_of(w->movement, id, &way, &count, error);
  return status ? status : iscc_ns3_waypoints_install(node, way, count, error);
}

void iscc_cell_world_tune(const iscc_cell_world *w, const iscc_scenario *s, uint32_t id,
                          iscc_ns3_device_settings *device) {
  device->coherence_ns = (int64_t)llround(1e9 * s->coherence_s);
  device->fading_node = s->node.first_stream + id;
  device->trace = w->trace;
  device->trace_column = w->trace && iscc_channel_trace_columns(w->trace) > 1 ? id : 0;
  if (!isnan(s->world.noise_figure_db))
    device->noise_w_per_hz = iscc_thermal_noise_w(1, s->world.noise_figure_db);
}

double iscc_cell_world_snr(const iscc_cell_world *w, const iscc_scenario *s) {
  if (!isnan(s->world.noise_figure_db)) return (double)NAN;
  return w->trace ? 1 : pow(10, 0.1 * s->snr_db);
}
