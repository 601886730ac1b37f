/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-energy - a node's battery: an ns-3 EnergySource with the node's loads on it, perhaps a harvester.
 *
 *   initial + harvested - remaining = sum over loads of integral P dt + what the radio draws
 *
 * Four loads: the idle node, sensing, device layers and the radio, each an ns-3 DeviceEnergyModel. The radio draws
 * P_c while a frame of a datagram with options is on the air; a Wi-Fi radio is ns-3's WifiRadioEnergyModel instead,
 * which draws for listening and receiving as well. Sources that count in joules keep the equation to their own
 * rounding (BasicEnergySource: 1 nJ an update); those that count in charge (RV) do not state it in joules.
 *
 * Same rules as iscc-ns3.h: one simulation, handles, statuses, no exception passes. */
#ifndef ISCC_NS3_ENERGY_H
#define ISCC_NS3_ENERGY_H

#include "iscc-host.h"
#include "iscc-ns3.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Gives a node a battery. source: "ns3::Type[...]" of an EnergySource, or a number: a BasicEnergySource of so many
 * joules that is empty at a ten millionth of it. harvester: of an EnergyHarvester; NULL: none. idle_power_w >= 0:
 * drawn from now until the battery is empty. One per node. */
iscc_status iscc_ns3_battery_install(iscc_ns3_handle node, const char *source, const char *harvester,
                                     double idle_power_w, iscc_ns3_handle *battery, iscc_error *error);

/* The same with a source that a node has already, with at most one harvester. Others may draw from it too. Once for each
 * source. */
iscc_status iscc_ns3_battery_adopt(iscc_ns3_handle source, double idle_power_w, iscc_ns3_handle *battery,
                                   iscc_error *error);

/* Lets the radio of a device of that node draw from it. Once, before the run. */
iscc_status iscc_ns3_battery_feed(iscc_ns3_handle battery, iscc_ns3_handle device, iscc_error *error);

/* Draws power_w for sensing or computing from now on. A stale handle is ignored. */
void iscc_ns3_battery_draw(iscc_ns3_handle battery, iscc_load load, double power_w);

/* fn(ctx) is called once, as an event of its own, at the instant at which the source is empty: to within 2 nJ with a
 * BasicEnergySource that no Wi-Fi radio draws from, else at the source's next update. Nothing is drawn after that. */
iscc_status iscc_ns3_battery_on_empty(iscc_ns3_handle battery, void (*fn)(void *ctx), void *ctx,
                                      iscc_error *error);

typedef struct {
  double initial_j, remaining_j, harvested_j;
  double idle_j, sensing_j, compute_j, radio_j; /* drawn by each load */
  double
      listening_j; /* of radio_j: not for frames of datagrams with options; 0 where radios draw for these alone */
  int64_t empty_ns; /* -1: not empty */
} iscc_ns3_battery_state;

iscc_status iscc_ns3_battery_state_of(iscc_ns3_handle battery, iscc_ns3_battery_state *state,
                                      iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
