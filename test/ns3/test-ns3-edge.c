/* SPDX-License-Identifier: GPL-2.0-only */
/* The node and server machines in ns-3: the same promises as on the fake host, over UDP, IP and the wireless
 * device. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "iscc-fake-model.h"
#include "iscc-ns3-edge.h"

enum { NODES_MAX = 4 };

typedef struct {
  iscc_model *model;
  iscc_ns3_handle hub, device[NODES_MAX];
  iscc_ns3_server *server;
  iscc_ns3_edge *edge[NODES_MAX];
  int nodes;
  iscc_task *task;
  size_t tasks, capacity;
} ns3_scene;

static void keep_task(void *ctx, const iscc_task *task) {
  ns3_scene *scene = ctx;
  if (scene->tasks == scene->capacity) {
    scene->capacity = scene->capacity ? 2 * scene->capacity : 256;
    scene->task = realloc(scene->task, scene->capacity * sizeof *scene->task);
    ck_assert_ptr_nonnull(scene->task);
  }
  scene->task[scene->tasks++] = *task;
}

static void must(iscc_status status, const iscc_error *error) {
  ck_assert_msg(status == ISCC_OK, "%s", error->text);
}

static iscc_ns3_handle device_at(iscc_ns3_handle channel, double x_m, bool hub, int64_t coherence_ns,
                                 uint32_t id) {
  iscc_error error = {""};
  iscc_ns3_handle node, device;
  const double place_m[3] = {x_m, 0.0, 1.0};
  must(iscc_ns3_node_create(&node, &error), &error);
  must(iscc_ns3_mobility_install(node, "ns3::ConstantPositionMobilityModel", place_m, &error), &error);
  iscc_ns3_device_settings settings;
  iscc_ns3_device_defaults(&settings);
  settings.hub = hub;
  settings.coherence_ns = coherence_ns;
  settings.fading_node = id;
  must(iscc_ns3_device_install(node, channel, &settings, &device, &error), &error);
  return device;
}

/* A server and nodes 100 m and more away in Friis' free space, with a mean SNR of 100 per W each. */
static void begin(ns3_scene *scene, const iscc_node_settings *settings, int nodes, int64_t coherence_ns) {
  iscc_error error = {""};
  iscc_ns3_handle channel;
  *scene = (ns3_scene){.model = iscc_fake_model_create(), .nodes = nodes};
  must(iscc_ns3_begin(1, 1, &error), &error);
  must(iscc_ns3_channel_create("ns3::FriisPropagationLossModel", &channel, &error), &error);
  scene->hub = device_at(channel, 0.0, true, 0, 0);
  must(iscc_ns3_internet_install(scene->hub, &error), &error);
  const iscc_server_settings server = {.speed_flops = settings->server_speed_flops,
                                       .node_max = NODES_MAX,
                                       .inference = settings->inference,
                                       .charge = settings->charge};
  must(iscc_ns3_server_create(scene->hub, &server, scene->model, &scene->server, &error), &error);
  const iscc_task_sink sink = {.ctx = scene, .task_ended = keep_task};
  for (int i = 0; i < nodes; i++) {
    scene->device[i] = device_at(channel, 100.0 * (i + 1), false, coherence_ns, (uint32_t)i);
    must(iscc_ns3_internet_install(scene->device[i], &error), &error);
    must(iscc_ns3_link_set_snr(scene->device[i], scene->hub, 100.0, &error), &error);
    iscc_node_settings own = *settings;
    own.id = (uint32_t)i;
    must(iscc_ns3_edge_create(scene->device[i], scene->server, &own, scene->model, &sink, &scene->edge[i],
                              &error),
         &error);
    must(iscc_edge_node_start(iscc_ns3_edge_machine(scene->edge[i]), &error), &error);
  }
}

static void run(ns3_scene *scene) {
  iscc_error error = {""};
  must(iscc_ns3_run(0, &error), &error);
  for (int i = 0; i < scene->nodes; i++) {
    ck_assert(iscc_edge_node_idle(iscc_ns3_edge_machine(scene->edge[i])));
    ck_assert_ptr_null(iscc_edge_node_fault(iscc_ns3_edge_machine(scene->edge[i])));
    iscc_edge_node_stop(iscc_ns3_edge_machine(scene->edge[i]));
  }
}

static void end(ns3_scene *scene) {
  for (int i = 0; i < scene->nodes; i++) iscc_ns3_edge_destroy(scene->edge[i]);
  iscc_ns3_server_destroy(scene->server);
  iscc_ns3_end();
  iscc_model_destroy(scene->model);
  free(scene->task);
}

static int count(const ns3_scene *scene, iscc_outcome outcome) {
  int found = 0;
  for (size_t i = 0; i < scene->tasks; i++) found += scene->task[i].outcome == outcome;
  return found;
}

static iscc_node_settings settings_of(double interval_s, uint64_t tasks) {
  iscc_node_settings settings;
  iscc_node_defaults(&settings);
  settings.arrivals =
      (iscc_arrivals_settings){.kind = ISCC_ARRIVALS_PERIODIC, .interval_s = interval_s, .count = tasks};
  return settings;
}

static const double latencies_s[] = {0.6, 0.7, 0.8, 1.0, 1.5};

