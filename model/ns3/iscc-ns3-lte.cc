/* SPDX-License-Identifier: GPL-2.0-only */
/* LTE cells of iscc-ns3-lte.h. */
#include "iscc-ns3-lte.h"

#include <cmath>
#include <set>

#include "iscc-lte-radio.h"
#include "iscc-ns3-state.h"
#include "iscc-ns3-text.h"

void iscc_ns3_lte_defaults(iscc_ns3_lte_settings *settings) {
  *settings = {nullptr, 1, 25, 38, 2};
}

#ifdef ISCC_HAS_LTE

#include "ns3/config.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-enb-rrc.h"
#include "ns3/lte-rlc-um.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/uinteger.h"

using namespace ns3;
using namespace iscc_ns3;

namespace {

constexpr int64_t kFirstStream = int64_t(1) << 43, kStreamsEach = 100;
constexpr uint32_t kBufferBytes = 1 << 20; // holds the largest task
constexpr uint32_t kOwnTurns = 2;          // of a sounding period

iscc_status CheckSettings(const iscc_ns3_lte_settings *s, iscc_error *error) {
  if (!(s->margin_db >= 0 && s->margin_db <= 100))
    return iscc_fail(error, ISCC_EINVAL, "lte margin: %g dB is outside 0..100", s->margin_db);
  const int n = s->resource_blocks;
  if (n != 6 && n != 15 && n != 25 && n != 50 && n != 75 && n != 100)
    return iscc_fail(error, ISCC_EINVAL, "lte resource blocks: %d is not one of 6, 15, 25, 50, 75, 100", n);
  if (!(s->give_up_s >= 0.02 && s->give_up_s <= 3600))
    return iscc_fail(error, ISCC_EINVAL, "lte give up: %g s is outside 0.02..3600", s->give_up_s);
  return ISCC_OK;
}

/* What new objects of a type get, if that is not what ns-3 gave it. */
Ptr<const AttributeValue> FindUsers(TypeId type, const char *name) {
  TypeId::AttributeInformation info;
  if (!type.LookupAttributeByName(name, &info)) return nullptr;
  const bool own = info.initialValue->SerializeToString(info.checker) ==
                   info.originalInitialValue->SerializeToString(info.checker);
  return own ? nullptr : info.initialValue;
}

/* The least period of ns-3's that has a turn for each node, or the user's. ns-3 ends the program on others. */
iscc_status ChooseSounding(uint32_t nodes, uint32_t *periodMs, iscc_error *error) {
  *periodMs = 40; // ns-3's default; shorter ones make the cell no better
  while (*periodMs < nodes + kOwnTurns) *periodMs *= 2;
  Ptr<const UintegerValue> users =
      DynamicCast<const UintegerValue>(FindUsers(LteEnbRrc::GetTypeId(), "SrsPeriodicity"));
  if (!users) return ISCC_OK;
  static const std::set<uint64_t> periods{2, 5, 10, 20, 40, 80, 160, 320};
  *periodMs = uint32_t(users->Get());
  if (periods.count(*periodMs) == 0 || *periodMs < nodes + kOwnTurns)
    return iscc_fail(
        error, ISCC_EINVAL,
        "ns3::LteEnbRrc::SrsPeriodicity: %u ms is not one of 2, 5, 10, 20, 40, 80, 160, 320 or less "
        "than %u nodes and %u",
        unsigned(*periodMs), unsigned(nodes), unsigned(kOwnTurns));
  return ISCC_OK;
}

/* The eNB, when it is there, gives each node its turn as the simulation runs. */
iscc_status Resize(IsccLteNetwork *network, uint32_t nodes, iscc_error *error) {
  if (nodes < 1 || nodes > ISCC_NS3_LTE_NODES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "lte nodes: %u is outside 1..%d", unsigned(nodes),
                     int(ISCC_NS3_LTE_NODES_MAX));
  if (nodes < network->nodes)
    return iscc_fail(error, ISCC_EINVAL, "lte nodes: %u are fewer than the %u that are there",
                     unsigned(nodes), unsigned(network->nodes));
  const iscc_status status = ChooseSounding(nodes, &network->soundingMs, error);
  if (status) return status;
  network->nodesMax = nodes;
  if (network->enb)
    DynamicCast<LteEnbNetDevice>(network->enb)
        ->GetRrc()
        ->SetAttribute("SrsPeriodicity", UintegerValue(network->soundingMs));
  return ISCC_OK;
}

/* ns-3's helper makes a loss model of its own; this one loses nothing, and the chain goes before it. */
void SetLoss(Ptr<LteHelper> lte, Ptr<PropagationLossModel> first) {
  std::vector<Ptr<PropagationLossModel>> chain;
  for (Ptr<PropagationLossModel> model = first; model; model = model->GetNext()) chain.push_back(model);
  lte->SetPathlossModelType(LogDistancePropagationLossModel::GetTypeId());
  lte->SetPathlossModelAttribute("Exponent", DoubleValue(0));
  lte->SetPathlossModelAttribute("ReferenceLoss", DoubleValue(0));
  lte->Initialize();
  for (auto model = chain.rbegin(); model != chain.rend(); ++model) {
    lte->GetDownlinkSpectrumChannel()->AddPropagationLossModel(*model);
    lte->GetUplinkSpectrumChannel()->AddPropagationLossModel(*model);
  }
}

Ptr<NetDevice> MakeServerSide(Ptr<IsccLteNetwork> network, Ptr<Node> server) {
  Ptr<Node> site = CreateObject<Node>();
  Ptr<ConstantPositionMobilityModel> place = CreateObject<ConstantPositionMobilityModel>();
  place->SetPosition(server->GetObject<MobilityModel>()->GetPosition());
  Stand(site, place);
  NetDeviceContainer enb = network->lte->InstallEnbDevice(site);
  network->lte->AssignStreams(enb, network->streams + kStreamsEach);
  network->enb = enb.Get(0);
  DynamicCast<LteEnbNetDevice>(network->enb)
      ->GetRrc()
      ->SetAttribute("SrsPeriodicity", UintegerValue(network->soundingMs));
  network->MeetEnb();
  PointToPointHelper link;
  link.SetDeviceAttribute("DataRate", StringValue("10Gb/s"));
  link.SetDeviceAttribute("Mtu", UintegerValue(1500));
  link.SetChannelAttribute("Delay", StringValue("0s"));
  network->hub = link.Install(network->epc->GetPgwNode(), server).Get(1);
  return network->hub;
}

Ptr<NetDevice> MakeUe(Ptr<IsccLteNetwork> network, Ptr<Node> node) {
  NetDeviceContainer ue = network->lte->InstallUeDevice(node);
  network->lte->AssignStreams(ue, network->streams + kStreamsEach * (2 + network->nodes++));
  return ue.Get(0);
}

} // namespace

