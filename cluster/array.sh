#!/usr/bin/env bash
# A run, or a sweep, in shards as a plain Slurm job array, for those who want no workflow engine:
#
#     cluster/array.sh 64 output/long listening-training --replications 100000
#     cluster/array.sh 64 output/swept sweep listening-training --over program.weeks=12..26:8 --replications 1000
#
# sends 64 shards of the run, and what merges them into output/long when all are whole. The same command again computes only what is
# missing; for other options, another scenario or another number of shards take another OUT, or delete OUT-shards. PEERLAB names the
# program, if it is not on the PATH of the nodes. A job may take an hour and 2 GB; what else it is to have goes into the variables that
# sbatch reads: SBATCH_TIMELIMIT=04:00:00, SBATCH_MEM_PER_NODE=8G, SBATCH_ACCOUNT, SBATCH_PARTITION and the like.
set -euo pipefail
if [ $# -lt 3 ] || ! [[ $1 =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: $0 SHARDS OUT [sweep] STUDY [options of peerlab run or sweep]" >&2
  exit 2
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
shards=$1 out=${2%/}
shift 2
# Each task sets these itself, or they would end every one of them.
for option in "$@"; do
  case ${option%%=*} in
    --shard | --threads | --quiet | --out | --json | --force | --all | --only-replication)
      echo "$0: ${option%%=*} is not for a job array: each task has its own shard and folder, as many threads as Slurm gives it" \
        "(SBATCH_CPUS_PER_TASK), and says nothing" >&2
      exit 2
      ;;
  esac
done
# What lies in OUT is never replaced.
refuse() {
  echo "$0: $1: choose another OUT, or delete it" >&2
  exit 1
}
if [ ! -e "$out/run.json" ] && [ -d "$out/.partial/journal" ]; then
  refuse "$out holds a run that is not finished (\`peerlab resume\` goes on with it)"
elif [ -d "$out" ] && [ ! -e "$out/run.json" ] && [ ! -d "$out/.partial" ] && [ -n "$(ls -A "$out")" ]; then
  refuse "$out is not empty and holds no run"
fi
mkdir -p "$out-shards"
# What is there must be of this very run: shards of two runs are not merged.
asked=$(printf '%q ' "$shards" "$@")
for argument in "$@"; do
  # Of another scenario, too, if its file was changed.
  case $argument in *.toml) if [ -f "$argument" ]; then asked+=$(sha256sum <"$argument"); fi ;; esac
done
if [ -e "$out-shards/command" ] && [ "$asked" != "$(cat "$out-shards/command")" ]; then
  echo "$0: $out-shards holds shards of another command ($(cat "$out-shards/command")): delete it, or take another OUT" >&2
  exit 1
fi
if [ -e "$out/run.json" ]; then
  command=(run "$@")
  if [ "$1" = sweep ]; then
    command=("$@")
  fi
  # It computes nothing: it is there, or refused.
  "${PEERLAB:-peerlab}" "${command[@]}" --quiet --out "$out" || refuse "$out is not the run that is asked for"
  echo "the run is in $out: nothing is sent"
  exit
fi
array=$(sbatch --parsable --array="1-$shards" --output="$out-shards/%a.log" "$here/shard.sbatch" "$out" "$shards" "$@")
echo "$asked" >"$out-shards/command"
merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes --output="$out-shards/merge.log" "$here/merge.sbatch" "$out")
echo "$shards shards are job $array, their merging is job $merge; the run will be in $out, and what the jobs say in $out-shards"
