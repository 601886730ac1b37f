/* SPDX-License-Identifier: GPL-2.0-only */
/* Places and gains: loss models of 3GPP TR 38.901 (Table 7.4.1-1) and others against their formulas, buildings,
 * movements against ns-3's own reader, and everything again for the same seed. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-ns3.h"
#include "iscc-random.h"
#include "iscc-test-air.h"

enum { NODES = 4 };

static const char STILL[] = "ns3::ConstantPositionMobilityModel";
static const double C_MPS = 299792458.0, F_GHZ = 3.5;

static iscc_error error;

static void must(iscc_status status) {
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

static iscc_ns3_handle device_at(iscc_ns3_handle channel, const char *mobility, double x_m, double y_m,
                                 double z_m, bool is_hub, iscc_ns3_handle *node) {
  iscc_ns3_handle made;
  iscc_ns3_device_settings settings;
  iscc_ns3_device_defaults(&settings);
  settings.hub = is_hub;
  must(iscc_ns3_node_create(node, &error));
  must(iscc_ns3_mobility_install(*node, mobility, (const double[3]){x_m, y_m, z_m}, &error));
  must(iscc_ns3_device_install(*node, channel, &settings, &made, &error));
  return made;
}

/* Loss in dB between a server at (0, 0, height) and a node at (x, 0, height). */
static double loss_db(const char *chain, const char *buildings, double x_m, double server_m, double node_m) {
  iscc_ns3_handle channel, hub, device, node;
  iscc_ns3_link_state link;
  must(iscc_ns3_begin(1, 1, &error));
  must(iscc_ns3_channel_create(chain, &channel, &error));
  must(iscc_ns3_buildings_create(buildings, &error));
  hub = device_at(channel, STILL, 0, 0, server_m, true, &node);
  device = device_at(channel, STILL, x_m, 0, node_m, false, &node);
  must(iscc_ns3_link(device, hub, &link, &error));
  iscc_ns3_end();
  return -10 * log10(link.gain);
}

/* ---- formulas ---- */

static double d3(double d_m, double server_m, double node_m) {
  return hypot(d_m, server_m - node_m);
}

/* Below the breakpoint a + b log10(d3D) + 20 log10(f); beyond it the slope is 40 and the steps meet there. */
static double two_slopes(double a, double b, double corner, double d_m, double server_m, double node_m) {
  const double breakpoint_m = 4 * (server_m - 1) * (node_m - 1) * 1e9 * F_GHZ / 3e8; /* Note 1: c = 3.0e8 */
  if (d_m <= breakpoint_m) return a + b * log10(d3(d_m, server_m, node_m)) + 20 * log10(F_GHZ);
  return a + 40 * log10(d3(d_m, server_m, node_m)) + 20 * log10(F_GHZ) -
         corner * log10(breakpoint_m * breakpoint_m + pow(server_m - node_m, 2));
}

static double umi_los(double d_m, double server_m, double node_m) {
  return two_slopes(32.4, 21, 9.5, d_m, server_m, node_m);
}

static double umi_nlos(double d_m, double server_m, double node_m) {
  return fmax(umi_los(d_m, server_m, node_m),
              22.4 + 35.3 * log10(d3(d_m, server_m, node_m)) + 21.3 * log10(F_GHZ) - 0.3 * (node_m - 1.5));
}

static double uma_los(double d_m, double server_m, double node_m) {
  return two_slopes(28, 22, 9, d_m, server_m, node_m);
}

static double uma_nlos(double d_m, double server_m, double node_m) {
  return fmax(uma_los(d_m, server_m, node_m),
              13.54 + 39.08 * log10(d3(d_m, server_m, node_m)) + 20 * log10(F_GHZ) - 0.6 * (node_m - 1.5));
}

static double office_los(double d_m, double server_m, double node_m) {
  return 32.4 + 17.3 * log10(d3(d_m, server_m, node_m)) + 20 * log10(F_GHZ);
}

static double office_nlos(double d_m, double server_m, double node_m) {
  return fmax(office_los(d_m, server_m, node_m),
              17.3 + 38.3 * log10(d3(d_m, server_m, node_m)) + 24.9 * log10(F_GHZ));
}

static double friis(double d_m, double server_m, double node_m) {
  return 20 * log10(4 * M_PI * d3(d_m, server_m, node_m) * 1e9 * F_GHZ / C_MPS);
}

static double log_distance(double d_m, double server_m, double node_m) {
  return 40 + 27 * log10(d3(d_m, server_m, node_m));
}

