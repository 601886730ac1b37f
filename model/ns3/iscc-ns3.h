/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3 - C bindings to ns-3: simulator, nodes, mobility, loss models, wireless devices, internet stack,
 * UDP.
 *
 * One simulation per process at a time: iscc_ns3_begin() ... iscc_ns3_end(). Objects are handles; a handle of
 * an ended simulation, or of another kind than the call wants, gives ISCC_ESTATE, never a crash. Whatever
 * text a user can type (type names, attributes, addresses) is checked before ns-3 sees it, so that ns-3 never
 * aborts on it. No C++ exception passes these functions. Not thread safe: ns-3 is not.
 *
 * Type texts have the form "ns3::TypeName" or "ns3::TypeName[Attribute=value|Attribute=value]"; a value may be such a
 * text itself, where the attribute is an object. Loss chains are several of them separated by ';', first applied
 * first. */
#ifndef ISCC_NS3_H
#define ISCC_NS3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscc-channel-trace.h"
#include "iscc-host.h"
#include "iscc-movement.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t index, generation; /* 0, 0: none */
} iscc_ns3_handle;

/* ---- simulation ---- */

/* Starts a simulation: RngSeed and RngRun as given (seed > 0). ISCC_ESTATE: one is under way. */
iscc_status iscc_ns3_begin(uint32_t seed, uint64_t run, iscc_error *error);
/* Destroys everything; all handles go stale. Fine without a simulation; within a run, the run does it at its
 * end. */
void iscc_ns3_end(void);

/* Runs until no event is left, until stop_ns (if > 0), or until interrupted (then at once). ISCC_ESTATE: is
 * running. */
iscc_status iscc_ns3_run(int64_t stop_ns, iscc_error *error);
void iscc_ns3_stop(void);      /* ends the run after the present event */
void iscc_ns3_interrupt(void); /* the same, safe in a signal handler */
bool iscc_ns3_interrupted(void);
int64_t iscc_ns3_now_ns(void);
uint64_t iscc_ns3_event_count(void); /* events executed so far */
uint32_t iscc_ns3_seed(void);
uint64_t iscc_ns3_run_number(void);
const char *iscc_ns3_version(void); /* of the ns-3 this was built with: "3.37"; "3-dev" between releases */

/* Calls fn(arg) at now + delay_ns. Returns an id > 0; 0 for a delay that is negative or passes the
 * end of time, or without a simulation. */
uint64_t iscc_ns3_schedule(int64_t delay_ns, void (*fn)(void *arg), void *arg);
void iscc_ns3_cancel(uint64_t id); /* ignored when fired or 0 */

/* Sets an attribute's default, "ns3::Type::Attribute", for objects made from now on. */
iscc_status iscc_ns3_default(const char *attribute, const char *value, iscc_error *error);

/* Sets or reads one object's attribute by name; reading cuts at n bytes. */
iscc_status iscc_ns3_set(iscc_ns3_handle object, const char *attribute, const char *value, iscc_error *error);
iscc_status iscc_ns3_get(iscc_ns3_handle object, const char *attribute, char *value, size_t n,
                         iscc_error *error);

/* Fixes the random streams of a channel's loss models (until then 0, for later channels streams of their own), of a
 * node's mobility model or of a device's error model, from stream >= 0 on. */
iscc_status iscc_ns3_assign_streams(iscc_ns3_handle object, int64_t stream, iscc_error *error);

/* Runs build(ctx), which sets up nodes, places, devices, addresses and applications: first in a copy of the process,
 * where the nodes are started as well, so that whatever ns-3 would abort on is found at the cost of one copy; then
 * for real. Without this every call that takes a type's name makes a copy of its own, whose cost grows with
 * what is there already. Where ns-3 was given attributes in texts, and start is not NULL, the copy calls start(ctx) as
 * well and runs the simulation for a second, or for what of it the processor does in a second: not all that ns-3
 * ends on is found before. Both must have no effect outside the simulation, such as files. Returns the status of
 * build. ISCC_EINVAL: ns-3 ends the program, or stays at one instant for ever; nothing is built then. */
typedef iscc_status iscc_ns3_builder(void *ctx, iscc_error *error);
iscc_status iscc_ns3_build(iscc_ns3_builder *build, iscc_ns3_builder *start, void *ctx, iscc_error *error);

/* ---- nodes and places ---- */

