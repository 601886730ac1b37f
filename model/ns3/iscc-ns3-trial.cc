/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3-trial.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "ns3/node-list.h"
#include "ns3/simulator.h"

using namespace ns3;

namespace {

constexpr double kTrialS = 1;           // simulated
constexpr suseconds_t kTickUs = 100000; // of the processor's time
constexpr int kEnoughTicks = 10, kStuckTicks = 30, kNodesPerTick = 10;
enum { GIVEN_MAX = 256, SAID_MAX = 8192 };

bool g_trusting = false; // a whole set-up is being tried, or was
std::string g_given;     // texts of the user's, each once

/* What a child leaves behind for its parent. */
struct Report {
  bool ended, stuck;
  int signal; // that killed it
  int64_t stuckNs;
  iscc_status status;
  iscc_error error;
  char given[GIVEN_MAX];
  char said[SAID_MAX]; // the end of what ns-3 printed
};

Report *g_report = nullptr; // in the child

[[noreturn]] void Leave() {
  g_report->ended = true;
  _exit(0);
}

/* Each tenth of a second of the processor's. Many nodes may have much to do at one instant. */
void Tick(int) {
  static int64_t lastNs = -1;
  static int ticks = 0, still = 0;
  const int64_t nowNs = Simulator::Now().GetNanoSeconds();
  still = nowNs == lastNs ? still + 1 : 0;
  lastNs = nowNs;
  if (++ticks >= kEnoughTicks && still == 0) Leave();
  if (still < kStuckTicks + int(NodeList::GetNNodes()) / kNodesPerTick) return;
  g_report->stuck = true;
  g_report->stuckNs = nowNs;
  Leave();
}

void RunAWhile() {
  const itimerval each = {{0, kTickUs}, {0, kTickUs}}, none = {};
  std::signal(SIGPROF, Tick);
  setitimer(ITIMER_PROF, &each, nullptr);
  Simulator::Stop(Seconds(kTrialS));
  Simulator::Run();
  setitimer(ITIMER_PROF, &none, nullptr);
}

/* In the child from now on: silent, or heard by its parent alone. */
void Detach(int output) {
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::signal(SIGABRT, SIG_DFL);
}

int Await(pid_t child) {
  int how;
  while (waitpid(child, &how, 0) < 0)
    if (errno != EINTR) return -1;
  return how;
}

void ReadEnd(int output, char said[SAID_MAX]) {
  const off_t length = lseek(output, 0, SEEK_END), most = SAID_MAX - 1;
  const ssize_t n = pread(output, said, SAID_MAX - 1, length > most ? length - most : 0);
  said[n > 0 ? n : 0] = '\0';
}

/* Runs action in a child and says what became of it. */
iscc_status InChild(const IsccAction &action, Report *report, iscc_error *error) {
  void *const shared =
      mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  const int output = memfd_create("ns-3", MFD_CLOEXEC);
  const pid_t child = shared == MAP_FAILED || output < 0 ? -1 : fork();
  if (child == 0) {
    g_report = static_cast<Report *>(shared);
    Detach(output);
    IsccNoteGiven("");
    g_report->status = action(&g_report->error);
    Leave();
  }
  if (child > 0) {
    const int how = Await(child);
    *report = *static_cast<Report *>(shared);
    report->signal = WIFSIGNALED(how) ? WTERMSIG(how) : 0;
    ReadEnd(output, report->said);
  }
  if (output >= 0) close(output);
  if (shared != MAP_FAILED) munmap(shared, sizeof(Report));
  return child > 0 ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "ns-3: no copy of the process can be made");
}

/* The text between the quotes of ns-3's last msg="...", else the signal's name. */
std::string LastWords(const Report &report) {
  static const std::string open = "msg=\"";
  const std::string said = report.said;
  const std::size_t at = said.rfind(open), end = said.find("\", +", at);
  if (at != std::string::npos && end != std::string::npos)
    return said.substr(at + open.size(), end - at - open.size());
  return report.signal ? strsignal(report.signal) : "no reason told";
}

iscc_status Explain(const Report &report, iscc_error *error) {
  const std::string given = report.given[0] ? std::string(" with ") + report.given : "";
  if (report.stuck)
    return iscc_fail(error, ISCC_EINVAL,
                     "ns-3 never gets past %g s of simulated time%s; is an interval of it too short?",
                     1e-9 * double(report.stuckNs), given.c_str());
  if (!report.ended)
    return iscc_fail(error, ISCC_EINVAL, "ns-3 ends the program%s: %s", given.c_str(),
                     LastWords(report).c_str());
  if (error) *error = report.error;
  return report.status;
}

iscc_status Trust(const IsccAction &action, iscc_error *error) {
  g_trusting = true;
  const iscc_status status = action(error);
  g_trusting = false;
  return status;
}

} // namespace

bool IsccSurvives(const std::function<bool()> &action) {
  if (g_trusting) return true;
  const pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) {
    Detach(open("/dev/null", O_WRONLY));
    _exit(action() ? 0 : 1);
  }
  const int how = Await(child);
  return WIFEXITED(how) && WEXITSTATUS(how) == 0;
}

void IsccNoteGiven(const std::string &text) {
  if (g_given.find(text) == std::string::npos) g_given += (g_given.empty() ? "" : " ") + text;
  if (g_report) snprintf(g_report->given, sizeof g_report->given, "%s", g_given.c_str());
}

iscc_status IsccPerform(const IsccAction &build, const IsccAction &begin, const IsccAction &start,
                        iscc_error *error) {
  const auto rehearse = [&](iscc_error *e) {
    g_trusting = true;
    iscc_status status = build(e);
    if (!status) status = begin(e);
    if (status || !start || g_given.empty()) return status;
    status = start(e);
    if (!status) RunAWhile();
    return status;
  };
  Report whole, careful;
  iscc_status status = InChild(rehearse, &whole, error);
  if (status) return status;
  if (whole.ended && !whole.stuck && !whole.status) return Trust(build, error);
  status = InChild(build, &careful, error);
  if (status) return status;
  return Explain(careful.ended && !careful.status ? whole : careful, error);
}
