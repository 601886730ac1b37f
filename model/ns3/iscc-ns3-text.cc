/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3-text.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <typeinfo>

#include "iscc-ns3-names.h"
#include "iscc-ns3-state.h"
#include "iscc-ns3-trial.h"
#include "ns3/config.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/global-value.h"
#include "ns3/node.h"
#include "ns3/object-factory.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

using namespace ns3;

namespace {

std::string Trim(const std::string &text) {
  const std::size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/* The text between separators from *at on, those within brackets aside; moves *at past it. */
std::string NextItem(const std::string &list, char separator, std::size_t *at) {
  std::size_t end = *at;
  for (int depth = 0; end < list.size() && (depth > 0 || list[end] != separator); end++)
    depth += (list[end] == '[') - (list[end] == ']');
  const std::string item = Trim(list.substr(*at, end - *at));
  *at = end + 1;
  return item;
}

/* No bracket at all, or those that are open at the first close with the last character and not before. */
bool BracketsMatch(const std::string &text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); i++) {
    depth += (text[i] == '[') - (text[i] == ']');
    if (depth < 0 || (text[i] == ']' && depth == 0 && i + 1 < text.size())) return false;
  }
  return depth == 0;
}

/* The next Attribute=value; parts without '=' belong to it, since ns-3 writes rectangles as 0|10|0|10. */
std::string NextAttribute(const std::string &list, std::size_t *at) {
  std::string attribute = NextItem(list, '|', at);
  for (std::size_t next = *at; next < list.size(); *at = next) {
    const std::string part = NextItem(list, '|', &next);
    if (part.find('=') != std::string::npos) break;
    attribute += "|" + part;
  }
  return attribute;
}

iscc_status Refuse(const std::string &name, const std::string &value, iscc_error *error) {
  return iscc_fail(error, ISCC_EINVAL, "%s: '%s' is not a value of it", name.c_str(), value.c_str());
}

/* Its kind of value, with its range or words. */
std::string WhatItTakes(Ptr<const AttributeChecker> checker) {
  const std::string kind = checker->GetValueTypeName();
  return checker->HasUnderlyingTypeInformation() ? kind + ": " + checker->GetUnderlyingTypeInformation()
                                                 : kind;
}

iscc_status RefuseValue(TypeId tid, const std::string &name, const std::string &value,
                        Ptr<const AttributeChecker> checker, iscc_error *error) {
  return iscc_fail(error, ISCC_EINVAL, "%s::%s: %s is not a value of it (%s)", tid.GetName().c_str(),
                   name.c_str(), value.c_str(), WhatItTakes(checker).c_str());
}

iscc_status NoType(const std::string &name, const std::string &question, iscc_error *error) {
  return iscc_fail(error, ISCC_EINVAL, "'%s': ns-3 has no such type%s", name.c_str(), question.c_str());
}

iscc_status NotABase(const std::string &name, TypeId base, iscc_error *error) {
  return iscc_fail(error, ISCC_EINVAL, "'%s': is not a %s that can be made%s", name.c_str(),
                   base.GetName().c_str(), IsccNearestTypes(name, base).c_str());
}

iscc_status FindAttribute(TypeId tid, const std::string &name, TypeId::AttributeInformation *info,
                          iscc_error *error) {
  if (tid.LookupAttributeByName(name, info)) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "%s: has no attribute '%s'%s", tid.GetName().c_str(), name.c_str(),
                   IsccNearestAttributes(name, tid).c_str());
}

/* One that can be set once its object is there. */
iscc_status FindSettable(TypeId tid, const std::string &name, TypeId::AttributeInformation *info,
                         iscc_error *error) {
  const iscc_status status = FindAttribute(tid, name, info, error);
  if (status || (info->flags & TypeId::ATTR_SET)) return status;
  return iscc_fail(error, ISCC_EINVAL, "%s::%s: %s", tid.GetName().c_str(), name.c_str(),
                   info->flags & TypeId::ATTR_CONSTRUCT ? "cannot be set on an object that is there already"
                                                        : "ns-3 lets it be read alone");
}

/* "ns3::Type::Attribute". */
iscc_status FindDefault(const std::string &name, TypeId::AttributeInformation *info, iscc_error *error) {
  const std::size_t last = name.rfind("::");
  TypeId tid;
  if (last == std::string::npos || last < 5)
    return iscc_fail(error, ISCC_EINVAL, "'%s': is not of the form ns3::Type::Attribute", name.c_str());
  const std::string type = name.substr(0, last);
  if (!TypeId::LookupByNameFailSafe(type, &tid))
    return NoType(type, IsccNearestTypesWithDefaults(type), error);
  return FindAttribute(tid, name.substr(last + 2), info, error);
}