iscc_status iscc_ns3_lte_create(const iscc_ns3_lte_settings *s, iscc_ns3_handle *network, iscc_error *error) {
  *network = {0, 0};
  return Guard(error, [&] {
    iscc_status status = CheckSettings(s, error);
    if (status) return status;
    Ptr<PropagationLossModel> loss;
    status = IsccMakeLossChain(s->loss_chain ? s->loss_chain : "", &loss, error);
    if (status) return status;
    if (!loss) loss = CreateObject<LogDistancePropagationLossModel>();
    Ptr<IsccLteNetwork> n = CreateObject<IsccLteNetwork>();
    status = Resize(PeekPointer(n), s->nodes, error);
    if (status) return status;
    if (g_simulation->lte)
      return iscc_fail(error, ISCC_ESTATE,
                       "lte: there is a cell already, and ns-3's core network gives each the same addresses");
    if (!FindUsers(LteRlcUm::GetTypeId(), "MaxTxBufferSize")) // ns-3 makes these later on, out of reach
      Config::SetDefault("ns3::LteRlcUm::MaxTxBufferSize", UintegerValue(kBufferBytes));
    n->streams = kFirstStream + TakeNetworkStreams();
    IsccAssignStreams(loss, n->streams);
    g_simulation->lte = true;
    n->lte = CreateObject<LteHelper>();
    n->epc = CreateObject<PointToPointEpcHelper>();
    n->lte->SetEpcHelper(n->epc);
    n->lte->SetEnbDeviceAttribute("DlBandwidth", UintegerValue(s->resource_blocks));
    n->lte->SetEnbDeviceAttribute("UlBandwidth", UintegerValue(s->resource_blocks));
    SetLoss(n->lte, loss);
    n->loss = loss;
    n->uplink.margin = std::pow(10, 0.1 * s->margin_db);
    n->giveUpS = s->give_up_s;
    n->resourceBlocks = s->resource_blocks;
    *network = Keep(n);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_lte_resize(iscc_ns3_handle network, uint32_t nodes, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccLteNetwork> w = Find<IsccLteNetwork>(network);
    return w ? Resize(PeekPointer(w), nodes, error) : Stale(error, "LTE cell");
  });
}

iscc_status iscc_ns3_lte_install(iscc_ns3_handle node, iscc_ns3_handle network, bool hub,
                                 iscc_ns3_handle *device, iscc_error *error) {
  *device = {0, 0};
  return Guard(error, [&] {
    Ptr<Node> n = Find<Node>(node);
    Ptr<IsccLteNetwork> w = Find<IsccLteNetwork>(network);
    if (!n) return Stale(error, "node");
    if (!w) return Stale(error, "LTE cell");
    if (!n->GetObject<MobilityModel>())
      return iscc_fail(error, ISCC_ESTATE, "lte: the node needs a place; install mobility first");
    if (hub && w->hub) return iscc_fail(error, ISCC_ESTATE, "lte: the cell has a hub already");
    if (!hub && !w->hub) return iscc_fail(error, ISCC_ESTATE, "lte: the cell needs its hub first");
    if (!hub && w->nodes == w->nodesMax)
      return iscc_fail(error, ISCC_EINVAL, "lte: the cell was made for %u nodes", unsigned(w->nodesMax));
    const iscc_status gain = hub ? ISCC_OK : IsccExpectGain(w->loss, n, w->hub->GetNode(), "lte", error);
    if (gain) return gain;
    Ptr<NetDevice> d = hub ? MakeServerSide(w, n) : MakeUe(w, n);
    Ptr<IsccLteRadio> radio = CreateObject<IsccLteRadio>();
    radio->Watch(d, w);
    d->AggregateObject(radio);
    *device = Keep(d);
    return ISCC_OK;
  });
}

#else

iscc_status iscc_ns3_lte_create(const iscc_ns3_lte_settings *, iscc_ns3_handle *network, iscc_error *error) {
  *network = {0, 0};
  return iscc_fail(error, ISCC_ELIBRARY, "lte: this ns-3 has no module lte; shannon and wifi do without");
}

iscc_status iscc_ns3_lte_resize(iscc_ns3_handle, uint32_t, iscc_error *error) {
  return iscc_fail(error, ISCC_ELIBRARY, "lte: this ns-3 has no module lte; shannon and wifi do without");
}

iscc_status iscc_ns3_lte_install(iscc_ns3_handle, iscc_ns3_handle, bool, iscc_ns3_handle *device,
                                 iscc_error *error) {
  *device = {0, 0};
  return iscc_fail(error, ISCC_ELIBRARY, "lte: this ns-3 has no module lte; shannon and wifi do without");
}

#endif
