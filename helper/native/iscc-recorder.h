/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-recorder - the tasks of native edge nodes into the database of their scenario. C++ only.
 *
 * As the C examples record: the run is in the database whole, or not at all. Its parameters are the scenario's with the
 * attributes that the first node, its device and the server have when the first task is over, under "attributes".
 * Errors: throws IsccError. */
#ifndef ISCC_RECORDER_H
#define ISCC_RECORDER_H

#ifdef __cplusplus

#include <string>
#include <vector>

#include "iscc-helper.h"
#include "iscc-record.h"
#include "ns3/vector.h"

namespace ns3 {

class IsccRecorder {
public:
  /* Before the run, when nodes have their places: opens the database; empty: that of the scenario. The helper must outlive
   * it. */
  IsccRecorder(const IsccHelper &helper, const std::string &program, Ptr<IsccServer> server,
               const ApplicationContainer &nodes, const std::string &database = "");
  IsccRecorder(const IsccRecorder &) = delete;
  IsccRecorder &operator=(const IsccRecorder &) = delete;
  ~IsccRecorder(); // drops what was not ended

  /* After the run, before Simulator::Destroy(): finishes the nodes and writes all. Returns the run's key in the
   * database. */
  int64_t End();

private:
  void OnTask(const iscc_task &task);
  iscc_status Begin(iscc_error *error);
  std::string GetParameters() const;
  Ptr<IsccEdgeNode> At(uint32_t i) const;

  const IsccHelper &m_helper;
  std::string m_program;
  Ptr<IsccServer> m_server;
  ApplicationContainer m_nodes;
  std::vector<Vector> m_places;
  iscc_record *m_record{nullptr};
  bool m_begun{false};
  iscc_status m_status{ISCC_OK}; // of the first row that could not be kept
  iscc_error m_error{};
};

} // namespace ns3

#endif
#endif