static double factory_sight(double d_m, double server_m, double node_m) {
  return 31.84 + 21.5 * log10(d3(d_m, server_m, node_m)) + 19 * log10(F_GHZ);
}

static double factory_dl(double d_m, double server_m, double node_m) {
  const double l = log10(d3(d_m, server_m, node_m)), f = 20 * log10(F_GHZ);
  return fmax(factory_sight(d_m, server_m, node_m), fmax(33 + 25.5 * l + f, 18.6 + 35.7 * l + f));
}

#define FACTORY(scenario, density)                                                                           \
  "ns3::IsccIndoorFactoryPropagationLossModel[ShadowingEnabled=false|Scenario=" scenario                     \
  "|ClutterDensity=" density "]"
#define THREE_GPP(name, condition)                                                                           \
  "ns3::ThreeGpp" name "PropagationLossModel[Frequency=3.5e9|ShadowingEnabled=false|ChannelConditionModel="  \
  "ns3::" condition "LosChannelConditionModel]"

static const struct {
  const char *chain;
  double (*formula)(double d_m, double server_m, double node_m);
  double server_m, node_m;
} models[] = {{THREE_GPP("UmiStreetCanyon", "Always"), umi_los, 10, 1.5},
              {THREE_GPP("UmiStreetCanyon", "Never"), umi_nlos, 10, 2.5},
              {THREE_GPP("Uma", "Always"), uma_los, 25, 1.5},
              {THREE_GPP("Uma", "Never"), uma_nlos, 25, 3},
              {THREE_GPP("IndoorOffice", "Always"), office_los, 3, 1},
              {THREE_GPP("IndoorOffice", "Never"), office_nlos, 3, 1},
              {FACTORY("DL", "0.999|ClutterSizeM=0.001"), factory_dl, 1, 0.5}, /* never in sight */
              {FACTORY("HH", "0"), factory_sight, 8, 7},
              {"ns3::FriisPropagationLossModel[Frequency=3.5e9]", friis, 10, 1.5},
              {"ns3::LogDistancePropagationLossModel[Exponent=2.7|ReferenceLoss=40]", log_distance, 4, 1}};

START_TEST(losses_are_those_of_the_formulas) {
  static const double distances_m[] = {12, 50, 149, 700, 4000}; /* breakpoints: 210, 420, 560 and 2241 m */
  for (int i = 0; i < 5; i++) {
    const double expected = models[_i].formula(distances_m[i], models[_i].server_m, models[_i].node_m);
    const double is = loss_db(models[_i].chain, "", distances_m[i], models[_i].server_m, models[_i].node_m);
    const double tolerance_db = distances_m[i] < 200 ? 1e-6 : 0.01; /* versions of ns-3 differ in c */
    ck_assert_msg(fabs(is - expected) < tolerance_db, "%s at %g m: %.9f dB, not %.9f dB", models[_i].chain,
                  distances_m[i], is, expected);
  }
}
END_TEST

/* ---- buildings ---- */

#define SHADED                                                                                               \
  "ns3::ThreeGppUmiStreetCanyonPropagationLossModel[Frequency=3.5e9|ShadowingEnabled=false|"                 \
  "BuildingPenetrationLossesEnabled=false|ChannelConditionModel=ns3::BuildingsChannelConditionModel]"
#define OFFICE                                                                                               \
  "ns3::ThreeGppIndoorOfficePropagationLossModel[Frequency=3.5e9|ShadowingEnabled=false|"                    \
  "BuildingPenetrationLossesEnabled=false|ChannelConditionModel=ns3::BuildingsChannelConditionModel]"
#define HYBRID                                                                                               \
  "ns3::HybridBuildingsPropagationLossModel[Frequency=2.4e9|ShadowSigmaOutdoor=0|ShadowSigmaIndoor=0|"       \
  "ShadowSigmaExtWalls=0]"

START_TEST(a_building_in_between_takes_the_sight) {
  const char *between = "ns3::Building[Boundaries=20|30|-5|5|0|15]",
             *beside = "ns3::Building[Boundaries=20|30|5|9|0|15]";
  ck_assert_double_eq_tol(loss_db(SHADED, "", 50, 10, 1.5), umi_los(50, 10, 1.5), 1e-6);
  ck_assert_double_eq_tol(loss_db(SHADED, beside, 50, 10, 1.5), umi_los(50, 10, 1.5), 1e-6);
  ck_assert_double_eq_tol(loss_db(SHADED, between, 50, 10, 1.5), umi_nlos(50, 10, 1.5), 1e-6);
  /* who stands at the very origin knows that it is indoors, too: no wall is in between */
  ck_assert_double_eq_tol(loss_db(OFFICE, "ns3::Building[Boundaries=-9|9|-9|9|-9|9]", 5, 0, 1),
                          office_los(5, 0, 1), 1e-6);
  ck_assert_double_eq_tol(loss_db(OFFICE, "ns3::Building[Boundaries=-9|4|-9|9|-9|9]", 5, 0, 1),
                          office_nlos(5, 0, 1), 1e-6);
}
END_TEST

