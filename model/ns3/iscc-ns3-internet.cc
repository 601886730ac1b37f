/* SPDX-License-Identifier: GPL-2.0-only */
/* The internet part of iscc-ns3.h: addresses and UDP. */
#include <cmath>
#include <sstream>

#include "iscc-ns3-state.h"
#include "iscc-radio.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/udp-socket-factory.h"

using namespace ns3;
using namespace iscc_ns3;

namespace {

constexpr int kIpv4LeastMtu = 68; // RFC 791

void OnReadable(UdpEnd *end, Ptr<Socket> socket) {
  Address from;
  while (Ptr<Packet> packet = socket->RecvFrom(from)) {
    if (!end->fn) continue;
    end->buffer.resize(packet->GetSize());
    packet->CopyData(end->buffer.data(), packet->GetSize());
    end->fn(end->ctx, DeviceAt(from), end->buffer.data(), end->buffer.size());
  }
}

/* Makes a device and those of a list that it reaches neighbours of each other. */
void Introduce(Ptr<IsccRadio> radio, const std::vector<Ptr<IsccRadio>> &list) {
  for (const Ptr<IsccRadio> &other : list) {
    if (!radio->Reaches(other)) continue;
    radio->Know(other);
    other->Know(radio);
  }
}

/* ns-3 forgets the neighbours of a Wi-Fi station whenever it joins or leaves. */
void IntroduceAgain(IsccRadio *radio) {
  if (g_simulation) Introduce(radio, g_simulation->hubs);
}

} // namespace

namespace iscc_ns3 {

Address EndOf(Ptr<const IsccRadio> radio, uint16_t port) {
  const Address host = radio->GetAddress();
  if (Ipv4Address::IsMatchingType(host)) return InetSocketAddress(Ipv4Address::ConvertFrom(host), port);
  return Inet6SocketAddress(Ipv6Address::ConvertFrom(host), port);
}

Ptr<IsccRadio> FindAddressed(iscc_ns3_handle device) {
  Ptr<IsccRadio> radio = IsccRadio::Of(Find<NetDevice>(device));
  return radio && !radio->GetAddress().IsInvalid() ? radio : nullptr;
}

iscc_ns3_handle DeviceAt(const Address &from) {
  const Address host = InetSocketAddress::IsMatchingType(from)
                           ? Address(InetSocketAddress::ConvertFrom(from).GetIpv4())
                           : Address(Inet6SocketAddress::ConvertFrom(from).GetIpv6());
  auto it = g_simulation->deviceOfAddress.find(host);
  return it == g_simulation->deviceOfAddress.end() ? iscc_ns3_handle{0, 0} : it->second;
}

} // namespace iscc_ns3

iscc_status iscc_ns3_internet_install(iscc_ns3_handle device, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccRadio> radio = IsccRadio::Of(Find<NetDevice>(device));
    if (!radio) return Stale(error, "device");
    if (!radio->GetAddress().IsInvalid())
      return iscc_fail(error, ISCC_ESTATE, "internet: the device has an address already");
    if (radio->GetDevice()->GetMtu() < kIpv4LeastMtu)
      return iscc_fail(error, ISCC_EINVAL, "internet: the device's Mtu of %d bytes is below IPv4's least, %d",
                       int(radio->GetDevice()->GetMtu()), kIpv4LeastMtu);
    std::map<Address, iscc_ns3_handle> &known = g_simulation->deviceOfAddress;
    while (known.count(Ipv4Address(g_simulation->nextAddress))) g_simulation->nextAddress++;
    radio->JoinInternet(Ipv4Address(g_simulation->nextAddress++));
    if (!known.emplace(radio->GetAddress(), device).second)
      return iscc_fail(error, ISCC_EINVAL, "internet: another device has the device's address");
    Introduce(radio, g_simulation->hubs);
    if (radio->IsHub())
      Introduce(radio, g_simulation->others);
    else
      radio->GetDevice()->AddLinkChangeCallback(MakeBoundCallback(&IntroduceAgain, PeekPointer(radio)));
    (radio->IsHub() ? g_simulation->hubs : g_simulation->others).push_back(radio);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_address(iscc_ns3_handle device, char *text, size_t n, iscc_error *error) {
  return Guard(error, [&] {
    if (!Find<NetDevice>(device)) return Stale(error, "device");
    Ptr<IsccRadio> radio = FindAddressed(device);
    if (!radio) return iscc_fail(error, ISCC_ESTATE, "address: install the internet stack first");
    std::ostringstream out;
    if (Ipv4Address::IsMatchingType(radio->GetAddress()))
      out << Ipv4Address::ConvertFrom(radio->GetAddress());
    else
      out << Ipv6Address::ConvertFrom(radio->GetAddress());
    snprintf(text, n, "%s", out.str().c_str());
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_udp_open(iscc_ns3_handle device, uint16_t port, iscc_ns3_received *fn, void *ctx,
                              iscc_ns3_handle *socket, iscc_error *error) {
  *socket = {0, 0};
  return Guard(error, [&] {
    Ptr<NetDevice> d = Find<NetDevice>(device);
    if (!d) return Stale(error, "device");
    Ptr<IsccRadio> radio = FindAddressed(device);
    if (!radio) return iscc_fail(error, ISCC_ESTATE, "udp: install the internet stack first");
    auto end = std::make_unique<UdpEnd>();
    end->socket = Socket::CreateSocket(d->GetNode(), UdpSocketFactory::GetTypeId());
    end->socket->BindToNetDevice(d); // a node may have several, all of one subnet; before Bind(), which else
    if (end->socket->Bind(
            EndOf(radio, port))) // takes a port twice, and ns-3 ends at the first datagram to it
      return iscc_fail(error, ISCC_ESTATE, "udp: port %u of the device is taken", port);
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
    Ptr<IsccRadio> peer = FindAddressed(to);
    if (!s) return Stale(error, "socket");
    if (!peer) return Stale(error, "device with an address");
    Ptr<IsccRadio> radio = IsccRadio::Of(s->GetBoundNetDevice());
    if (!radio->Reaches(peer))
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
    if (s->SendTo(packet, 0, EndOf(peer, port)) >= 0) return ISCC_OK;
    radio->Forget(packet);
    return iscc_fail(error, ISCC_EIO, "udp: ns-3 did not take the datagram (socket error %d)",
                     int(s->GetErrno()));
  });
}
