/* SPDX-License-Identifier: GPL-2.0-only */
/* oneDNN 2.x behind iscc-engine.h.
 *
 * Each array is a `tensor`: a buffer in the layout oneDNN likes best (channels in blocks of eight, say), and
 * a plain one beside it when the two differ, with the reorder operations between them made ready. Layer l's
 * features, their gradients, weights and weight gradients are tensors. Between the layers of one call nothing
 * is reordered; at the ends of the range it is when the layouts differ. All primitives, their argument lists
 * and scratch memory are built in iscc_engine_create(). */
#include "iscc-engine.h"

#include <omp.h>
#include <oneapi/dnnl/dnnl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define TRY(call)                                                                                            \
  do {                                                                                                       \
    const iscc_status try_status = (call);                                                                   \
    if (try_status) return try_status;                                                                       \
  } while (0)

enum { ARGS_MAX = 6, MEMORIES_PER_LAYER = 40, PRIMITIVES_PER_LAYER = 20 };

typedef struct {
  dnnl_primitive_t primitive; /* NULL: nothing to do */
  int args;
  dnnl_exec_arg_t arg[ARGS_MAX];
} operation;

typedef struct {
  dnnl_memory_desc_t layout; /* of native */
  dnnl_memory_t native;
  float *plain; /* native's own bytes when its layout is plain */
  size_t count; /* values in plain */
  operation from_plain, to_plain;
} tensor;

typedef struct {
  tensor features, features_gradient;
  tensor weight, bias, weight_gradient, bias_gradient;
  tensor weight_backward;    /* weights as the data gradient wants them; unused (count 0) when as weight */
  dnnl_memory_t pooled_from; /* which element each maximum came from; training only */
  dnnl_primitive_desc_t forward_desc;
  operation forward, backward_data, backward_weights;
} engine_layer;

struct iscc_engine {
  iscc_network net;
  int batch;
  bool training;
  bool flat[ISCC_LAYERS_MAX + 1]; /* features of layer l have no rows and columns any more */
  int ran_first, ran_last;        /* range of the last forward call; 0: none yet */
  dnnl_engine_t cpu;
  dnnl_stream_t stream;
  dnnl_primitive_attr_t attributes;
  engine_layer layer[ISCC_LAYERS_MAX + 1];
  int memories, primitives, descs; /* everything to be destroyed */
  dnnl_memory_t memory[MEMORIES_PER_LAYER * (ISCC_LAYERS_MAX + 1)];
  dnnl_primitive_t primitive[PRIMITIVES_PER_LAYER * (ISCC_LAYERS_MAX + 1)];
  dnnl_primitive_desc_t desc[PRIMITIVES_PER_LAYER * (ISCC_LAYERS_MAX + 1)];
};

static iscc_status check(dnnl_status_t status, const char *what, iscc_error *error) {
  if (status == dnnl_success) return ISCC_OK;
  if (status == dnnl_out_of_memory) return iscc_fail(error, ISCC_ENOMEM, "oneDNN: %s: out of memory", what);
  return iscc_fail(error, ISCC_ELIBRARY, "oneDNN: %s failed with status %d", what, (int)status);
}

/* oneDNN splits work by the calling thread's OpenMP setting; one thread means that no pool is ever started.
 */
static int enter_single_thread(void) {
  const int before = omp_get_max_threads();
  if (before != 1) omp_set_num_threads(1);
  return before;
}

static void leave_single_thread(int before) {
  if (before != 1) omp_set_num_threads(before);
}

/* --- tensors and operations --- */

static iscc_status make_memory(iscc_engine *e, const dnnl_memory_desc_t *layout, dnnl_memory_t *out,
                               void **bytes, iscc_error *error) {
  TRY(check(dnnl_memory_create(out, layout, e->cpu, DNNL_MEMORY_ALLOCATE), "memory", error));
  e->memory[e->memories++] = *out;
  TRY(check(dnnl_memory_get_data_handle(*out, bytes), "memory", error));
  if (*bytes) memset(*bytes, 0, dnnl_memory_desc_get_size(layout));
  return ISCC_OK;
}

