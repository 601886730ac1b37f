/* SPDX-License-Identifier: GPL-2.0-only */
/* The internet part of iscc-ns3.h: addresses and UDP. */
#include <cmath>

#include "iscc-ns3-state.h"
#include "iscc-radio.h"
#include "ns3/arp-cache.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/udp-socket-factory.h"

using namespace ns3;
using namespace iscc_ns3;

namespace {

void OnReadable(UdpEnd *end, Ptr<Socket> socket) {
  Address from;
  while (Ptr<Packet> packet = socket->RecvFrom(from)) {
    if (!end->fn) continue;
    end->buffer.resize(packet->GetSize());
    packet->CopyData(end->buffer.data(), packet->GetSize());
    iscc_ns3_handle device = {0, 0};
    if (InetSocketAddress::IsMatchingType(from)) {
      auto it = g_simulation->deviceOfAddress.find(InetSocketAddress::ConvertFrom(from).GetIpv4().Get());
      if (it != g_simulation->deviceOfAddress.end()) device = it->second;
    }
    end->fn(end->ctx, device, end->buffer.data(), end->buffer.size());
  }
}

Ptr<Ipv4Interface> InterfaceOf(Ptr<NetDevice> device) {
  Ptr<Ipv4L3Protocol> ipv4 = device->GetNode()->GetObject<Ipv4L3Protocol>();
  const int32_t index = ipv4 ? ipv4->GetInterfaceForDevice(device) : -1;
  return index < 0 ? nullptr : ipv4->GetInterface(index);
}

/* So that no ARP exchange takes air time which no plan knows of. */
void AddNeighbour(Ptr<NetDevice> device, Ptr<NetDevice> peer, Ipv4Address address) {
  Ptr<ArpCache> cache = InterfaceOf(device)->GetArpCache();
  ArpCache::Entry *entry = cache->Lookup(address);
  if (!entry) entry = cache->Add(address);
  entry->SetMacAddress(peer->GetAddress());
  entry->MarkPermanent();
}

/* Makes a device and those of a list that it reaches neighbours of each other. */
void Introduce(Ptr<NetDevice> device, Ipv4Address address, const std::vector<Neighbour> &list) {
  Ptr<IsccRadio> radio = IsccRadio::Of(device);
  for (const auto &[other, otherAddress] : list) {
    if (!radio->Reaches(IsccRadio::Of(other))) continue;
    AddNeighbour(device, other, otherAddress);
    AddNeighbour(other, device, address);
  }
}

/* ns-3 forgets the neighbours of a station whenever it joins or leaves. */
void IntroduceAgain(NetDevice *device, Ipv4Address address) {
  if (g_simulation) Introduce(device, address, g_simulation->hubs);
}

Ipv4Address AddressOf(Ptr<NetDevice> device) {
  Ptr<Ipv4Interface> interface = InterfaceOf(device);
  return interface && interface->GetNAddresses() ? interface->GetAddress(0).GetLocal() : Ipv4Address();
}

} // namespace

