/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-handle.h"

#include "iscc-ns3-state.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

using namespace iscc_ns3;

namespace ns3 {

iscc_ns3_handle IsccHandleOf(Ptr<Object> object) {
  if (!object) return {0, 0};
  if (!g_simulation) Adopt();
  return Keep(object);
}

Ptr<Object> IsccObjectOf(iscc_ns3_handle handle) {
  return g_simulation ? Find<Object>(handle) : nullptr;
}

uint64_t IsccTakeCellStreams() {
  if (!g_simulation) Adopt();
  return uint64_t(g_simulation->cells++) << ISCC_CELL_STREAM_BITS;
}

void IsccExpect(const std::string &where, const std::function<iscc_status(iscc_error *error)> &call) {
  iscc_error error = {""};
  if (const iscc_status status = call(&error)) throw IsccError(status, where + ": " + error.text);
}

void IsccRun() {
  iscc_error error = {""};
  if (!g_simulation) Adopt();
  if (const iscc_status status = iscc_ns3_run(0, &error)) throw IsccError(status, error.text);
}

} // namespace ns3