/* Sets up buildings, "ns3::Building[Boundaries=x0|x1|y0|y1|z0|z1|...]" (m), several separated by ';', for the loss
 * models and channel conditions that know of them. They must not overlap. Before the nodes. */
iscc_status iscc_ns3_buildings_create(const char *buildings, iscc_error *error);

iscc_status iscc_ns3_node_create(iscc_ns3_handle *node, iscc_error *error);
/* Gives a node a mobility model, e.g. "ns3::ConstantPositionMobilityModel", at x, y, z (m), each within 1e9.
 * A model that ns-3 cannot start there is refused. */
iscc_status iscc_ns3_mobility_install(iscc_ns3_handle node, const char *type, const double position_m[3],
                                      iscc_error *error);
/* Gives a node a way (iscc-movement.h): count >= 1 waypoints of increasing times, the first at the present. No
 * event of the simulation is spent on it. */
iscc_status iscc_ns3_waypoints_install(iscc_ns3_handle node, const iscc_waypoint *waypoints, size_t count,
                                       iscc_error *error);
iscc_status iscc_ns3_position(iscc_ns3_handle node, double position_m[3], iscc_error *error);

/* ---- the wireless channel of eq. (7) ---- */

/* A channel whose gain is that of a chain of propagation loss models, "" or NULL for none (gain 1). A chain
 * that ns-3 cannot evaluate between two nodes 10 m apart is refused. What models draw at random is a function
 * of RngSeed, RngRun, the pair of devices and the fading block (without fading: the instant), so that asking
 * for a link changes no run; models with a memory of their own (Jakes, 3GPP) are as ns-3 has them. */
iscc_status iscc_ns3_channel_create(const char *loss_chain, iscc_ns3_handle *channel, iscc_error *error);

typedef struct {
  double bandwidth_hz;   /* B: the device owns a band of this width */
  double noise_w_per_hz; /* N_0; <= 0: thermal noise at 290 K */
  double tx_power_w;     /* power of packets that name none; > 0 */
  int64_t coherence_ns;  /* block fading; 0: none */
  double nakagami_m;     /* its shape; 1: Rayleigh */
  uint64_t fading_node;  /* identity of its fading stream */
  bool hub; /* the server's side: sends to each node in that node's band, over that node's gain */
  const iscc_channel_trace
      *trace; /* in place of block fading; borrowed until the simulation ends. NULL: none */
  uint32_t trace_column;
} iscc_ns3_device_settings;

void iscc_ns3_device_defaults(iscc_ns3_device_settings *settings);
iscc_status iscc_ns3_device_install(iscc_ns3_handle node, iscc_ns3_handle channel,
                                    const iscc_ns3_device_settings *settings, iscc_ns3_handle *device,
                                    iscc_error *error);

/* The link from a device of the channel to a hub as it is now. */
typedef struct {
  double bandwidth_hz, noise_w; /* B, B N_0 */
  double large_scale_gain;      /* of the loss chain */
  double gain;                  /* g, block fading or trace included */
  double snr_per_w;             /* g/(B N_0) */
  double propagation_s;
  double hub_tx_power_w; /* power of the hub's answers */
} iscc_ns3_link_state;

iscc_status iscc_ns3_link(iscc_ns3_handle device, iscc_ns3_handle hub, iscc_ns3_link_state *state,
                          iscc_error *error);

/* The link from a device of any stack to its hub as it is now, as plans see it. */
iscc_status iscc_ns3_uplink(iscc_ns3_handle device, iscc_ns3_handle hub, iscc_link *link, iscc_error *error);

/* Sets N_0 of the device so that its SNR towards the hub is snr_per_w at the present gain of the loss chain
 * and a fading of 1. */
iscc_status iscc_ns3_link_set_snr(iscc_ns3_handle device, iscc_ns3_handle hub, double snr_per_w,
                                  iscc_error *error);

/* Losses at reception: share of packets that a device drops, drawn from a fixed stream. 0..1. */
iscc_status iscc_ns3_device_set_loss(iscc_ns3_handle device, double packet_error_rate, int64_t stream,
                                     iscc_error *error);

/* A datagram that was sent with options went on the air at start_ns for airtime_ns; energy_j is power times
 * the airtime before its rounding up. Told of once per datagram; one dropped by the device costs 0 in all.
 * Other traffic is not told of. */
