#!/usr/bin/env bash
# A cluster of one node, with Debian's Slurm and without accounting: first the plain job array, of a run and of a sweep, then Snakemake with
# the profile for Slurm, each with one job killed on the way. Every result is that of one process, to the byte. Needs root, slurm-wlm and munge; `make slurm` installs
# them. PEERLAB is the program, SNAKEMAKE the engine.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib.sh"
work=$(mktemp -d)
node=$(hostname -s)
stop() {
  [ -f "$work/slurmctld.pid" ] && kill "$(cat "$work/slurmctld.pid")"
  [ -f "$work/slurmd.pid" ] && kill "$(cat "$work/slurmd.pid")"
  [ -n "${munged:-}" ] && kill "$munged"
  sleep 1
  [ "$(readlink /etc/slurm/slurm.conf)" = "$work/slurm.conf" ] && rm /etc/slurm/slurm.conf
  rm -rf "$work"
} 2>/dev/null
trap stop EXIT
chmod 755 "$work"
cd "$work" || exit 1
# Where Slurm looks inside a job, whatever the environment of the one who sent it.
if [ -e /etc/slurm/slurm.conf ]; then
  echo 'this machine has a Slurm of its own (/etc/slurm/slurm.conf): it is left alone, and nothing was tested' >&2
  exit 1
fi

# An authentication service of our own, beside one that may run.
mkdir -m 700 munge && head -c 128 /dev/urandom >munge/key && chmod 400 munge/key
/usr/sbin/munged --foreground --force --socket="$work/munge.socket" --key-file=munge/key --num-threads=2 \
  --pid-file=munge/pid --log-file=munge/log --seed-file=munge/seed >munge.log 2>&1 &
munged=$!

cat >slurm.conf <<CONF
ClusterName=one
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=36817
SlurmdPort=36818
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SchedulerParameters=sched_interval=1,batch_sched_delay=0
MinJobAge=300
ReturnToService=2
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
mkdir -p state spool /etc/slurm
ln -s "$work/slurm.conf" /etc/slurm/slurm.conf
/usr/sbin/slurmctld && /usr/sbin/slurmd || { cat slurmctld.log slurmd.log; exit 1; }
for _ in $(seq 60); do
  [ "$(sinfo -h -o %t 2>/dev/null)" = idle ] && break
  sleep 0.5
done
sinfo
[ "$(sinfo -h -o %t)" = idle ] || { tail -20 slurmctld.log slurmd.log; exit 1; }

# Waits until no job is left, at most so many seconds.
wait_for_jobs() {
  for _ in $(seq "$1"); do
    [ -z "$(squeue -h)" ] && return
    sleep 1
  done
  squeue
  return 1
}

arguments=(listening-training --replications 3000 --set population.dyads=30)
"$PEERLAB" run "${arguments[@]}" --quiet --out single

echo '-- a plain job array'
dying_in 2/4 "$work/program"
PEERLAB=$work/program bash "$here/../../cluster/array.sh" 4 plain "${arguments[@]}"
check 'the jobs of the first time end' wait_for_jobs 300
check 'one was killed on the way' test -d program.died -a ! -e program.died/early
check 'without it nothing is merged' test ! -e plain
SBATCH_TIMELIMIT=00:20:00 SBATCH_MEM_PER_NODE=700M PEERLAB=$work/program bash "$here/../../cluster/array.sh" 4 plain/ "${arguments[@]}"
check 'the jobs of the second time end' wait_for_jobs 300
check 'the merged run is the single one, to the byte' same plain single
check 'they had the time that was asked for' grep -q 'TimeLimit=00:20:00' <(scontrol show jobs)
check 'and the memory' grep -q 'MinMemoryNode=700M' <(scontrol show jobs)
[ "$failed" = 0 ] || tail -20 plain-shards/*.log
array() {
  PEERLAB=$work/program bash "$here/../../cluster/array.sh" "$@" >>refused 2>&1
}
refused() {
  : >refused
  ! array "$@" && [ -z "$(squeue -h)" ]
}
check 'what every task would fail of is refused before any is sent' refused 4 other "${arguments[@]}" --threads=2
check 'by its name' grep -q -- '--threads is not for a job array' refused
check 'shards of another number are not put beside those that are there' refused 3 plain "${arguments[@]}"
check 'and the way out is said' grep -q 'plain-shards holds shards of another command (4 .*): delete it' refused
check 'the same command again finds the run, and sends nothing' test "$(PEERLAB=$work/program bash "$here/../../cluster/array.sh" 4 plain "${arguments[@]}")" = 'the run is in plain: nothing is sent'
cp -r single elsewhere
check 'another run is not replaced' refused 2 elsewhere listening-training --replications 20
check 'which is said' grep -q 'elsewhere is not the run that is asked for: choose another OUT' refused
"$PEERLAB" new own.toml >/dev/null
own=(2 own own.toml --replications 20 --set population.dyads=12)
check 'a scenario of one'"'"'s own goes the same way' array "${own[@]}"
check 'to its end' wait_for_jobs 300
check 'and is merged' test -e own/run.json
echo '# changed' >>own.toml
check 'of a scenario that was changed no shards are put beside those that are there' refused "${own[@]}"

echo '-- a plain job array of a sweep'
swept=(listening-training --over organization.competition=0,0.5 --over program.weeks=12,16 --replications 700 --set population.dyads=30)
"$PEERLAB" sweep "${swept[@]}" --quiet --out cells
rm -rf program.died
PEERLAB=$work/program bash "$here/../../cluster/array.sh" 4 grid sweep "${swept[@]}"
check 'the jobs of the first time end' wait_for_jobs 300
check 'one was killed on the way' test -d program.died -a ! -e program.died/early
check 'without it nothing is merged' test ! -e grid
PEERLAB=$work/program bash "$here/../../cluster/array.sh" 4 grid sweep "${swept[@]}"
check 'the jobs of the second time end' wait_for_jobs 300
check 'the merged sweep is the single one, to the byte' same grid cells
[ "$failed" = 0 ] || tail -20 grid-shards/*.log

echo '-- Snakemake with the profile for Slurm'
rm -rf program.died
export XDG_CACHE_HOME=$work/cache
"$SNAKEMAKE" --snakefile "$here/../../cluster/Snakefile" --profile "$here/../../cluster/profiles/slurm" --latency-wait 5 --slurm-init-seconds-before-status-checks 5 \
  --config study=listening-training replications=3000 shards=4 'set=["population.dyads=30"]' out=flow "peerlab=$work/program" memory=500 >log 2>&1
check 'the workflow ends well' test $? = 0
[ "$failed" = 0 ] || { tail -60 log; tail -n 30 .snakemake/slurm_logs/*/*/*.log; }
check 'one of its jobs was killed on the way' test -d program.died -a ! -e program.died/early
check 'its jobs were Slurm jobs' grep -q 'SLURM jobid' log
check 'the merged run is the single one, to the byte' same flow single
check 'the report is that of the run' cmp flow.html single/report.html
finish
