/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasks over a TCP connection: what arrives, what it costs, and what becomes of a lost connection. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-ns3-scene.h"
#include "iscc-ns3-tcp.h"

static iscc_error error;
static iscc_ns3_scene scene;

static const double SNR_PER_W = 100, BANDWIDTH_HZ = 1e5;
enum { ACKNOWLEDGEMENT_BITS = 8 * (20 + 20 + 14) }; /* TCP, IP, link */

static void must(iscc_status status) {
  iscc_ns3_must(status, &error);
}

static double bits_on_air;

static void add_bits(void *ctx, size_t n_bytes) {
  (void)ctx;
  bits_on_air += 8.0 * (double)n_bytes;
}

static void lose_packets(double rate) {
  must(iscc_ns3_device_set_loss(scene.hub, rate, 100, &error));
  for (int i = 0; i < scene.nodes; i++)
    must(iscc_ns3_device_set_loss(scene.device[i], rate, 101 + i, &error));
}

static double rate_of(const iscc_decision *d) {
  return BANDWIDTH_HZ * log2(1 + SNR_PER_W * d->transmit_power_w);
}

/* In a static channel the first task pays for the connection, and each for the acknowledgement of its answer;
 * all the rest is as planned, and nothing is late. */
START_TEST(plans_hold_in_a_static_channel) {
  static const int candidates[] = {6, 3, 0}; /* one to four segments */
  static const int segments[] = {1, 2, 4};
  iscc_node_settings settings = iscc_ns3_scene_settings(2, 30);
  settings.max_latency_s = 1;
  settings.bits_min = settings.bits_max = 8;
  settings.target_accuracy = 0.8;
  settings.candidates[0] = candidates[_i];
  settings.candidate_count = 1;
  iscc_ns3_scene_begin(&scene, &settings, 1, 0, true);
  bits_on_air = 0;
  must(iscc_ns3_trace_packets(scene.device[0], "PhyTxBegin", add_bits, NULL, &error));
  iscc_ns3_scene_run(&scene);
  ck_assert_uint_eq(scene.tasks, 30);
  double charged = 0;
  for (size_t i = 0; i < scene.tasks; i++) {
    const iscc_task *t = &scene.task[i];
    const iscc_decision *d = &t->at_arrival.decision;
    const int handshake_bits =
        i == 0 ? ACKNOWLEDGEMENT_BITS + 8 * (20 + 20 + 14 + 8) : 0; /* SYN has options */
    ck_assert_int_eq(t->outcome, ISCC_OUTCOME_DONE);
    ck_assert_double_eq_tol(t->sent_bits, d->uplink_bits + ACKNOWLEDGEMENT_BITS + handshake_bits, 1e-6);
    ck_assert_double_eq_tol(t->uplink_j, d->transmit_power_w * t->sent_bits / rate_of(d), 1e-9 * t->uplink_j);
    ck_assert_double_eq_tol(1e-9 * (double)t->uplink_ns, d->latency.uplink, 1e-8);
    ck_assert_int_eq(t->datagrams, segments[_i] + 1 + (i == 0 ? 2 : 0));
    ck_assert_int_eq(t->retransmissions, 0);
    charged += t->sent_bits;
  }
  ck_assert_double_eq_tol(charged, bits_on_air, 1e-6);
  iscc_ns3_scene_end(&scene);
}
END_TEST

/* Segments that are lost are sent again at the task's power, and every frame is some task's. */
START_TEST(repetitions_cost_time_and_energy) {
  iscc_node_settings settings = iscc_ns3_scene_settings(8, 60);
  settings.candidates[0] = 0;
  settings.candidate_count = 1;
  settings.max_latency_s = 1;
  settings.transfer_quantile = 0; /* it would soon send less often */
  iscc_ns3_scene_begin(&scene, &settings, 1, 0, true);
  bits_on_air = 0;
  must(iscc_ns3_trace_packets(scene.device[0], "PhyTxBegin", add_bits, NULL, &error));
  lose_packets(0.1);
  iscc_ns3_scene_run(&scene);
  int again = 0, late = 0;
  double charged = 0;
  for (size_t i = 0; i < scene.tasks; i++) {
    const iscc_task *t = &scene.task[i];
    if (t->sent_bits == 0) continue;
    const iscc_decision *d = &iscc_task_executed(t)->decision;
    const double rate = rate_of(d);
    ck_assert_double_eq_tol(t->uplink_j, d->transmit_power_w * t->sent_bits / rate, 1e-9 * t->uplink_j);
    if (t->retransmissions > 0)
      ck_assert_double_gt(t->sent_bits, d->uplink_bits + 1.5 * ACKNOWLEDGEMENT_BITS);
    again += t->retransmissions;
    late += t->outcome == ISCC_OUTCOME_LATE;
    charged += t->sent_bits;
  }
  ck_assert_int_gt(again, 10);
  ck_assert_int_gt(late, 5);
  ck_assert_int_eq(iscc_ns3_scene_count(&scene, ISCC_OUTCOME_LOST), 0);
  ck_assert_double_le(charged, bits_on_air);
  ck_assert_double_ge(charged,
                      0.99 * bits_on_air); /* an answer repeated after its task is acknowledged again */
  iscc_ns3_scene_end(&scene);
}
END_TEST

