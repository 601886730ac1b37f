/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-model-metadata.h"
#include "iscc-safetensors.h"
#include "iscc-test-model.h"

static iscc_model *model;
static char path[] = "/tmp/iscc-test-model-XXXXXX";

static void set_up(void) {
  iscc_network network;
  iscc_test_small_network(&network);
  model = iscc_test_model(&network, 5);
  iscc_test_calibrate(model);
  strcpy(path, "/tmp/iscc-test-model-XXXXXX");
  close(mkstemp(path));
  ck_assert_int_eq(iscc_model_write(path, model, NULL), ISCC_OK);
}

static void tear_down(void) {
  iscc_model_destroy(model);
  unlink(path);
}

static uint8_t *load(const char *from, size_t *n_bytes) {
  FILE *f = fopen(from, "rb");
  ck_assert_ptr_nonnull(f);
  uint8_t *bytes = malloc(1 << 20);
  *n_bytes = fread(bytes, 1, 1 << 20, f);
  fclose(f);
  return bytes;
}

static void store(const uint8_t *bytes, size_t n_bytes) {
  FILE *f = fopen(path, "wb");
  ck_assert_uint_eq(fwrite(bytes, 1, n_bytes, f), n_bytes);
  fclose(f);
}

START_TEST(what_is_written_reads_back) {
  iscc_model *back;
  iscc_error error = {.text = ""};
  ck_assert_msg(iscc_model_read(path, &back, &error) == ISCC_OK, "%s", error.text);
  ck_assert_mem_eq(&back->network, &model->network, sizeof model->network);
  for (int l = 1; l <= model->network.layers; l++) {
    const iscc_layer *layer = &model->network.layer[l];
    ck_assert((back->weight[l] != NULL) == (layer->weights > 0));
    if (!layer->weights) continue;
    ck_assert_mem_eq(back->weight[l], model->weight[l], layer->weights * sizeof(float));
    ck_assert_mem_eq(back->bias[l], model->bias[l], (size_t)layer->units * sizeof(float));
  }
  ck_assert(back->calibrated);
  ck_assert_mem_eq(&back->calibration, &model->calibration, sizeof model->calibration);
  ck_assert_mem_eq(&back->sensing, &model->sensing, sizeof model->sensing);
  ck_assert_mem_eq(&back->provenance, &model->provenance, sizeof model->provenance);
  ck_assert_uint_eq(strlen(back->sha256), 64);
  iscc_model_destroy(back);
}
END_TEST

