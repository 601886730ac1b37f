/* SPDX-License-Identifier: GPL-2.0-only */
/* Examples of many nodes as a user runs them: places, bands, streams, the server's queue. */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"

#define EXAMPLES ISCC_TEST_BUILD_DIR "/examples/"
#define CELL     EXAMPLES "iscc-factory-cell "
#define WIFI     EXAMPLES "iscc-wifi-contention "

START_TEST(hello_tells_ten_tasks) {
  iscc_run_well(EXAMPLES
                "iscc-hello | grep -cE '^task [0-9]: done, split layer +[0-9]+, [0-9] bits, [0-9.]+ mJ, "
                "0.[0-9]+ s, (right|wrong)$'");
  ck_assert_str_eq(iscc_run_output, "10\n");
  iscc_run_well("test $(wc -l < " ISCC_TEST_SOURCE_DIR "/examples/iscc-hello.c) -lt 60");
  iscc_run_well(EXAMPLES "iscc-hello --help | grep -q 'smallest scenario'");
  ck_assert_int_eq(iscc_run(EXAMPLES "iscc-hello --tasks=3"), 2);
}
END_TEST

START_TEST(every_task_of_every_node_is_recorded) {
  iscc_run_well(CELL "--db=a.db");
  ck_assert_str_eq(
      iscc_run_sql("a.db",
                   "SELECT count(*), min(n), max(n) FROM (SELECT count(*) n FROM task GROUP BY node_id)"),
      "50|20|20\n");
  /* anywhere in the disc: half of them beyond its 1/sqrt 2 */
  ck_assert_str_eq(iscc_run_sql("a.db", "SELECT count(DISTINCT x_m), max(x_m*x_m + y_m*y_m) < 3600, "
                                        "sum(x_m*x_m + y_m*y_m > 1800) BETWEEN 15 AND 35 FROM node"),
                   "50|1|1\n");
  ck_assert_str_eq(iscc_run_sql("a.db",
                                "SELECT json_extract(parameters, '$.nodes', '$.band', '$.server_cores', "
                                "'$.server_queue') FROM run"),
                   "[50,\"shared\",2,\"deadline\"]\n");
  /* the server is shared: tasks wait there */
  ck_assert_str_ne(iscc_run_sql("a.db", "SELECT count(*) FROM task WHERE server_wait_ns > 0"), "0\n");
}
END_TEST

START_TEST(help_tells_the_examples_own_defaults) {
  iscc_run_well(CELL "--help");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "Set by this example: '--nodes=50'"));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "number of nodes (default 50)\n"));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "B, Hz (default 5e6)\n"));
  iscc_run_well(WIFI "--help");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "'--uplink=wifi'"));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "number of nodes (default 30)\n"));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "B, Hz (default 1e5)\n"));
  iscc_run_well(EXAMPLES "iscc-single-device --help");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "number of nodes (default 1)\n"));
  ck_assert_ptr_null(strstr(iscc_run_output, "Set by this example"));
}
END_TEST

START_TEST(nodes_stand_on_a_circle) {
  iscc_run_well(CELL "--nodes=4 --tasks=1 --radius=0 --distance=30 --db=c.db");
  ck_assert_str_eq(
      iscc_run_sql("c.db", "SELECT group_concat(round(x_m) || ' ' || round(y_m), ',') FROM node"),
      "30.0 0.0,0.0 30.0,-30.0 0.0,0.0 -30.0\n");
}
END_TEST

#define ALONE                                                                                                \
  "--mobility=none --propagation=none --tasks=6 --radius=0 --band=own --bandwidth=1e5 --server-speed=1e11 "  \
  "--server-cores=4 "
#define FIRST_FIVE                                                                                           \
  "SELECT node_id, task_no, outcome, arrival_ns, finish_ns, energy_j, correct, snr_per_w FROM task_plan "    \
  "WHERE node_id < 5"

