# A Slurm of two nodes on this machine, for tests/slurm/run: sourced, with $place naming an empty folder. Each node has a name, processes and a
# port of its own (namespaces of Linux), so that killing a node kills all that ran on it, and its processes are unseen from the other one.

export SLURM_CONF=$place/slurm.conf
nodes=(node1 node2)

start_cluster() {
  local cores port=17001 node
  cores=$(nproc)
  dd if=/dev/urandom of="$place/munge.key" bs=32 count=1 status=none
  chmod 600 "$place/munge.key"
  mkdir "$place/state" "$place/log"
  munged --force --socket="$place/munge" --key-file="$place/munge.key" --pid-file="$place/munge.pid" \
    --log-file="$place/log/munged" --seed-file="$place/munge.seed"
  # A requeued job waits for cred_expire, two minutes by default. Nodes have more cores than the machine: what is tested is who works where, not how fast.
  cat > "$SLURM_CONF" << END
ClusterName=test
SlurmUser=root
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=17000
AuthType=auth/munge
CryptoType=crypto/munge
AuthInfo=socket=$place/munge,cred_expire=5
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool-%n
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd-%n.pid
SlurmctldLogFile=$place/log/slurmctld
SlurmdLogFile=$place/log/slurmd-%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=1,sched_interval=5
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
SlurmdTimeout=20
KillWait=30
InactiveLimit=0
MinJobAge=300
PartitionName=main Nodes=node1,node2 Default=YES MaxTime=1:00:00 State=UP LLN=YES
END
  for node in "${nodes[@]}"; do
    echo "NodeName=$node NodeAddr=127.0.0.1 Port=$port CPUs=$((cores > 2 ? cores : 2)) State=UNKNOWN" >> "$SLURM_CONF"
    port=$((port + 1))
  done
  slurmctld
  for node in "${nodes[@]}"; do start_node "$node"; done
  until_true 60 "both nodes to be idle" nodes_are idle 2
}

start_node() {
  mkdir -p "$place/spool-$1"
  unshare --mount --uts --ipc --pid --fork --mount-proc --kill-child \
    bash -c "hostname $1 && exec slurmd -D -N $1" > "$place/log/$1" 2>&1 &
  node_process[${1#node}]=$!
}

# Ends all processes of a node at once, as a loss of power does: the kernel kills what is in the namespace when its first process dies.
kill_node() {
  local first
  first=$(pgrep -P "${node_process[${1#node}]}")
  kill -KILL "$first"
  wait "${node_process[${1#node}]}" 2> /dev/null || true
}

stop_cluster() {
  local node file pid
  for node in "${nodes[@]}"; do
    [ -z "${node_process[${node#node}]:-}" ] || kill_node "$node" 2> /dev/null || true
  done
  for file in "$place/slurmctld.pid" "$place/munge.pid"; do
    [ -s "$file" ] || continue
    pid=$(cat "$file")
    kill "$pid" 2> /dev/null || continue
    for _ in $(seq 100); do
      is_running "$pid" || break
      sleep 0.1
    done
  done
}

# Where nobody waits for ended daemons, they stay as zombies.
is_running() { ps -o stat= -p "$1" | grep -qv '^Z'; }

nodes_are() { [ "$(sinfo --noheader --Node --format=%T | grep -c "^$1\$")" = "$2" ]; }

# until_true SECONDS WHAT COMMAND...: waits until a command succeeds.
until_true() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || fail "waited in vain for $what"
    sleep 0.5
  done
}
