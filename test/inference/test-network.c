/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-network.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* Worked out by hand from eq. (3): layer, output shape, N_l, M_l, FLOPs at p = 1. */
static const struct {
  const char *name;
  int channels, rows, columns;
  size_t features, weights;
  double flops;
} expected[] = {
    {"conv1", 6, 38, 38, 8664, 450, (2 * 3 * 25 - 1) * 8664.0},
    {"relu1", 6, 38, 38, 8664, 0, 0.0},
    {"pool1", 6, 19, 19, 2166, 0, 2166.0},
    {"conv2", 16, 15, 15, 3600, 2400, (2 * 6 * 25 - 1) * 3600.0},
    {"relu2", 16, 15, 15, 3600, 0, 0.0},
    {"pool2", 16, 7, 7, 784, 0, 784.0},
    {"fc1", 120, 1, 1, 120, 94080, (2 * 784 - 1) * 120.0},
    {"relu3", 120, 1, 1, 120, 0, 0.0},
    {"fc2", 60, 1, 1, 60, 7200, (2 * 120 - 1) * 60.0},
    {"relu4", 60, 1, 1, 60, 0, 0.0},
    {"fc3", 5, 1, 1, 5, 300, (2 * 60 - 1) * 5.0},
};

START_TEST(default_network_has_the_shapes_and_flops_of_the_table) {
  iscc_network net;
  iscc_network_default(&net);
  ck_assert_int_eq(net.layers, COUNT(expected));
  ck_assert_int_eq(net.classes, 5);
  ck_assert_uint_eq(net.inputs, 5292);
  size_t weights = 0, biases = 0;
  for (int l = 1; l <= net.layers; l++) {
    const iscc_layer *layer = &net.layer[l];
    ck_assert_str_eq(layer->name, expected[l - 1].name);
    ck_assert_int_eq(layer->channels, expected[l - 1].channels);
    ck_assert_int_eq(layer->rows, expected[l - 1].rows);
    ck_assert_int_eq(layer->columns, expected[l - 1].columns);
    ck_assert_uint_eq(layer->features, expected[l - 1].features);
    ck_assert_uint_eq(layer->weights, expected[l - 1].weights);
    ck_assert_double_eq(layer->flops_slope + layer->flops_const, expected[l - 1].flops);
    weights += layer->weights;
    if (layer->weights) biases += (size_t)layer->units;
  }
  ck_assert_uint_eq(weights, 104430);
  ck_assert_uint_eq(biases, 207);
}
END_TEST

START_TEST(device_and_server_flops_add_up_at_every_split) {
  iscc_network net;
  iscc_network_default(&net);
  for (int split = 0; split <= net.layers; split++) {
    double slope, constant;
    iscc_network_device_flops(&net, split, &slope, &constant);
    ck_assert_double_eq(slope + constant + iscc_network_server_flops(&net, split), 2573261.0);
  }
  double slope, constant; /* half the weights of conv1: (2 3 25 / 2 - 1) 8664, pooling whole */
  iscc_network_device_flops(&net, 3, &slope, &constant);
  ck_assert_double_eq(0.5 * slope + constant, 74 * 8664.0 + 2166.0);
}
END_TEST

static void break_nothing(iscc_network *net) {
  (void)net;
}
static void no_layers(iscc_network *net) {
  net->layers = 0;
}
static void too_many_layers(iscc_network *net) {
  net->layers = ISCC_LAYERS_MAX + 1;
}
static void no_rows(iscc_network *net) {
  net->rows = 0;
}
static void huge_input(iscc_network *net) {
  net->channels = net->rows = net->columns = 60000;
}
static void large_kernel(iscc_network *net) {
  net->layer[4].kernel = 20;
}
static void no_kernel(iscc_network *net) {
  net->layer[3].kernel = 0;
}
static void no_units(iscc_network *net) {
  net->layer[7].units = 0;
}
static void huge_dense(iscc_network *net) {
  net->layer[7].units = 60000, net->layer[9].units = 60000;
}
static void late_pooling(iscc_network *net) {
  net->layer[8].kind = ISCC_LAYER_MAXPOOL, net->layer[8].kernel = 1;
}
static void same_name(iscc_network *net) {
  strcpy(net->layer[9].name, "conv1");
}
static void no_name(iscc_network *net) {
  net->layer[2].name[0] = '\0';
}
static void endless_name(iscc_network *net) {
  memset(net->layer[2].name, 'x', ISCC_LAYER_NAME_MAX);
}
static void unknown_kind(iscc_network *net) {
  memset(&net->layer[2].kind, 0x55, sizeof net->layer[2].kind);
}

static const struct {
  void (*spoil)(iscc_network *);
  const char *named; /* NULL: fine */
} spoilt[] = {
    {break_nothing, NULL},     {no_layers, "layers"},   {too_many_layers, "layers"}, {no_rows, "rows"},
    {huge_input, "input"},     {large_kernel, "conv2"}, {no_kernel, "pool1"},        {no_units, "fc1"},
    {huge_dense, "fc2"},       {late_pooling, "relu3"}, {same_name, "'conv1'"},      {no_name, "layer 2"},
    {endless_name, "layer 2"}, {unknown_kind, "relu1"},
};

START_TEST(a_network_that_does_not_fit_is_refused_by_name) {
  iscc_network net;
  iscc_network_default(&net);
  spoilt[_i].spoil(&net);
  iscc_error error = {.text = ""};
  const iscc_status status = iscc_network_shape(&net, &error);
  ck_assert_int_eq(status, spoilt[_i].named ? ISCC_EINVAL : ISCC_OK);
  if (spoilt[_i].named) ck_assert_msg(strstr(error.text, spoilt[_i].named) != NULL, "text: %s", error.text);
}
END_TEST

Suite *iscc_suite_network(void);
Suite *iscc_suite_network(void) {
  Suite *s = suite_create("inference: network");
  TCase *t = tcase_create("network");
  tcase_add_test(t, default_network_has_the_shapes_and_flops_of_the_table);
  tcase_add_test(t, device_and_server_flops_add_up_at_every_split);
  tcase_add_loop_test(t, a_network_that_does_not_fit_is_refused_by_name, 0, COUNT(spoilt));
  suite_add_tcase(s, t);
  return s;
}
