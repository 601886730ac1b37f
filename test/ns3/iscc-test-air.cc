/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-test-air.h"

#include "ns3/net-device.h"
#include "ns3/node-list.h"
#include "ns3/node.h"
#include "ns3/ns2-mobility-helper.h"
#include "ns3/packet.h"

using namespace ns3;

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