static void add_arg(operation *op, int name, dnnl_memory_t memory) {
  op->arg[op->args++] = (dnnl_exec_arg_t){.arg = name, .memory = memory};
}

/* Turns a primitive descriptor, whose ownership it takes, into a ready operation with its scratch memory. */
static iscc_status make_operation(iscc_engine *e, dnnl_primitive_desc_t desc, operation *op,
                                  iscc_error *error) {
  e->desc[e->descs++] = desc;
  TRY(check(dnnl_primitive_create(&op->primitive, desc), "primitive", error));
  e->primitive[e->primitives++] = op->primitive;
  const dnnl_memory_desc_t *scratch = dnnl_primitive_desc_query_md(desc, dnnl_query_scratchpad_md, 0);
  if (scratch && dnnl_memory_desc_get_size(scratch) > 0) {
    dnnl_memory_t memory;
    void *bytes;
    TRY(make_memory(e, scratch, &memory, &bytes, error));
    add_arg(op, DNNL_ARG_SCRATCHPAD, memory);
  }
  return ISCC_OK;
}

static iscc_status run(const iscc_engine *e, const operation *op, iscc_error *error) {
  if (!op->primitive) return ISCC_OK;
  return check(dnnl_primitive_execute(op->primitive, e->stream, op->args, op->arg), "execution", error);
}

static iscc_status make_reorder(iscc_engine *e, const dnnl_memory_desc_t *from_layout, dnnl_memory_t from,
                                const dnnl_memory_desc_t *to_layout, dnnl_memory_t to, operation *op,
                                iscc_error *error) {
  dnnl_primitive_desc_t desc;
  TRY(check(dnnl_reorder_primitive_desc_create(&desc, from_layout, e->cpu, to_layout, e->cpu, e->attributes),
            "reorder", error));
  TRY(make_operation(e, desc, op, error));
  add_arg(op, DNNL_ARG_FROM, from);
  add_arg(op, DNNL_ARG_TO, to);
  return ISCC_OK;
}

static dnnl_format_tag_t plain_tag(int dims) {
  return dims == 1 ? dnnl_a : dims == 2 ? dnnl_ab : dnnl_abcd;
}

static iscc_status make_tensor(iscc_engine *e, const dnnl_memory_desc_t *layout, tensor *t,
                               iscc_error *error) {
  t->layout = *layout;
  t->count = 1;
  for (int i = 0; i < layout->ndims; i++) t->count *= (size_t)layout->dims[i];
  void *bytes = NULL;
  TRY(make_memory(e, layout, &t->native, &bytes, error));
  dnnl_memory_desc_t plain;
  TRY(check(
      dnnl_memory_desc_init_by_tag(&plain, layout->ndims, layout->dims, dnnl_f32, plain_tag(layout->ndims)),
      "layout", error));
  if (dnnl_memory_desc_equal(&plain, layout)) {
    t->plain = bytes;
    return ISCC_OK;
  }
  dnnl_memory_t mirror;
  TRY(make_memory(e, &plain, &mirror, &bytes, error));
  t->plain = bytes;
  TRY(make_reorder(e, &plain, mirror, layout, t->native, &t->from_plain, error));
  return make_reorder(e, layout, t->native, &plain, mirror, &t->to_plain, error);
}

static iscc_status load(const iscc_engine *e, tensor *t, const float *values, iscc_error *error) {
  memcpy(t->plain, values, t->count * sizeof *values);
  return run(e, &t->from_plain, error);
}

static iscc_status store(const iscc_engine *e, const tensor *t, float *values, iscc_error *error) {
  TRY(run(e, &t->to_plain, error));
  memcpy(values, t->plain, t->count * sizeof *values);
  return ISCC_OK;
}