START_TEST(no_planned_task_is_late_in_a_static_channel) {
  for (int charge = ISCC_CHARGE_ALL; charge <= ISCC_CHARGE_PAYLOAD; charge++) {
    iscc_node_settings settings = settings_of(2.0, 100);
    settings.max_latency_s = latencies_s[_i];
    settings.charge = (iscc_charge)charge;
    ns3_scene scene;
    begin(&scene, &settings, 1, 0);
    run(&scene);
    ck_assert_int_eq(count(&scene, ISCC_OUTCOME_DONE), 100);
    for (size_t i = 0; i < scene.tasks; i++) {
      const iscc_task *task = &scene.task[i];
      const iscc_decision *planned = &iscc_task_executed(task)->decision;
      const double taken_s = (double)(task->finish_ns - task->arrival_ns) * 1e-9;
      ck_assert_double_eq_tol(taken_s, planned->latency.total, 1e-8 * (task->datagrams + 1));
      ck_assert_double_eq_tol(task->sent_bits, planned->uplink_bits, 1e-9);
      ck_assert_double_eq_tol(task->uplink_j, planned->energy.uplink, 1e-9 * planned->energy.uplink + 1e-300);
    }
    end(&scene);
  }
}
END_TEST

/* Eqs. (7)-(9) from the channel's own SNR, the payload alone charged. */
START_TEST(payload_only_reproduces_the_papers_uplink) {
  iscc_node_settings settings = settings_of(2.0, 20);
  settings.charge = ISCC_CHARGE_PAYLOAD;
  settings.candidates[0] = 0; /* 5292 features: several datagrams */
  settings.candidate_count = 1;
  ns3_scene scene;
  begin(&scene, &settings, 1, 0);
  run(&scene);
  for (size_t i = 0; i < scene.tasks; i++) {
    const iscc_task *task = &scene.task[i];
    const iscc_decision *d = &task->at_arrival.decision;
    const double rate = 1e5 * log2(1.0 + 100.0 * d->transmit_power_w);
    const double time_s = 5292.0 * d->bits / rate;
    ck_assert_int_gt(task->datagrams, 1);
    ck_assert_double_eq_tol(task->sent_bits, 5292.0 * d->bits, 1e-9);
    ck_assert_double_eq_tol((double)task->uplink_ns * 1e-9, time_s, 1e-9 * (task->datagrams + 1));
    ck_assert_double_eq_tol(task->uplink_j, d->transmit_power_w * time_s, 1e-9 * task->uplink_j);
  }
  end(&scene);
}
END_TEST

START_TEST(fading_and_losses_leave_no_task_unaccounted_for) {
  iscc_node_settings settings = settings_of(0.9, 150);
  settings.retry_limit = 2;
  settings.uplink_limit_s = 0.5;
  settings.queue_capacity = 2;
  ns3_scene scene;
  begin(&scene, &settings, NODES_MAX, 50000000);
  iscc_error error = {""};
  must(iscc_ns3_device_set_loss(scene.hub, 0.2, 100, &error), &error);
  for (int i = 0; i < NODES_MAX; i++)
    must(iscc_ns3_device_set_loss(scene.device[i], 0.2, 101 + i, &error), &error);
  run(&scene);
  ck_assert_uint_eq(scene.tasks, 150 * NODES_MAX);
  int sum = 0, again = 0;
  for (int o = 0; o < ISCC_OUTCOME_COUNT; o++) sum += count(&scene, (iscc_outcome)o);
  for (size_t i = 0; i < scene.tasks; i++) again += scene.task[i].retransmissions;
  ck_assert_int_eq(sum, 150 * NODES_MAX);
  ck_assert_int_gt(count(&scene, ISCC_OUTCOME_DONE), 10);
  ck_assert_int_gt(count(&scene, ISCC_OUTCOME_LATE), 10);
  ck_assert_int_gt(count(&scene, ISCC_OUTCOME_LOST), 10);
  ck_assert_int_gt(again, 10);
  ck_assert_uint_eq(iscc_server_malformed(iscc_ns3_server_machine(scene.server)), 0);
  end(&scene);
}
END_TEST

/* A device queue of one datagram drops the other fragments; they are told of, asked for and sent again. */
START_TEST(fragments_dropped_by_the_device_are_sent_again) {
  iscc_node_settings settings = settings_of(5.0, 3);
  settings.candidates[0] = 0;
  settings.candidate_count = 1;
  settings.bits_min = settings.bits_max = 8; /* four datagrams */
  ns3_scene scene;
  begin(&scene, &settings, 1, 0);
  iscc_error error = {""};
  must(iscc_ns3_set(scene.device[0], "QueuePackets", "1", &error), &error);
  run(&scene);
  ck_assert_int_eq(count(&scene, ISCC_OUTCOME_LATE), 3);
  for (size_t i = 0; i < scene.tasks; i++) ck_assert_int_gt(scene.task[i].retransmissions, 0);
  end(&scene);
}
END_TEST

Suite *iscc_suite_ns3_edge(void);
Suite *iscc_suite_ns3_edge(void) {
  Suite *s = suite_create("ns3: edge node and server");
  TCase *t = tcase_create("ns3 edge");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, no_planned_task_is_late_in_a_static_channel, 0,
                      (int)(sizeof latencies_s / sizeof *latencies_s));
  tcase_add_test(t, payload_only_reproduces_the_papers_uplink);
  tcase_add_test(t, fading_and_losses_leave_no_task_unaccounted_for);
  tcase_add_test(t, fragments_dropped_by_the_device_are_sent_again);
  suite_add_tcase(s, t);
  return s;
}