/* A task whose time is over resets the connection; the next one connects anew and is done. */
START_TEST(a_task_given_up_does_not_hinder_the_next) {
  iscc_node_settings settings = iscc_ns3_scene_settings(3, 6);
  settings.candidates[0] = 6;
  settings.candidate_count = 1;
  settings.max_latency_s = 1.2;
  settings.target_accuracy = 0.8;
  settings.uplink_limit_s = 1;
  settings.transfer_quantile = 0;
  iscc_ns3_scene_begin(&scene, &settings, 1, 0, true);
  bits_on_air = 0;
  must(iscc_ns3_trace_packets(scene.device[0], "PhyTxBegin", add_bits, NULL, &error));
  must(iscc_ns3_run(2500000000, &error)); /* one task */
  ck_assert_uint_eq(scene.tasks, 1);
  must(iscc_ns3_device_set_loss(scene.hub, 1, 100, &error));
  must(iscc_ns3_run(5900000000, &error));
  ck_assert_uint_eq(scene.tasks, 2);
  must(iscc_ns3_device_set_loss(scene.hub, 0, 100, &error));
  iscc_ns3_scene_run(&scene);
  ck_assert_uint_eq(scene.tasks, 6);
  ck_assert_int_eq(scene.task[1].outcome, ISCC_OUTCOME_LOST);
  ck_assert_int_ge(scene.task[1].uplink_ns, 1000000000);
  double charged = 0;
  for (size_t i = 0; i < scene.tasks; i++) {
    if (i != 1) ck_assert_int_eq(scene.task[i].outcome, ISCC_OUTCOME_DONE);
    charged += scene.task[i].sent_bits;
  }
  ck_assert_int_eq(scene.task[0].datagrams, 4); /* SYN, its acknowledgement, features, an acknowledgement */
  ck_assert_int_eq(scene.task[2].datagrams, 4);
  ck_assert_int_eq(scene.task[3].datagrams, 2);
  ck_assert_double_eq_tol(charged, bits_on_air, 1e-6); /* the reset too */
  iscc_ns3_scene_end(&scene);
}
END_TEST

/* TCP gives a connection up by itself after some repetitions. */
START_TEST(a_connection_that_breaks_loses_the_task) {
  iscc_node_settings settings = iscc_ns3_scene_settings(30, 3);
  settings.candidates[0] = 6;
  settings.candidate_count = 1;
  settings.max_latency_s = 1.2;
  settings.target_accuracy = 0.8;
  settings.transfer_quantile = 0;
  iscc_ns3_scene_begin(&scene, &settings, 1, 0, true);
  must(iscc_ns3_default("ns3::TcpSocket::DataRetries", "2", &error));
  must(iscc_ns3_run(29000000000, &error));
  must(iscc_ns3_device_set_loss(scene.hub, 1, 100, &error));
  must(iscc_ns3_run(59000000000, &error));
  must(iscc_ns3_device_set_loss(scene.hub, 0, 100, &error));
  iscc_ns3_scene_run(&scene);
  static const iscc_outcome outcomes[] = {ISCC_OUTCOME_DONE, ISCC_OUTCOME_LOST, ISCC_OUTCOME_DONE};
  for (int i = 0; i < 3; i++) ck_assert_int_eq(scene.task[i].outcome, outcomes[i]);
  ck_assert_int_gt(scene.task[1].retransmissions, 1);
  ck_assert_int_eq(scene.task[2].datagrams, 4);
  iscc_ns3_scene_end(&scene);
}
END_TEST

/* Nodes of one server keep their connections apart; fading, losses and limits leave no task unaccounted for,
 * and the same seed gives the same numbers. */
