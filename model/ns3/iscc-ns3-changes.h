/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-changes - what of ns-3 is not as ns-3 has it: defaults of attributes and global values that were given by
 * a command line, by a program or in the environment. A run's results hang on them. */
#ifndef ISCC_NS3_CHANGES_H
#define ISCC_NS3_CHANGES_H

#ifdef __cplusplus
extern "C" {
#endif

/* Calls fn for each: "ns3::Type::Attribute" whose default is not the one it was registered with, then global values that
 * are not what they were when this library was loaded, RngSeed and RngRun aside; values as ns-3 writes them; then
 * NS_ATTRIBUTE_DEFAULT and NS_GLOBAL_VALUE as they stand in the environment, from where ns-3 takes its own. The texts
 * are valid during the call. Not thread safe. */
typedef void iscc_ns3_changed(void *ctx, const char *name, const char *value);
void iscc_ns3_changes(iscc_ns3_changed *fn, void *ctx);

#ifdef __cplusplus
}
#endif
#endif