/* --- layouts asked for --- */

static iscc_status layout_of(int dims, const dnnl_dims_t extent, dnnl_format_tag_t tag,
                             dnnl_memory_desc_t *out, iscc_error *error) {
  return check(dnnl_memory_desc_init_by_tag(out, dims, extent, dnnl_f32, tag), "layout", error);
}

/* Channels last: the one order for which oneDNN has fast code at any number of channels (its blocked layouts
 * fall to reference loops, hundreds of times slower, where six channels meet a block of eight). */
static iscc_status feature_layout(const iscc_engine *e, int l, dnnl_memory_desc_t *out, iscc_error *error) {
  const iscc_layer *layer = &e->net.layer[l];
  const dnnl_dims_t extent = {e->batch, layer->channels, layer->rows, layer->columns};
  const int dims = e->flat[l] ? 2 : 4;
  return layout_of(dims, extent, e->flat[l] ? dnnl_ab : dnnl_acdb, out, error);
}

static iscc_status weight_layout(const iscc_engine *e, int l, dnnl_memory_desc_t *out, iscc_error *error) {
  const iscc_layer *in = &e->net.layer[l - 1], *layer = &e->net.layer[l];
  const bool conv = layer->kind == ISCC_LAYER_CONV;
  const dnnl_dims_t extent = {layer->units, in->channels, conv ? layer->kernel : in->rows,
                              conv ? layer->kernel : in->columns};
  return layout_of(e->flat[l - 1] ? 2 : 4, extent, dnnl_format_tag_any, out, error);
}

static iscc_status bias_layout(const iscc_engine *e, int l, dnnl_memory_desc_t *out, iscc_error *error) {
  const dnnl_dims_t outputs = {e->net.layer[l].units};
  return layout_of(1, outputs, dnnl_a, out, error);
}

static const dnnl_dims_t no_padding = {0, 0}, unit_strides = {1, 1};

static const dnnl_memory_desc_t *queried(dnnl_primitive_desc_t desc, dnnl_query_t what) {
  return dnnl_primitive_desc_query_md(desc, what, 0);
}

static iscc_status describe(const iscc_engine *e, const void *op, dnnl_primitive_desc_t hint,
                            const char *what, dnnl_primitive_desc_t *out, iscc_error *error) {
  return check(dnnl_primitive_desc_create(out, op, e->attributes, e->cpu, hint), what, error);
}

/* --- building the layers --- */

static iscc_status describe_weighted(const iscc_engine *e, int l, dnnl_primitive_desc_t *out,
                                     iscc_error *error) {
  const dnnl_memory_desc_t *in = &e->layer[l - 1].features.layout;
  const dnnl_prop_kind_t kind = e->training ? dnnl_forward_training : dnnl_forward_inference;
  dnnl_memory_desc_t weight, bias, features;
  TRY(weight_layout(e, l, &weight, error));
  TRY(bias_layout(e, l, &bias, error));
  TRY(feature_layout(e, l, &features, error));
  if (e->net.layer[l].kind == ISCC_LAYER_CONV) {
    dnnl_convolution_desc_t op;
    TRY(check(dnnl_convolution_forward_desc_init(&op, kind, dnnl_convolution_direct, in, &weight, &bias,
                                                 &features, unit_strides, no_padding, no_padding),
              "convolution", error));
    return describe(e, &op, NULL, "convolution", out, error);
  }
  dnnl_inner_product_desc_t op;
  TRY(check(dnnl_inner_product_forward_desc_init(&op, kind, in, &weight, &bias, &features), "dense layer",
            error));
  return describe(e, &op, NULL, "dense layer", out, error);
}

