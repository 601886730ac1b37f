/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-cell-stack.h"

#include <math.h>

#include "iscc-ns3-lr-wpan.h"
#include "iscc-ns3-lte.h"
#include "iscc-ns3-wifi.h"

/* What a stack does for a scenario. */
typedef struct {
  iscc_status (*create)(const iscc_scenario *s, iscc_ns3_handle *channel, iscc_error *error);
  iscc_status (*install)(iscc_ns3_handle node, iscc_ns3_handle channel,
                         const iscc_ns3_device_settings *settings, iscc_ns3_handle *device,
                         iscc_error *error);
  iscc_status (*resize)(iscc_ns3_handle channel, uint32_t nodes, iscc_error *error); /* NULL: need not be */
} stack;

static iscc_status create_shannon(const iscc_scenario *s, iscc_ns3_handle *channel, iscc_error *error) {
  return iscc_ns3_channel_create(s->propagation, channel, error);
}

static iscc_status create_wifi(const iscc_scenario *s, iscc_ns3_handle *channel, iscc_error *error) {
  iscc_ns3_wifi_settings wifi;
  iscc_ns3_wifi_defaults(&wifi);
  wifi.standard = s->wifi_standard;
  wifi.loss_chain = s->propagation;
  return iscc_ns3_wifi_create(&wifi, channel, error);
}

static iscc_status install_wifi(iscc_ns3_handle node, iscc_ns3_handle channel,
                                const iscc_ns3_device_settings *settings, iscc_ns3_handle *device,
                                iscc_error *error) {
  return iscc_ns3_wifi_install(node, channel, settings->hub, device, error);
}

static iscc_status create_lr_wpan(const iscc_scenario *s, iscc_ns3_handle *channel, iscc_error *error) {
  iscc_ns3_lr_wpan_settings lr_wpan;
  iscc_ns3_lr_wpan_defaults(&lr_wpan);
  lr_wpan.loss_chain = s->propagation;
  return iscc_ns3_lr_wpan_create(&lr_wpan, channel, error);
}

static iscc_status install_lr_wpan(iscc_ns3_handle node, iscc_ns3_handle channel,
                                   const iscc_ns3_device_settings *settings, iscc_ns3_handle *device,
                                   iscc_error *error) {
  return iscc_ns3_lr_wpan_install(node, channel, settings->hub, device, error);
}

static iscc_status create_lte(const iscc_scenario *s, iscc_ns3_handle *channel, iscc_error *error) {
  iscc_ns3_lte_settings lte;
  iscc_ns3_lte_defaults(&lte);
  lte.loss_chain = s->propagation;
  lte.nodes = s->nodes;
  return iscc_ns3_lte_create(&lte, channel, error);
}

static iscc_status install_lte(iscc_ns3_handle node, iscc_ns3_handle channel,
                               const iscc_ns3_device_settings *settings, iscc_ns3_handle *device,
                               iscc_error *error) {
  return iscc_ns3_lte_install(node, channel, settings->hub, device, error);
}

static const stack stacks[] = {
    [ISCC_STACK_SHANNON] = {create_shannon, iscc_ns3_device_install, NULL},
    [ISCC_STACK_WIFI] = {create_wifi, install_wifi, NULL},
    [ISCC_STACK_LR_WPAN] = {create_lr_wpan, install_lr_wpan, NULL},
    [ISCC_STACK_LTE] = {create_lte, install_lte, iscc_ns3_lte_resize},
};

iscc_status iscc_cell_stack_create(const iscc_scenario *s, iscc_ns3_handle *channel, iscc_error *error) {
  return stacks[s->uplink].create(s, channel, error);
}

iscc_status iscc_cell_stack_resize(const iscc_scenario *s, iscc_ns3_handle channel, iscc_error *error) {
  const stack *t = &stacks[s->uplink];
  return t->resize ? t->resize(channel, s->nodes, error) : ISCC_OK;
}

iscc_status iscc_cell_stack_install(const iscc_scenario *s, iscc_ns3_handle channel, iscc_ns3_handle node,
                                    const iscc_ns3_device_settings *settings, iscc_ns3_handle *device,
                                    iscc_error *error) {
  return stacks[s->uplink].install(node, channel, settings, device, error);
}

void iscc_cell_stack_device(const iscc_scenario *s, const iscc_cell_world *world, uint32_t id,
                            iscc_ns3_device_settings *device) {
  iscc_ns3_device_defaults(device);
  device->bandwidth_hz = s->band == ISCC_BAND_SHARED ? s->bandwidth_hz / s->nodes : s->bandwidth_hz;
  iscc_cell_world_tune(world, s, id, device);
}

iscc_status iscc_cell_stack_tune(const iscc_scenario *s, iscc_ns3_handle channel, iscc_ns3_handle hub,
                                 iscc_error *error) {
  if (s->uplink != ISCC_STACK_SHANNON) return ISCC_OK;
  iscc_status status = ISCC_OK;
  if (s->node.charge == ISCC_CHARGE_PAYLOAD) /* eqs. (7)-(9) know no propagation time */
    status = iscc_ns3_set(channel, "PropagationSpeedMps", "0", error);
  return !status && s->loss > 0
             ? iscc_ns3_device_set_loss(hub, s->loss, (int64_t)s->node.first_stream + 1, error)
             : status;
}

/* snr_db is that of the whole bandwidth: a part of it has less noise. */
iscc_status iscc_cell_stack_tune_device(const iscc_scenario *s, const iscc_cell_world *world, uint32_t id,
                                        iscc_ns3_handle device, iscc_ns3_handle hub, iscc_error *error) {
  if (s->uplink != ISCC_STACK_SHANNON) return ISCC_OK;
  const double snr_per_w = iscc_cell_world_snr(world, s) * (s->band == ISCC_BAND_SHARED ? s->nodes : 1);
  const iscc_status status =
      isnan(snr_per_w) ? ISCC_OK : iscc_ns3_link_set_snr(device, hub, snr_per_w, error);
  if (status || !(s->loss > 0)) return status;
  return iscc_ns3_device_set_loss(device, s->loss, (int64_t)s->node.first_stream + 2 + id, error);
}
