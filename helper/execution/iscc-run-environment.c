/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-run-environment.h"

#include <stddef.h>
#include <stdlib.h>

iscc_status iscc_run_environment_check(iscc_error *error) {
  static const char *const variable[] = {"NS_ATTRIBUTE_DEFAULT", "NS_GLOBAL_VALUE"};
  for (size_t i = 0; i < sizeof variable / sizeof *variable; i++) {
    const char *value = getenv(variable[i]);
    if (value && *value)
      return iscc_fail(
          error, ISCC_EINVAL,
          "environment: %s is '%.80s', which changes results without being an option of the runs: unset it, "
          "and name attributes as options, such as 'ns3::WifiPhy::TxGain: 3' in a campaign file",
          variable[i], value);
  }
  return ISCC_OK;
}
