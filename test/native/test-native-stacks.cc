/* SPDX-License-Identifier: GPL-2.0-only */
/* A helper as it is made, on each of the stacks. */
#include <cmath>
#include <vector>

#include "iscc-lte-radio.h"
#include "iscc-native-cell.h"
#include "iscc-run-program.h"
#include "ns3/double.h"
#include "ns3/mobility-helper.h"
#include "ns3/mobility-model.h"
#include "ns3/node-list.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#ifdef ISCC_HAS_LTE
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-enb-rrc.h"
#endif

// last: a macro of its is a word of C++ headers
#include <check.h>

using namespace ns3;

static const char *const stacks[] = {"shannon", "wifi", "lr-wpan", "lte"};

/* Nodes 20 m from their server; all else as the helper has it. */
struct PlainCell {
  PlainCell(const char *stack, uint32_t count, uint64_t tasks, const char *loss = nullptr)
      : server(CreateObject<Node>()), nodes(count) {
    MobilityHelper mobility;
    mobility.Install(server);
    mobility.Install(nodes);
    for (uint32_t i = 0; i < count; i++)
      nodes.Get(i)->GetObject<MobilityModel>()->SetPosition(Vector(20, i, 0));
    helper.SetUplink(stack);
    if (loss) helper.SetPropagation(loss);
    helper.SetServerAttribute("Inference", StringValue("model"));
    helper.SetNodeAttribute("Tasks", UintegerValue(tasks));
    helper.SetNodeAttribute("Arrivals", StringValue("periodic"));
    helper.SetNodeAttribute("MaxLatency", TimeValue(Seconds(5))); // enough for 250 kbit/s
    helper.InstallHub(server);
    helper.InstallDevices(nodes);
    apps = helper.InstallNodes(nodes, helper.InstallServer(server));
    for (uint32_t i = 0; i < count; i++)
      apps.Get(i)->SetStartTime(Seconds(2 + 0.3 * i)); // all have joined, and the server is free
  }

  IsccHelper helper;
  Ptr<Node> server;
  NodeContainer nodes;
  ApplicationContainer apps;
};

static void count_done(std::vector<int> *done, const iscc_task &task) {
  done->at(task.node) += task.outcome == ISCC_OUTCOME_DONE;
}

/* The last task is over by then, on every stack; access points and eNBs go on. */
START_TEST(three_nodes_of_a_plain_helper_do_their_tasks_and_end) {
  PlainCell cell(stacks[_i], 3, 2);
  std::vector<int> done(3);
  for (uint32_t i = 0; i < 3; i++)
    cell.apps.Get(i)->TraceConnectWithoutContext("TaskFinished", MakeBoundCallback(&count_done, &done));
  Simulator::Stop(Seconds(40));
  IsccRun(cell.apps);
  ck_assert_double_lt(Simulator::Now().GetSeconds(), 10);
  for (int count : done) ck_assert_int_eq(count, 2);
}
END_TEST

START_TEST(a_run_until_idle_is_of_edge_nodes) {
  PlainCell cell("shannon", 1, 0);
  IsccRun(cell.apps); // no tasks are no work
  ck_assert_double_eq(Simulator::Now().GetSeconds(), 2);
  IsccRun(cell.apps);
  ck_assert_double_eq(Simulator::Now().GetSeconds(), 2);
  ExpectText(Thrown([&] { IsccRun(ApplicationContainer(cell.server->GetApplication(0))); }),
             "application 0 is no IsccEdgeNode");
}
END_TEST

namespace ns3 {

/* A loss of the program's own. */
class TestWall : public PropagationLossModel {
public:
  static TypeId GetTypeId() {
    static TypeId tid = TypeId("ns3::TestWall")
                            .SetParent<PropagationLossModel>()
                            .AddConstructor<TestWall>()
                            .AddAttribute("Loss", "dB", DoubleValue(1), MakeDoubleAccessor(&TestWall::m_loss),
                                          MakeDoubleChecker<double>());
    return tid;
  }

private:
  double DoCalcRxPower(double dbm, Ptr<MobilityModel>, Ptr<MobilityModel>) const override {
    return dbm - m_loss;
  }
  int64_t DoAssignStreams(int64_t) override {
    return 0;
  }
  double m_loss{1};
};

NS_OBJECT_ENSURE_REGISTERED(TestWall);

} // namespace ns3

START_TEST(a_loss_of_the_programs_own_goes_by_its_name) {
  PlainCell cell("shannon", 1, 0, "ns3::TestWall[Loss=30];ns3::TestWall[Loss=7]");
  iscc_ns3_link_state link;
  ck_assert_int_eq(iscc_ns3_link(IsccHandleOf(cell.nodes.Get(0)->GetDevice(0)),
                                 IsccHandleOf(cell.server->GetDevice(0)), &link, NULL),
                   ISCC_OK);
  ck_assert_double_eq_tol(link.gain, std::pow(10, -3.7), 1e-9);
}
END_TEST

#ifdef ISCC_HAS_LTE
static uint64_t sounding_period_ms() {
  for (uint32_t i = 0; i < NodeList::GetNNodes(); i++)
    for (uint32_t k = 0; k < NodeList::GetNode(i)->GetNDevices(); k++)
      if (Ptr<LteEnbNetDevice> enb = DynamicCast<LteEnbNetDevice>(NodeList::GetNode(i)->GetDevice(k)))
        return enb->GetRrc()->GetSrsPeriodicity();
  return 0;
}

/* Its period has a turn for each of the nodes, and two of ns-3's own. */
START_TEST(an_lte_cell_has_room_for_the_nodes_that_are_installed) {
  PlainCell cell("lte", _i ? 39 : 38, 1);
  ck_assert_uint_eq(sounding_period_ms(), _i ? 80 : 40);
}
END_TEST
#endif

extern "C" Suite *iscc_suite_native_stacks(void) {
  Suite *suite = suite_create("native-stacks");
  TCase *tc = tcase_create("native-stacks");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, three_nodes_of_a_plain_helper_do_their_tasks_and_end, 0, 4);
  tcase_add_test(tc, a_run_until_idle_is_of_edge_nodes);
  tcase_add_test(tc, a_loss_of_the_programs_own_goes_by_its_name);
#ifdef ISCC_HAS_LTE
  tcase_add_loop_test(tc, an_lte_cell_has_room_for_the_nodes_that_are_installed, 0, 2);
#endif
  suite_add_tcase(suite, tc);
  return suite;
}
