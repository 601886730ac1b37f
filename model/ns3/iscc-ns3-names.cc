/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3-names.h"

#include <functional>

#include "iscc-nearest.h"
#include "iscc-status.h"
#include "ns3/global-value.h"

using namespace ns3;

static std::string Question(const iscc_nearest &nearest) {
  char text[ISCC_ERROR_TEXT_MAX];
  return iscc_nearest_question(&nearest, text, sizeof text);
}

static std::string NearestTypes(const std::string &typed, const std::function<bool(TypeId)> &fits) {
  iscc_nearest nearest{};
  nearest.typed = typed.c_str();
  for (uint16_t i = 0; i < TypeId::GetRegisteredN(); i++) {
    const TypeId type = TypeId::GetRegistered(i);
    if (fits(type)) iscc_nearest_offer(&nearest, type.GetName().c_str());
  }
  return Question(nearest);
}

std::string IsccNearestTypes(const std::string &typed, TypeId base) {
  return NearestTypes(
      typed, [&](TypeId type) { return type.HasConstructor() && (type == base || type.IsChildOf(base)); });
}

std::string IsccNearestTypesWithDefaults(const std::string &typed) {
  return NearestTypes(typed, [](TypeId type) { return type.GetAttributeN() > 0; });
}

std::string IsccNearestAttributes(const std::string &typed, TypeId type) {
  iscc_nearest nearest{};
  nearest.typed = typed.c_str();
  for (;; type = type.GetParent()) {
    for (std::size_t i = 0; i < type.GetAttributeN(); i++)
      iscc_nearest_offer(&nearest, type.GetAttribute(i).name.c_str());
    if (!type.HasParent()) return Question(nearest);
  }
}

std::string IsccNearestGlobals(const std::string &typed) {
  iscc_nearest nearest{};
  nearest.typed = typed.c_str();
  for (auto it = GlobalValue::Begin(); it != GlobalValue::End(); ++it)
    iscc_nearest_offer(&nearest, (*it)->GetName().c_str());
  return Question(nearest);
}