/* ns-3's losses of walls, of the node's house and of the server's. */
START_TEST(walls_cost_what_they_are_made_of) {
  static const struct {
    const char *walls;
    double loss_db;
  } rows[] = {{"Wood", 4}, {"ConcreteWithWindows", 7}, {"ConcreteWithoutWindows", 15}, {"StoneBlocks", 12}};
  const double outside_db = loss_db(HYBRID, "", 50, 10, 1.5);
  for (int i = 0; i < 4; i++) {
    char text[160];
    snprintf(text, sizeof text, "ns3::Building[ExternalWallsType=%s|Boundaries=40|60|-5|5|0|10]",
             rows[i].walls);
    ck_assert_double_eq_tol(loss_db(HYBRID, text, 50, 10, 1.5) - outside_db, rows[i].loss_db, 1e-6);
    snprintf(text, sizeof text, "ns3::Building[ExternalWallsType=%s|Boundaries=-1|1|-1|1|0|20]",
             rows[i].walls);
    ck_assert_double_eq_tol(loss_db(HYBRID, text, 50, 1, 1.5) - loss_db(HYBRID, "", 50, 1, 1.5),
                            rows[i].loss_db, 1e-6);
  }
}
END_TEST

static const struct {
  const char *text, *names;
} bad_buildings[] = {{"ns3::Building", "needs Boundaries"},
                     {"ns3::Building[Boundaries=0|1|2|2|0|1]", "each pair increasing"},
                     {"ns3::Building[Boundaries=0|1|0|1]", "'0|1|0|1' is not a value of it"},
                     {"ns3::Building[Boundaries=0|1|0|1|0|nan]", "'0|1|0|1|0|nan' is not a value of it"},
                     {"ns3::Building[Boundaries=0|9|0|9|0|9];ns3::Building[Boundaries=9|12|0|9|0|9]",
                      "number 1 overlaps or touches number 0"},
                     {"ns3::Building[Boundaries=0|9|0|9|0|9|Type=Barn]", "'Barn' is not a value of it"},
                     {"ns3::Bilding[Boundaries=0|9|0|9|0|9]", "did you mean ns3::Building?"},
                     {"ns3::FriisPropagationLossModel", "is not a ns3::Building"}};

START_TEST(bad_buildings_are_refused) {
  must(iscc_ns3_begin(1, 1, &error));
  ck_assert_int_eq(iscc_ns3_buildings_create(bad_buildings[_i].text, &error), ISCC_EINVAL);
  ck_assert_msg(strstr(error.text, bad_buildings[_i].names) != NULL, "%s", error.text);
  ck_assert_ptr_null(strchr(error.text, '\n'));
  iscc_ns3_end();
}
END_TEST

/* ---- movements ---- */

static iscc_ns3_handle walker[2 * NODES];

/* Nodes that ns-3 moves by the file and nodes that we do, side by side. */
static void compare_places(void *ctx) {
  (void)ctx;
  for (int i = 0; i < NODES; i++) {
    double theirs[3], ours[3];
    must(iscc_ns3_position(walker[i], theirs, &error));
    must(iscc_ns3_position(walker[NODES + i], ours, &error));
    for (int k = 0; k < 3; k++)
      ck_assert_msg(fabs(theirs[k] - ours[k]) < 1e-4, "node %d at %.9f s: %.9f, ns-3 says %.9f", i,
                    1e-9 * (double)iscc_ns3_now_ns(), ours[k], theirs[k]);
  }
}