/* A node's arrivals, channel and luck are its own. */
START_TEST(other_nodes_move_no_stream) {
  iscc_run_well(CELL ALONE "--nodes=5 --distance=0 --db=five.db");
  iscc_run_well(CELL ALONE "--nodes=9 --distance=0 --db=nine.db");
  iscc_run_well(CELL ALONE "--nodes=5 --distance=0 --RngRun=2 --db=other.db");
  iscc_run_compare("five.db", "nine.db", FIRST_FIVE, true);
  iscc_run_compare("five.db", "other.db", FIRST_FIVE, false);
  /* and no two nodes share one */
  ck_assert_str_eq(
      iscc_run_sql("nine.db", "SELECT count(DISTINCT arrival_ns), count(*) FROM task WHERE task_no = 3"),
      "9|9\n");
}
END_TEST

#define WALKING                                                                                              \
  "--tasks=6 --distance=10 --radius=0 --band=own --bandwidth=1e5 --server-speed=1e11 --server-cores=4 "      \
  "--coherence=0 "
#define SEEN                                                                                                 \
  "SELECT node_id, task_no, arrival_ns, printf('%.9g', snr_per_w) FROM task_plan WHERE node_id < 3 AND "     \
  "task_no < 2"

/* A node's walk is its own, too, and shows in its channel. */
START_TEST(nodes_walk_on_their_own) {
  iscc_run_well(CELL WALKING "--nodes=4 --arrivals=periodic --db=four.db");
  iscc_run_well(CELL WALKING "--nodes=4 --arrivals=periodic --RngRun=2 --db=other.db");
  iscc_run_well(CELL WALKING "--nodes=4 --arrivals=periodic --scheme=on-server --db=scheme.db");
  iscc_run_well(CELL WALKING "--nodes=4 --arrivals=periodic --mobility=none --db=still.db");
  iscc_run_compare("four.db", "scheme.db", SEEN, true);
  iscc_run_compare("four.db", "other.db", SEEN, false);
  ck_assert_str_eq(iscc_run_sql("four.db", "SELECT count(DISTINCT snr_per_w) > 20 FROM decision"), "1\n");
  ck_assert_str_eq(iscc_run_sql("still.db", "SELECT round(max(snr_per_w) / min(snr_per_w), 6) FROM decision"),
                   "1.0\n");
}
END_TEST

/* Of what nodes draw themselves, whatever they decide and however strong they send; a purpose's own row when its own option is
 * left out. */
START_TEST(streams_give_every_scheme_the_same) {
  static const char *const purpose[] = {"arrivals", "channel-error", "fading", "positions", "shadowing"};
  static const char factory[] = CELL "--nodes=4 --tasks=9 --radius=60 --mobility=none --channel-error=1 "
                                     "--arrivals=poisson --inference=model "
                                     "--propagation=ns3::IsccIndoorFactoryPropagationLossModel ";
  char command[1024], query[160];
  const char *const more[][2] = {{"a.db", "--scheme=joint"},
                                 {"b.db", "--scheme=on-server --max-power=0.1 --target-accuracy=0.7"},
                                 {"other.db", "--scheme=joint --RngRun=2"}};
  for (size_t i = 0; i < 3; i++) {
    snprintf(command, sizeof command, "%s%s --db=%s", factory, more[i][1], more[i][0]);
    iscc_run_well(command);
  }
  for (size_t i = 0; i < sizeof purpose / sizeof *purpose; i++) {
    snprintf(query, sizeof query, "SELECT draws, index_sha256, value_sha256 FROM stream WHERE purpose = '%s'",
             purpose[i]);
    iscc_run_compare("a.db", "b.db", query, true);
    iscc_run_compare("a.db", "other.db", query, false);
  }
  ck_assert_str_eq(iscc_run_sql("a.db",
                                "SELECT group_concat(draws) FROM (SELECT draws FROM stream WHERE purpose <> "
                                "'inference' ORDER BY purpose)"),
                   "32,32,32,8,32\n");
}
END_TEST

/* Same run number: the same arrivals, fading, people and places for every scheme; of walkers to nine digits, since
 * ns-3 rounds a place anew whenever it is asked for. */
