// SPDX-License-Identifier: GPL-2.0-only
// A program of somebody else's on the installed ns-3 types: makes a device and reads an attribute of it.
#include <iostream>
#include <iscc-net-device.h>
#include <ns3/double.h>
#include <ns3/object-factory.h>

int main() {
  ns3::ObjectFactory factory("ns3::IsccNetDevice");
  factory.Set("BandwidthHz", ns3::DoubleValue(12345));
  ns3::Ptr<ns3::IsccNetDevice> device = factory.Create<ns3::IsccNetDevice>();
  ns3::DoubleValue width;
  device->GetAttribute("BandwidthHz", width);
  std::cout << width.Get() << " " << device->GetInstanceTypeId().GetName() << std::endl;
  return 0;
}