START_TEST(many_nodes_repeat_themselves) {
  enum { TASKS = 60, ALL = TASKS * ISCC_NS3_SCENE_NODES };
  static iscc_task first[ALL];
  for (int again = 0; again < 2; again++) {
    iscc_node_settings settings = iscc_ns3_scene_settings(1.1, TASKS);
    settings.uplink_limit_s = 2;
    settings.queue_capacity = 2;
    iscc_ns3_scene_begin(&scene, &settings, ISCC_NS3_SCENE_NODES, 50000000, true);
    lose_packets(0.1);
    iscc_ns3_scene_run(&scene);
    ck_assert_uint_eq(scene.tasks, ALL);
    for (size_t i = 0; i < ALL; i++)
      scene.task[i].at_arrival.solver_wall_ns = scene.task[i].at_turn.solver_wall_ns = 0;
    if (again)
      ck_assert_mem_eq(scene.task, first, sizeof first);
    else
      memcpy(first, scene.task, sizeof first);
    ck_assert_int_gt(iscc_ns3_scene_count(&scene, ISCC_OUTCOME_DONE), ALL / 5);
    ck_assert_int_gt(iscc_ns3_scene_count(&scene, ISCC_OUTCOME_LATE), 5);
    ck_assert_int_gt(iscc_ns3_scene_count(&scene, ISCC_OUTCOME_LOST), 0);
    ck_assert_uint_eq(iscc_server_malformed(iscc_ns3_server_machine(scene.server)), 0);
    iscc_ns3_scene_end(&scene);
  }
}
END_TEST

/* ---- the bindings alone ---- */

enum { STREAM_BYTES = 60000 };

static struct {
  uint8_t sent[STREAM_BYTES], got[STREAM_BYTES + 1000];
  size_t n_got;
  uint64_t acknowledged;
  int sending, repeated, closed, accepted;
  iscc_ns3_handle from, server;
} stream;

static void on_received(void *ctx, const void *bytes, size_t n_bytes) {
  (void)ctx;
  if (stream.n_got + n_bytes <= sizeof stream.got) memcpy(stream.got + stream.n_got, bytes, n_bytes);
  stream.n_got += n_bytes;
}

static void on_acknowledged(void *ctx, uint64_t n_bytes) {
  (void)ctx;
  ck_assert_uint_ge(n_bytes, stream.acknowledged);
  stream.acknowledged = n_bytes;
}

static void on_sending(void *ctx, bool repeated) {
  (void)ctx;
  stream.sending++;
  stream.repeated += repeated;
}

static void on_closed(void *ctx) {
  (void)ctx;
  stream.closed++;
}

static const iscc_ns3_tcp_events events = {on_received, on_acknowledged, on_sending, on_closed};

static void on_accepted(void *ctx, iscc_ns3_handle from, iscc_ns3_handle connection) {
  (void)ctx;
  stream.accepted++;
  stream.from = from;
  stream.server = connection;
  must(iscc_ns3_tcp_watch(connection, &events, NULL, &error));
}

static int told;

static void on_told(void *ctx, uint64_t token, int64_t start_ns, int64_t airtime_ns, double bits,
                    double energy_j) {
  (void)ctx;
  (void)start_ns;
  (void)airtime_ns;
  ck_assert_uint_eq(token, 77);
  ck_assert_double_gt(bits * energy_j, 0);
  told++;
}

static iscc_ns3_handle open_stream(const iscc_ns3_send_options *options) {
  iscc_ns3_handle socket, connection;
  memset(&stream, 0, sizeof stream);
  told = 0;
  iscc_node_settings settings = iscc_ns3_scene_settings(1, 0);
  iscc_ns3_scene_begin(&scene, &settings, 1, 0, false);
  must(iscc_ns3_device_on_transmitted(scene.device[0], on_told, NULL, &error));
  must(iscc_ns3_tcp_listen(scene.hub, 5000, on_accepted, NULL, &socket, &error));
  ck_assert_int_eq(iscc_ns3_tcp_listen(scene.hub, 5000, on_accepted, NULL, &socket, &error), ISCC_ESTATE);
  must(iscc_ns3_tcp_connect(scene.device[0], scene.hub, 5000, options, &events, NULL, &connection, &error));
  return connection;
}