START_TEST(schemes_meet_the_same_world) {
  static const char *const schemes[] = {"joint",     "alternating", "on-server",
                                        "on-device", "no-pruning",  "jcc"};
  char command[512];
  for (int i = 0; i < 6; i++) {
    snprintf(command, sizeof command,
             CELL "--nodes=3 --tasks=4 --inference=real --interval=5 --scheme=%s --db=s%d.db", schemes[i], i);
    iscc_run_well(command);
    if (i == 0) continue;
    snprintf(command, sizeof command, "s%d.db", i);
    iscc_run_compare(
        "s0.db", command,
        "SELECT t.node_id, task_no, t.arrival_ns, printf('%.9g', d.snr_per_w), x_m, y_m FROM task t "
        "JOIN node USING "
        "(run_id, node_id) JOIN decision d USING (run_id, node_id, task_no) WHERE turn = 0",
        true);
  }
  iscc_run_well(
      "sqlite3 s0.db \"ATTACH 's2.db' AS other; SELECT count(*) > 3, sum(a.true_class = b.true_class) = "
      "count(*) FROM main.task a JOIN other.task b USING (node_id, task_no) WHERE a.true_class >= 0 AND "
      "b.true_class >= 0\"");
  ck_assert_str_eq(iscc_run_output, "1|1\n");
}
END_TEST

/* Eq. (7) with an equal part of the band, whose noise is a part of the whole band's too. */
START_TEST(a_shared_band_is_cut_in_equal_parts) {
  iscc_run_well(
      CELL "--nodes=8 --tasks=3 --mobility=none --coherence=0 --snr-db=20 --charge=payload --bandwidth=8e5 "
           "--server-speed=1e11 --candidates=6 --db=b.db");
  ck_assert_str_eq(
      iscc_run_sql("b.db",
                   "SELECT count(*) > 15, max(abs(uplink_ns * 1e-9 - payload_bits / (1e5 * log2(1 + 800 * "
                   "transmit_power_w)))) < 2e-9 FROM task_plan WHERE outcome = 'done'"),
      "1|1\n");
}
END_TEST

/* Overload: which order the server keeps shows in who is late, and both orders do the same work. */
START_TEST(the_servers_order_shows) {
#define BUSY CELL "--nodes=40 --tasks=5 --server-cores=1 --server-speed=2e7 --interval=2 --scheme=on-server "
  iscc_run_well(BUSY "--server-queue=fifo --db=fifo.db");
  iscc_run_well(BUSY "--server-queue=deadline --db=deadline.db");
  iscc_run_compare("fifo.db", "deadline.db", "SELECT node_id, task_no, arrival_ns FROM task", true);
  iscc_run_compare("fifo.db", "deadline.db", "SELECT node_id, task_no, server_wait_ns FROM task", false);
  ck_assert_str_eq(iscc_run_sql("fifo.db", "SELECT sum(server_wait_ns > 1e8) > 10 FROM task"), "1\n");
}
END_TEST

START_TEST(a_run_ends_at_its_stop_time) {
  iscc_run_well(CELL "--tasks=1000 --nodes=5 --interval=1 --stop-time=7.25 --db=stop.db");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "iscc-factory-cell: 100 % ("));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, " of 5000), "));
  ck_assert_str_eq(
      iscc_run_sql("stop.db", "SELECT end_ns, status, json_extract(parameters, '$.stop_s') FROM run"),
      "7250000000|done|7.25\n");
  ck_assert_str_eq(iscc_run_sql("stop.db",
                                "SELECT count(*) BETWEEN 15 AND 70, max(arrival_ns) < 7250000000, "
                                "max(finish_ns) < 7250000000, sum(outcome = 'unfinished') > 0 FROM task"),
                   "1|1|1|1\n");
  iscc_run_well(CELL "--nodes=1 --arrivals=periodic --interval=2 --tasks=1000 --stop-time=7 --db=idle.db");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "iscc-factory-cell: 100 % (4 of 1000), "));
  /* on the way to it as well, as a terminal shows: few of 200 million tasks are done at any time */
  iscc_run_well("script -qec '" CELL
                "--mobility=none --nodes=200 --tasks=1000000 --stop-time=400 --db=bar.db' "
                "/dev/null | tr '\\r' '\\n' | grep -E '\\[#+\\.+\\] +[0-9]+ %'");
  ck_assert_int_eq(iscc_run(CELL "--stop-time=-1"), 2);
}
END_TEST

