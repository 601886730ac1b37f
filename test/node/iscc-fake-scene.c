/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-fake-scene.h"

#include <check.h>
#include <stdlib.h>

#include "iscc-allocations.h"

static void keep_task(void *ctx, const iscc_task *task) {
  iscc_fake_scene *scene = ctx;
  if (scene->tasks == scene->capacity) {
    scene->capacity = scene->capacity ? 2 * scene->capacity : 64;
    iscc_allocations_pause();
    scene->task = realloc(scene->task, scene->capacity * sizeof *scene->task);
    iscc_allocations_resume();
    if (!scene->task) abort();
  }
  scene->task[scene->tasks++] = *task;
}

static void pass_event(void *ctx, iscc_task_event event, const iscc_task *task) {
  const iscc_fake_scene *scene = ctx;
  scene->task_event(scene->event_ctx, event, task);
}

iscc_fake_scene *iscc_fake_scene_create(uint64_t seed, const iscc_node_settings *settings) {
  iscc_fake_scene *scene = calloc(1, sizeof *scene);
  if (!scene) abort();
  scene->world = iscc_fake_world_create(seed);
  scene->model = iscc_fake_model_create();
  if (settings->inference == ISCC_INFERENCE_REAL) iscc_fake_model_randomize(scene->model, seed);
  const iscc_host host = iscc_fake_server_host(scene->world);
  const iscc_server_settings server = {.speed_flops = settings->server_speed_flops,
                                       .node_max = ISCC_FAKE_NODES_MAX,
                                       .inference = settings->inference,
                                       .charge = settings->charge};
  iscc_error error = {""};
  ck_assert_msg(iscc_server_create(&host, &server, scene->model, &scene->server, &error) == ISCC_OK, "%s",
                error.text);
  scene->world->server = scene->server;
  return scene;
}

void iscc_fake_scene_destroy(iscc_fake_scene *scene) {
  for (uint32_t i = 0; i < scene->nodes; i++) iscc_edge_node_destroy(scene->node[i]);
  iscc_server_destroy(scene->server);
  iscc_model_destroy(scene->model);
  iscc_fake_world_destroy(scene->world);
  free(scene->task);
  free(scene);
}

iscc_edge_node *iscc_fake_scene_add(iscc_fake_scene *scene, const iscc_node_settings *settings) {
  const uint32_t id = scene->nodes++;
  const iscc_host host = iscc_fake_node_host(scene->world, id);
  const iscc_task_sink sink = {
      .ctx = scene, .task_ended = keep_task, .task_event = scene->task_event ? pass_event : NULL};
  iscc_node_settings own = *settings;
  own.id = id;
  iscc_error error = {""};
  const iscc_status status =
      iscc_edge_node_create(&host, &own, scene->model, &sink, &scene->node[id], &error);
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
  scene->world->band[id].node = scene->node[id];
  ck_assert_int_eq(iscc_edge_node_start(scene->node[id], NULL), ISCC_OK);
  return scene->node[id];
}

void iscc_fake_scene_run(iscc_fake_scene *scene) {
  ck_assert(iscc_fake_run_out(scene->world, 50000000));
  for (uint32_t i = 0; i < scene->nodes; i++) {
    ck_assert(iscc_edge_node_idle(scene->node[i]));
    iscc_edge_node_stop(scene->node[i]);
  }
}

int iscc_fake_scene_count(const iscc_fake_scene *scene, iscc_outcome outcome) {
  int count = 0;
  for (size_t i = 0; i < scene->tasks; i++) count += scene->task[i].outcome == outcome;
  return count;
}

const iscc_task *iscc_fake_scene_task(const iscc_fake_scene *scene, uint32_t node, uint64_t number) {
  for (size_t i = 0; i < scene->tasks; i++)
    if (scene->task[i].node == node && scene->task[i].number == number) return &scene->task[i];
  ck_abort_msg("task %llu of node %u was never reported", (unsigned long long)number, (unsigned)node);
  return NULL;
}

iscc_node_settings iscc_fake_settings(double interval_s, uint64_t count) {
  iscc_node_settings settings;
  iscc_node_defaults(&settings);
  settings.transfer_quantile = 0; /* timelines by hand */
  settings.arrivals =
      (iscc_arrivals_settings){.kind = ISCC_ARRIVALS_PERIODIC, .interval_s = interval_s, .count = count};
  return settings;
}