static iscc_status build_weighted(iscc_engine *e, int l, iscc_error *error) {
  engine_layer *layer = &e->layer[l];
  dnnl_memory_desc_t bias;
  TRY(describe_weighted(e, l, &layer->forward_desc, error));
  TRY(make_operation(e, layer->forward_desc, &layer->forward, error));
  TRY(bias_layout(e, l, &bias, error));
  TRY(make_tensor(e, &bias, &layer->bias, error));
  TRY(make_tensor(e, queried(layer->forward_desc, dnnl_query_weights_md), &layer->weight, error));
  TRY(make_tensor(e, queried(layer->forward_desc, dnnl_query_dst_md), &layer->features, error));
  add_arg(&layer->forward, DNNL_ARG_SRC, e->layer[l - 1].features.native);
  add_arg(&layer->forward, DNNL_ARG_WEIGHTS, layer->weight.native);
  add_arg(&layer->forward, DNNL_ARG_BIAS, layer->bias.native);
  add_arg(&layer->forward, DNNL_ARG_DST, layer->features.native);
  return ISCC_OK;
}

static iscc_status build_relu(iscc_engine *e, int l, iscc_error *error) {
  engine_layer *layer = &e->layer[l];
  const tensor *in = &e->layer[l - 1].features;
  dnnl_eltwise_desc_t op;
  TRY(check(dnnl_eltwise_forward_desc_init(&op, e->training ? dnnl_forward_training : dnnl_forward_inference,
                                           dnnl_eltwise_relu, &in->layout, 0.0F, 0.0F),
            "ReLU", error));
  TRY(describe(e, &op, NULL, "ReLU", &layer->forward_desc, error));
  TRY(make_operation(e, layer->forward_desc, &layer->forward, error));
  TRY(make_tensor(e, &in->layout, &layer->features, error));
  add_arg(&layer->forward, DNNL_ARG_SRC, in->native);
  add_arg(&layer->forward, DNNL_ARG_DST, layer->features.native);
  return ISCC_OK;
}

static iscc_status build_maxpool(iscc_engine *e, int l, iscc_error *error) {
  engine_layer *layer = &e->layer[l];
  const tensor *in = &e->layer[l - 1].features;
  const dnnl_dims_t window = {e->net.layer[l].kernel, e->net.layer[l].kernel};
  dnnl_memory_desc_t features;
  TRY(feature_layout(e, l, &features, error));
  dnnl_pooling_desc_t op;
  TRY(check(dnnl_pooling_forward_desc_init(&op, e->training ? dnnl_forward_training : dnnl_forward_inference,
                                           dnnl_pooling_max, &in->layout, &features, window, window,
                                           no_padding, no_padding),
            "max-pooling", error));
  TRY(describe(e, &op, NULL, "max-pooling", &layer->forward_desc, error));
  TRY(make_operation(e, layer->forward_desc, &layer->forward, error));
  TRY(make_tensor(e, queried(layer->forward_desc, dnnl_query_dst_md), &layer->features, error));
  add_arg(&layer->forward, DNNL_ARG_SRC, in->native);
  add_arg(&layer->forward, DNNL_ARG_DST, layer->features.native);
  if (!e->training) return ISCC_OK;
  void *bytes;
  TRY(make_memory(e, queried(layer->forward_desc, dnnl_query_workspace_md), &layer->pooled_from, &bytes,
                  error));
  add_arg(&layer->forward, DNNL_ARG_WORKSPACE, layer->pooled_from);
  return ISCC_OK;
}