typedef void iscc_ns3_transmitted(void *ctx, uint64_t token, int64_t start_ns, int64_t airtime_ns,
                                  double bits, double energy_j);
iscc_status iscc_ns3_device_on_transmitted(iscc_ns3_handle device, iscc_ns3_transmitted *fn, void *ctx,
                                           iscc_error *error);

/* Whether charged_bits have an effect: the wireless device's airtime follows them, other radios charge all that
 * they send. */
bool iscc_ns3_device_charges_as_told(iscc_ns3_handle device);

/* Whether a device can be heard by its hub yet: Wi-Fi stations and LTE nodes join their network in the first tenths of
 * a second. */
bool iscc_ns3_device_joined(iscc_ns3_handle device);

/* Tells a radio ahead what power (W, > 0) it will send with next: the rate of an LTE node depends on what was
 * heard of it before. Others take no notice. */
iscc_status iscc_ns3_device_expect(iscc_ns3_handle device, double power_w, iscc_error *error);

/* Switches the radio off for good. Datagrams that were sent with options and not told of yet are told of before
 * this returns, with what they cost so far. */
iscc_status iscc_ns3_device_off(iscc_ns3_handle device, iscc_error *error);

/* Writes what the device sends and receives to PREFIX-<node>-<device>.pcap; ISCC_EIO when that exists. */
iscc_status iscc_ns3_pcap(iscc_ns3_handle device, const char *prefix, iscc_error *error);

/* ns-3's trace sources. Of packets: MacTx, MacTxDrop, MacRx, PhyTxBegin, PhyTxEnd, PhyTxDrop, PhyRxEnd,
 * PhyRxDrop of a device, and whatever other source of any handle's object gives a packet alone. fn is called
 * with the packet's size as it is there (Phy: with the link header) until the simulation ends. ISCC_EINVAL:
 * no such source, or of another kind. */
typedef void iscc_ns3_packet_traced(void *ctx, size_t n_bytes);
iscc_status iscc_ns3_trace_packets(iscc_ns3_handle object, const char *source, iscc_ns3_packet_traced *fn,
                                   void *ctx, iscc_error *error);
/* The rate and the gain of each block of what a device sends, when the block begins. */
typedef void iscc_ns3_rate_traced(void *ctx, double rate_bps, double gain);
iscc_status iscc_ns3_trace_rates(iscc_ns3_handle device, iscc_ns3_rate_traced *fn, void *ctx,
                                 iscc_error *error);

/* ---- internet ---- */

/* IP stack and an address for the device: in 10.0.0.0/8 unless its radio's stack has addresses of its own. The
 * nodes and hubs of a channel know each other without address resolution on the air. */
iscc_status iscc_ns3_internet_install(iscc_ns3_handle device, iscc_error *error);
/* The device's address as text: at most 16 bytes of IPv4, 40 of IPv6. */
iscc_status iscc_ns3_address(iscc_ns3_handle device, char *text, size_t n, iscc_error *error);

typedef struct {       /* how one datagram is sent */
  double power_w;      /* <= 0: the device's own */
  double charged_bits; /* bits that cost airtime; < 0: all, headers included */
  uint64_t token;
} iscc_ns3_send_options;

/* from: handle of the sending device, none if unknown. bytes are valid during the call only. */
typedef void iscc_ns3_received(void *ctx, iscc_ns3_handle from, const void *bytes, size_t n_bytes);

/* A UDP socket on the device's node and port. */
iscc_status iscc_ns3_udp_open(iscc_ns3_handle device, uint16_t port, iscc_ns3_received *fn, void *ctx,
                              iscc_ns3_handle *socket, iscc_error *error);
/* Sends to a device's address and port; one of the two must be a hub. bytes NULL: n_bytes zeros. options
 * NULL: defaults; with options at most ISCC_NS3_UDP_MAX_BYTES, since they are of one frame. */
iscc_status iscc_ns3_udp_send(iscc_ns3_handle socket, iscc_ns3_handle to, uint16_t port, const void *bytes,
                              size_t n_bytes, const iscc_ns3_send_options *options, iscc_error *error);

enum {
  ISCC_NS3_UDP_OVERHEAD_BYTES = 8 + 20 + 14, /* UDP, IPv4 and link headers of one datagram */
  ISCC_NS3_UDP_MAX_BYTES = 1500 - 28         /* largest datagram that is not fragmented */
};

#ifdef __cplusplus
}
#endif
#endif
