#!/usr/bin/env bash
# Snakemake runs cluster/ with two jobs at once on this machine, and one of them is killed: the result is that of one run, to the byte.
# PEERLAB is the program, SNAKEMAKE the engine.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

export XDG_CACHE_HOME=$work/cache
snake() {
  "$SNAKEMAKE" --snakefile "$here/../../cluster/Snakefile" --profile "$here/../../cluster/profiles/local" --cores 2 \
    --config study=listening-training "peerlab=$work/program" "$@" >>log 2>&1
}
workflow() {
  snake replications=3000 shards=4 'set=["population.dyads=30"]' 'out=results of a cluster'
}

"$PEERLAB" run listening-training --replications 3000 --set population.dyads=30 --quiet --out single
dying_in 2/4 "$work/program"
check 'the workflow ends well' workflow
[ "$failed" = 0 ] || tail -40 log
check 'one of its jobs was killed on the way' test -d program.died -a ! -e program.died/early
check 'Snakemake saw that and sent it again' grep -qE 'Trying to restart job|attempt: 2|restart' log
check 'the merged run is the single one, to the byte' same 'results of a cluster' single
check 'the report is that of the run' cmp 'results of a cluster.html' single/report.html
: >log
check 'a second time nothing is done' workflow
check 'and it says so' grep -q 'Nothing to be done' log
check 'it is merged again when that is asked for' workflow --forcerun merge
check 'to the same bytes' same 'results of a cluster' single

: >log
"$PEERLAB" sweep listening-training --over program.weeks=12,16 --replications 40 --set population.dyads=12 --quiet --out swept
check 'a sweep goes the same way' snake replications=40 shards=3 'set=["population.dyads=12"]' over=program.weeks=12,16 \
  'out=sweep of a cluster'
[ "$failed" = 0 ] || tail -40 log
check 'and is that of one machine, to the byte' same 'sweep of a cluster' swept
check 'with its report' cmp 'sweep of a cluster.html' swept/report.html

# Another size of the same run, and back again.
grown() {
  local replications=$1
  shift
  snake "replications=$replications" shards=2 set=population.dyads=12 'out=grown' "$@"
}
"$PEERLAB" run listening-training --replications 300 --set population.dyads=12 --quiet --out larger
check 'a smaller run' grown 200
: >log
check 'a larger one does not take its place unasked' test "$(grown 300 && echo replaced)" = ''
check 'nor is it taken for that' grep -q 'holds another run' log
check 'and the way out is said' grep -q -- '--config replace=true' log
check 'before anything is computed' test "$(compgen -G 'grown-shards/300-*')" = ''
check 'it does where that is asked for' grown 300 replace=true
check 'and is the larger run, to the byte' same grown larger
check 'with its report' cmp grown.html larger/report.html
# Whatever Snakemake remembers of it.
rm -r .snakemake
check 'the run that is there is known' grown 300
check 'and another refused' test "$(grown 200 && echo replaced)" = ''
check 'made smaller again' grown 200 replace=true
"$PEERLAB" run listening-training --replications 200 --set population.dyads=12 --record summary --quiet --out smaller
check 'is the smaller one, to the byte' same grown smaller
# A run that somebody made without an engine: the very one needs no shard, another is not touched.
cp -r larger mine
check 'the very run needs no shards' snake replications=300 shards=2 set=population.dyads=12 out=mine
check 'and none are made' test "$(compgen -G 'mine-shards/*/*.done')" = "$(compgen -G 'mine-shards/*/merged.done')"
check 'but its report' cmp mine.html larger/report.html
check 'another number is refused' test "$(snake replications=200 shards=2 set=population.dyads=12 out=mine && echo replaced)" = ''
check 'and nothing of it touched' same mine larger
# As where the engine dies between merging and reporting: the run is there, the report of another.
"$PEERLAB" run listening-training --replications 200 --set population.dyads=12 --record summary --force --quiet --out mine
check 'a run that has taken the place of another is known' snake replications=200 shards=2 set=population.dyads=12 out=mine
check 'and its report made' cmp mine.html smaller/report.html
timeout -s INT 2 "$PEERLAB" run listening-training --replications 100000 --quiet --out begun
before=$(find begun -type f | sort)
check 'one that was begun is not given up' test "$(snake replications=40 shards=2 out=begun && echo replaced)" = ''
check 'and what it kept is there' test "$(find begun -type f | sort)" = "$before" -a -n "$before"
mkdir folder && echo mine >folder/notes.txt
check 'nor is a folder of another kind' test "$(snake replications=40 shards=2 out=folder && echo replaced)" = ''
[ "$failed" = 0 ] || tail -40 log
# A merge that is killed when all is in place: Snakemake takes run.json away, and the next merge replaces the rest.
cat >merging <<WRAPPER
#!/usr/bin/env bash
"$PEERLAB" "\$@" || exit
if [ "\$1" = merge ] && mkdir '$work/merged once' 2>/dev/null; then kill -9 \$\$; fi
WRAPPER
chmod +x merging
check 'a merge that is killed at its end is made again' snake replications=300 shards=2 'set=["population.dyads=12"]' 'out=killed' \
  "peerlab=$work/merging"
