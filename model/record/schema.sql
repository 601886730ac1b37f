-- SPDX-License-Identifier: GPL-2.0-only
-- Result database of iscc. This file is its documentation and what creates it.
--
-- Times ending in _ns are simulated nanoseconds since the start of the run; energies are joules; powers watts. Columns with
-- "wall" in their name hold wall-clock values and the like and differ from run to run; everything else is the same for the same
-- (program, parameters, seed, run, version, model). CHECKs name few values by OR: SQLite makes a table for each longer IN,
-- anew for every row that is inserted.

PRAGMA application_id = 1230193475;                -- "ISCC"
PRAGMA user_version = 7;                           -- schema version; a program refuses versions above its own

CREATE TABLE run (                                 -- one simulation run; appears with all its rows in one transaction
  run_id          INTEGER PRIMARY KEY,             -- key
  program         TEXT    NOT NULL,                -- scenario, e.g. iscc-single-device
  parameters      TEXT    NOT NULL CHECK (json_valid(parameters)), -- JSON object of all options with a meaning for it, units in their names; in "ns3" what of ns-3 is not as ns-3 has it
  seed            INTEGER NOT NULL,                -- ns-3's RngSeed
  run             INTEGER NOT NULL,                -- ns-3's RngRun: the replication
  version         TEXT    NOT NULL,                -- of iscc
  ns3_version     TEXT,                            -- NULL: made without ns-3
  model_path      TEXT,                            -- trained network; NULL: none
  model_sha256    TEXT,                            -- of that file
  status          TEXT    NOT NULL CHECK (status = 'done' OR status = 'interrupted' OR status = 'failed'), -- interrupted: by the user; the tasks that had ended are there
  end_ns          INTEGER NOT NULL,                -- simulated time at the end
  started_wall    TEXT    NOT NULL,                -- wall-clock start, UTC, ISO 8601
  ended_wall      TEXT    NOT NULL                 -- wall-clock end, UTC, ISO 8601
) STRICT;

