/* SPDX-License-Identifier: GPL-2.0-only */
/* Campaign files, up to the command lines of their points: what `iscc campaign plan` does. */
#include <string.h>

#include "iscc-campaign-points.h"
#include "iscc-fuzz.h"

/* Every point is in one group, once, and no two have the same arguments. */
static void check_points(const iscc_campaign_points *p) {
  ISCC_FUZZ_REQUIRE(p->points >= 1 && p->groups >= 1 && p->groups <= p->points);
  ISCC_FUZZ_REQUIRE(p->first[0] == 0 && p->first[p->groups] == p->points);
  for (size_t g = 0; g < p->groups; g++)
    for (size_t i = p->first[g]; i < p->first[g + 1]; i++) ISCC_FUZZ_REQUIRE(p->group[p->member[i]] == g);
  for (size_t a = 0; a < p->points && a < 100; a++)
    for (size_t b = 0; b < a; b++) ISCC_FUZZ_REQUIRE(strcmp(p->arguments[a], p->arguments[b]) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  iscc_error error = {""};
  iscc_campaign campaign;
  iscc_campaign_points points;
  if (!iscc_fuzz_accepted(iscc_campaign_read(iscc_fuzz_file(bytes, count), &campaign, &error), &error))
    return 0;
  ISCC_FUZZ_REQUIRE(campaign.min_runs >= 1 && campaign.min_runs <= campaign.max_runs);
  if (iscc_fuzz_accepted(iscc_campaign_points_make(&campaign, &points, &error), &error)) {
    check_points(&points);
    iscc_campaign_points_free(&points);
  }
  iscc_campaign_free(&campaign);
  return 0;
}
