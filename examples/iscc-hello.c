/* SPDX-License-Identifier: GPL-2.0-only */
/* The smallest scenario: ns-3 from C, one edge node and its server, ten tasks, what each of them cost. */
#include <argp.h>
#include <stdio.h>

#include "iscc-default-model.h"
#include "iscc-ns3-edge.h"

static void on_task_ended(void *ctx, const iscc_task *t) {
  (void)ctx;
  printf("task %d: %s", (int)t->number, iscc_outcome_name(t->outcome));
  if (t->correct >= 0)
    printf(", split layer %2d, %d bits, %.1f mJ, %.3f s, %s", iscc_task_executed(t)->decision.split,
           iscc_task_executed(t)->decision.bits, 1e3 * (t->sensing_j + t->compute_j + t->uplink_j),
           1e-9 * (double)(t->finish_ns - t->arrival_ns), t->correct ? "right" : "wrong");
  printf("\n");
}

int main(int argc, char **argv) {
  argp_err_exit_status = 2;
  argp_parse(&(struct argp){.doc = "The smallest scenario."}, argc, argv, 0, NULL, NULL);
  iscc_error error = {""};
  iscc_model *model = NULL;
  char path[4096];
  iscc_ns3_handle channel, node[2], device[2];
  iscc_ns3_device_settings at[2];
  iscc_ns3_server *server = NULL;
  iscc_ns3_edge *edge = NULL;
  if (iscc_default_model_path(path, sizeof path, &error) || iscc_model_read(path, &model, &error) ||
      iscc_ns3_begin(1, 1, &error) || iscc_ns3_channel_create(NULL, &channel, &error))
    goto end;
  for (int i = 0; i < 2; i++) { /* the server's side, then the node's */
    iscc_ns3_device_defaults(&at[i]);
    at[i].hub = i == 0;
    at[i].coherence_ns = 1000000000; /* Rayleigh fading, anew every second */
    if (iscc_ns3_node_create(&node[i], &error) ||
        iscc_ns3_device_install(node[i], channel, &at[i], &device[i], &error) ||
        iscc_ns3_internet_install(device[i], &error))
      goto end;
  }
  iscc_node_settings s;
  iscc_node_defaults(&s);
  s.inference = ISCC_INFERENCE_REAL;
  s.arrivals = (iscc_arrivals_settings){ISCC_ARRIVALS_PERIODIC, .interval_s = 1, .count = 10};
  iscc_server_settings hub = {.speed_flops = s.server_speed_flops, .node_max = 1, .inference = s.inference};
  if (!iscc_ns3_link_set_snr(device[1], device[0], 10, &error) && /* 10 dB at 1 W */
      !iscc_ns3_server_create(device[0], &hub, model, &server, &error) &&
      !iscc_ns3_edge_create(device[1], server, &s, model, &(iscc_task_sink){.task_ended = on_task_ended},
                            &edge, &error) &&
      !iscc_edge_node_start(iscc_ns3_edge_machine(edge), &error))
    iscc_ns3_run(0, &error);
end:
  if (error.text[0]) fprintf(stderr, "iscc-hello: %s\n", error.text);
  iscc_ns3_edge_destroy(edge);
  iscc_ns3_server_destroy(server);
  iscc_ns3_end();
  iscc_model_destroy(model);
  return error.text[0] != '\0';
}