/* Whether ns-3 writes a value as the text that it read it from, capital digits aside: it reads 1.2.3.999 as 0.0.0.184. */
bool IsEchoed(Ptr<const AttributeChecker> checker, std::string text) {
  const Ptr<AttributeValue> value = checker->Create();
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return value->DeserializeFromString(text, checker) && value->SerializeToString(checker) == text;
}

bool IsIpv6(const std::string &text) { // has more than one form
  in6_addr address;
  return inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

/* ns-3 reads "-1" as a count of 2^64 - 1, current ns-3 nothing as zero, and both much as an address. */
bool IsMisread(Ptr<const AttributeChecker> checker, const std::string &value) {
  const std::string type = checker->GetValueTypeName(), text = Trim(value);
  if (text.empty()) return type != "ns3::StringValue" && type != "ns3::AttributeContainerValue";
  if (type == "ns3::UintegerValue") return text[0] == '-';
  if (type.find("AddressValue") == std::string::npos) return false;
  if (type.find("Ipv6") != std::string::npos) return !IsIpv6(text);
  const auto echoed = [&] { return IsEchoed(checker, text); };
  return !(IsccSurvives(echoed) && echoed());
}

/* Many attributes that are texts name types, which ns-3 looks for when it is late. */
iscc_status CheckTypeNamed(const std::string &name, const std::string &value, iscc_error *error) {
  const std::string text = Trim(value), type = text.substr(0, text.find_first_of("[|; "));
  TypeId tid;
  if (type.compare(0, 5, "ns3::") != 0 || TypeId::LookupByNameFailSafe(type, &tid)) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "%s: '%s': ns-3 has no such type%s", name.c_str(), type.c_str(),
                   IsccNearestTypes(type, Object::GetTypeId()).c_str());
}

Ptr<const AttributeChecker> CheckerOfGlobal(const std::string &name) {
  for (auto it = GlobalValue::Begin(); it != GlobalValue::End(); ++it)
    if ((*it)->GetName() == name) return (*it)->GetChecker();
  return nullptr;
}

} // namespace

/* An attribute that is an object itself, of which ns-3 reads no nested texts. */
static iscc_status SetPart(Ptr<Object> object, const std::string &name, const std::string &value,
                           Ptr<const PointerChecker> checker, iscc_error *error) {
  Ptr<Object> part;
  const auto isPart = [&](Ptr<Object> made) { return checker->Check(PointerValue(made)); };
  const iscc_status status = IsccMakeObject(value, checker->GetPointeeTypeId(), isPart, &part, error);
  if (status) return status;
  const auto set = [&] { return object->SetAttributeFailSafe(name, PointerValue(part)); };
  return IsccSurvives(set) && set() ? ISCC_OK : Refuse(name, value, error);
}

iscc_status IsccSetAttribute(Ptr<Object> object, const std::string &name, const std::string &value,
                             iscc_error *error) {
  const TypeId tid = object->GetInstanceTypeId();
  TypeId::AttributeInformation info;
  const iscc_status status = FindSettable(tid, name, &info, error);
  if (status) return status;
  if (Ptr<const PointerChecker> part = DynamicCast<const PointerChecker>(info.checker))
    return SetPart(object, name, value, part, error);
  const iscc_status named = CheckTypeNamed(tid.GetName() + "::" + name, value, error);
  if (named) return named;
  const auto set = [&] { return object->SetAttributeFailSafe(name, StringValue(value)); };
  if (IsMisread(info.checker, value) || !IsccSurvives(set) || !set())
    return RefuseValue(tid, name, "'" + value + "'", info.checker, error);
  return ISCC_OK;
}

iscc_status IsccCheckAttribute(TypeId tid, const std::string &name, const AttributeValue &value,
                               iscc_error *error) {
  TypeId::AttributeInformation info;
  const iscc_status status = FindSettable(tid, name, &info, error);
  if (status || info.checker->Check(value)) return status;
  if (const auto *text = dynamic_cast<const StringValue *>(&value)) {
    const auto read = [&] { return bool(info.checker->CreateValidValue(value)); };
    if (!IsMisread(info.checker, text->Get()) && IsccSurvives(read)) return ISCC_OK;
    return RefuseValue(tid, name, "'" + text->Get() + "'", info.checker, error);
  }
  const Ptr<const AttributeValue> own = info.checker->Create();
  const AttributeValue &right = *own;
  const bool same = typeid(right) == typeid(value); // ns-3 can tell no others
  const std::string told =
      same ? "'" + value.SerializeToString(info.checker) + "'" : "what is of another kind";
  return RefuseValue(tid, name, told, info.checker, error);
}

iscc_status IsccSetDefault(const std::string &name, const std::string &value, iscc_error *error) {
  TypeId::AttributeInformation info;
  iscc_status status = FindDefault(name, &info, error);
  if (!status) status = CheckTypeNamed(name, value, error);
  if (status) return status;
  const auto set = [&] { return Config::SetDefaultFailSafe(name, StringValue(value)); };
  if (IsMisread(info.checker, value) || !IsccSurvives(set) || !set()) return Refuse(name, value, error);
  return ISCC_OK;
}

