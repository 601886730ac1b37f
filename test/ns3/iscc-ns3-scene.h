/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-scene - a server and nodes in ns-3, and a list of all tasks that ended: for tests. */
#ifndef ISCC_NS3_SCENE_H
#define ISCC_NS3_SCENE_H

#include "iscc-ns3-edge.h"

enum { ISCC_NS3_SCENE_NODES = 4 };

typedef struct {
  iscc_model *model;
  iscc_ns3_handle hub, device[ISCC_NS3_SCENE_NODES];
  iscc_ns3_server *server;
  iscc_ns3_edge *edge[ISCC_NS3_SCENE_NODES];
  int nodes;
  iscc_task *task; /* in the order they ended */
  size_t tasks, capacity;
} iscc_ns3_scene;

/* Fails the test with the error's text. */
void iscc_ns3_must(iscc_status status, const iscc_error *error);

/* Node defaults with periodic arrivals. */
iscc_node_settings iscc_ns3_scene_settings(double interval_s, uint64_t tasks);

/* A server and nodes 100 m and more away in Friis' free space, with a mean SNR of 100 per W each; the nodes
 * are started. */
void iscc_ns3_scene_begin(iscc_ns3_scene *scene, const iscc_node_settings *settings, int nodes,
                          int64_t coherence_ns, bool tcp);
/* Runs until nothing is left to do. Fails the test when nodes are not idle then or found a fault. */
void iscc_ns3_scene_run(iscc_ns3_scene *scene);
void iscc_ns3_scene_end(iscc_ns3_scene *scene);

int iscc_ns3_scene_count(const iscc_ns3_scene *scene, iscc_outcome outcome);

#endif