/* Alone on the channel plans are kept; many contend, and their transfers take longer. */
START_TEST(wifi_is_contended_for) {
  iscc_run_well(WIFI "--nodes=1 --radius=0 --distance=20 --tasks=20 --db=one.db");
  ck_assert_str_eq(
      iscc_run_sql("one.db", "SELECT count(*) FROM task WHERE outcome IN ('done', 'infeasible')"), "20\n");
  ck_assert_str_eq(
      iscc_run_sql(
          "one.db",
          "SELECT sum(t.uplink_j > 0) > 5, max(abs(uplink_ns * 1e-9 / (d.uplink_s / "
          "transfer_factor) - 1)) < 0.01 FROM task t JOIN decision d USING (node_id, task_no) "
          "WHERE executed AND bits > 0 AND task_no > 0"), /* the first agrees on block acknowledgements */
      "1|1\n");
  /* run 1 would end with an assertion of ns-3.37 where it is built with them: an Ack while a frame comes in */
  iscc_run_well(WIFI "--nodes=40 --tasks=10 --arrivals=periodic --interval=1 --RngRun=2 --db=many.db");
  ck_assert_str_eq(iscc_run_sql("many.db", "SELECT count(*), count(DISTINCT node_id) FROM task"), "400|40\n");
  iscc_run_well(
      "sqlite3 many.db \"ATTACH 'one.db' AS one; SELECT (SELECT avg(uplink_ns) FROM main.task WHERE "
      "outcome = "
      "'done') > 2 * (SELECT avg(uplink_ns) FROM one.task WHERE outcome = 'done')\"");
  ck_assert_str_eq(iscc_run_output, "1\n");
  ck_assert_str_eq(iscc_run_sql("many.db", "SELECT max(transfer_factor) > 1.5 FROM decision"), "1\n");
}
END_TEST

START_TEST(wifi_runs_are_the_same_for_a_seed) {
  iscc_run_well(WIFI "--nodes=8 --tasks=4 --wifi-standard=802.11ax --db=a.db");
  iscc_run_well(WIFI "--nodes=8 --tasks=4 --wifi-standard=802.11ax --db=b.db");
  iscc_run_well(WIFI "--nodes=8 --tasks=4 --wifi-standard=802.11ax --RngRun=2 --db=c.db");
  iscc_run_compare("a.db", "b.db", "SELECT * FROM task", true);
  iscc_run_compare("a.db", "c.db", "SELECT * FROM task", false);
}
END_TEST

#define LR_WPAN WIFI "--uplink=lr-wpan --arrivals=periodic --interval=3 "

/* The same over IEEE 802.15.4; P_c is what pays for 32 us a byte. */
START_TEST(lr_wpan_is_contended_for) {
  iscc_run_well(LR_WPAN "--nodes=1 --radius=0 --distance=50 --tasks=20 --db=one.db");
  ck_assert_str_eq(
      iscc_run_sql("one.db", "SELECT count(*) FROM task WHERE outcome IN ('done', 'infeasible')"), "20\n");
  ck_assert_str_eq(
      iscc_run_sql(
          "one.db",
          "SELECT count(*) > 5, min(r) > 0.93, max(r) < 1.07, min(e) > 1, max(e) < 1.1 FROM (SELECT "
          "uplink_ns * 1e-9 / (d.uplink_s / transfer_factor) r, t.uplink_j / (d.transmit_power_w * "
          "sent_bits / 250e3) e FROM task t JOIN decision d USING (node_id, task_no) WHERE executed AND "
          "sent_bits > 0)"),
      "1|1|1|1|1\n");
  iscc_run_well(LR_WPAN "--nodes=8 --radius=20 --tasks=8 --db=a.db");
  iscc_run_well(LR_WPAN "--nodes=8 --radius=20 --tasks=8 --db=b.db");
  iscc_run_well(LR_WPAN "--nodes=8 --radius=20 --tasks=8 --RngRun=2 --db=c.db");
  iscc_run_compare("a.db", "b.db", "SELECT * FROM task", true);
  iscc_run_compare("a.db", "c.db", "SELECT * FROM task", false);
  ck_assert_str_eq(iscc_run_sql("a.db",
                                "SELECT count(*), max(transfer_factor) > 1.5 FROM decision JOIN task USING "
                                "(node_id, task_no) WHERE executed"),
                   "64|1\n");
}
END_TEST

