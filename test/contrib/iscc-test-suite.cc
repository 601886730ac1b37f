/* SPDX-License-Identifier: GPL-2.0-only */
/* The Check suites as ns-3's suite "iscc", each in a process of its own: a process can simulate only once from the
 * same random state. They are one case, since ns-3 leaves out the cases after one that failed. Tests tagged slow
 * are left out, unless the environment sets CK_EXCLUDE_TAGS; limits of time are tenfold, unless it sets
 * CK_TIMEOUT_MULTIPLIER: ns-3 may be built without optimization. */
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <sys/wait.h>

#include "iscc-test-suites.h"
#include "ns3/test.h"

namespace {

class IsccCheckSuites : public ns3::TestCase {
public:
  IsccCheckSuites() : TestCase("Check suites") {}

private:
  void DoRun() override;
  void RunSuite(const std::string &stem);
};

void IsccCheckSuites::RunSuite(const std::string &stem) {
  enum { NOTHING_RUN = 3 }; // of iscc-test-main.c
  const std::string command = "'" ISCC_TEST_RUNNER "' " + stem + " 2>&1";
  std::string output;
  char part[4096];
  FILE *pipe = popen(command.c_str(), "r");
  NS_TEST_ASSERT_MSG_NE(pipe, nullptr, "cannot start " << command);
  while (fgets(part, sizeof part, pipe)) output += part;
  const int status = pclose(pipe);
  if (WIFEXITED(status) && WEXITSTATUS(status) == NOTHING_RUN)
    std::cerr << "iscc: suite " << stem << " skipped, tags and names leave none of its tests" << std::endl;
  else
    NS_TEST_EXPECT_MSG_EQ(status, 0, "suite " << stem << ":\n" << output);
}

void IsccCheckSuites::DoRun() {
  setenv("CK_EXCLUDE_TAGS", "slow", 0);
  setenv("CK_TIMEOUT_MULTIPLIER", "10", 0);
#define ISCC_RUN_SUITE(stem, function) RunSuite(stem);
  ISCC_TEST_SUITES(ISCC_RUN_SUITE)
#undef ISCC_RUN_SUITE
}

class IsccTestSuite : public ns3::TestSuite {
public:
  IsccTestSuite() : TestSuite("iscc", Type::SYSTEM) {
    AddTestCase(new IsccCheckSuites);
  }
};

IsccTestSuite g_isccTestSuite;

} // namespace
