/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-trial - what may end ns-3 is done in a child process first. C++ only.
 *
 * ns-3 ends the program on much that it cannot do, even in its "fail safe" calls, and some values leave it at one
 * instant for ever. What kills the child, or is not out of it in time, is refused. A child costs time in proportion to
 * the memory of the process. This is for set-up, not for the event path.
 */
#ifndef ISCC_NS3_TRIAL_H
#define ISCC_NS3_TRIAL_H

#include "iscc-status.h"

#ifdef __cplusplus

#include <functional>
#include <string>

typedef std::function<iscc_status(iscc_error *error)> IsccAction;

/* Whether action returns true without ending the program: tried in a child process that prints nothing. Within an
 * IsccPerform() that went well in its rehearsal: true, untried. */
bool IsccSurvives(const std::function<bool()> &action);

/* Notes a text of the user's that ns-3 was given, such as "ns3::Type::Attribute=value": what a rehearsal runs for, and
 * names when it fails. */
void IsccNoteGiven(const std::string &text);

/* Performs build after a rehearsal in a child process: build, begin (the nodes are started, ...) and, where texts of
 * the user's were given and start is not null, start and the first second of the simulation, or what of it the
 * processor does in a second. ISCC_EINVAL: the rehearsal killed ns-3 or never left one instant; says what ns-3 said, and
 * what it was given. Otherwise the status of build, which in another child is tried call by call when the first fails:
 * nothing was built here unless it is ISCC_OK. */
iscc_status IsccPerform(const IsccAction &build, const IsccAction &begin, const IsccAction &start,
                        iscc_error *error);

#endif
#endif
