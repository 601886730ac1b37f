/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3-command-line.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <string>

#include "iscc-net-device.h"
#include "iscc-ns3-text.h"
#include "iscc-ns3-trial.h"
#include "ns3/global-value.h"
#include "ns3/rng-seed-manager.h"

using namespace ns3;

namespace {

bool IsGlobal(const std::string &name) {
  for (auto it = GlobalValue::Begin(); it != GlobalValue::End(); ++it)
    if ((*it)->GetName() == name) return true;
  return false;
}

/* Whether a word is ns-3's, and if so carries it out. */
bool Take(const std::string &word, iscc_status *status, iscc_error *error) {
  if (word.compare(0, 2, "--") != 0) return false;
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
  const bool attribute = name.compare(0, 5, "ns3::") == 0;
  if (!attribute && !IsGlobal(name)) return false;
  if (equals == std::string::npos) {
    *status = iscc_fail(error, ISCC_EINVAL, "--%s: needs a value, --%s=VALUE", name.c_str(), name.c_str());
    return true;
  }
  const std::string value = word.substr(equals + 1);
  iscc_error wrong;
  if (name != "RngSeed" && name != "RngRun") IsccNoteGiven(name + "=" + value);
  *status = attribute ? IsccSetDefault(name, value, &wrong) : IsccSetGlobal(name, value, &wrong);
  const bool named =
      name.compare(0, std::string::npos, wrong.text, std::min(name.size(), strlen(wrong.text))) == 0;
  if (*status)
    iscc_fail(error, *status, "--%s%s%s", named ? "" : name.c_str(), named ? "" : ": ", wrong.text);
  return true;
}

} // namespace

iscc_status iscc_ns3_command_line(int *argc, char **argv, iscc_error *error) {
  IsccNetDevice::GetTypeId(); // known to ns-3 before any object is made
  iscc_status status = ISCC_OK;
  try {
    int kept = 1;
    for (int i = 1; i < *argc && !status; i++)
      if (!Take(argv[i], &status, error)) argv[kept++] = argv[i];
    argv[kept] = nullptr;
    *argc = kept;
  } catch (const std::exception &e) {
    status = iscc_fail(error, ISCC_ELIBRARY, "ns-3: %s", e.what());
  }
  return status;
}

uint32_t iscc_ns3_command_line_seed(void) {
  return RngSeedManager::GetSeed();
}

uint64_t iscc_ns3_command_line_run(void) {
  return RngSeedManager::GetRun();
}
