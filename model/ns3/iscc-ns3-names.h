/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-names - which of ns-3's names a mistyped one may have meant. C++ only.
 *
 * Each returns "; did you mean A or B?", or "" where there is nothing to mean. */
#ifndef ISCC_NS3_NAMES_H
#define ISCC_NS3_NAMES_H

#ifdef __cplusplus

#include <string>

#include "ns3/type-id.h"

/* Types that can be made and are a base; types that have attributes of their own. */
std::string IsccNearestTypes(const std::string &typed, ns3::TypeId base);
std::string IsccNearestTypesWithDefaults(const std::string &typed);
/* Attributes of a type and of those it is made from. */
std::string IsccNearestAttributes(const std::string &typed, ns3::TypeId type);
std::string IsccNearestGlobals(const std::string &typed);

#endif
#endif
