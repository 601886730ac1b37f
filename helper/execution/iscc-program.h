/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-program - where the program lies that a campaign runs. */
#ifndef ISCC_PROGRAM_H
#define ISCC_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the path of an executable file. name with a slash: from the folder of the file named from, unless it begins with
 * one. Else it is looked for beside the running program, in its folder examples, and in the folders of PATH. In the first two,
 * a program of an ns-3 tree has its short name as well: iscc-hello is ns3.48-iscc-hello-default. ISCC_EINVAL: there is
 * none; the text names where it was looked for. Not thread-safe against changes of the environment. */
iscc_status iscc_program_find(const char *name, const char *from, char *path, size_t size, iscc_error *error);

/* Whether the file of a path has a program's name, or its long one in an ns-3 tree. */
bool iscc_program_is_named(const char *path, const char *name);

#ifdef __cplusplus
}
#endif
#endif