iscc_status iscc_ns3_internet_install(iscc_ns3_handle device, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<NetDevice> d = Find<NetDevice>(device);
    if (!IsccRadio::Of(d)) return Stale(error, "device");
    const bool hub = IsccRadio::Of(d)->IsHub();
    if (!d->GetNode()->GetObject<Ipv4>()) {
      InternetStackHelper stack;
      stack.SetIpv6StackInstall(false);
      stack.Install(d->GetNode());
    }
    Ptr<Ipv4> ipv4 = d->GetNode()->GetObject<Ipv4>();
    if (ipv4->GetInterfaceForDevice(d) >= 0)
      return iscc_fail(error, ISCC_ESTATE, "internet: the device has an address already");
    const Ipv4Address address(g_simulation->nextAddress++);
    const uint32_t interface = ipv4->AddInterface(d);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, Ipv4Mask("255.0.0.0")));
    ipv4->SetMetric(interface, 1);
    ipv4->SetUp(interface);
    g_simulation->deviceOfAddress[address.Get()] = device;
    Introduce(d, address, g_simulation->hubs);
    if (hub)
      Introduce(d, address, g_simulation->others);
    else
      d->AddLinkChangeCallback(MakeBoundCallback(&IntroduceAgain, PeekPointer(d), address));
    (hub ? g_simulation->hubs : g_simulation->others).emplace_back(d, address);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_address(iscc_ns3_handle device, char *text, size_t n, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<NetDevice> d = Find<NetDevice>(device);
    if (!d) return Stale(error, "device");
    if (!InterfaceOf(d)) return iscc_fail(error, ISCC_ESTATE, "address: install the internet stack first");
    const uint32_t a = AddressOf(d).Get();
    snprintf(text, n, "%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_udp_open(iscc_ns3_handle device, uint16_t port, iscc_ns3_received *fn, void *ctx,
                              iscc_ns3_handle *socket, iscc_error *error) {
  *socket = {0, 0};
  return Guard(error, [&] {
    Ptr<NetDevice> d = Find<NetDevice>(device);
    if (!d) return Stale(error, "device");
    if (!InterfaceOf(d)) return iscc_fail(error, ISCC_ESTATE, "udp: install the internet stack first");
    auto end = std::make_unique<UdpEnd>();
    end->socket = Socket::CreateSocket(d->GetNode(), UdpSocketFactory::GetTypeId());
    if (end->socket->Bind(InetSocketAddress(AddressOf(d), port)))
      return iscc_fail(error, ISCC_ESTATE, "udp: port %u of the node is taken", port);
    end->socket->BindToNetDevice(d); // a node may have several, all of one subnet
    end->fn = fn;
    end->ctx = ctx;
    end->buffer.reserve(65536);
    end->socket->SetRecvCallback(MakeBoundCallback(&OnReadable, end.get()));
    *socket = Keep(end->socket);
    g_simulation->sockets.push_back(std::move(end));
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_udp_send(iscc_ns3_handle socket, iscc_ns3_handle to, uint16_t port, const void *bytes,
                              size_t n_bytes, const iscc_ns3_send_options *options, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Socket> s = Find<Socket>(socket);
    Ptr<NetDevice> peer = Find<NetDevice>(to);
    if (!s) return Stale(error, "socket");
    if (!peer || !InterfaceOf(peer)) return Stale(error, "device with an address");
    Ptr<IsccRadio> radio = IsccRadio::Of(s->GetBoundNetDevice());
    if (!radio->Reaches(IsccRadio::Of(peer)))
      return iscc_fail(error, ISCC_EINVAL,
                       "udp: datagrams go between a hub and another device of its channel");
    if (n_bytes > 65507) return iscc_fail(error, ISCC_EINVAL, "udp: %zu bytes are more than 65507", n_bytes);
    if (options && n_bytes > radio->GetDatagramMaxBytes())
      return iscc_fail(error, ISCC_EINVAL, "udp: %zu bytes with options are more than one frame holds, %zu",
                       n_bytes, radio->GetDatagramMaxBytes());
    if (options && !(std::isfinite(options->power_w) && std::isfinite(options->charged_bits)))
      return iscc_fail(error, ISCC_EINVAL, "udp: power_w %g and charged_bits %g are not both finite",
                       options->power_w, options->charged_bits);
    Ptr<Packet> packet = bytes ? Create<Packet>(static_cast<const uint8_t *>(bytes), n_bytes)
                               : Create<Packet>(uint32_t(n_bytes));
    if (options) radio->Prepare(packet, *options);
    if (s->SendTo(packet, 0, InetSocketAddress(AddressOf(peer), port)) < 0)
      return iscc_fail(error, ISCC_EIO, "udp: ns-3 did not take the datagram (socket error %d)",
                       int(s->GetErrno()));
    return ISCC_OK;
  });
}
