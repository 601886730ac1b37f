/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-text - type names and attribute values as users type them, checked before ns-3 acts on them, where need
 * be in a trial (iscc-ns3-trial.h). For set-up, not for the event path. C++ only. */
#ifndef ISCC_NS3_TEXT_H
#define ISCC_NS3_TEXT_H

#include "iscc-status.h"

#ifdef __cplusplus

#include <functional>
#include <string>
#include <vector>

#include "ns3/object.h"
#include "ns3/propagation-loss-model.h"

/* Sets an attribute of an object; of a type's default, "ns3::Type::Attribute"; of a global value. */
iscc_status IsccSetAttribute(ns3::Ptr<ns3::Object> object, const std::string &name, const std::string &value,
                             iscc_error *error);
/* Whether objects of a type have such an attribute that takes this value once they are there. ISCC_EINVAL: names the
 * nearest attributes, or what this one takes. */
iscc_status IsccCheckAttribute(ns3::TypeId type, const std::string &name, const ns3::AttributeValue &value,
                               iscc_error *error);
iscc_status IsccSetDefault(const std::string &name, const std::string &value, iscc_error *error);
iscc_status IsccSetGlobal(const std::string &name, const std::string &value, iscc_error *error);

/* Makes an object of "ns3::Type" or "ns3::Type[Attribute=value|...]" that must be a base, which isBase says of it.
 * The value of an attribute that is an object is such a text again. */
iscc_status IsccMakeObject(const std::string &text, ns3::TypeId base,
                           const std::function<bool(ns3::Ptr<ns3::Object>)> &isBase,
                           ns3::Ptr<ns3::Object> *out, iscc_error *error);

template <typename Base>
iscc_status IsccMake(const std::string &text, ns3::Ptr<Base> *out, iscc_error *error) {
  ns3::Ptr<ns3::Object> object;
  const auto isBase = [](ns3::Ptr<ns3::Object> made) { return bool(ns3::DynamicCast<Base>(made)); };
  const iscc_status status = IsccMakeObject(text, Base::GetTypeId(), isBase, &object, error);
  if (!status) *out = ns3::DynamicCast<Base>(object);
  return status;
}

/* The texts of a list separated by ';', those within brackets aside. Of an empty list none. */
std::vector<std::string> IsccTexts(const std::string &list);

/* Loss models separated by ';', chained; null for an empty text. */
iscc_status IsccMakeLossChain(const std::string &text, ns3::Ptr<ns3::PropagationLossModel> *first,
                              iscc_error *error);

#endif
#endif
