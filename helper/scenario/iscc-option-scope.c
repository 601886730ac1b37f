/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-option-scope.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static bool over_shannon(const iscc_scenario *s) {
  return s->uplink == ISCC_STACK_SHANNON;
}
static bool over_wifi(const iscc_scenario *s) {
  return s->uplink == ISCC_STACK_WIFI;
}
static bool not_over_lte(const iscc_scenario *s) {
  return s->uplink != ISCC_STACK_LTE;
}
static bool over_udp(const iscc_scenario *s) {
  return !s->tcp;
}
static bool has_no_channel_file(const iscc_scenario *s) {
  return !s->world.channel_file;
}
static bool has_loss_models(const iscc_scenario *s) {
  return s->propagation != NULL;
}
static bool has_no_noise_figure(const iscc_scenario *s) {
  return isnan(s->world.noise_figure_db);
}
static bool has_no_movement_file(const iscc_scenario *s) {
  return !s->world.movement_file;
}
static bool has_no_radius(const iscc_scenario *s) {
  return !(s->radius_m > 0);
}
static bool has_battery(const iscc_scenario *s) {
  return s->battery != NULL;
}
static bool has_random_arrivals(const iscc_scenario *s) {
  return s->node.arrivals.kind != ISCC_ARRIVALS_FILE;
}
static bool senses_at_fixed_power(const iscc_scenario *s) {
  return strcmp(s->node.scheme, "jcc") == 0;
}

#define FIELD(member) offsetof(iscc_scenario, member), sizeof(((const iscc_scenario *)NULL)->member)
#define OFF           true /* its default is that there is none */
#define VALUE         false
#define SHANNON_ALONE "is of --uplink=shannon alone"

/* A row whose field decides others stands before them. */
static const struct {
  iscc_option option;
  size_t at, size;
  bool can_be_off;
  bool (*holds)(const iscc_scenario *scenario);
  const char *otherwise; /* why not, and what to do */
} scopes[] = {
    {ISCC_OPTION_PRESET, 0, 0, VALUE, over_shannon,
     SHANNON_ALONE ", as Table II is; give the options that you mean instead"},
    {ISCC_OPTION_CHANNEL, FIELD(world.channel_file), OFF, over_shannon,
     SHANNON_ALONE ", ns-3's radios have the channel of --propagation; leave it out"},
    {ISCC_OPTION_PROPAGATION, FIELD(propagation), OFF, has_no_channel_file,
     "with --channel-trace the file is the whole channel; leave one out"},
    {ISCC_OPTION_NOISE_FIGURE, FIELD(world.noise_figure_db), OFF, over_shannon,
     SHANNON_ALONE ", ns-3's radios have noise of their own; leave it out"},
    {ISCC_OPTION_NOISE_FIGURE, FIELD(world.noise_figure_db), OFF, has_no_channel_file,
     "with --channel-trace the file is the whole channel; leave one out"},
    {ISCC_OPTION_NOISE_FIGURE, FIELD(world.noise_figure_db), OFF, has_loss_models,
     "needs loss models; give --propagation"},
    {ISCC_OPTION_SNR, FIELD(snr_db), VALUE, over_shannon,
     SHANNON_ALONE ", the SNR of ns-3's radios comes from --propagation; leave it out"},
    {ISCC_OPTION_SNR, FIELD(snr_db), VALUE, has_no_channel_file,
     "the file of --channel-trace has the SNR; leave one out"},
    {ISCC_OPTION_SNR, FIELD(snr_db), VALUE, has_no_noise_figure,
     "with --noise-figure the SNR comes from --propagation; leave one out"},
    {ISCC_OPTION_COHERENCE, FIELD(coherence_s), VALUE, over_shannon,
     SHANNON_ALONE ", ns-3's radios fade by models of --propagation; leave it out"},
    {ISCC_OPTION_COHERENCE, FIELD(coherence_s), VALUE, has_no_channel_file,
     "the file of --channel-trace has the fading; leave one out"},
    {ISCC_OPTION_BANDWIDTH, FIELD(bandwidth_hz), VALUE, over_shannon,
     SHANNON_ALONE ", ns-3's radios have bandwidths of their own; leave it out"},
    {ISCC_OPTION_BAND, FIELD(band), VALUE, over_shannon,
     SHANNON_ALONE ", ns-3's radios share one channel in their own way; leave it out"},
    {ISCC_OPTION_LOSS, FIELD(loss), OFF, over_shannon,
     SHANNON_ALONE ", ns-3's radios lose what they cannot receive; leave it out"},
    {ISCC_OPTION_CHARGE, FIELD(node.charge), OFF, over_shannon,
     "payload is for the Shannon channel, ns-3's radios charge all that they send; leave it out"},
    {ISCC_OPTION_STANDARD, FIELD(wifi_standard), VALUE, over_wifi,
     "is of --uplink=wifi alone; give that as well, or leave it out"},
    {ISCC_OPTION_PCAP, FIELD(pcap), OFF, not_over_lte,
     "ns-3 has no such form for the frames of --uplink=lte; leave it out"},
    {ISCC_OPTION_RETRY, FIELD(node.retry_limit), VALUE, over_udp,
     "with --transport=tcp the connection repeats, not the node; leave it out"},
    {ISCC_OPTION_MOBILITY, FIELD(mobility), OFF, has_no_movement_file,
     "there is --mobility-trace as well, and nodes move by one of them alone; leave one out"},
    {ISCC_OPTION_RADIUS, FIELD(radius_m), OFF, has_no_movement_file,
     "the file of --mobility-trace has the places of the nodes; leave one out"},
    {ISCC_OPTION_DISTANCE, FIELD(distance_m), VALUE, has_no_movement_file,
     "the file of --mobility-trace has the places of the nodes; leave one out"},
    {ISCC_OPTION_DISTANCE, FIELD(distance_m), VALUE, has_no_radius,
     "with --radius nodes stand anywhere in its disc; give --radius=0 as well"},
    {ISCC_OPTION_NODE_HEIGHT, FIELD(world.node_height_m), VALUE, has_no_movement_file,
     "the file of --mobility-trace has the places of the nodes; leave one out"},
    {ISCC_OPTION_HARVESTER, FIELD(harvester), OFF, has_battery,
     "feeds a battery, and there is none; give --battery as well"},
    {ISCC_OPTION_IDLE_POWER, FIELD(idle_power_w), OFF, has_battery,
     "is drawn from a battery, and there is none; give --battery as well"},
    {ISCC_OPTION_INTERVAL, FIELD(node.arrivals.interval_s), VALUE, has_random_arrivals,
     "the file of --arrivals has all times; leave one out"},
    {ISCC_OPTION_FIXED_SENSING, FIELD(node.fixed_sensing_power_w), OFF, senses_at_fixed_power,
     "is of --scheme=jcc alone; give that as well, or leave it out"},
};

