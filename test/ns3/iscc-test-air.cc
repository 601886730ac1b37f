/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-test-air.h"

#include <cstdio>

#include "iscc-ns3.h"
#include "ns3/net-device.h"
#include "ns3/node-list.h"
#include "ns3/node.h"
#include "ns3/ns2-mobility-helper.h"
#include "ns3/packet.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-psdu.h"
#if !defined ISCC_WITHOUT_LTE && __has_include("ns3/lte-helper.h")
#include "ns3/lte-spectrum-phy.h"
#include "ns3/lte-spectrum-signal-parameters.h"
#include "ns3/lte-ue-net-device.h"
#include "ns3/lte-ue-phy.h"
#include "ns3/spectrum-channel.h"
#endif

using namespace ns3;

bool iscc_test_ns3_before(int minor) {
  int is;
  return std::sscanf(iscc_ns3_version(), "3.%d", &is) == 1 && is < minor;
}

static Ptr<NetDevice> DeviceOf(uint32_t node) {
  return NodeList::GetNode(node)->GetDevice(0);
}

bool iscc_test_broadcast(uint32_t node, uint32_t n_bytes) {
  Ptr<NetDevice> device = DeviceOf(node);
  return device->Send(Create<Packet>(n_bytes), device->GetBroadcast(), 0x88b5); // of local experiments
}

bool iscc_test_set_mtu(uint32_t node, uint16_t n_bytes) {
  return DeviceOf(node)->SetMtu(n_bytes);
}

uint16_t iscc_test_mtu(uint32_t node) {
  return DeviceOf(node)->GetMtu();
}

void iscc_test_move(const char *file, uint32_t nodes) {
  Ns2MobilityHelper(file).Install(NodeList::Begin(), NodeList::Begin() + nodes);
}

static void OnState(iscc_test_radio *radio, Time, Time duration, WifiPhyState state) {
  if (state == WifiPhyState::TX) radio->tx_s += duration.GetSeconds();
  if (state == WifiPhyState::RX) radio->rx_s += duration.GetSeconds();
}

static void OnFrame(iscc_test_radio *radio, WifiPhy *phy, WifiConstPsduMap psdus, WifiTxVector vector,
                    double powerW) {
  radio->tx_j += powerW * WifiPhy::CalculateTxDuration(psdus, vector, phy->GetPhyBand()).GetSeconds();
}

void iscc_test_watch_radio(uint32_t node, iscc_test_radio *radio) {
  WifiPhy *phy = PeekPointer(DynamicCast<WifiNetDevice>(DeviceOf(node))->GetPhy());
  *radio = {};
  phy->GetState()->TraceConnectWithoutContext("State", MakeBoundCallback(&OnState, radio));
  phy->TraceConnectWithoutContext("PhyTxPsduBegin", MakeBoundCallback(&OnFrame, radio, phy));
}

#if !defined ISCC_WITHOUT_LTE && __has_include("ns3/lte-helper.h")

static void OnSignal(iscc_test_uplink *uplink, SpectrumPhy *phy, Ptr<SpectrumSignalParameters> signal) {
  if (PeekPointer(signal->txPhy) != phy) return;
  const double seconds = signal->duration.GetSeconds(), joules = Integral(*signal->psd) * seconds;
  Ptr<LteSpectrumSignalParametersDataFrame> data = DynamicCast<LteSpectrumSignalParametersDataFrame>(signal);
  if (!data) uplink->sounding_j += joules;
  if (!data || !data->packetBurst) return;
  uplink->data_j += joules;
  uplink->data_s += seconds;
  uplink->data_bits += 8.0 * data->packetBurst->GetSize();
  uplink->blocks++;
}

static Ptr<LteUeNetDevice> FindUe(uint32_t ue) {
  for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    for (uint32_t i = 0; i < (*node)->GetNDevices(); i++)
      if (Ptr<LteUeNetDevice> device = DynamicCast<LteUeNetDevice>((*node)->GetDevice(i)))
        if (ue-- == 0) return device;
  return nullptr;
}

void iscc_test_watch_uplink(uint32_t ue, iscc_test_uplink *uplink) {
  Ptr<LteSpectrumPhy> phy = FindUe(ue)->GetPhy()->GetUplinkSpectrumPhy();
  *uplink = {};
  phy->GetChannel()->TraceConnectWithoutContext(
      "TxSigParams", MakeBoundCallback(&OnSignal, uplink, static_cast<SpectrumPhy *>(PeekPointer(phy))));
}

#else

void iscc_test_watch_uplink(uint32_t, iscc_test_uplink *uplink) {
  *uplink = {};
}

#endif
