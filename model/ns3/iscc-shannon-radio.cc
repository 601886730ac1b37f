/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-shannon-radio.h"

#include "iscc-problem.h"
#include "ns3/trace-helper.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccShannonRadio);

TypeId IsccShannonRadio::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccShannonRadio").SetParent<IsccRadio>().SetGroupName("Iscc");
  return tid;
}

Ptr<NetDevice> IsccShannonRadio::GetDevice() const {
  return m_device;
}

bool IsccShannonRadio::IsHub() const {
  return m_device->IsHub();
}

void IsccShannonRadio::SetTransmitted(iscc_ns3_transmitted *fn, void *ctx) {
  m_device->SetTransmitted(fn, ctx);
}

bool IsccShannonRadio::WritePcap(const std::string &name) {
  PcapHelper helper;
  Ptr<PcapFileWrapper> file = helper.CreateFile(name, std::ios::out, PcapHelper::DLT_EN10MB);
  helper.HookDefaultSink<IsccNetDevice>(m_device, "PromiscSniffer", file);
  return true;
}

Ptr<DeviceEnergyModel> IsccShannonRadio::DrawFrom(Ptr<EnergySource> source, Ptr<IsccEnergyModel> load) {
  m_device->SetDraw([this](double powerW) { Draw(powerW); });
  return IsccRadio::DrawFrom(source, load);
}

void IsccShannonRadio::SwitchOff() {
  m_device->SwitchOff();
}

void IsccShannonRadio::Prepare(Ptr<Packet> packet, const iscc_ns3_send_options &options) {
  IsccTransmissionTag tag;
  tag.powerW = options.power_w;
  tag.chargedBits = options.charged_bits;
  tag.token = options.token;
  packet->AddPacketTag(tag);
}

iscc_status IsccShannonRadio::GetUplink(Ptr<NetDevice> hub, iscc_link *link, iscc_error *error) const {
  Ptr<IsccNetDevice> h = DynamicCast<IsccNetDevice>(hub);
  if (!h || h == m_device || h->GetChannel() != m_device->GetChannel())
    return iscc_fail(error, ISCC_ESTATE, "link: its ends are not two devices of one channel");
  const double bandwidth = m_device->GetBandwidthHz();
  const IsccNetDevice::Link now = m_device->GetLink(h);
  const double snrPerW = now.gain / m_device->GetNoiseW();
  const iscc_uplink answer = {ISCC_UPLINK_SHANNON, bandwidth, snrPerW, nullptr, nullptr, 0, 0};
  *link = {};
  link->bandwidth_hz = bandwidth;
  link->snr_per_w = snrPerW;
  link->fading = now.fading;
  link->shadowing = now.shadowing;
  link->propagation_s = DynamicCast<IsccChannel>(m_device->GetChannel())->GetDelay(m_device, h).GetSeconds();
  link->answer_rate_bps = iscc_uplink_rate_bps(&answer, h->GetTxPowerW());
  link->datagram_overhead_bytes = ISCC_NS3_UDP_OVERHEAD_BYTES;
  link->datagram_max_bytes = ISCC_NS3_UDP_MAX_BYTES;
  return ISCC_OK;
}

} // namespace ns3
