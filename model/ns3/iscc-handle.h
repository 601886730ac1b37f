/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-handle - the bridge from C++ to the C calls: a handle for any ns-3 object. C++ only.
 *
 * A C++ program sets seeds, makes nodes and runs the simulator itself, as ns-3 programs do. The first handle makes its
 * simulation known to the C calls, with RngSeed and RngRun as they are then; Simulator::Destroy() ends it for them.
 * iscc_ns3_end() does nothing in between. */
#ifndef ISCC_HANDLE_H
#define ISCC_HANDLE_H

#ifdef __cplusplus

#include <functional>
#include <stdexcept>
#include <string>

#include "iscc-ns3.h"
#include "ns3/object.h"

namespace ns3 {

/* The same one at each call; of null: none. */
iscc_ns3_handle IsccHandleOf(Ptr<Object> object);

/* The object of a handle; null: of another simulation or kind. */
Ptr<Object> IsccObjectOf(iscc_ns3_handle handle);

/* The random streams of a cell of the present simulation begin there: 0 for the first that asks, for each later one
 * 2^ISCC_CELL_STREAM_BITS more, so that no two cells draw alike. */
enum { ISCC_CELL_STREAM_BITS = 44 };
uint64_t IsccTakeCellStreams();

/* What C++ calls throw that have no status to return; what(): one line, of what, where and the allowed range. Thrown out
 * of an event it comes out of Simulator::Run(), which cannot be gone on with. */
class IsccError : public std::runtime_error {
public:
  IsccError(iscc_status kind, const std::string &text) : std::runtime_error(text), status(kind) {}
  const iscc_status status;
};

/* Throws an IsccError of `where` and the call's error when the call fails. */
void IsccExpect(const std::string &where, const std::function<iscc_status(iscc_error *error)> &call);

/* Simulator::Run(), but ended by iscc_ns3_interrupt() at once, as from a signal handler. Throws what is wrong when
 * applications start. */
void IsccRun();

} // namespace ns3

#endif
#endif