/* Backward pass of a weight layer: to its weights, or else to its input. */
static iscc_status describe_gradient(const iscc_engine *e, int l, bool to_weights, dnnl_primitive_desc_t *out,
                                     iscc_error *error) {
  static const char what[] = "gradient of a weight layer";
  const dnnl_memory_desc_t *in = &e->layer[l - 1].features.layout, *features = &e->layer[l].features.layout;
  dnnl_memory_desc_t weight, bias;
  TRY(weight_layout(e, l, &weight, error));
  TRY(bias_layout(e, l, &bias, error));
  dnnl_convolution_desc_t conv;
  dnnl_inner_product_desc_t dense;
  dnnl_status_t status;
  const bool is_conv = e->net.layer[l].kind == ISCC_LAYER_CONV;
  if (is_conv && to_weights)
    status = dnnl_convolution_backward_weights_desc_init(&conv, dnnl_convolution_direct, in, &weight, &bias,
                                                         features, unit_strides, no_padding, no_padding);
  else if (is_conv)
    status = dnnl_convolution_backward_data_desc_init(&conv, dnnl_convolution_direct, in, &weight, features,
                                                      unit_strides, no_padding, no_padding);
  else if (to_weights)
    status = dnnl_inner_product_backward_weights_desc_init(&dense, in, &weight, &bias, features);
  else
    status = dnnl_inner_product_backward_data_desc_init(&dense, in, &weight, features);
  TRY(check(status, what, error));
  return describe(e, is_conv ? (const void *)&conv : (const void *)&dense, e->layer[l].forward_desc, what,
                  out, error);
}

static iscc_status build_weighted_backward(iscc_engine *e, int l, iscc_error *error) {
  engine_layer *layer = &e->layer[l];
  dnnl_primitive_desc_t desc;
  TRY(describe_gradient(e, l, false, &desc, error));
  TRY(make_operation(e, desc, &layer->backward_data, error));
  const dnnl_memory_desc_t *wanted = queried(desc, dnnl_query_weights_md);
  const bool same = dnnl_memory_desc_equal(wanted, &layer->weight.layout);
  if (!same) TRY(make_tensor(e, wanted, &layer->weight_backward, error));
  add_arg(&layer->backward_data, DNNL_ARG_DIFF_DST, layer->features_gradient.native);
  add_arg(&layer->backward_data, DNNL_ARG_WEIGHTS,
          same ? layer->weight.native : layer->weight_backward.native);
  add_arg(&layer->backward_data, DNNL_ARG_DIFF_SRC, e->layer[l - 1].features_gradient.native);

  TRY(describe_gradient(e, l, true, &desc, error));
  TRY(make_operation(e, desc, &layer->backward_weights, error));
  TRY(make_tensor(e, queried(desc, dnnl_query_diff_weights_md), &layer->weight_gradient, error));
  TRY(make_tensor(e, &layer->bias.layout, &layer->bias_gradient, error));
  add_arg(&layer->backward_weights, DNNL_ARG_SRC, e->layer[l - 1].features.native);
  add_arg(&layer->backward_weights, DNNL_ARG_DIFF_DST, layer->features_gradient.native);
  add_arg(&layer->backward_weights, DNNL_ARG_DIFF_WEIGHTS, layer->weight_gradient.native);
  add_arg(&layer->backward_weights, DNNL_ARG_DIFF_BIAS, layer->bias_gradient.native);
  return ISCC_OK;
}

static iscc_status build_plain_backward(iscc_engine *e, int l, iscc_error *error) {
  engine_layer *layer = &e->layer[l];
  const tensor *in = &e->layer[l - 1].features;
  dnnl_primitive_desc_t desc;
  const bool relu = e->net.layer[l].kind == ISCC_LAYER_RELU;
  if (relu) {
    dnnl_eltwise_desc_t op;
    TRY(check(dnnl_eltwise_backward_desc_init(&op, dnnl_eltwise_relu, &in->layout, &in->layout, 0.0F, 0.0F),
              "ReLU gradient", error));
    TRY(describe(e, &op, layer->forward_desc, "ReLU gradient", &desc, error));
  } else {
    const dnnl_dims_t window = {e->net.layer[l].kernel, e->net.layer[l].kernel};
    dnnl_pooling_desc_t op;
    TRY(check(dnnl_pooling_backward_desc_init(&op, dnnl_pooling_max, &in->layout, &layer->features.layout,
                                              window, window, no_padding, no_padding),
              "max-pooling gradient", error));
    TRY(describe(e, &op, layer->forward_desc, "max-pooling gradient", &desc, error));
  }
  TRY(make_operation(e, desc, &layer->backward_data, error));
  add_arg(&layer->backward_data, DNNL_ARG_DIFF_DST, layer->features_gradient.native);
  add_arg(&layer->backward_data, DNNL_ARG_DIFF_SRC, e->layer[l - 1].features_gradient.native);
  add_arg(&layer->backward_data, relu ? DNNL_ARG_SRC : DNNL_ARG_WORKSPACE,
          relu ? in->native : layer->pooled_from);
  return ISCC_OK;
}