iscc_status IsccSetGlobal(const std::string &name, const std::string &value, iscc_error *error) {
  const auto set = [&] { return GlobalValue::BindFailSafe(name, StringValue(value)); };
  const auto use = [&] { // types of simulator and scheduler are made when time is asked for first
    return set() && Simulator::Now() >= Time(0);
  };
  const Ptr<const AttributeChecker> checker = CheckerOfGlobal(name);
  if (!checker)
    return iscc_fail(error, ISCC_EINVAL, "'%s': ns-3 has no such global value%s", name.c_str(),
                     IsccNearestGlobals(name).c_str());
  if (name == "SimulatorImplementationType" && value != "ns3::DefaultSimulatorImpl")
    return iscc_fail(
        error, ISCC_EINVAL,
        "%s: '%s' is not ns3::DefaultSimulatorImpl, the only one whose results hang on neither the "
        "clock nor other processes",
        name.c_str(), value.c_str());
  const iscc_status status = CheckTypeNamed(name, value, error);
  if (status) return status;
  if (IsMisread(checker, value) || !IsccSurvives(use) || !set()) return Refuse(name, value, error);
  return ISCC_OK;
}

iscc_status IsccMakeObject(const std::string &untrimmed, TypeId base,
                           const std::function<bool(Ptr<Object>)> &isBase, Ptr<Object> *out,
                           iscc_error *error) {
  const std::string text = Trim(untrimmed);
  const std::size_t open = text.find('[');
  const std::string name = text.substr(0, open);
  TypeId tid;
  if (!TypeId::LookupByNameFailSafe(name, &tid)) return NoType(name, IsccNearestTypes(name, base), error);
  // ns-3 registers some as ns3::Object's that are a base all the same, such as AlwaysLosChannelConditionModel
  const bool may = tid == base || tid.IsChildOf(base) || tid.GetParent() == Object::GetTypeId();
  if (!may || !tid.HasConstructor()) return NotABase(name, base, error);
  if (!BracketsMatch(text))
    return iscc_fail(error, ISCC_EINVAL, "'%s': its brackets are not of the form ns3::Type[...]",
                     text.c_str());
  ObjectFactory factory;
  factory.SetTypeId(tid);
  if (!IsccSurvives([&] { return bool(factory.Create()); }))
    return iscc_fail(error, ISCC_EINVAL, "'%s': ns-3 cannot make it", name.c_str());
  Ptr<Object> object = factory.Create();
  if (!isBase(object)) return NotABase(name, base, error);
  const std::string list = open == std::string::npos ? "" : text.substr(open + 1, text.size() - open - 2);
  for (std::size_t at = 0; at < list.size();) {
    const std::string item = NextAttribute(list, &at);
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos)
      return iscc_fail(error, ISCC_EINVAL, "'%s': '%s' is not Attribute=value", text.c_str(), item.c_str());
    const iscc_status status =
        IsccSetAttribute(object, Trim(item.substr(0, equals)), item.substr(equals + 1), error);
    if (status) return status;
    IsccNoteGiven(item);
  }
  *out = object;
  return ISCC_OK;
}

std::vector<std::string> IsccTexts(const std::string &list) {
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < list.size();) texts.push_back(NextItem(list, ';', &at));
  return texts;
}

/* Whether a chain says a gain between two nodes 10 m apart. */
static bool CanBeEvaluated(Ptr<PropagationLossModel> chain) {
  return IsccSurvives([&] {
    Ptr<MobilityModel> place[2];
    for (int i = 0; i < 2; i++) {
      place[i] = CreateObject<ConstantPositionMobilityModel>();
      place[i]->SetPosition(Vector(10.0 * i, 0, 1.5));
      iscc_ns3::Stand(CreateObject<Node>(), place[i]);
    }
    return std::isfinite(std::pow(10, 0.1 * chain->CalcRxPower(0, place[0], place[1])));
  });
}

iscc_status IsccMakeLossChain(const std::string &text, Ptr<PropagationLossModel> *first, iscc_error *error) {
  Ptr<PropagationLossModel> last;
  for (const std::string &item : IsccTexts(text)) {
    Ptr<PropagationLossModel> model;
    const iscc_status status = IsccMake(item, &model, error);
    if (status) return status;
    if (last)
      last->SetNext(model);
    else
      *first = model;
    last = model;
  }
  if (*first && !CanBeEvaluated(*first))
    return iscc_fail(error, ISCC_EINVAL,
                     "'%s': ns-3 cannot evaluate it between two nodes; does a model need another object?",
                     text.c_str());
  return ISCC_OK;
}
