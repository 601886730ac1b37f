/* SPDX-License-Identifier: GPL-2.0-only */
/* The places of iscc-ns3.h: mobility, waypoints, buildings. */
#include <cmath>

#include "iscc-ns3-state.h"
#include "iscc-ns3-text.h"
#include "iscc-ns3-trial.h"
#include "ns3/boolean.h"
#include "ns3/building-list.h"
#include "ns3/building.h"
#include "ns3/mobility-building-info.h"
#include "ns3/mobility-model.h"
#include "ns3/rectangle.h"
#include "ns3/simulator.h"
#include "ns3/waypoint-mobility-model.h"

using namespace ns3;
using namespace iscc_ns3;

void iscc_ns3::Stand(Ptr<Node> node, Ptr<MobilityModel> model) {
  node->AggregateObject(model);
  Ptr<MobilityBuildingInfo> info = CreateObject<MobilityBuildingInfo>();
  model->AggregateObject(info);
  info->MakeConsistent(model);
}

/* ---- buildings ---- */

static bool Touch(const Box &a, const Box &b) {
  return a.xMin <= b.xMax && b.xMin <= a.xMax && a.yMin <= b.yMax && b.yMin <= a.yMax && a.zMin <= b.zMax &&
         b.zMin <= a.zMax;
}

/* ns-3 ends the program when a node is in two buildings at once. */
static iscc_status CheckBuilding(Ptr<const Building> building, iscc_error *error) {
  const Box box = building->GetBoundaries();
  if (!(box.xMin < box.xMax && box.yMin < box.yMax && box.zMin < box.zMax))
    return iscc_fail(error, ISCC_EINVAL,
                     "ns3::Building: needs Boundaries=x0|x1|y0|y1|z0|z1, each pair increasing");
  for (auto other = BuildingList::Begin(); other != BuildingList::End(); ++other)
    if (*other != building && Touch(box, (*other)->GetBoundaries()))
      return iscc_fail(error, ISCC_EINVAL, "ns3::Building: number %u overlaps or touches number %u",
                       building->GetId(), (*other)->GetId());
  return ISCC_OK;
}

iscc_status iscc_ns3_buildings_create(const char *buildings, iscc_error *error) {
  return Guard(error, [&] {
    iscc_status status = ISCC_OK;
    for (const std::string &text : IsccTexts(buildings)) {
      Ptr<Building> building;
      status = IsccMake(text, &building, error);
      if (!status) status = CheckBuilding(building, error);
      if (status) break;
    }
    return status;
  });
}

/* ---- mobility ---- */

/* ns-3 moves a walker forever on the spot when it starts on its walls or outside them. */
static bool WithinBounds(Ptr<MobilityModel> model, const Vector &place) {
  RectangleValue bounds;
  if (!model->GetAttributeFailSafe("Bounds", bounds)) return true;
  const Rectangle r = bounds.Get();
  return place.x > r.xMin && place.x < r.xMax && place.y > r.yMin && place.y < r.yMax;
}

/* Puts a model on a node, first in a child: models that lack a part (an allocator, a parent) crash. */
static iscc_status Place(Ptr<Node> node, Ptr<MobilityModel> model, const char *type, const Vector &place,
                         iscc_error *error) {
  if (!WithinBounds(model, place))
    return iscc_fail(error, ISCC_EINVAL, "position: (%g, %g) is not inside the Bounds of '%s'", place.x,
                     place.y, type);
  const auto put = [&] { // with streams of the node, not of how many objects this process has made before
    model->AssignStreams((int64_t(1) << 40) + 64 * int64_t(node->GetId()));
    model->SetPosition(place);
    iscc_ns3::Stand(node, model);
  };
  const bool works = IsccSurvives([&] {
    put();
    model->Initialize();
    const Vector at = model->GetPosition();
    return std::isfinite(at.x) && std::isfinite(at.y) && std::isfinite(at.z);
  });
  if (!works)
    return iscc_fail(error, ISCC_EINVAL,
                     "'%s': ns-3 cannot place a node by it; does it need another object or attribute?", type);
  put();
  return ISCC_OK;
}

iscc_status iscc_ns3_mobility_install(iscc_ns3_handle node, const char *type, const double position_m[3],
                                      iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Node> n = Find<Node>(node);
    if (!n) return Stale(error, "node");
    for (int i = 0; i < 3; i++)
      if (!(std::fabs(position_m[i]) <= 1e9))
        return iscc_fail(error, ISCC_EINVAL, "position: %g is outside -1e9..1e9 m", position_m[i]);
    if (n->GetObject<MobilityModel>())
      return iscc_fail(error, ISCC_ESTATE, "mobility: the node has a model already");
    Ptr<MobilityModel> model;
    const iscc_status status = IsccMake(type, &model, error);
    if (status) return status;
    return Place(n, model, type, Vector(position_m[0], position_m[1], position_m[2]), error);
  });
}

iscc_status iscc_ns3_waypoints_install(iscc_ns3_handle node, const iscc_waypoint *waypoints, size_t count,
                                       iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Node> n = Find<Node>(node);
    if (!n) return Stale(error, "node");
    if (n->GetObject<MobilityModel>())
      return iscc_fail(error, ISCC_ESTATE, "mobility: the node has a model already");
    bool increasing = count >= 1 && waypoints[0].time_ns == Simulator::Now().GetNanoSeconds();
    for (size_t i = 1; i < count && increasing; i++)
      increasing = waypoints[i].time_ns > waypoints[i - 1].time_ns;
    if (!increasing)
      return iscc_fail(error, ISCC_EINVAL, "waypoints: their times do not increase from the present on");
    Ptr<WaypointMobilityModel> model =
        CreateObjectWithAttributes<WaypointMobilityModel>("LazyNotify", BooleanValue(true));
    for (size_t i = 0; i < count; i++) {
      const double *p = waypoints[i].position_m;
      model->AddWaypoint(Waypoint(NanoSeconds(waypoints[i].time_ns), Vector(p[0], p[1], p[2])));
    }
    Stand(n, model);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_position(iscc_ns3_handle node, double position_m[3], iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Node> n = Find<Node>(node);
    if (!n) return Stale(error, "node");
    Ptr<MobilityModel> model = n->GetObject<MobilityModel>();
    if (!model) return iscc_fail(error, ISCC_ESTATE, "position: the node has no mobility model");
    const Vector p = model->GetPosition();
    position_m[0] = p.x;
    position_m[1] = p.y;
    position_m[2] = p.z;
    return ISCC_OK;
  });
}
