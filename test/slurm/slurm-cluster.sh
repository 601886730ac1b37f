#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A Slurm cluster of one node on this machine, for tests: munged, slurmctld and slurmd of the present user with keys, sockets,
# ports and files of their own below FOLDER. Prints "ready", then runs until its stdin ends or a signal asks it to stop, and stops
# all of it.
# Usage: slurm-cluster.sh FOLDER     (the user's commands find it by SLURM_CONF=FOLDER/slurm.conf)
set -u
folder=$1
node=$(uname -n | cut -d. -f1)
user=$(id -un)
pids=()
export SLURM_CONF=$folder/slurm.conf PATH=$PATH:/usr/sbin:/sbin

# What is left of jobs goes first, then the daemons, the last one first.
stop() {
  trap '' INT TERM HUP
  timeout 10 scancel --user="$user" 2>/dev/null
  for ((i = 0; i < 30; i++)); do
    [ -z "$(timeout 5 squeue --noheader 2>/dev/null)" ] && break
    sleep 0.2
  done
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill "${pids[i]}" 2>/dev/null
    for ((j = 0; j < 30; j++)); do
      kill -0 "${pids[i]}" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "${pids[i]}" 2>/dev/null
  done
  wait
}
trap stop EXIT
trap 'exit 1' INT TERM HUP

# Two ports that nobody uses.
free_ports() {
  python3 -c 'import socket
held = [socket.socket() for _ in range(2)]
for s in held: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in held])'
}

# Waits up to ten seconds for a command to succeed; says what it waited for and what the daemons said.
await() {
  for ((i = 0; i < 100; i++)); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  echo "never came true: $*"
  tail -n 5 "$folder"/log/*
  exit 1
}

node_is_idle() {
  [ "$(sinfo --noheader --format=%T)" = idle ]
}

mkdir -p "$folder"/{munge,state,spool,log} && chmod 700 "$folder"/munge || exit 1
head -c 128 /dev/urandom >"$folder"/munge/key && chmod 400 "$folder"/munge/key || exit 1
read -r controller_port node_port < <(free_ports)
cat >"$SLURM_CONF" <<END
ClusterName=iscc-test
SlurmctldHost=$node(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthInfo=socket=$folder/munge/socket
SlurmctldPort=$controller_port
SlurmdPort=$node_port
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld
SlurmdLogFile=$folder/log/slurmd
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
SlurmdParameters=config_overrides
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
KillWait=1
MessageTimeout=2
MaxArraySize=4
NodeName=$node NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES State=UP
END

munged --foreground --force --socket="$folder"/munge/socket --key-file="$folder"/munge/key \
  --pid-file="$folder"/munge/pid --log-file="$folder"/log/munged --seed-file="$folder"/munge/seed \
  </dev/null >"$folder"/log/munged.out 2>&1 &
pids+=($!)
await munge --socket="$folder"/munge/socket --no-input
slurmctld -D -c </dev/null >"$folder"/log/slurmctld.out 2>&1 &
pids+=($!)
await scontrol ping
slurmd -D -c </dev/null >"$folder"/log/slurmd.out 2>&1 &
pids+=($!)
await node_is_idle
echo ready
# In the background, as bash acts on a signal only when what it waits for in the foreground has ended; with stdin, which is not its own there.
cat <&0 >/dev/null &
pids+=($!)
wait "$!"