static bool has_weights(const iscc_network *net, int l) {
  return net->layer[l].kind == ISCC_LAYER_CONV || net->layer[l].kind == ISCC_LAYER_DENSE;
}

static iscc_status build(iscc_engine *e, iscc_error *error) {
  TRY(check(dnnl_engine_create(&e->cpu, dnnl_cpu, 0), "engine", error));
  TRY(check(dnnl_stream_create(&e->stream, e->cpu, dnnl_stream_default_flags), "stream", error));
  TRY(check(dnnl_primitive_attr_create(&e->attributes), "attributes", error));
  TRY(check(dnnl_primitive_attr_set_scratchpad_mode(e->attributes, dnnl_scratchpad_mode_user), "attributes",
            error));
  dnnl_memory_desc_t input;
  TRY(feature_layout(e, 0, &input, error));
  TRY(make_tensor(e, &input, &e->layer[0].features, error));
  for (int l = 1; l <= e->net.layers; l++) {
    e->flat[l] = e->flat[l - 1] || e->net.layer[l].kind == ISCC_LAYER_DENSE;
    if (has_weights(&e->net, l)) TRY(build_weighted(e, l, error));
    if (e->net.layer[l].kind == ISCC_LAYER_RELU) TRY(build_relu(e, l, error));
    if (e->net.layer[l].kind == ISCC_LAYER_MAXPOOL) TRY(build_maxpool(e, l, error));
  }
  for (int l = 0; e->training && l <= e->net.layers; l++) {
    TRY(make_tensor(e, &e->layer[l].features.layout, &e->layer[l].features_gradient, error));
    if (l > 0) TRY((has_weights(&e->net, l) ? build_weighted_backward : build_plain_backward)(e, l, error));
  }
  return ISCC_OK;
}

/* Only possible before oneDNN's first use; a program that used it before keeps its own setting. */
static void cap_instruction_set(void) {
  (void)dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2);
}

iscc_status iscc_engine_create(const iscc_network *net, int batch, bool training, iscc_engine **out,
                               iscc_error *error) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  *out = NULL;
  if (batch < 1 || batch > ISCC_ENGINE_BATCH_MAX)
    return iscc_fail(error, ISCC_EINVAL, "batch: %d is not in 1..%d", batch, ISCC_ENGINE_BATCH_MAX);
  if (net->layers < 1 || net->classes < 1)
    return iscc_fail(error, ISCC_EINVAL, "network: it has no shape yet; call iscc_network_shape() first");
  pthread_once(&once, cap_instruction_set);
  iscc_engine *e = calloc(1, sizeof *e);
  if (!e) return iscc_fail(error, ISCC_ENOMEM, "network engine: out of memory");
  e->net = *net;
  e->batch = batch;
  e->training = training;
  const int threads = enter_single_thread();
  const iscc_status status = build(e, error);
  leave_single_thread(threads);
  if (status) iscc_engine_destroy(e);
  if (!status) *out = e;
  return status;
}

