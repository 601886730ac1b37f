/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3.h"

#include <csignal>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "iscc-ns3-state.h"
#include "iscc-ns3-text.h"
#include "iscc-ns3-trial.h"
#include "iscc-tcp-end.h"
#include "ns3/error-model.h"
#include "ns3/mobility-model.h"
#include "ns3/node-list.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#ifndef ISCC_NS3_VERSION // given in an ns-3 tree, where the header may be that of another ns-3 in the system
#include "ns3/version-defines.h"
#define ISCC_TEXT_OF(number)  #number
#define ISCC_VERSION_OF(a, b) ISCC_TEXT_OF(a) "." ISCC_TEXT_OF(b)
#define ISCC_NS3_VERSION      ISCC_VERSION_OF(NS3_VERSION_MAJOR, NS3_VERSION_MINOR)
#endif

using namespace ns3;

namespace iscc_ns3 {
std::unique_ptr<Simulation> g_simulation;
uint32_t g_generation = 0;
} // namespace iscc_ns3

using namespace iscc_ns3;

namespace {

std::atomic<bool> g_interrupted{false}; // set by signal handlers
static_assert(std::atomic<bool>::is_always_lock_free);

void StopNow() {
  for (const auto &prepare : g_simulation->atStop) prepare();
  Simulator::Stop();
}

/* Ends a run that was interrupted while ns-3 has events but none of ours, such as a model of movement has.
 * ScheduleWithContext is the one call that ns-3 takes from another thread. */
class InterruptWatch {
public:
  InterruptWatch() {
    sigset_t all, before; // signals are for the threads of the program
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    m_thread = std::thread([this] { Watch(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  ~InterruptWatch() {
    {
      std::lock_guard<std::mutex> lock(m_mutex);
      m_done = true;
    }
    m_wake.notify_one();
    m_thread.join();
  }

private:
  void Watch() {
    std::unique_lock<std::mutex> lock(m_mutex);
    while (!m_wake.wait_for(lock, std::chrono::milliseconds(50), [this] { return m_done; }))
      if (g_interrupted) {
        Simulator::ScheduleWithContext(Simulator::NO_CONTEXT, Time(0), &StopNow);
        return;
      }
  }

  std::mutex m_mutex;
  std::condition_variable m_wake;
  bool m_done{false};
  std::thread m_thread;
};

void FireTimer(uint32_t index) {
  Simulation &sim = *g_simulation;
  TimerSlot &slot = sim.timers[index];
  void (*fn)(void *) = slot.fn;
  void *arg = slot.arg;
  slot.pending = false;
  slot.generation++;
  sim.freeTimers.push_back(index);
  fn(arg);
  if (g_interrupted) StopNow();
}

} // namespace

/* ---- simulation ---- */

iscc_status iscc_ns3_begin(uint32_t seed, uint64_t run, iscc_error *error) {
  if (g_simulation) return iscc_fail(error, ISCC_ESTATE, "ns-3: a simulation is under way; end it first");
  if (seed == 0) return iscc_fail(error, ISCC_EINVAL, "RngSeed: 0 is outside 1..4294967295");
  try {
    RngSeedManager::SetSeed(seed);
    RngSeedManager::SetRun(run);
    g_simulation = std::make_unique<Simulation>();
  } catch (const std::exception &e) {
    return iscc_fail(error, ISCC_ELIBRARY, "ns-3: %s", e.what());
  }
  g_simulation->seed = seed;
  g_simulation->run = run;
  g_simulation->nextAddress = Ipv4Address("10.0.0.1").Get();
  g_generation++;
  g_interrupted = false;
  return ISCC_OK;
}

/* No callback into what the C side may have freed. */
static void FallSilent() {
  g_simulation->timers.clear();
  for (auto &object : g_simulation->objects)
    if (Ptr<IsccTcpEnd> end = DynamicCast<IsccTcpEnd>(object)) end->Dispose();
  for (auto &end : g_simulation->sockets) end->socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
}

static void Forget() {
  g_simulation.reset();
  g_generation++;
}

void iscc_ns3::Adopt() {
  iscc_ns3_begin(RngSeedManager::GetSeed(), RngSeedManager::GetRun(), nullptr);
  g_simulation->adopted = true;
  Simulator::ScheduleDestroy(+[] {
    FallSilent();
    Forget();
  });
}

void iscc_ns3_end(void) {
  if (!g_simulation || g_simulation->adopted) return;
  if (g_simulation->running) { // ns-3 cannot end below its own event; the run does it
    g_simulation->ending = true;
    StopNow();
    return;
  }
  FallSilent();
  Simulator::Destroy();
  Forget();
}

static iscc_status Run(int64_t stop_ns, iscc_error *error) {
  EventId stop;
  if (stop_ns > 0) {
    if (stop_ns < Simulator::Now().GetNanoSeconds())
      return iscc_fail(error, ISCC_EINVAL, "stop time: %lld ns has passed", (long long)stop_ns);
    stop = Simulator::Schedule(NanoSeconds(stop_ns) - Simulator::Now(), &StopNow);
  }
  {
    struct Running { // also when an application throws
      Running() {
        g_simulation->running = true;
      }
      ~Running() {
        g_simulation->running = false;
      }
    } running;
    InterruptWatch watch;
    Simulator::Run();
  }
  Simulator::Cancel(stop);
  return ISCC_OK;
}

iscc_status iscc_ns3_run(int64_t stop_ns, iscc_error *error) {
  return Guard(error, [&] {
    if (g_simulation->running)
      return iscc_fail(error, ISCC_ESTATE, "ns-3: the simulation is running already");
    if (g_interrupted) return ISCC_OK;
    const iscc_status status = Run(stop_ns, error);
    if (g_simulation->ending) iscc_ns3_end();
    return status;
  });
}

void iscc_ns3_stop(void) {
  if (g_simulation) StopNow();
}

void iscc_ns3_interrupt(void) {
  g_interrupted = true;
}

bool iscc_ns3_interrupted(void) {
  return g_interrupted;
}

int64_t iscc_ns3_now_ns(void) {
  return g_simulation ? Simulator::Now().GetNanoSeconds() : 0;
}

uint64_t iscc_ns3_event_count(void) {
  return g_simulation ? Simulator::GetEventCount() : 0;
}

uint32_t iscc_ns3_seed(void) {
  return RngSeedManager::GetSeed();
}

uint64_t iscc_ns3_run_number(void) {
  return RngSeedManager::GetRun();
}

const char *iscc_ns3_version(void) {
  return ISCC_NS3_VERSION;
}

static uint64_t Schedule(int64_t delay_ns, void (*fn)(void *arg), void *arg) {
  Simulation &sim = *g_simulation;
  uint32_t index;
  if (sim.freeTimers.empty()) {
    index = sim.timers.size();
    sim.timers.push_back({EventId(), nullptr, nullptr, 0, false});
    sim.freeTimers.reserve(sim.timers.capacity()); // firing must not allocate
  } else {
    index = sim.freeTimers.back();
    sim.freeTimers.pop_back();
  }
  TimerSlot &slot = sim.timers[index];
  slot.fn = fn;
  slot.arg = arg;
  slot.pending = true;
  slot.event = Simulator::Schedule(NanoSeconds(delay_ns), &FireTimer, index);
  return (uint64_t(slot.generation) << 32 | index) + 1;
}

uint64_t iscc_ns3_schedule(int64_t delay_ns, void (*fn)(void *arg), void *arg) {
  if (!g_simulation || delay_ns < 0 || !fn || delay_ns > INT64_MAX - Simulator::Now().GetNanoSeconds())
    return 0;
  try {
    return Schedule(delay_ns, fn, arg);
  } catch (const std::exception &) { // out of memory
    return 0;
  }
}

void iscc_ns3_cancel(uint64_t id) {
  if (!g_simulation || id == 0) return;
  const uint32_t index = uint32_t(id - 1), generation = uint32_t((id - 1) >> 32);
  if (index >= g_simulation->timers.size()) return;
  TimerSlot &slot = g_simulation->timers[index];
  if (!slot.pending || slot.generation != generation) return;
  Simulator::Cancel(slot.event);
  slot.pending = false;
  slot.generation++;
  g_simulation->freeTimers.push_back(index);
}

iscc_status iscc_ns3_default(const char *attribute, const char *value, iscc_error *error) {
  return Guard(error, [&] { return IsccSetDefault(attribute, value, error); });
}

iscc_status iscc_ns3_set(iscc_ns3_handle object, const char *attribute, const char *value,
                         iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Object> o = Find<Object>(object);
    return o ? IsccSetAttribute(o, attribute, value, error) : Stale(error, "object");
  });
}

iscc_status iscc_ns3_get(iscc_ns3_handle object, const char *attribute, char *value, size_t n,
                         iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Object> o = Find<Object>(object);
    if (!o) return Stale(error, "object");
    StringValue text;
    if (!o->GetAttributeFailSafe(attribute, text))
      return iscc_fail(error, ISCC_EINVAL, "%s: has no attribute '%s'",
                       o->GetInstanceTypeId().GetName().c_str(), attribute);
    snprintf(value, n, "%s", text.Get().c_str());
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_assign_streams(iscc_ns3_handle object, int64_t stream, iscc_error *error) {
  return Guard(error, [&] {
    if (stream < 0) return iscc_fail(error, ISCC_EINVAL, "stream: %lld is negative", (long long)stream);
    if (Ptr<IsccChannel> channel = Find<IsccChannel>(object)) {
      channel->SetStream(stream);
      return ISCC_OK;
    }
    if (Ptr<IsccNetDevice> device = Find<IsccNetDevice>(object)) {
      Ptr<ErrorModel> model = device->GetReceiveErrorModel(); // ns-3 has no common call for these
      if (Ptr<RateErrorModel> rate = DynamicCast<RateErrorModel>(model)) rate->AssignStreams(stream);
      if (Ptr<BurstErrorModel> burst = DynamicCast<BurstErrorModel>(model)) burst->AssignStreams(stream);
      return ISCC_OK;
    }
    Ptr<Node> node = Find<Node>(object);
    if (!node) return Stale(error, "channel, device or node");
    if (Ptr<MobilityModel> mobility = node->GetObject<MobilityModel>()) mobility->AssignStreams(stream);
    return ISCC_OK;
  });
}

/* Starts all nodes where they are, and has their channels say a gain between them and the hubs. */
static iscc_status Begin(iscc_error *error) {
  for (uint32_t i = 0; i < NodeList::GetNNodes(); i++) {
    Ptr<MobilityModel> mobility = NodeList::GetNode(i)->GetObject<MobilityModel>();
    if (mobility) mobility->Initialize();
    const Vector at = mobility ? mobility->GetPosition() : Vector();
    if (!(std::isfinite(at.x) && std::isfinite(at.y) && std::isfinite(at.z)))
      return iscc_fail(error, ISCC_EINVAL, "node %u: its place is not finite", i);
  }
  for (const Ptr<Object> &object : g_simulation->objects)
    if (Ptr<IsccChannel> channel = DynamicCast<IsccChannel>(object)) IsccEvaluateGains(channel);
  return ISCC_OK;
}

iscc_status iscc_ns3_build(iscc_ns3_builder *build, iscc_ns3_builder *start, void *ctx, iscc_error *error) {
  const auto bound = [ctx](iscc_ns3_builder *step) -> IsccAction {
    if (!step) return nullptr;
    return [=](iscc_error *e) { return step(ctx, e); };
  };
  const auto begin = [](iscc_error *e) { return Guard(e, [e] { return Begin(e); }); };
  return Guard(error, [&] { return IsccPerform(bound(build), begin, bound(start), error); });
}

/* ---- nodes and places ---- */

iscc_status iscc_ns3_node_create(iscc_ns3_handle *node, iscc_error *error) {
  *node = {0, 0};
  return Guard(error, [&] {
    *node = Keep(CreateObject<Node>());
    return ISCC_OK;
  });
}