START_TEST(movement_files_mean_what_ns3_reads) {
  char path[] = "/tmp/iscc-test-move-XXXXXX";
  iscc_random r;
  iscc_random_seed(&r, 1, 1, 0, ISCC_STREAM_TEST);
  const int fd = mkstemp(path);
  FILE *f = fdopen(fd, "w");
  for (int i = 0; i < NODES; i++)
    for (char axis = 'X'; axis <= 'Z'; axis++)
      fprintf(f, "$node_(%d) set %c_ %.3f\n", i, axis, 10 * iscc_random_uniform(&r));
  for (int order = 0; order < 40;
       order++) /* 25 m at 1..5 m/s: some arrive before the next order, some do not */
    for (int i = 0; i < NODES; i++)
      fprintf(f, "$ns_ at %.3f \"$node_(%d) setdest %.3f %.3f %.3f\"\n",
              5 * order + 4 * iscc_random_uniform(&r), i, 50 * iscc_random_uniform(&r),
              50 * iscc_random_uniform(&r), 1 + 4 * iscc_random_uniform(&r));
  fclose(f);
  iscc_movement *m;
  must(iscc_movement_read(path, &m, &error));
  must(iscc_ns3_begin(1, 1, &error));
  for (int i = 0; i < 2 * NODES; i++) must(iscc_ns3_node_create(&walker[i], &error));
  iscc_test_move(path, NODES);
  for (uint32_t i = 0; i < NODES; i++) {
    const iscc_waypoint *way;
    size_t count;
    must(iscc_movement_of(m, i, &way, &count, &error));
    ck_assert_uint_gt(count, 40);
    must(iscc_ns3_waypoints_install(walker[NODES + i], way, count, &error));
  }
  for (int64_t ms = 0; ms < 220000; ms += 313) iscc_ns3_schedule(1000000 * ms, compare_places, NULL);
  must(iscc_ns3_run(0, &error));
  iscc_ns3_end();
  iscc_movement_destroy(m);
  unlink(path);
}
END_TEST