START_TEST(radios_charge_all_that_they_send) {
  static const char *const stack[] = {"wifi", "lr-wpan", "lte"};
  for (size_t i = 0; i < sizeof stack / sizeof *stack; i++) {
    char command[256];
    snprintf(command, sizeof command, EXAMPLES "iscc-single-device --tasks=2 --charge=payload --uplink=%s",
             stack[i]);
    ck_assert_int_eq(iscc_run(command), 2);
    ck_assert_msg(strstr(iscc_run_output, "charge: payload is for the Shannon channel"), "%s",
                  iscc_run_output);
  }
}
END_TEST

#define LTE WIFI "--uplink=lte --arrivals=periodic "

/* Alone in the cell what is planned is what comes about. */
START_TEST(lte_plans_hold) {
  iscc_run_well(LTE "--nodes=1 --radius=0 --distance=50 --tasks=16 --interval=3 --db=one.db");
  ck_assert_str_eq(
      iscc_run_sql("one.db", "SELECT count(*) FROM task WHERE outcome = 'done' AND sent_bits > 0"), "16\n");
#define OFF                                                                                                  \
  "(SELECT task_no, uplink_ns * 1e-9 / (d.uplink_s / transfer_factor) r, t.uplink_j / d.uplink_j e FROM "    \
  "task t "                                                                                                  \
  "JOIN decision d USING (node_id, task_no) WHERE executed)"
  ck_assert_str_eq(iscc_run_sql("one.db", "SELECT max(abs(r - 1)) < 0.03, max(abs(e - 1)) < 0.03 FROM " OFF),
                   "1|1\n");
  ck_assert_str_eq(iscc_run_sql("one.db", "SELECT max(abs(r - 1)) < 0.002 FROM " OFF " WHERE task_no >= 10"),
                   "1\n");
}
END_TEST

START_TEST(lte_is_contended_for) {
  iscc_run_well(LTE "--nodes=1 --radius=0 --distance=50 --tasks=6 --interval=1 --db=one.db");
  iscc_run_well(LTE "--nodes=16 --radius=0 --distance=50 --tasks=6 --interval=1 --db=a.db");
  iscc_run_well(LTE "--nodes=16 --radius=0 --distance=50 --tasks=6 --interval=1 --db=b.db");
  iscc_run_compare("a.db", "b.db", "SELECT * FROM task", true);
  iscc_run_well(
      "sqlite3 a.db \"ATTACH 'one.db' AS one; SELECT count(*), (SELECT avg(uplink_ns) FROM main.task WHERE "
      "sent_bits > 0) > 1.3 * (SELECT avg(uplink_ns) FROM one.task WHERE sent_bits > 0) FROM main.task\"");
  ck_assert_str_eq(iscc_run_output, "96|1\n");
}
END_TEST

/* A task at time 0 opens its connection when the node has joined its network, not before: nobody would hear the SYN, and the
 * next one goes out 3 s later. */
