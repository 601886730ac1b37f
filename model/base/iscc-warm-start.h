/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-warm-start - what a campaign and a warm process say to each other.
 *
 * A warm process is a program whose libraries are loaded and initialised and whose main() has not begun. The
 * campaign starts it with the environment variable ISCC_WARM_VARIABLE, the number of an inherited socket (AF_UNIX,
 * SOCK_SEQPACKET), and with as many arguments as each of its runs has. Then, for each run:
 *
 *   request  texts, each ended by '\0': paths of stdout and stderr, argv[1] to the last; ISCC_WARM_REQUEST_MAX
 *            bytes at most
 *   answer   iscc_warm_answer: a child of the campaign, settled (iscc-child.h), about to enter main() with these
 *            arguments; or why it is not settled, and ends
 *
 * The run is forked twice and its parent ends, so that it becomes a child of the nearest subreaper
 * (PR_SET_CHILD_SUBREAPER), which the campaign is until it has the answer. Where anything fails there is no answer
 * and the warm process ends, as it does when the socket is closed. */
#ifndef ISCC_WARM_START_H
#define ISCC_WARM_START_H

#include "iscc-child.h"

/* A library that holds this text is one whose programs can be warm processes (iscc-ns3-warm-start.c). */
#define ISCC_WARM_VARIABLE "ISCC_WARM_RUNS_SOCKET"

enum { ISCC_WARM_REQUEST_MAX = 65536 };

typedef struct {
  pid_t run;
  iscc_child_failure failure;
} iscc_warm_answer;

#endif