CREATE TABLE node (                                -- one edge node of a run
  run_id          INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, -- its run
  node_id         INTEGER NOT NULL,                -- 0.. within the run
  scheme          TEXT    NOT NULL,                -- how it decides, e.g. joint
  inference       TEXT    NOT NULL CHECK (inference = 'real' OR inference = 'model'), -- real: sensed and computed; model: drawn from the accuracy model
  target_accuracy REAL    NOT NULL,                -- R_t
  max_latency_s   REAL    NOT NULL,                -- T_max, from arrival to answer
  x_m             REAL    NOT NULL,                -- place at the start, m
  y_m             REAL    NOT NULL,                -- m
  z_m             REAL    NOT NULL,                -- m
  PRIMARY KEY (run_id, node_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX node_scheme ON node (scheme);         -- so that tasks are met scheme by scheme, and need no sorting

CREATE TABLE task (                                -- one task that arrived
  run_id          INTEGER NOT NULL,                -- its run
  node_id         INTEGER NOT NULL,                -- its node
  task_no         INTEGER NOT NULL,                -- 0.. in arrival order at its node
  outcome         TEXT    NOT NULL CHECK (outcome = 'done' OR outcome = 'late' OR outcome = 'infeasible' OR outcome = 'dropped' OR outcome = 'lost' OR outcome = 'unfinished'), -- done: within T_max; late: after; infeasible: no allocation; dropped: queue full; lost: given up; unfinished: the run or the battery ended first
  arrival_ns      INTEGER NOT NULL,                -- when it arrived
  start_ns        INTEGER,                         -- its turn; NULL: never came
  finish_ns       INTEGER NOT NULL,                -- when the outcome was known; -1: never (unfinished)
  latency_s       REAL,                            -- arrival to answer; NULL unless done or late
  wait_ns         INTEGER NOT NULL,                -- realised stages; 0 where not reached
  sensing_ns      INTEGER NOT NULL,                -- T_sen
  compute_ns      INTEGER NOT NULL,                -- device layers
  uplink_ns       INTEGER NOT NULL,                -- first bit sent to last bit at the server
  server_wait_ns  INTEGER NOT NULL,                -- waiting in the server's queue
  server_ns       INTEGER NOT NULL,                -- the server's layers
  answer_ns       INTEGER NOT NULL,                -- the server's answer on its way back
  sensing_j       REAL    NOT NULL,                -- realised energy of the node: sensing
  compute_j       REAL    NOT NULL,                -- device layers, eq. (5)
  uplink_j        REAL    NOT NULL,                -- transmit power times airtime, retransmissions included
  energy_j        REAL    NOT NULL,                -- their sum
  payload_bits    REAL    NOT NULL,                -- quantized features
  sent_bits       REAL    NOT NULL,                -- all on the air from the node, headers and retransmissions included
  datagrams       INTEGER NOT NULL,                -- sent by the node; with TCP its segments, those without data too
  retransmissions INTEGER NOT NULL,                -- of them sent again
  true_class      INTEGER,                         -- 0 standing, 1 adult-pace, 2 adult-walk, 3 child-pace, 4 child-walk
  predicted_class INTEGER,                         -- NULL: not known (modelled inference, no answer)
  correct         INTEGER CHECK (correct BETWEEN 0 AND 1), -- NULL: no answer
  PRIMARY KEY (run_id, node_id, task_no),
  FOREIGN KEY (run_id, node_id) REFERENCES node ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE decision (                            -- one call of the solver for a task
  run_id          INTEGER NOT NULL,                -- its run
  node_id         INTEGER NOT NULL,                -- its node
  task_no         INTEGER NOT NULL,                -- its task
  turn            INTEGER NOT NULL CHECK (turn BETWEEN 0 AND 3), -- 0 at arrival; 1 again at its turn, after waiting; 2 what is left after sensing, 3 after the device layers (since version 3)
  executed        INTEGER NOT NULL CHECK (executed BETWEEN 0 AND 1), -- 1: this one was carried out, or ended the task as infeasible
  status          TEXT    NOT NULL CHECK (status = 'optimal' OR status = 'feasible' OR status = 'infeasible'), -- optimal: certified; feasible: of a scheme without certificate
  snr_per_w       REAL    NOT NULL,                -- g/(B N_0) it saw, 1/W; with a channel error not the true one
  max_latency_s   REAL    NOT NULL,                -- T_max less time waited and margins
  split           INTEGER,                         -- l, or principal components of scheme pca; this and all below NULL when infeasible
  bits            INTEGER,                         -- Q; 0: nothing is sent
  keep_ratio      REAL,                            -- p
  sensing_power_w REAL,                            -- P_s
  transmit_power_w REAL,                           -- P_c; 0: nothing is sent
  edge_speed_flops REAL,                           -- nu_e, FLOP/s; 0: no device compute
  sensing_s       REAL,                            -- planned stages
  compute_s       REAL,                            -- device layers
  uplink_s        REAL,                            -- all that is sent
  server_s        REAL,                            -- the server's layers
  latency_s       REAL,                            -- planned in all, waiting not included
  sensing_j       REAL,                            -- planned energy
  compute_j       REAL,                            -- device layers
  uplink_j        REAL,                            -- all that is sent
  energy_j        REAL,                            -- their sum
  predicted_accuracy REAL,                         -- by the accuracy model, at least R_t
  binding         TEXT,                            -- constraints that hold with equality, separated by blanks
  relative_gap    REAL,                            -- certificate; NULL: none
  conflict        TEXT,                            -- constraints that cannot hold together; with an allocation: a best effort was made instead, for less accuracy or more time
  least_latency_s REAL,                            -- with a conflict: least latency at this accuracy; NULL: none helps
  highest_accuracy REAL,                           -- with a conflict: highest accuracy within this latency; NULL: none
  solver_wall_us  REAL    NOT NULL,                -- wall-clock time of the call; next to none where the problem is that of the task before
  transfer_factor REAL    NOT NULL DEFAULT 1,      -- planned transfer time over that of the link's model: a quantile of what transfers took (since version 2)
  true_snr_per_w  REAL,                            -- g/(B N_0) as it was at that moment, 1/W (since version 4; NULL: recorded before)
  iterations      INTEGER,                         -- of the solver over all pairs (l, Q) (since version 7; NULL: recorded before)
  PRIMARY KEY (run_id, node_id, task_no, turn),
  FOREIGN KEY (run_id, node_id, task_no) REFERENCES task ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE battery (                             -- the battery of a node at the end of its run; no row: the node has none (since version 3)
  run_id          INTEGER NOT NULL,                -- its run
  node_id         INTEGER NOT NULL,                -- its node
  source          TEXT    NOT NULL,                -- ns-3 energy source, or its joules, as given
  initial_j       REAL    NOT NULL,                -- energy at the start
  remaining_j     REAL    NOT NULL,                -- at the end of the run
  harvested_j     REAL    NOT NULL,                -- fed by its harvester
  idle_j          REAL    NOT NULL,                -- drawn by the idle node
  sensing_j       REAL    NOT NULL,                -- drawn for sensing
  compute_j       REAL    NOT NULL,                -- drawn for device layers
  radio_j         REAL    NOT NULL,                -- drawn by the radio
  listening_j     REAL    NOT NULL,                -- of radio_j: not for frames that carried tasks
  empty_ns        INTEGER,                         -- lifetime: when it was empty and the node stopped; NULL: it was not
  PRIMARY KEY (run_id, node_id),
  FOREIGN KEY (run_id, node_id) REFERENCES node ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE stream (                              -- what random streams gave in a run: equal for runs that met the same (since version 6)
  run_id          INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, -- its run
  purpose         TEXT    NOT NULL,                -- what was drawn, e.g. arrivals or fading; one from which nothing was drawn has no row
  draws           INTEGER NOT NULL CHECK (draws > 0), -- how many numbers are hashed, at most the first 8 of each node
  index_sha256    TEXT    NOT NULL,                -- of which they are: node and number in its stream, in order
  value_sha256    TEXT    NOT NULL,                -- of what was drawn, before options scale it; runs of equal index_sha256 can be compared
  PRIMARY KEY (run_id, purpose)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (                               -- what the tasks of a node came to: sums over tables task and decision, so that questions about many need not read them (since version 7)
  run_id          INTEGER NOT NULL,                -- its run
  node_id         INTEGER NOT NULL,                -- its node
  tasks           INTEGER NOT NULL,                -- that arrived: the sum of the six outcomes that follow
  done            INTEGER NOT NULL,                -- answered within T_max
  late            INTEGER NOT NULL,                -- answered after
  infeasible      INTEGER NOT NULL,                -- no allocation
  dropped         INTEGER NOT NULL,                -- queue full
  lost            INTEGER NOT NULL,                -- given up
  unfinished      INTEGER NOT NULL,                -- when the run ended
  judged          INTEGER NOT NULL,                -- of which is known whether the answer was right
  correct         INTEGER NOT NULL,                -- of them, right ones
  latency_s       REAL    NOT NULL,                -- sum over done and late ones
  energy_used     INTEGER NOT NULL,                -- tasks that used energy
  sensing_j       REAL    NOT NULL,                -- sums of energy
  compute_j       REAL    NOT NULL,                -- device layers
  uplink_j        REAL    NOT NULL,                -- transmissions
  energy_j        REAL    NOT NULL,                -- of all three
  decisions       INTEGER NOT NULL,                -- calls of the solver
  certified       INTEGER NOT NULL,                -- of them, with a certified optimum
  refused         INTEGER NOT NULL,                -- of them, infeasible
  iterations      INTEGER,                         -- of all calls; NULL: not known of one
  greatest_gap    REAL,                            -- greatest relative_gap; NULL: no certificate
  solver_wall_us  REAL    NOT NULL,                -- sum of the calls' wall-clock times
  longest_solver_wall_us REAL,                     -- the longest call; NULL: none
  PRIMARY KEY (run_id, node_id),
  FOREIGN KEY (run_id, node_id) REFERENCES node ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE choice (                              -- what the solver chose for tasks of a node, by split layer and bits, and what came of it: sums over decisions that were carried out and their tasks (since version 7)
  run_id          INTEGER NOT NULL,                -- its run
  node_id         INTEGER NOT NULL,                -- its node
  split           INTEGER NOT NULL,                -- l, or principal components of scheme pca
  bits            INTEGER NOT NULL,                -- Q; 0: nothing is sent
  tasks           INTEGER NOT NULL,                -- of this choice; the sums that follow are over them
  keep_ratio      REAL    NOT NULL,                -- p
  sensing_power_w REAL    NOT NULL,                -- P_s
  transmit_power_w REAL   NOT NULL,                -- P_c
  edge_speed_flops REAL   NOT NULL,                -- nu_e, FLOP/s
  energy_j        REAL    NOT NULL,                -- planned
  latency_s       REAL    NOT NULL,                -- planned, waiting not included
  predicted_accuracy REAL NOT NULL,                -- by the accuracy model
  answered        INTEGER NOT NULL,                -- of the tasks; the sums that follow are over them
  planned_energy_j REAL   NOT NULL,                -- as above
  realised_energy_j REAL  NOT NULL,                -- of the node
  planned_latency_s REAL  NOT NULL,                -- as above
  realised_latency_s REAL NOT NULL,                -- arrival to answer, less the time waited for its turn
  PRIMARY KEY (run_id, node_id, split, bits),
  FOREIGN KEY (run_id, node_id) REFERENCES node ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE execution (                           -- one process that a campaign started, however it ended (since version 5)
  execution_id    INTEGER PRIMARY KEY,             -- key
  program         TEXT    NOT NULL,                -- name of its file
  program_sha256  TEXT    NOT NULL,                -- of its file and the libraries it comes with, those outside /lib and /usr/lib
  arguments       TEXT    NOT NULL CHECK (json_valid(arguments)), -- its options: JSON object of texts, sorted by name, without seed and run
  seed            INTEGER NOT NULL,                -- ns-3's RngSeed
  run             INTEGER NOT NULL,                -- ns-3's RngRun: the replication
  stopping        TEXT    NOT NULL CHECK (stopping = 'fixed' OR stopping = 'precision'), -- precision: results decided how many replications there are
  outcome         TEXT    NOT NULL CHECK (outcome = 'done' OR outcome = 'failed' OR outcome = 'timed-out' OR outcome = 'truncated'), -- failed: by its exit status or a signal; timed-out: ended by the campaign; truncated: no whole result
  exit_status     INTEGER,                         -- NULL: ended by a signal
  signal          INTEGER,                         -- that signal; NULL: none
  run_id          INTEGER REFERENCES run ON DELETE CASCADE, -- what it recorded; NULL: it printed its results, or is not done
  stderr          TEXT    NOT NULL,                -- the end of its stderr, if it is truncated after a line on what was wrong with its results; at most 4000 bytes
  iscc_version    TEXT    NOT NULL,                -- of the campaign's iscc
  host            TEXT    NOT NULL,                -- name of the machine
  started_wall    TEXT    NOT NULL,                -- wall-clock start, UTC, ISO 8601
  elapsed_wall_s  REAL    NOT NULL,                -- wall-clock duration, s
  cpu_wall_s      REAL    NOT NULL,                -- processor time, s; of the machine and the moment, as all with "wall"
  peak_wall_bytes INTEGER,                         -- bytes of largest resident memory; NULL: no more than the campaign's own, which Linux counts in (since version 7)
  iscc_commit     TEXT,                            -- git commit of the campaign's iscc, with -dirty when it was built from a changed tree; unknown: built without git (since version 6; NULL: recorded before)
  processor_wall  TEXT                             -- kind of processor, as /proc/cpuinfo has it (since version 7; NULL: recorded before, or not told there)
) STRICT;

CREATE UNIQUE INDEX execution_run ON execution (run_id);
CREATE INDEX execution_arguments ON execution (program, arguments, seed, run);
CREATE UNIQUE INDEX execution_once ON execution (program, arguments, seed, run) WHERE outcome = 'done'; -- never twice the same

CREATE TABLE metric (                              -- what a run of a campaign comes to (since version 5)
  execution_id    INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE, -- its execution, which is done
  name            TEXT    NOT NULL,                -- e.g. energy_per_task_j
  value           REAL    NOT NULL,                -- in the unit that the name ends with
  PRIMARY KEY (execution_id, name)
) STRICT, WITHOUT ROWID;

-- What batteries gave beside what tasks and idling took; the relative difference shall be small.
CREATE VIEW battery_audit AS
  SELECT b.run_id, b.node_id, b.initial_j + b.harvested_j - b.remaining_j AS given_j,
         coalesce(sum(t.energy_j), 0) AS tasks_j, b.idle_j, b.listening_j,
         (coalesce(sum(t.energy_j), 0) + b.idle_j + b.listening_j) / (b.initial_j + b.harvested_j - b.remaining_j) - 1
           AS relative_difference
    FROM battery b LEFT JOIN task t USING (run_id, node_id) GROUP BY b.run_id, b.node_id;

-- Planned beside realised, one row per task: the decision that was carried out.
CREATE VIEW task_plan AS
  SELECT t.*, d.split, d.bits, d.keep_ratio, d.sensing_power_w, d.transmit_power_w, d.edge_speed_flops, d.snr_per_w,
         d.true_snr_per_w,
         d.latency_s AS planned_latency_s, d.energy_j AS planned_energy_j, d.predicted_accuracy, d.solver_wall_us
    FROM task t LEFT JOIN decision d
      ON d.run_id = t.run_id AND d.node_id = t.node_id AND d.task_no = t.task_no AND d.executed = 1;

-- One line per run: how many tasks, how they ended, what they cost. mean_energy_j is over all tasks, those that used none among them; v_run has it over those that did.
CREATE VIEW run_summary AS
  SELECT r.run_id, r.program, r.seed, r.run, r.status, coalesce(sum(t.tasks), 0) AS tasks, coalesce(sum(t.done), 0) AS done,
         1.0 * sum(t.correct) / nullif(sum(t.judged), 0) AS accuracy, sum(t.energy_j) / nullif(sum(t.tasks), 0) AS mean_energy_j,
         sum(t.latency_s) / nullif(sum(t.done + t.late), 0) AS mean_latency_s
    FROM run r LEFT JOIN tally t USING (run_id) GROUP BY r.run_id;

-- Views for people (since version 7). All work in plain sqlite3. Those of means (v_point, v_pair, v_energy, v_latency, v_miss, v_solver, v_plan) are of runs that
-- are done; v_run lists all, however they ended. Rows of nodes and tasks say it in run_status.

-- Student's t at 0.975 by degrees of freedom, for 95 % intervals; beyond 30 views compute it (Cornish and Fisher's expansion, within 2e-6).
CREATE VIEW t_quantile (df, t975) AS
  VALUES (1, 12.7062047), (2, 4.30265273), (3, 3.18244631), (4, 2.77644511), (5, 2.57058184), (6, 2.44691185), (7, 2.36462425),
         (8, 2.30600414), (9, 2.26215716), (10, 2.22813885), (11, 2.20098516), (12, 2.17881283), (13, 2.16036866), (14, 2.14478669),
         (15, 2.13144955), (16, 2.1199053), (17, 2.10981558), (18, 2.10092204), (19, 2.09302405), (20, 2.08596345), (21, 2.07961384),
         (22, 2.07387307), (23, 2.06865761), (24, 2.06389856), (25, 2.05953855), (26, 2.05552944), (27, 2.05183052), (28, 2.04840714),
         (29, 2.04522964), (30, 2.04227246);

-- One row per node of a run: the run it is of, what it should reach, its tally. Here and below what belongs to an execution is looked up only where it is asked for.
CREATE VIEW v_node AS
  SELECT r.program, r.seed, r.run, r.status AS run_status, r.parameters, (SELECT execution_id FROM execution x WHERE x.run_id = r.run_id) AS execution_id,
         (SELECT arguments FROM execution x WHERE x.run_id = r.run_id) AS arguments,
         n.scheme, n.inference, n.target_accuracy, n.max_latency_s, n.x_m, n.y_m, n.z_m, t.*
    FROM node n JOIN run r USING (run_id) JOIN tally t USING (run_id, node_id);

-- One row per node and choice of its solver.
CREATE VIEW v_choice AS
  SELECT r.program, r.seed, r.run, r.status AS run_status, r.parameters, (SELECT execution_id FROM execution x WHERE x.run_id = r.run_id) AS execution_id,
         (SELECT arguments FROM execution x WHERE x.run_id = r.run_id) AS arguments,
         n.scheme, n.inference, n.target_accuracy, n.max_latency_s, c.*
    FROM node n JOIN run r USING (run_id) JOIN choice c USING (run_id, node_id);

-- One row per run, and per execution of a campaign that left none: how it ended and what its tasks came to. Means are over what is beside them:
-- energy over tasks that used energy, latency over those answered, accuracy over those judged.
CREATE VIEW v_run AS
  SELECT r.run_id, x.execution_id, r.program, r.seed, r.run, coalesce(x.outcome, r.status) AS outcome,
         (SELECT group_concat(scheme) FROM (SELECT DISTINCT scheme FROM node n WHERE n.run_id = r.run_id)) AS schemes, r.parameters, x.arguments,
         s.nodes, s.tasks, s.done, s.late, s.infeasible, s.dropped, s.lost, s.unfinished, 1.0 * s.done / nullif(s.tasks, 0) AS done_share,
         1.0 * s.correct / nullif(s.judged, 0) AS accuracy, s.judged, s.energy_j / nullif(s.energy_used, 0) AS energy_per_task_j, s.energy_used,
         s.energy_j, s.latency_s / nullif(s.done + s.late, 0) AS mean_latency_s, r.end_ns, r.version, r.model_sha256, r.started_wall,
         x.elapsed_wall_s
    FROM run r LEFT JOIN execution x ON x.run_id = r.run_id
         LEFT JOIN (SELECT run_id, count(*) AS nodes, sum(tasks) AS tasks, sum(done) AS done, sum(late) AS late, sum(infeasible) AS infeasible,
                           sum(dropped) AS dropped, sum(lost) AS lost, sum(unfinished) AS unfinished, sum(judged) AS judged,
                           sum(correct) AS correct, sum(energy_used) AS energy_used, sum(energy_j) AS energy_j, sum(latency_s) AS latency_s
                      FROM tally GROUP BY run_id) s ON s.run_id = r.run_id
  UNION ALL
  SELECT NULL, execution_id, program, seed, run, outcome, json_extract(arguments, '$.scheme'), NULL, arguments, NULL, NULL, NULL, NULL, NULL,
         NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, iscc_version, NULL, started_wall, elapsed_wall_s
    FROM execution WHERE run_id IS NULL;

-- One row per task, with its run and node: what came of it.
CREATE VIEW v_result AS
  SELECT r.program, r.seed, r.run, r.status AS run_status, r.parameters, (SELECT execution_id FROM execution x WHERE x.run_id = r.run_id) AS execution_id,
         (SELECT arguments FROM execution x WHERE x.run_id = r.run_id) AS arguments,
         n.scheme, n.inference, n.target_accuracy, n.max_latency_s, t.*
    FROM node n JOIN run r USING (run_id) JOIN task t USING (run_id, node_id);

-- One row per task, with its run, its node and the decision that was carried out. Questions that need no decision are quicker asked of v_result.
CREATE VIEW v_task AS
  SELECT r.program, r.seed, r.run, r.status AS run_status, r.parameters, (SELECT execution_id FROM execution x WHERE x.run_id = r.run_id) AS execution_id,
         (SELECT arguments FROM execution x WHERE x.run_id = r.run_id) AS arguments,
         n.scheme, n.inference, n.target_accuracy, n.max_latency_s, t.*,
         d.status AS decision_status, d.split, d.bits, d.keep_ratio, d.sensing_power_w, d.transmit_power_w, d.edge_speed_flops,
         d.snr_per_w, d.true_snr_per_w, d.latency_s AS planned_latency_s, d.sensing_j AS planned_sensing_j, d.compute_j AS planned_compute_j,
         d.uplink_j AS planned_uplink_j, d.energy_j AS planned_energy_j, d.predicted_accuracy, d.binding, d.conflict, d.relative_gap,
         d.solver_wall_us
    FROM node n JOIN run r USING (run_id) JOIN task t USING (run_id, node_id)
         LEFT JOIN decision d ON d.run_id = t.run_id AND d.node_id = t.node_id AND d.task_no = t.task_no AND d.executed = 1;

-- One row per decision that was carried out, with its run and node.
CREATE VIEW v_decision AS
  SELECT r.program, r.seed, r.run, r.status AS run_status, r.parameters, (SELECT execution_id FROM execution x WHERE x.run_id = r.run_id) AS execution_id,
         (SELECT arguments FROM execution x WHERE x.run_id = r.run_id) AS arguments,
         n.scheme, n.target_accuracy, d.*
    FROM node n JOIN run r USING (run_id) JOIN decision d USING (run_id, node_id)
   WHERE d.executed = 1;

-- One row per battery: what it gave, at which mean power, when it was empty, and how long a full one would last at that power less what was harvested.
CREATE VIEW v_battery AS
  SELECT r.program, r.seed, r.run, r.status AS run_status, r.parameters, (SELECT execution_id FROM execution x WHERE x.run_id = r.run_id) AS execution_id,
         (SELECT arguments FROM execution x WHERE x.run_id = r.run_id) AS arguments,
         n.scheme, b.*,
         b.initial_j + b.harvested_j - b.remaining_j AS given_j, 1e-9 * b.empty_ns AS lifetime_s,
         (b.initial_j + b.harvested_j - b.remaining_j) / nullif(1e-9 * coalesce(b.empty_ns, r.end_ns), 0) AS mean_power_w,
         CASE WHEN b.initial_j > b.remaining_j THEN b.initial_j / (b.initial_j - b.remaining_j) * 1e-9 * coalesce(b.empty_ns, r.end_ns) END
           AS expected_lifetime_s
    FROM battery b JOIN node n USING (run_id, node_id) JOIN run r USING (run_id);

-- One row per grid point of a campaign and metric: mean over the replications that are done, with the 95 % interval of Student's t; beside it how
-- many have no value, and how many never came to a result; a point of which none has one has n = 0. Not corrected for a stop by precision; `iscc campaign show` chooses better intervals.
CREATE VIEW v_point AS
  WITH attempt AS (SELECT program, arguments, seed, run, max(outcome = 'done') AS done FROM execution GROUP BY program, arguments, seed, run),
       point AS (SELECT program, arguments, seed, sum(done) AS done, sum(1 - done) AS failed FROM attempt GROUP BY program, arguments, seed),
       wanted AS (SELECT DISTINCT program, name AS metric FROM execution JOIN metric USING (execution_id) WHERE outcome = 'done'),
       value AS (SELECT program, arguments, seed, name AS metric, value,
                        avg(value) OVER (PARTITION BY program, arguments, seed, name) AS mean
                   FROM execution JOIN metric USING (execution_id) WHERE outcome = 'done'),
       moment AS (SELECT program, arguments, seed, metric, count(*) AS n, min(mean) AS mean, min(value) AS least, max(value) AS greatest,
                         sqrt(sum((value - mean) * (value - mean)) / nullif(count(*) - 1, 0)) AS deviation
                    FROM value GROUP BY program, arguments, seed, metric),
       quantile AS (SELECT *, CASE WHEN n <= 31 THEN (SELECT t975 FROM t_quantile WHERE df = n - 1)
                                   ELSE 1.9599639845400536 + 2.3722711 / (n - 1) + 2.8224978 / pow(n - 1, 2) + 2.5558497 / pow(n - 1, 3) END AS t
                      FROM moment)
  SELECT p.program, p.arguments, p.seed, w.metric, coalesce(q.n, 0) AS n, p.done - coalesce(q.n, 0) AS without_value, p.failed, q.mean, q.deviation,
         q.mean - q.t * q.deviation / sqrt(q.n) AS low, q.mean + q.t * q.deviation / sqrt(q.n) AS high, q.least, q.greatest
    FROM point p JOIN wanted w ON w.program = p.program
         LEFT JOIN quantile q ON q.program = p.program AND q.arguments = p.arguments AND q.seed = p.seed AND q.metric = w.metric;

-- One row per two values of option 'scheme', grid point else the same, and metric: the mean difference of the pairs of replications, with the 95 % interval
-- of Student's t.
CREATE VIEW v_pair AS
  WITH value AS (SELECT program, json_remove(arguments, '$.scheme') AS point, json_extract(arguments, '$.scheme') AS scheme, seed, run,
                        name AS metric, value
                   FROM execution JOIN metric USING (execution_id)
                  WHERE outcome = 'done' AND json_type(arguments, '$.scheme') IS NOT NULL),
       pair AS (SELECT a.program, a.point, a.seed, a.metric, a.scheme, b.scheme AS baseline, b.value AS of_baseline, a.value - b.value AS d
                  FROM value a JOIN value b USING (program, point, seed, run, metric) WHERE a.scheme <> b.scheme),
       centred AS (SELECT *, avg(d) OVER (PARTITION BY program, point, seed, metric, scheme, baseline) AS difference FROM pair),
       moment AS (SELECT program, point, seed, metric, scheme, baseline, count(*) AS pairs, avg(of_baseline) AS baseline_mean,
                         min(difference) AS difference, sqrt(sum((d - difference) * (d - difference)) / nullif(count(*) - 1, 0)) AS deviation
                    FROM centred GROUP BY program, point, seed, metric, scheme, baseline),
       quantile AS (SELECT *, CASE WHEN pairs <= 31 THEN (SELECT t975 FROM t_quantile WHERE df = pairs - 1)
                                   ELSE 1.9599639845400536 + 2.3722711 / (pairs - 1) + 2.8224978 / pow(pairs - 1, 2)
                                        + 2.5558497 / pow(pairs - 1, 3) END AS t
                      FROM moment)
  SELECT program, point, seed, metric, scheme, baseline, pairs, difference, deviation, difference - t * deviation / sqrt(pairs) AS low,
         difference + t * deviation / sqrt(pairs) AS high, difference / nullif(baseline_mean, 0) AS relative
    FROM quantile;

-- One row per run and scheme: energy of its tasks by stage, mean over those that used energy, and shares of the sum.
CREATE VIEW v_energy AS
  SELECT run_id, scheme, sum(tasks) AS tasks, sum(energy_used) AS used, sum(energy_j) / nullif(sum(energy_used), 0) AS energy_j,
         sum(sensing_j) / nullif(sum(energy_used), 0) AS sensing_j, sum(compute_j) / nullif(sum(energy_used), 0) AS compute_j,
         sum(uplink_j) / nullif(sum(energy_used), 0) AS uplink_j, sum(sensing_j) / nullif(sum(energy_j), 0) AS sensing_share,
         sum(compute_j) / nullif(sum(energy_j), 0) AS compute_share, sum(uplink_j) / nullif(sum(energy_j), 0) AS uplink_share
    FROM tally JOIN node USING (run_id, node_id) JOIN run USING (run_id) WHERE status = 'done' GROUP BY run_id, scheme;

-- One row per run and scheme: latencies of the tasks that were answered; percentile p is the least one that at least p % are not above.
CREATE VIEW v_latency AS
  WITH ranked AS (SELECT t.run_id, n.scheme, t.latency_s, row_number() OVER one AS place, count(*) OVER (PARTITION BY t.run_id, n.scheme) AS n
                    FROM task t JOIN node n USING (run_id, node_id) JOIN run r USING (run_id)
                   WHERE t.latency_s IS NOT NULL AND r.status = 'done'
                  WINDOW one AS (PARTITION BY t.run_id, n.scheme ORDER BY t.latency_s))
  SELECT run_id, scheme, max(n) AS answered, avg(latency_s) AS mean_s, min(latency_s) FILTER (WHERE place >= 0.5 * n) AS p50_s,
         min(latency_s) FILTER (WHERE place * 10 >= 9 * n) AS p90_s, min(latency_s) FILTER (WHERE place * 20 >= 19 * n) AS p95_s,
         min(latency_s) FILTER (WHERE place * 100 >= 99 * n) AS p99_s, max(latency_s) AS greatest_s
    FROM ranked GROUP BY run_id, scheme;

-- One row per run, scheme and cause: tasks without an answer in time. cause: the outcome, with the constraints that conflict where the solver named
-- them; share: of all tasks of the run and scheme.
CREATE VIEW v_miss AS
  SELECT t.run_id, n.scheme, t.outcome || coalesce(': ' || d.conflict, '') AS cause, count(*) AS tasks,
         1.0 * count(*) / (SELECT sum(a.tasks) FROM tally a JOIN node m USING (run_id, node_id) WHERE a.run_id = t.run_id AND m.scheme = n.scheme)
           AS share
    FROM task t JOIN node n USING (run_id, node_id) JOIN run r USING (run_id)
         LEFT JOIN decision d ON d.run_id = t.run_id AND d.node_id = t.node_id AND d.task_no = t.task_no AND d.executed = 1
   WHERE t.outcome <> 'done' AND r.status = 'done' GROUP BY t.run_id, n.scheme, cause;

-- One row per run and scheme: what the solver did; mean_iterations is NULL where one of its calls was recorded before version 7.
CREATE VIEW v_solver AS
  SELECT run_id, scheme, sum(decisions) AS decisions, sum(certified) AS certified, sum(refused) AS infeasible, max(greatest_gap) AS greatest_gap,
         CASE WHEN count(*) = count(iterations) THEN 1.0 * sum(iterations) / nullif(sum(decisions), 0) END AS mean_iterations,
         sum(solver_wall_us) / nullif(sum(decisions), 0) AS mean_wall_us, max(longest_solver_wall_us) AS greatest_wall_us
    FROM tally JOIN node USING (run_id, node_id) JOIN run USING (run_id) WHERE status = 'done' GROUP BY run_id, scheme;

-- One row per run and scheme: what was planned beside what came of it, over the tasks that were answered: means, and the greatest distances.
CREATE VIEW v_plan AS
  SELECT t.run_id, n.scheme, count(*) AS answered, avg(d.energy_j) AS planned_energy_j, avg(t.energy_j) AS energy_j,
         max(abs(t.energy_j - d.energy_j)) AS greatest_energy_distance_j, avg(d.latency_s) AS planned_latency_s,
         avg(t.latency_s - 1e-9 * t.wait_ns) AS latency_s, max(abs(t.latency_s - 1e-9 * t.wait_ns - d.latency_s)) AS greatest_latency_distance_s,
         avg(d.predicted_accuracy) AS predicted_accuracy, avg(t.correct) AS accuracy
    FROM task t JOIN node n USING (run_id, node_id) JOIN run r USING (run_id)
         JOIN decision d ON d.run_id = t.run_id AND d.node_id = t.node_id AND d.task_no = t.task_no AND d.executed = 1
   WHERE t.latency_s IS NOT NULL AND r.status = 'done' GROUP BY t.run_id, n.scheme;