START_TEST(tcp_connects_when_the_network_is_joined) {
  static const char *const stack[] = {"wifi", "lte"};
  for (size_t i = 0; i < sizeof stack / sizeof *stack; i++) {
    iscc_run_well("rm -f t.db");
    char command[256];
    snprintf(command, sizeof command,
             WIFI "--uplink=%s --nodes=1 --radius=0 --distance=20 --arrivals=periodic --tasks=2 "
                  "--transport=tcp --db=t.db",
             stack[i]);
    iscc_run_well(command);
    ck_assert_str_eq(iscc_run_sql("t.db", "SELECT count(*), sum(outcome = 'done'), max(latency_s) < 0.8 "
                                          "FROM task WHERE task_no = 0"),
                     "1|1|1\n");
  }
}
END_TEST

/* One new file for each node, of the stack's own link type: Ethernet, 802.11, 802.15.4. */
START_TEST(pcap_is_of_the_stack) {
  static const struct {
    const char *stack, *name;
    int link_type;
  } rows[] = {{"shannon", "shannon-2-0.pcap", 1},
              {"wifi", "wifi-2-0.pcap", 105},
              {"lr-wpan", "lr-wpan-2-1.pcap", 195}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char command[256], expected[16];
    snprintf(command, sizeof command,
             WIFI "--uplink=%s --radius=0 --distance=10 --nodes=2 --tasks=2 --pcap=%s", rows[i].stack,
             rows[i].stack);
    iscc_run_well(command);
    ck_assert_int_eq(iscc_run(command), 1); /* the files are there now */
    snprintf(command, sizeof command, "od -An -j20 -N4 -tu4 %s; test $(stat -c%%s %s) -gt 1000", rows[i].name,
             rows[i].name);
    iscc_run_well(command);
    snprintf(expected, sizeof expected, "%d", rows[i].link_type);
    ck_assert_ptr_nonnull(strstr(iscc_run_output, expected));
  }
}
END_TEST

/* Only the user is refused, and what an example set without meaning is not in the record. */
START_TEST(options_of_another_stack_are_refused_or_left_out) {
  ck_assert_int_eq(iscc_run(WIFI "--snr-db=3 --db=a.db"), 2);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "--snr-db: is of --uplink=shannon alone"));
  iscc_run_well(CELL "--uplink=wifi --nodes=2 --tasks=2 --db=a.db");
  iscc_run_well(EXAMPLES "iscc-trace-driven --uplink=lr-wpan --tasks=2 --db=a.db");
  iscc_run_well(EXAMPLES "iscc-battery-lifetime --battery=none --tasks=2 --db=a.db");
  ck_assert_str_eq(iscc_run_sql("a.db",
                                "SELECT key FROM run, json_each(parameters) WHERE key IN ('snr_db', "
                                "'bandwidth_hz', 'band', 'loss', 'coherence_s', 'channel_trace', 'battery', "
                                "'idle_power_w', 'interval_s') ORDER BY run_id, key"),
                   "interval_s\nband\nbandwidth_hz\ncoherence_s\ninterval_s\nloss\nsnr_db\n");
}
END_TEST

START_TEST(a_thousand_nodes_are_no_trouble) {
  iscc_run_well(CELL "--nodes=1000 --tasks=2 --bandwidth=1e8 --db=k.db");
  ck_assert_str_eq(iscc_run_sql("k.db", "SELECT count(*), count(DISTINCT node_id) FROM task"), "2000|1000\n");
}
END_TEST