START_TEST(bytes_arrive_as_they_are_through_losses) {
  const iscc_ns3_send_options options = {0.5, -1, 77};
  const iscc_ns3_handle connection = open_stream(&options);
  lose_packets(0.1);
  for (size_t i = 0; i < STREAM_BYTES; i++) stream.sent[i] = (uint8_t)(i * 2654435761u >> 13);
  must(iscc_ns3_tcp_send(connection, stream.sent, 1000, stream.sent + 1000, STREAM_BYTES - 1000, &error));
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(stream.accepted, 1);
  ck_assert_uint_eq(stream.from.index, scene.device[0].index);
  ck_assert_uint_eq(stream.n_got, STREAM_BYTES);
  ck_assert_mem_eq(stream.got, stream.sent, STREAM_BYTES);
  ck_assert_uint_eq(stream.acknowledged, STREAM_BYTES);
  ck_assert_int_gt(stream.repeated, 2);
  ck_assert_int_eq(told, stream.sending); /* each segment once, SYN and acknowledgements too */
  ck_assert_int_ge(told, 2 + STREAM_BYTES / 1460 + stream.repeated);
  iscc_ns3_scene_end(&scene);
}
END_TEST

START_TEST(what_cannot_be_is_refused) {
  const iscc_ns3_send_options partly = {0.5, 100, 1}, odd = {NAN, -1, 1};
  const iscc_ns3_handle connection = open_stream(NULL), none = {0, 0};
  iscc_ns3_handle other;
  ck_assert_int_eq(iscc_ns3_tcp_set_options(connection, &partly, &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_ns3_tcp_set_options(connection, &odd, &error), ISCC_EINVAL);
  ck_assert_int_eq(
      iscc_ns3_tcp_connect(scene.device[0], scene.device[0], 5000, NULL, &events, NULL, &other, &error),
      ISCC_EINVAL);
  ck_assert_int_eq(iscc_ns3_tcp_connect(none, scene.hub, 5000, NULL, &events, NULL, &other, &error),
                   ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_tcp_send(scene.hub, "a", 1, "b", 1, &error), ISCC_ESTATE);
  static const uint8_t much[300000];
  ck_assert_int_eq(iscc_ns3_tcp_send(connection, much, 1, much, sizeof much, &error), ISCC_EIO);
  iscc_ns3_tcp_reset(none);
  must(iscc_ns3_run(1000000000, &error));
  ck_assert_int_eq(stream.accepted, 1);
  iscc_ns3_tcp_reset(connection);
  must(iscc_ns3_run(2000000000, &error));
  ck_assert_int_eq(stream.closed, 1); /* the hub's end, by the reset; the caller's own is not told */
  ck_assert_int_eq(iscc_ns3_tcp_send(connection, "a", 1, "b", 1, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_tcp_send(stream.server, "a", 1, "b", 1, &error), ISCC_ESTATE);
  ck_assert_int_eq(stream.sending, 0); /* no options, nothing to tell */
  iscc_ns3_tcp_connect(scene.device[0], scene.hub, 5001, NULL, &events, NULL, &other, &error);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(stream.closed, 2); /* nobody listens there */
  iscc_ns3_scene_end(&scene);
}
END_TEST

START_TEST(payload_cannot_be_charged_alone) {
  iscc_node_settings settings = iscc_ns3_scene_settings(1, 1);
  iscc_ns3_scene_begin(&scene, &settings, 1, 0, true);
  settings.charge = ISCC_CHARGE_PAYLOAD;
  settings.id = 1;
  iscc_ns3_edge *edge;
  const iscc_task_sink sink = {0};
  ck_assert_int_eq(
      iscc_ns3_edge_create(scene.device[0], scene.server, &settings, scene.model, &sink, &edge, &error),
      ISCC_EINVAL);
  ck_assert_str_eq(error.text,
                   "charge: payload is for datagrams; the segments of TCP are charged with all they hold");
  ck_assert_int_eq(iscc_ns3_server_use_tcp(scene.server, &error), ISCC_ESTATE);
  iscc_ns3_scene_end(&scene);
}
END_TEST

Suite *iscc_suite_ns3_tcp(void);
Suite *iscc_suite_ns3_tcp(void) {
  Suite *s = suite_create("ns3: TCP");
  TCase *t = tcase_create("ns3 tcp");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, plans_hold_in_a_static_channel, 0, 3);
  tcase_add_test(t, repetitions_cost_time_and_energy);
  tcase_add_test(t, a_task_given_up_does_not_hinder_the_next);
  tcase_add_test(t, a_connection_that_breaks_loses_the_task);
  tcase_add_test(t, many_nodes_repeat_themselves);
  tcase_add_test(t, bytes_arrive_as_they_are_through_losses);
  tcase_add_test(t, what_cannot_be_is_refused);
  tcase_add_test(t, payload_cannot_be_charged_alone);
  suite_add_tcase(s, t);
  return s;
}