START_TEST(waypoints_out_of_order_are_refused) {
  const iscc_waypoint late[] = {{1, {0, 0, 0}}}, twice[] = {{0, {0, 0, 0}}, {5, {1, 0, 0}}, {5, {2, 0, 0}}};
  iscc_ns3_handle node;
  must(iscc_ns3_begin(1, 1, &error));
  must(iscc_ns3_node_create(&node, &error));
  ck_assert_int_eq(iscc_ns3_waypoints_install(node, late, 1, &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_ns3_waypoints_install(node, twice, 3, &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_ns3_waypoints_install(node, twice, 0, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "waypoints"));
  must(iscc_ns3_waypoints_install(node, twice, 2, &error));
  ck_assert_int_eq(iscc_ns3_waypoints_install(node, twice, 2, &error), ISCC_ESTATE);
  iscc_ns3_end();
}
END_TEST

/* ---- the same again ---- */

typedef struct {
  double gain[NODES][3], place_m[NODES][3];
} world_state;

/* Gains of the first nodes at 0, 1 and 2 s and where they are then; asked: links are looked at in between. */
static world_state measure(const char *chain, const char *mobility, uint64_t run, int nodes, bool asked) {
  iscc_ns3_handle channel, hub, device[2 * NODES], node[2 * NODES];
  iscc_ns3_link_state link;
  world_state state;
  must(iscc_ns3_begin(1, run, &error));
  must(iscc_ns3_channel_create(chain, &channel, &error));
  must(iscc_ns3_buildings_create("ns3::Building[Boundaries=20|30|-5|5|0|15]", &error));
  hub = device_at(channel, STILL, 0, 0, 10, true, &node[0]);
  for (int i = 0; i < nodes; i++)
    device[i] = device_at(channel, mobility, 15 + 9 * i, 7 * i, 1.5, false, &node[i]);
  for (int second = 0; second < 3; second++) {
    for (int i = 0; i < nodes; i++) {
      must(iscc_ns3_link(device[i], hub, &link, &error));
      if (i < NODES) state.gain[i][second] = link.gain;
      if (asked) must(iscc_ns3_link(device[i], hub, &link, &error));
    }
    must(iscc_ns3_run(1000000000ll * (second + 1), &error));
  }
  for (int i = 0; i < NODES; i++) must(iscc_ns3_position(node[i], state.place_m[i], &error));
  iscc_ns3_end();
  return state;
}

static const struct {
  const char *chain;
  bool varies; /* from instant to instant */
} random_chains[] = {{"ns3::ThreeGppUmiStreetCanyonPropagationLossModel[Frequency=3.5e9]", false},
                     {"ns3::ThreeGppUmiStreetCanyonPropagationLossModel[Frequency=28e9|ChannelConditionModel="
                      "ns3::ThreeGppUmiStreetCanyonChannelConditionModel[O2iThreshold=0.5]]",
                      false},
                     {"ns3::ThreeGppUmaPropagationLossModel", false},
                     {"ns3::ThreeGppIndoorOfficePropagationLossModel", false},
                     {"ns3::HybridBuildingsPropagationLossModel[Frequency=2.4e9]", false},
                     {"ns3::IsccIndoorFactoryPropagationLossModel", false},
                     {"ns3::FriisPropagationLossModel;ns3::JakesPropagationLossModel", true},
                     {"ns3::LogDistancePropagationLossModel;ns3::NakagamiPropagationLossModel", true},
                     {"ns3::FriisPropagationLossModel;ns3::RandomPropagationLossModel[Variable=ns3::"
                      "NormalRandomVariable[Variance=16]]",
                      true}};

START_TEST(random_losses_are_the_same_again) {
  const char *chain = random_chains[_i].chain;
  const world_state first = measure(chain, STILL, 1, NODES, false),
                    again = measure(chain, STILL, 1, NODES, false),
                    asked = measure(chain, STILL, 1, NODES, true),
                    more = measure(chain, STILL, 1, 2 * NODES, false),
                    other = measure(chain, STILL, 2, NODES, false);
  ck_assert_mem_eq(&again, &first, sizeof first);
  ck_assert_mem_eq(&asked, &first, sizeof first);
  ck_assert_mem_eq(&more, &first, sizeof first);
  ck_assert_mem_ne(&other, &first, sizeof first);
  for (int i = 0; i < NODES; i++) {
    ck_assert((first.gain[i][0] != first.gain[i][2]) == random_chains[_i].varies);
    ck_assert(first.gain[i][0] > 0 && isfinite(first.gain[i][0]));
  }
}
END_TEST

static const char *const random_movements[] = {
    "ns3::RandomWaypointMobilityModel[Speed=ns3::UniformRandomVariable[Min=1|Max=20]|Pause="
    "ns3::ConstantRandomVariable[Constant=0.1]|PositionAllocator=ns3::RandomRectanglePositionAllocator["
    "X=ns3::UniformRandomVariable[Min=0|Max=100]|Y=ns3::UniformRandomVariable[Min=0|Max=50]]]",
    "ns3::RandomWaypointMobilityModel[PositionAllocator=ns3::RandomDiscPositionAllocator[Rho=ns3::"
    "UniformRandomVariable[Min=0|Max=60]]|Pause=ns3::ConstantRandomVariable[Constant=0]]",
    "ns3::SteadyStateRandomWaypointMobilityModel[MaxX=100|MaxY=50|MinSpeed=1|MaxSpeed=9]",
    "ns3::RandomWalk2dMobilityModel[Bounds=-100|100|-100|100|Mode=Time|Time=0.3s]",
    "ns3::RandomDirection2dMobilityModel[Bounds=-100|100|-100|100]",
    "ns3::GaussMarkovMobilityModel[Bounds=-100|100|-100|100|0|10|TimeStep=0.2s|NormalVelocity=ns3::"
    "NormalRandomVariable[Variance=2|Bound=3]]"};

START_TEST(random_movements_are_the_same_again) {
  const char *moves = random_movements[_i], *chain = "ns3::FriisPropagationLossModel";
  const world_state first = measure(chain, moves, 1, NODES, false),
                    again = measure(chain, moves, 1, NODES, false),
                    more = measure(chain, moves, 1, 2 * NODES, false),
                    other = measure(chain, moves, 2, NODES, false);
  ck_assert_mem_eq(&again, &first, sizeof first);
  ck_assert_mem_eq(&more, &first, sizeof first);
  for (int i = 0; i < NODES; i++) {
    ck_assert_mem_ne(other.place_m[i], first.place_m[i], sizeof first.place_m[i]);
    ck_assert(first.gain[i][0] != first.gain[i][2]);
    if (i > 0) ck_assert_mem_ne(first.place_m[i], first.place_m[0], sizeof first.place_m[0]);
  }
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

Suite *iscc_suite_ns3_world(void);
Suite *iscc_suite_ns3_world(void) {
  Suite *s = suite_create("ns3: places and gains");
  TCase *t = tcase_create("world");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, losses_are_those_of_the_formulas, 0, COUNT(models));
  tcase_add_test(t, a_building_in_between_takes_the_sight);
  tcase_add_test(t, walls_cost_what_they_are_made_of);
  tcase_add_loop_test(t, bad_buildings_are_refused, 0, COUNT(bad_buildings));
  tcase_add_test(t, movement_files_mean_what_ns3_reads);
  tcase_add_test(t, waypoints_out_of_order_are_refused);
  tcase_add_loop_test(t, random_losses_are_the_same_again, 0, COUNT(random_chains));
  tcase_add_loop_test(t, random_movements_are_the_same_again, 0, COUNT(random_movements));
  suite_add_tcase(s, t);
  return s;
}