check 'it was killed' test -d 'merged once'
check 'and is that run, to the byte' same killed larger
[ "$failed" = 0 ] || tail -40 log

# A disk that is cleared of a shard whose mark stays, and one that has damaged another.
rm -r killed-shards/*/2 killed killed.html
check 'a shard that was lost is computed again' snake replications=300 shards=2 'set=["population.dyads=12"]' 'out=killed'
check 'and the run is that run, to the byte' same killed larger
rm -r killed killed.html
part=$(compgen -G 'killed-shards/*/1/parcels/*.part' | head -1)
printf 'damaged' | dd of="$part" conv=notrunc status=none
: >log
check 'with a damaged shard nothing is merged' test "$(snake replications=300 shards=2 'set=["population.dyads=12"]' 'out=killed' && echo merged)" = ''
check 'which is said by its name' grep -q 'killed-shards/.*/1' log
check 'it is mended when that is asked for' snake replications=300 shards=2 'set=["population.dyads=12"]' 'out=killed' --forcerun shard
check 'to the same bytes' same killed larger
[ "$failed" = 0 ] || tail -40 log

# Snakemake itself is killed while two of its jobs live on: what they and others finished is not computed again.
cat >slow <<WRAPPER
#!/usr/bin/env bash
# The first two shards end at once, the others when they may.
if [[ " \$* " == *" --shard "* ]] && ! mkdir '$work/first' 2>/dev/null && ! mkdir '$work/second' 2>/dev/null; then
  touch "$work/waiting \$\$"
  until [ -e '$work/go on' ]; do sleep 0.05; done
fi
exec "$PEERLAB" "\$@"
WRAPPER
chmod +x slow
long=(--snakefile "$here/../../cluster/Snakefile" --profile "$here/../../cluster/profiles/local" --cores 2 --config study=listening-training
  replications=400 shards=4 'set=["population.dyads=12"]' 'out=engine killed' "peerlab=$work/slow")
# Waits until so many files have such names.
wait_for() {
  for _ in $(seq 600); do
    [ "$(compgen -G "$2" | wc -l)" = "$1" ] && return
    sleep 0.1
  done
  return 1
}
parts() {
  find 'engine killed-shards' -path '*parcels*' -name '*.part' -printf '%p %T@ %i\n' | sort
}
: >log
"$SNAKEMAKE" "${long[@]}" >>log 2>&1 &
engine=$!
check 'two shards end' wait_for 2 'engine killed-shards/*/*.done'
check 'two others are at work' wait_for 2 'waiting *'
kill -9 $engine
wait $engine 2>/dev/null
touch 'go on'
check 'they live on and end without the engine' wait_for 4 'engine killed-shards/*/*/run.json'
before=$(parts)
check 'begun again the folder is locked' test "$("$SNAKEMAKE" "${long[@]}" 2>&1 | grep -c -- --unlock)" -gt 0
check 'and unlocked' "$SNAKEMAKE" "${long[@]}" --unlock >>log 2>&1
check 'the workflow ends well' "$SNAKEMAKE" "${long[@]}" >>log 2>&1
check 'no shard that had ended was computed again' test "$(parts)" = "$before" -a -n "$before"
"$PEERLAB" run listening-training --replications 400 --set population.dyads=12 --record summary --quiet --out unkilled
check 'it is the run of an engine that lived, to the byte' same 'engine killed' unkilled
[ "$failed" = 0 ] || tail -40 log
finish
