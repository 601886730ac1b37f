/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3-scene.h"

#include <check.h>
#include <stdlib.h>

#include "iscc-fake-model.h"

static void keep_task(void *ctx, const iscc_task *task) {
  iscc_ns3_scene *scene = ctx;
  if (scene->tasks == scene->capacity) {
    scene->capacity = scene->capacity ? 2 * scene->capacity : 256;
    scene->task = realloc(scene->task, scene->capacity * sizeof *scene->task);
    ck_assert_ptr_nonnull(scene->task);
  }
  scene->task[scene->tasks++] = *task;
}

void iscc_ns3_must(iscc_status status, const iscc_error *error) {
  ck_assert_msg(status == ISCC_OK, "%s", error->text);
}

static iscc_ns3_handle device_at(iscc_ns3_handle channel, double x_m, bool hub, int64_t coherence_ns,
                                 uint32_t id) {
  iscc_error error = {""};
  iscc_ns3_handle node, device;
  const double place_m[3] = {x_m, 0.0, 1.0};
  iscc_ns3_must(iscc_ns3_node_create(&node, &error), &error);
  iscc_ns3_must(iscc_ns3_mobility_install(node, "ns3::ConstantPositionMobilityModel", place_m, &error),
                &error);
  iscc_ns3_device_settings settings;
  iscc_ns3_device_defaults(&settings);
  settings.hub = hub;
  settings.coherence_ns = coherence_ns;
  settings.fading_node = id;
  iscc_ns3_must(iscc_ns3_device_install(node, channel, &settings, &device, &error), &error);
  return device;
}

void iscc_ns3_scene_begin(iscc_ns3_scene *scene, const iscc_node_settings *settings, int nodes,
                          int64_t coherence_ns, bool tcp) {
  iscc_error error = {""};
  iscc_ns3_handle channel;
  *scene = (iscc_ns3_scene){.model = iscc_fake_model_create(), .nodes = nodes};
  iscc_ns3_must(iscc_ns3_begin(1, 1, &error), &error);
  iscc_ns3_must(iscc_ns3_channel_create("ns3::FriisPropagationLossModel", &channel, &error), &error);
  scene->hub = device_at(channel, 0.0, true, 0, 0);
  iscc_ns3_must(iscc_ns3_internet_install(scene->hub, &error), &error);
  const iscc_server_settings server = {.speed_flops = settings->server_speed_flops,
                                       .node_max = ISCC_NS3_SCENE_NODES,
                                       .inference = settings->inference,
                                       .charge = settings->charge};
  iscc_ns3_must(iscc_ns3_server_create(scene->hub, &server, scene->model, &scene->server, &error), &error);
  if (tcp) iscc_ns3_must(iscc_ns3_server_use_tcp(scene->server, &error), &error);
  const iscc_task_sink sink = {.ctx = scene, .task_ended = keep_task};
  for (int i = 0; i < nodes; i++) {
    scene->device[i] = device_at(channel, 100.0 * (i + 1), false, coherence_ns, (uint32_t)i);
    iscc_ns3_must(iscc_ns3_internet_install(scene->device[i], &error), &error);
    iscc_ns3_must(iscc_ns3_link_set_snr(scene->device[i], scene->hub, 100.0, &error), &error);
    iscc_node_settings own = *settings;
    own.id = (uint32_t)i;
    iscc_ns3_must(iscc_ns3_edge_create(scene->device[i], scene->server, &own, scene->model, &sink,
                                       &scene->edge[i], &error),
                  &error);
    iscc_ns3_must(iscc_edge_node_start(iscc_ns3_edge_machine(scene->edge[i]), &error), &error);
  }
}

void iscc_ns3_scene_run(iscc_ns3_scene *scene) {
  iscc_error error = {""};
  iscc_ns3_must(iscc_ns3_run(0, &error), &error);
  for (int i = 0; i < scene->nodes; i++) {
    ck_assert(iscc_edge_node_idle(iscc_ns3_edge_machine(scene->edge[i])));
    ck_assert_ptr_null(iscc_edge_node_fault(iscc_ns3_edge_machine(scene->edge[i])));
    iscc_edge_node_stop(iscc_ns3_edge_machine(scene->edge[i]));
  }
}

void iscc_ns3_scene_end(iscc_ns3_scene *scene) {
  for (int i = 0; i < scene->nodes; i++) iscc_ns3_edge_destroy(scene->edge[i]);
  iscc_ns3_server_destroy(scene->server);
  iscc_ns3_end();
  iscc_model_destroy(scene->model);
  free(scene->task);
}

int iscc_ns3_scene_count(const iscc_ns3_scene *scene, iscc_outcome outcome) {
  int found = 0;
  for (size_t i = 0; i < scene->tasks; i++) found += scene->task[i].outcome == outcome;
  return found;
}

iscc_node_settings iscc_ns3_scene_settings(double interval_s, uint64_t tasks) {
  iscc_node_settings settings;
  iscc_node_defaults(&settings);
  settings.arrivals =
      (iscc_arrivals_settings){.kind = ISCC_ARRIVALS_PERIODIC, .interval_s = interval_s, .count = tasks};
  return settings;
}