enum { SCOPES = sizeof scopes / sizeof *scopes };

bool iscc_option_has_meaning(const iscc_scenario *s, iscc_option option) {
  for (int i = 0; i < SCOPES; i++)
    if (scopes[i].option == option && !scopes[i].holds(s)) return false;
  return true;
}

/* Whether the field of row i is what it is by default. */
static bool is_default(const iscc_scenario *s, const iscc_scenario *defaults, int i) {
  return memcmp((const char *)s + scopes[i].at, (const char *)defaults + scopes[i].at, scopes[i].size) == 0;
}

iscc_status iscc_option_scope_apply(iscc_scenario *s, bool (*asked)(const void *ctx, iscc_option option),
                                    const void *ctx, iscc_error *error) {
  iscc_scenario defaults;
  iscc_scenario_defaults(&defaults);
  for (int i = 0; i < SCOPES; i++) {
    if (scopes[i].holds(s)) continue;
    const bool off = scopes[i].can_be_off && is_default(s, &defaults, i);
    if (!off && asked(ctx, scopes[i].option))
      return iscc_fail(error, ISCC_EINVAL, "--%s: %s", iscc_scenario_option_name(scopes[i].option),
                       scopes[i].otherwise);
    memcpy((char *)s + scopes[i].at, (const char *)&defaults + scopes[i].at, scopes[i].size);
  }
  return ISCC_OK;
}

static bool can_be_off(const void *ctx, iscc_option option) {
  (void)ctx;
  for (int i = 0; i < SCOPES; i++)
    if (scopes[i].option == option) return scopes[i].can_be_off;
  return false;
}

iscc_status iscc_option_scope_check(const iscc_scenario *s, iscc_error *error) {
  iscc_scenario copy = *s;
  return iscc_option_scope_apply(&copy, can_be_off, NULL, error);
}
