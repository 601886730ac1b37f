/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3-changes.h"

#include <cstdlib>
#include <map>
#include <string>

#include "ns3/global-value.h"
#include "ns3/string.h"
#include "ns3/type-id.h"

using namespace ns3;

namespace {

std::map<std::string, std::string> Globals() {
  std::map<std::string, std::string> all;
  for (auto it = GlobalValue::Begin(); it != GlobalValue::End(); ++it) {
    StringValue text;
    (*it)->GetValue(text);
    all[(*it)->GetName()] = text.Get();
  }
  all.erase("RngSeed");
  all.erase("RngRun");
  return all;
}

const std::map<std::string, std::string> g_loaded = Globals();

void TellAttributes(TypeId tid, iscc_ns3_changed *fn, void *ctx) {
  for (std::size_t i = 0; i < tid.GetAttributeN(); i++) {
    const TypeId::AttributeInformation info = tid.GetAttribute(i);
    if (info.initialValue == info.originalInitialValue) continue; // one object until it is set
    const std::string own = info.originalInitialValue->SerializeToString(info.checker),
                      now = info.initialValue->SerializeToString(info.checker);
    if (now != own) fn(ctx, (tid.GetName() + "::" + info.name).c_str(), now.c_str());
  }
}

} // namespace

void iscc_ns3_changes(iscc_ns3_changed *fn, void *ctx) {
  for (uint16_t i = 0; i < TypeId::GetRegisteredN(); i++) TellAttributes(TypeId::GetRegistered(i), fn, ctx);
  for (const auto &[name, value] : Globals()) {
    const auto before = g_loaded.find(name);
    if (before == g_loaded.end() || before->second != value) fn(ctx, name.c_str(), value.c_str());
  }
  for (const char *name : {"NS_ATTRIBUTE_DEFAULT", "NS_GLOBAL_VALUE"})
    if (const char *value = std::getenv(name)) fn(ctx, name, value);
}
