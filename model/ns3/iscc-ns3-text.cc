/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3-text.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <csignal>

#include "ns3/config.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/global-value.h"
#include "ns3/node.h"
#include "ns3/object-factory.h"
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
  return iscc_fail(error, ISCC_EINVAL, "%s: ns-3 knows no such name, or '%s' is not a value of it",
                   name.c_str(), value.c_str());
}

/* ns-3 reads "-1" as a count of 2^64 - 1. */
bool IsNegativeCount(Ptr<const AttributeChecker> checker, const std::string &value) {
  return checker->GetValueTypeName() == "ns3::UintegerValue" && Trim(value)[0] == '-';
}

Ptr<const AttributeChecker> CheckerOfGlobal(const std::string &name) {
  for (auto it = GlobalValue::Begin(); it != GlobalValue::End(); ++it)
    if ((*it)->GetName() == name) return (*it)->GetChecker();
  return nullptr;
}

} // namespace

static bool g_trusting = false; // a whole set-up is being tried, or was

static bool TryInChild(const std::function<bool()> &action) {
  const pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    std::signal(SIGABRT, SIG_DFL);
    _exit(action() ? 0 : 1);
  }
  int how;
  while (waitpid(child, &how, 0) < 0)
    if (errno != EINTR) return false;
  return WIFEXITED(how) && WEXITSTATUS(how) == 0;
}

bool IsccSurvives(const std::function<bool()> &action) {
  return g_trusting || TryInChild(action);
}

bool IsccRehearse(const std::function<bool()> &action) {
  return TryInChild([&] {
    g_trusting = true;
    return action();
  });
}

iscc_status IsccTrusting(const std::function<iscc_status()> &action) {
  g_trusting = true;
  const iscc_status status = action();
  g_trusting = false;
  return status;
}

iscc_status IsccSetAttribute(Ptr<Object> object, const std::string &name, const std::string &value,
                             iscc_error *error) {
  const TypeId tid = object->GetInstanceTypeId();
  TypeId::AttributeInformation info;
  if (!tid.LookupAttributeByName(name, &info))
    return iscc_fail(error, ISCC_EINVAL, "%s: has no attribute '%s'", tid.GetName().c_str(), name.c_str());
  if (!(info.flags & TypeId::ATTR_SET))
    return iscc_fail(error, ISCC_EINVAL, "%s::%s: cannot be set on an object that is there already",
                     tid.GetName().c_str(), name.c_str());
  const auto set = [&] { return object->SetAttributeFailSafe(name, StringValue(value)); };
  if (IsNegativeCount(info.checker, value) || !IsccSurvives(set) || !set())
    return iscc_fail(error, ISCC_EINVAL, "%s::%s: '%s' is not a value of it (%s)", tid.GetName().c_str(),
                     name.c_str(), value.c_str(), info.checker->GetValueTypeName().c_str());
  return ISCC_OK;
}

iscc_status IsccSetDefault(const std::string &name, const std::string &value, iscc_error *error) {
  const auto set = [&] { return Config::SetDefaultFailSafe(name, StringValue(value)); };
  TypeId::AttributeInformation info;
  const std::size_t last = name.rfind("::");
  TypeId tid;
  const bool known = last != std::string::npos && TypeId::LookupByNameFailSafe(name.substr(0, last), &tid) &&
                     tid.LookupAttributeByName(name.substr(last + 2), &info);
  if (!known || IsNegativeCount(info.checker, value)) return Refuse(name, value, error);
  return IsccSurvives(set) && set() ? ISCC_OK : Refuse(name, value, error);
}

iscc_status IsccSetGlobal(const std::string &name, const std::string &value, iscc_error *error) {
  const auto set = [&] { return GlobalValue::BindFailSafe(name, StringValue(value)); };
  const auto use = [&] { // types of simulator and scheduler are made when time is asked for first
    return set() && Simulator::Now() >= Time(0);
  };
  const Ptr<const AttributeChecker> checker = CheckerOfGlobal(name);
  if (!checker || IsNegativeCount(checker, value)) return Refuse(name, value, error);
  return IsccSurvives(use) && set() ? ISCC_OK : Refuse(name, value, error);
}

iscc_status IsccMakeObject(const std::string &untrimmed, TypeId base, Ptr<Object> *out, iscc_error *error) {
  const std::string text = Trim(untrimmed);
  const std::size_t open = text.find('[');
  const std::string name = text.substr(0, open);
  TypeId tid;
  if (!TypeId::LookupByNameFailSafe(name, &tid))
    return iscc_fail(error, ISCC_EINVAL, "'%s': ns-3 has no such type", name.c_str());
  if (!tid.IsChildOf(base) || !tid.HasConstructor())
    return iscc_fail(error, ISCC_EINVAL, "'%s': is not a %s that can be made", name.c_str(),
                     base.GetName().c_str());
  if (open != std::string::npos && text.back() != ']')
    return iscc_fail(error, ISCC_EINVAL, "'%s': ']' is missing at the end", text.c_str());
  ObjectFactory factory;
  factory.SetTypeId(tid);
  if (!IsccSurvives([&] { return bool(factory.Create()); }))
    return iscc_fail(error, ISCC_EINVAL, "'%s': ns-3 cannot make it", name.c_str());
  Ptr<Object> object = factory.Create();
  const std::string list = open == std::string::npos ? "" : text.substr(open + 1, text.size() - open - 2);
  for (std::size_t at = 0; at < list.size();) {
    const std::string item = NextAttribute(list, &at);
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos)
      return iscc_fail(error, ISCC_EINVAL, "'%s': '%s' is not Attribute=value", text.c_str(), item.c_str());
    const iscc_status status =
        IsccSetAttribute(object, item.substr(0, equals), item.substr(equals + 1), error);
    if (status) return status;
  }
  *out = object;
  return ISCC_OK;
}

/* Whether a chain says a gain between two nodes 10 m apart. */
static bool CanBeEvaluated(Ptr<PropagationLossModel> chain) {
  return IsccSurvives([&] {
    Ptr<MobilityModel> place[2];
    for (int i = 0; i < 2; i++) {
      place[i] = CreateObject<ConstantPositionMobilityModel>();
      place[i]->SetPosition(Vector(10.0 * i, 0, 1.5));
      CreateObject<Node>()->AggregateObject(place[i]);
    }
    return std::isfinite(std::pow(10, 0.1 * chain->CalcRxPower(0, place[0], place[1])));
  });
}

iscc_status IsccMakeLossChain(const std::string &text, Ptr<PropagationLossModel> *first, iscc_error *error) {
  Ptr<PropagationLossModel> last;
  for (std::size_t at = 0; at < text.size();) {
    const std::string item = NextItem(text, ';', &at);
    if (item.empty()) continue;
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