START_TEST(mistakes_get_one_clear_line) {
  static const struct {
    const char *options, *text;
  } rows[] = {{"--nodes=0", "--nodes: 0 is outside 1..100000"},
              {"--nodes=1e9", "--nodes"},
              {"--band=wide", "'wide' is not one of own, shared"},
              {"--radius=-1", "--radius: -1"},
              {"--uplink=lora", "'lora' is not one of shannon, wifi, lr-wpan, lte"},
              {"--transfer-quantile=1", "--transfer-quantile: 1 is outside 0..0.999"},
              {"--server-cores=9999", "--server-cores: 9999 is outside 1..1024"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char command[256];
    snprintf(command, sizeof command, CELL "%s", rows[i].options);
    ck_assert_int_eq(iscc_run(command), 2);
    ck_assert_msg(strstr(iscc_run_output, rows[i].text) != NULL, "%s: %s", rows[i].options, iscc_run_output);
  }
}
END_TEST

START_TEST(what_ns3_cannot_make_is_one_line) {
  static const char *const rows[][2] = {
      {"--uplink=wifi --wifi-standard=802.11z", "'802.11z' is not one of 802.11n, 802.11ac, 802.11ax"},
      {"--uplink=wifi --loss=0.1", "--loss: is of --uplink=shannon alone"},
      {"--uplink=lr-wpan --loss=0.1", "--loss: is of --uplink=shannon alone"},
      {"--uplink=lte --loss=0.1", "--loss: is of --uplink=shannon alone"},
      {"--uplink=lte --pcap=x", "--pcap: ns-3 has no such form for the frames of --uplink=lte"},
      {"--uplink=lte --nodes=319", "lte nodes: 319 is outside 1..318"},
      {"--uplink=lte --ns3::LteEnbRrc::SrsPeriodicity=7", "SrsPeriodicity: 7 ms is not one of"},
      {"--uplink=wifi --propagation=ns3::Nothing", "ns-3 has no such type"},
      {"--mobility=ns3::Nowhere", "ns-3 has no such type"},
      {"--mobility=ns3::RandomWalk2dMobilityModel[Bounds=0|1|0|1]", "is not inside the Bounds"},
      {"--propagation=ns3::FriisPropagationLossModel[Frequency=x]", "'x' is not a value"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char command[256];
    snprintf(command, sizeof command, CELL "--nodes=2 '%s' '%s'", rows[i][0], "--tasks=1");
    if (strchr(rows[i][0], ' ')) snprintf(command, sizeof command, CELL "--nodes=2 --tasks=1 %s", rows[i][0]);
    ck_assert_int_ne(iscc_run(command), 0);
    ck_assert_msg(strstr(iscc_run_output, rows[i][1]) != NULL, "%s: %s", rows[i][0], iscc_run_output);
    ck_assert_str_eq(strchr(iscc_run_output, '\n'), "\n"); /* one line */
  }
}
END_TEST

Suite *iscc_suite_cell(void);
Suite *iscc_suite_cell(void) {
  Suite *s = suite_create("cell: examples");
  TCase *t = tcase_create("cell");
  tcase_set_timeout(t, 60);
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_add_test(t, hello_tells_ten_tasks);
  tcase_add_test(t, every_task_of_every_node_is_recorded);
  tcase_add_test(t, help_tells_the_examples_own_defaults);
  tcase_add_test(t, nodes_stand_on_a_circle);
  tcase_add_test(t, other_nodes_move_no_stream);
  tcase_add_test(t, nodes_walk_on_their_own);
  tcase_add_test(t, streams_give_every_scheme_the_same);
  tcase_add_test(t, schemes_meet_the_same_world);
  tcase_add_test(t, a_shared_band_is_cut_in_equal_parts);
  tcase_add_test(t, the_servers_order_shows);
  tcase_add_test(t, a_run_ends_at_its_stop_time);
  tcase_add_test(t, wifi_is_contended_for);
  tcase_add_test(t, wifi_runs_are_the_same_for_a_seed);
  tcase_add_test(t, radios_charge_all_that_they_send);
  tcase_add_test(t, lr_wpan_is_contended_for);
  tcase_add_test(t, lte_plans_hold);
  tcase_add_test(t, lte_is_contended_for);
  tcase_add_test(t, tcp_connects_when_the_network_is_joined);
  tcase_add_test(t, pcap_is_of_the_stack);
  tcase_add_test(t, what_ns3_cannot_make_is_one_line);
  tcase_add_test(t, options_of_another_stack_are_refused_or_left_out);
  tcase_add_test(t, a_thousand_nodes_are_no_trouble);
  tcase_add_test(t, mistakes_get_one_clear_line);
  suite_add_tcase(s, t);
  return s;
}