START_TEST(the_same_model_gives_the_same_bytes) {
  size_t n, again_n;
  uint8_t *bytes = load(path, &n);
  iscc_model *back;
  ck_assert_int_eq(iscc_model_read(path, &back, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_model_write(path, back, NULL), ISCC_OK);
  uint8_t *again = load(path, &again_n);
  ck_assert(n == again_n && memcmp(bytes, again, n) == 0);
  iscc_model_destroy(back);
  free(bytes), free(again);
}
END_TEST

START_TEST(an_uncalibrated_model_says_so) {
  iscc_model *back;
  model->calibrated = false;
  ck_assert_int_eq(iscc_model_write(path, model, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_model_read(path, &back, NULL), ISCC_OK);
  ck_assert(!back->calibrated);
  iscc_model_destroy(back);
}
END_TEST

/* NumPy, told nothing but the layout, finds names, shapes and values. */
START_TEST(numpy_reads_the_tensors) {
  char command[2048];
  const float *w = model->weight[4];
  snprintf(
      command, sizeof command,
      "/usr/bin/python3 -c \"\n"
      "import json, struct, numpy as np\n"
      "raw = open('%s', 'rb').read()\n"
      "n = struct.unpack('<Q', raw[:8])[0]\n"
      "head = json.loads(raw[8:8 + n]); data = raw[8 + n:]\n"
      "meta = head.pop('__metadata__')\n"
      "assert all(type(v) is str for v in meta.values())\n"
      "assert float(meta['test_accuracy']) == 0.875\n"
      "assert {'topology', 'calibration', 'provenance'} <= set(meta)\n"
      "t = {k: np.frombuffer(data[v['data_offsets'][0]:v['data_offsets'][1]], '<f4').reshape(v['shape'])\n"
      "     for k, v in head.items()}\n"
      "assert {k: v.shape for k, v in t.items()} == {'conv1.weight': (4, 2, 3, 3), 'conv1.bias': (4,),\n"
      "  'fc1.weight': (10, 100), 'fc1.bias': (10,), 'fc2.weight': (3, 10), 'fc2.bias': (3,)}, t.keys()\n"
      "assert t['fc1.weight'][7, 31] == np.float32(%.9g)\n"
      "assert sum(v.nbytes for v in t.values()) == len(data)\n\"",
      path, (double)w[7 * 100 + 31]);
  ck_assert_int_eq(system(command), 0);
}
END_TEST

static iscc_status read_bytes(const uint8_t *bytes, size_t n_bytes, iscc_error *error) {
  iscc_model *back;
  store(bytes, n_bytes);
  const iscc_status status = iscc_model_read(path, &back, error);
  ck_assert((status == ISCC_OK) == (back != NULL));
  iscc_model_destroy(back);
  return status;
}

START_TEST(every_truncation_is_refused) {
  size_t n_bytes;
  uint8_t *bytes = load(path, &n_bytes);
  for (size_t n = 0; n < n_bytes; n++) {
    iscc_error error = {.text = ""};
    ck_assert_int_eq(read_bytes(bytes, n, &error), ISCC_EFORMAT);
    ck_assert(strncmp(error.text, path, strlen(path)) == 0); /* names the file */
  }
  ck_assert_int_eq(read_bytes(bytes, n_bytes, NULL), ISCC_OK);
  free(bytes);
}
END_TEST

START_TEST(random_damage_never_crashes) {
  size_t n_bytes;
  uint64_t header = 0;
  uint8_t *bytes = load(path, &n_bytes), *hurt = malloc(n_bytes);
  memcpy(&header, bytes, 8);
  iscc_random r;
  iscc_random_seed(&r, 21, 0, 0, ISCC_STREAM_TEST);
  int refused = 0;
  enum { TRIALS = 4000 };
  for (int trial = 0; trial < TRIALS; trial++) {
    memcpy(hurt, bytes, n_bytes);
    for (uint64_t hits = 1 + iscc_random_below(&r, 3); hits > 0; hits--) {
      const size_t at =
          iscc_random_below(&r, 4) ? 8 + iscc_random_below(&r, header) : iscc_random_below(&r, n_bytes);
      hurt[at] = iscc_random_below(&r, 2) ? (uint8_t)iscc_random_u64(&r)
                                          : (uint8_t)('0' + iscc_random_below(&r, 10));
    }
    iscc_error error = {.text = ""};
    const iscc_status status = read_bytes(hurt, n_bytes, &error);
    ck_assert_msg(status == ISCC_OK || status == ISCC_EFORMAT, "trial %d: %s", trial, error.text);
    refused += status != ISCC_OK;
  }
  ck_assert_int_gt(refused, TRIALS / 4); /* changed digits often give another valid model */
  free(bytes), free(hurt);
}
END_TEST

/* ---- files of a right layout and a wrong content ---- */

/* The model's tensors and texts, to be changed and written anew. */
static iscc_safetensors *file;
static iscc_tensor tensors[8];
static iscc_safetensors_note notes[6];
static size_t tensor_count, note_count;

static void take_apart(void) {
  static const char *const keys[] = {"format", "topology", "provenance", "calibration"};
  ck_assert_int_eq(iscc_safetensors_read(path, &file, NULL), ISCC_OK);
  for (tensor_count = 0; iscc_safetensors_at(file, tensor_count); tensor_count++)
    tensors[tensor_count] = *iscc_safetensors_at(file, tensor_count);
  for (note_count = 0; note_count < sizeof keys / sizeof *keys; note_count++)
    notes[note_count] =
        (iscc_safetensors_note){keys[note_count], iscc_safetensors_text(file, keys[note_count])};
}

static void check_refused(const char *what, const char *says) {
  iscc_model *back;
  iscc_error error = {.text = ""};
  ck_assert_int_eq(iscc_safetensors_write(path, tensors, tensor_count, notes, note_count, &error), ISCC_OK);
  ck_assert_msg(iscc_model_read(path, &back, &error) == ISCC_EFORMAT, "%s: not refused", what);
  ck_assert_ptr_null(back);
  ck_assert_msg(strstr(error.text, path) == error.text, "%s: '%s' names no file", what, error.text);
  ck_assert_msg(strstr(error.text, says) != NULL, "%s: '%s' lacks '%s'", what, error.text, says);
  iscc_safetensors_destroy(file);
}

START_TEST(a_missing_tensor_is_refused) {
  take_apart();
  tensor_count--;
  check_refused("missing", "tensor 'fc2.bias' is missing");
}
END_TEST

START_TEST(an_extra_tensor_is_refused) {
  take_apart();
  tensors[tensor_count] = tensors[0];
  strcpy(tensors[tensor_count++].name, "conv9.weight");
  check_refused("extra", "does not know");
}
END_TEST

START_TEST(a_wrong_shape_is_refused) {
  take_apart();
  tensors[2].shape[0] = 100, tensors[2].shape[1] = 10; /* fc1.weight the other way round: as many values */
  check_refused("turned", "tensor 'fc1.weight' has shape (100, 10), its topology needs (10, 100)");
}
END_TEST

START_TEST(a_value_that_is_no_number_is_refused) {
  const float bad[2] = {NAN, INFINITY};
  take_apart();
  float *copy = malloc(tensors[0].count * sizeof *copy);
  memcpy(copy, tensors[0].data, tensors[0].count * sizeof *copy);
  copy[11] = bad[_i];
  tensors[0].data = copy;
  check_refused("not finite", "tensor 'conv1.weight' holds a value that is no finite number at 11");
  free(copy);
}
END_TEST

static const struct {
  const char *what;
  size_t note;      /* 0 format, 1 topology, 2 provenance, 3 calibration */
  const char *find; /* in its text; NULL: the whole text */
  const char *put;
  const char *says;
} changes[] = {
    {"other version", 0, NULL, "iscc-model-1", "format is not iscc-model-2"},
    {"topology no JSON", 1, NULL, "{", "metadata 'topology' is no JSON"},
    {"topology empty", 1, NULL, "{}", "topology.input"},
    {"no layers", 1, "\"layers\"", "\"lawyers\"", "topology.layers"},
    {"unknown layer kind", 1, "\"relu\"", "\"tanh\"", "topology.layers[1].kind"},
    {"negative units", 1, "\"units\":4", "\"units\":-4", "topology.layers[0].units: -4 is outside"},
    {"huge units", 1, "\"units\":4", "\"units\":999999999", "topology.layers[0].units"},
    {"units no number", 1, "\"units\":4", "\"units\":\"4\"", "topology.layers[0].units is missing or"},
    {"kernel beyond input", 1, "\"kernel\":3", "\"kernel\":13", "kernel"},
    {"more units than tensors", 1, "\"units\":4", "\"units\":5", "'conv1.weight' has shape (4, 2, 3, 3)"},
    {"too many classes", 1, "\"units\":3}", "\"units\":9}", "'fc2.weight' has shape"},
    {"layer name twice", 1, "\"fc2\"", "\"fc1\"", "fc1"},
    {"name too long", 1, "\"fc2\"", "\"a-name-beyond-all-reason\"", "topology.layers[5].name"},
    {"accuracy above 1", 2, "\"test_accuracy\":0.875", "\"test_accuracy\":1.5",
     "provenance.test_accuracy: 1.5"},
    {"no seed", 2, "\"seed\"", "\"sead\"", "provenance.seed"},
    {"seed no number", 2, "\"18364758544493064720\"", "\"18x\"", "provenance.seed"},
    {"confusion too small", 2, "[100,101,102],", "", "provenance.confusion"},
    {"sensing missing", 2, "\"sensing\"", "\"sending\"", "provenance.sensing"},
    {"points beyond the table", 3, "\"curve_points\":5", "\"curve_points\":65",
     "curve_points: 65 is outside 1..64"},
    {"points and lists differ", 3, "\"curve_points\":5", "\"curve_points\":4", "no list of 4 numbers"},
    {"negative loss", 3, "\"pruning_loss\":", "\"pruning_loss\":-", "pruning_loss"},
    {"splits missing", 3, "\"splits\"", "\"splats\"", "calibration.splits"},
    {"a split too few", 3, "{\"laplace_rate\":0.001", "7,{\"laplace_rate\":0.001", "calibration.splits"},
    {"pca no list", 3, "\"pca\":[", "\"pca\":3,\"x\":[", "calibration.pca is no list of 0..8"},
    {"components missing", 3, "\"components\":8", "\"companions\":8",
     "calibration.pca[0].components is missing"},
    {"pca points beyond the powers", 3, "\"concave_points\":3", "\"concave_points\":6",
     "calibration.pca[0].concave_points"},
    {"calibration a list", 3, NULL, "[]", "calibration.arctan_a is missing"},
};

START_TEST(wrong_metadata_are_refused) {
  take_apart();
  const char *text = notes[changes[_i].note].text;
  char *changed = malloc(strlen(text) + strlen(changes[_i].put) + 1);
  if (changes[_i].find) {
    const char *at = strstr(text, changes[_i].find);
    ck_assert_msg(at != NULL, "%s: '%s' is not in %s", changes[_i].what, changes[_i].find, text);
    memcpy(changed, text, (size_t)(at - text));
    strcpy(changed + (at - text), changes[_i].put);
    strcat(changed, at + strlen(changes[_i].find));
  } else {
    strcpy(changed, changes[_i].put);
  }
  notes[changes[_i].note].text = changed;
  check_refused(changes[_i].what, changes[_i].says);
  free(changed);
}
END_TEST

START_TEST(each_text_but_the_calibration_is_needed) {
  take_apart();
  notes[_i] = notes[3];
  note_count = 3;
  check_refused("missing", _i == 0   ? "not a model of iscc"
                           : _i == 1 ? "lacks 'topology'"
                                     : "lacks 'provenance'");
}
END_TEST

START_TEST(curves_that_turn_back_are_refused) {
  iscc_model *back;
  iscc_error error = {.text = ""};
  model->calibration.concave_power_w[2] = model->calibration.concave_power_w[1];
  ck_assert_int_eq(iscc_model_write(path, model, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_model_read(path, &back, &error), ISCC_EFORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, "concave_power_w: powers must be positive and rise"));
  model->calibration.concave_power_w[2] *= 1.5;
  model->calibration.concave_accuracy[2] = 0.1;
  ck_assert_int_eq(iscc_model_write(path, model, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_model_read(path, &back, &error), ISCC_EFORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, "accuracies must not fall"));
}
END_TEST

START_TEST(a_model_that_cannot_be_read_back_is_not_written) {
  size_t n, again_n;
  uint8_t *bytes = load(path, &n);
  iscc_error error = {.text = ""};
  model->weight[1][0] = NAN;
  ck_assert_int_eq(iscc_model_write(path, model, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "conv1.weight"));
  model->weight[1][0] = 0;
  model->calibration.split[2].pruning_rmse = (double)NAN;
  ck_assert_int_eq(iscc_model_write(path, model, &error), ISCC_EINVAL);
  uint8_t *again = load(path, &again_n);
  ck_assert(n == again_n && memcmp(bytes, again, n) == 0); /* the old file is whole */
  free(bytes), free(again);
}
END_TEST

START_TEST(too_many_classes_are_refused) {
  iscc_network network;
  iscc_test_small_network(&network);
  network.layer[6].units = 9;
  ck_assert_int_eq(iscc_network_shape(&network, NULL), ISCC_OK);
  iscc_model *none = model;
  ck_assert_int_eq(iscc_model_create(&network, &none, NULL), ISCC_EINVAL);
  ck_assert_ptr_null(none);
}
END_TEST

Suite *iscc_suite_model(void);
Suite *iscc_suite_model(void) {
  Suite *s = suite_create("inference: model");
  TCase *t = tcase_create("model");
  tcase_add_checked_fixture(t, set_up, tear_down);
  tcase_set_timeout(t, 120);
  tcase_add_test(t, what_is_written_reads_back);
  tcase_add_test(t, the_same_model_gives_the_same_bytes);
  tcase_add_test(t, an_uncalibrated_model_says_so);
  tcase_add_test(t, numpy_reads_the_tensors);
  tcase_add_test(t, every_truncation_is_refused);
  tcase_add_test(t, random_damage_never_crashes);
  tcase_add_test(t, a_missing_tensor_is_refused);
  tcase_add_test(t, an_extra_tensor_is_refused);
  tcase_add_test(t, a_wrong_shape_is_refused);
  tcase_add_loop_test(t, a_value_that_is_no_number_is_refused, 0, 2);
  tcase_add_loop_test(t, wrong_metadata_are_refused, 0, (int)(sizeof changes / sizeof *changes));
  tcase_add_loop_test(t, each_text_but_the_calibration_is_needed, 0, 3);
  tcase_add_test(t, curves_that_turn_back_are_refused);
  tcase_add_test(t, a_model_that_cannot_be_read_back_is_not_written);
  tcase_add_test(t, too_many_classes_are_refused);
  suite_add_tcase(s, t);
  return s;
}
