/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-cell-stack.h"

#include "iscc-ns3-lr-wpan.h"
#include "iscc-ns3-wifi.h"

static iscc_status create_wifi(const iscc_scenario *s, iscc_ns3_handle *channel, iscc_error *error) {
  iscc_ns3_wifi_settings wifi;
  iscc_ns3_wifi_defaults(&wifi);
  wifi.standard = s->wifi_standard;
  wifi.loss_chain = s->propagation;
  return iscc_ns3_wifi_create(&wifi, channel, error);
}

static iscc_status create_lr_wpan(const iscc_scenario *s, iscc_ns3_handle *channel, iscc_error *error) {
  iscc_ns3_lr_wpan_settings lr_wpan;
  iscc_ns3_lr_wpan_defaults(&lr_wpan);
  lr_wpan.loss_chain = s->propagation;
  return iscc_ns3_lr_wpan_create(&lr_wpan, channel, error);
}

iscc_status iscc_cell_stack_create(const iscc_scenario *s, iscc_ns3_handle *channel, iscc_error *error) {
  switch (s->uplink) {
  case ISCC_STACK_WIFI:
    return create_wifi(s, channel, error);
  case ISCC_STACK_LR_WPAN:
    return create_lr_wpan(s, channel, error);
  case ISCC_STACK_SHANNON:
    break;
  }
  return iscc_ns3_channel_create(s->propagation, channel, error);
}

iscc_status iscc_cell_stack_install(const iscc_scenario *s, iscc_ns3_handle channel, iscc_ns3_handle node,
                                    const iscc_ns3_device_settings *settings, iscc_ns3_handle *device,
                                    iscc_error *error) {
  switch (s->uplink) {
  case ISCC_STACK_WIFI:
    return iscc_ns3_wifi_install(node, channel, settings->hub, device, error);
  case ISCC_STACK_LR_WPAN:
    return iscc_ns3_lr_wpan_install(node, channel, settings->hub, device, error);
  case ISCC_STACK_SHANNON:
    break;
  }
  return iscc_ns3_device_install(node, channel, settings, device, error);
}

iscc_status iscc_cell_stack_check(const iscc_scenario *s, iscc_error *error) {
  if (s->uplink != ISCC_STACK_SHANNON && s->loss > 0)
    return iscc_fail(error, ISCC_EINVAL, "--loss: is of --uplink=shannon alone; leave it out");
  return ISCC_OK;
}