void iscc_engine_destroy(iscc_engine *e) {
  if (!e) return;
  for (int i = 0; i < e->primitives; i++) dnnl_primitive_destroy(e->primitive[i]);
  for (int i = 0; i < e->descs; i++) dnnl_primitive_desc_destroy(e->desc[i]);
  for (int i = 0; i < e->memories; i++) dnnl_memory_destroy(e->memory[i]);
  if (e->attributes) dnnl_primitive_attr_destroy(e->attributes);
  if (e->stream) dnnl_stream_destroy(e->stream);
  if (e->cpu) dnnl_engine_destroy(e->cpu);
  free(e);
}

/* --- running --- */

static iscc_status check_weight_layer(const iscc_engine *e, int l, iscc_error *error) {
  if (l >= 1 && l <= e->net.layers && has_weights(&e->net, l)) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "network engine: layer %d is not one with weights", l);
}

static iscc_status check_range(const iscc_engine *e, int first, int last, iscc_error *error) {
  if (first >= 1 && first <= last && last <= e->net.layers) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "network engine: layers %d..%d are not within 1..%d", first, last,
                   e->net.layers);
}

iscc_status iscc_engine_set_weights(iscc_engine *e, int layer, const float *weight, const float *bias,
                                    iscc_error *error) {
  TRY(check_weight_layer(e, layer, error));
  engine_layer *l = &e->layer[layer];
  const int threads = enter_single_thread();
  iscc_status status = load(e, &l->weight, weight, error);
  if (!status && l->weight_backward.count) status = load(e, &l->weight_backward, weight, error);
  if (!status && bias) status = load(e, &l->bias, bias, error);
  leave_single_thread(threads);
  return status;
}

static iscc_status forward(iscc_engine *e, int first, int last, const float *in, float *out,
                           iscc_error *error) {
  TRY(load(e, &e->layer[first - 1].features, in, error));
  for (int l = first; l <= last; l++) TRY(run(e, &e->layer[l].forward, error));
  return store(e, &e->layer[last].features, out, error);
}

iscc_status iscc_engine_forward(iscc_engine *e, int first, int last, const float *in, float *out,
                                iscc_error *error) {
  TRY(check_range(e, first, last, error));
  const int threads = enter_single_thread();
  const iscc_status status = forward(e, first, last, in, out, error);
  leave_single_thread(threads);
  e->ran_first = status ? 0 : first, e->ran_last = last;
  return status;
}

static iscc_status backward(iscc_engine *e, int first, int last, const float *out_gradient,
                            float *in_gradient, iscc_error *error) {
  TRY(load(e, &e->layer[last].features_gradient, out_gradient, error));
  for (int l = last; l >= first; l--) {
    TRY(run(e, &e->layer[l].backward_weights, error));
    if (l > first || in_gradient) TRY(run(e, &e->layer[l].backward_data, error));
  }
  return in_gradient ? store(e, &e->layer[first - 1].features_gradient, in_gradient, error) : ISCC_OK;
}

iscc_status iscc_engine_backward(iscc_engine *e, int first, int last, const float *out_gradient,
                                 float *in_gradient, iscc_error *error) {
  TRY(check_range(e, first, last, error));
  if (!e->training || first < e->ran_first || last > e->ran_last || !e->ran_first)
    return iscc_fail(error, ISCC_ESTATE, "network engine: no training forward pass over layers %d..%d before",
                     first, last);
  const int threads = enter_single_thread();
  const iscc_status status = backward(e, first, last, out_gradient, in_gradient, error);
  leave_single_thread(threads);
  return status;
}

iscc_status iscc_engine_gradients(iscc_engine *e, int layer, float *weight_gradient, float *bias_gradient,
                                  iscc_error *error) {
  TRY(check_weight_layer(e, layer, error));
  if (!e->training) return iscc_fail(error, ISCC_ESTATE, "network engine: it was not created for training");
  const int threads = enter_single_thread();
  iscc_status status = store(e, &e->layer[layer].weight_gradient, weight_gradient, error);
  if (!status) status = store(e, &e->layer[layer].bias_gradient, bias_gradient, error);
  leave_single_thread(threads);
  return status;
}
