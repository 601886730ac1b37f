/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-fake-scene - a fake world with a server, nodes and a list of all tasks that ended. */
#ifndef ISCC_FAKE_SCENE_H
#define ISCC_FAKE_SCENE_H

#include "iscc-fake-host.h"
#include "iscc-fake-model.h"

typedef struct {
  iscc_fake_world *world;
  iscc_model *model;
  iscc_server *server;
  iscc_edge_node *node[ISCC_FAKE_NODES_MAX];
  uint32_t nodes;
  iscc_task *task; /* in the order they ended */
  size_t tasks, capacity;
  void (*task_event)(void *ctx, iscc_task_event event,
                     const iscc_task *task); /* of nodes added after it is set */
  void *event_ctx;
} iscc_fake_scene;

/* Defaults of a node; the server gets their speed, charge and kind of inference. */
iscc_fake_scene *iscc_fake_scene_create(uint64_t seed, const iscc_node_settings *settings);
void iscc_fake_scene_destroy(iscc_fake_scene *scene);

/* Adds and starts a node; its id is its place. Fails the test when it cannot be created. */
iscc_edge_node *iscc_fake_scene_add(iscc_fake_scene *scene, const iscc_node_settings *settings);

/* Runs until all is over and stops the nodes. Fails the test when the nodes are not idle then. */
void iscc_fake_scene_run(iscc_fake_scene *scene);

int iscc_fake_scene_count(const iscc_fake_scene *scene, iscc_outcome outcome);
const iscc_task *iscc_fake_scene_task(const iscc_fake_scene *scene, uint32_t node, uint64_t number);

/* Periodic arrivals from time 0 on; plans take transfers for what the link says. */
iscc_node_settings iscc_fake_settings(double interval_s, uint64_t count);

#endif
