#!/usr/bin/env bash
# The two studies under docs/study. After a build, with ADVNATIVE_DATA or the corpora in the cache:
#
#   bench/study.sh run FOLDER    goes on with both studies in FOLDER, from the runs that are archived here; Ctrl-C and SIGTERM stop it
#   bench/study.sh keep FOLDER   archives finished runs that are not archived yet, and makes pages and tables anew
set -euo pipefail
if [ $# -ne 2 ] || [[ $1 != run && $1 != keep ]]; then
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
advnative=(node "$root/dist/cli/main.js")

# One process a core: a run on one thread wastes nothing on waiting for others.
reproduce() {
  "${advnative[@]}" reproduce "${@:2}" --plan "$root/docs/study/$1/plan.json" --out "$folder/$1" --jobs "$(nproc)"
}

restore() {
  mkdir -p "$folder/$1"
  for archive in "$root/docs/study/$1"/runs-*.tar.xz; do
    [ -e "$archive" ] || continue
    tar --extract --skip-old-files --file "$archive" --directory "$folder/$1"
  done
}

# The rows that say most come first, and the long ones last.
run() {
  restore paper
  restore best
  reproduce paper babi-6 babi-6-small subjectivity subjectivity-small
  reproduce paper babi-1 babi-1-small czech-facebook
  reproduce best babi-1 babi-2 babi-6 babi-1-10k subjectivity czech-facebook czech-facebook-3
  reproduce paper babi-6-lstm babi-6-squared subjectivity-lstm subjectivity-squared
  reproduce paper dsl-10k dsl-10k-small babi-2
  reproduce best
  reproduce paper
}

# Paths of finished runs, and of the notes beside them, by row: what runs of a row have in common is stored once.
finished() {
  (cd "$folder/$1" && grep --recursive --files-with-matches --include=run.json '"status": "done"' runs | sed 's:/run.json$::' | sort)
}

archived() {
  for archive in "$root/docs/study/$1"/runs-*.tar.xz; do
    [ -e "$archive" ] || continue
    tar --list --file "$archive" | sed -n 's:/run.json$::p'
  done | sort
}

keep() {
  local to="$root/docs/study/$1" new count
  new=$(comm -23 <(finished "$1") <(archived "$1"))
  if [ -n "$new" ]; then
    count=$(find "$to" -name 'runs-*.tar.xz' | wc -l)
    # Neither times nor owners: the same runs give the same archive.
    awk '{ print $0 ".json"; print $0 "/history.jsonl"; print $0 "/run.json"; print $0 "/test-losses.csv" }' <<<"$new" |
      tar --create --directory "$folder/$1" --files-from - --owner 0 --group 0 --numeric-owner --mtime @0 |
      xz -9e >"$to/runs-$((count + 1)).tar.xz"
  fi
  cp "$folder/$1/table.csv" "$to/table.csv"
  # The page names the study's folder, which is to say nothing of this machine.
  (cd "$folder" && "${advnative[@]}" report "$1" --html "$to/report.html" --markdown "$to/report.md" --csv "$to/report.csv" --plots "$1/plots")
  cp "$folder/$1/plots/differences-from-vanilla.svg" "$to/"
}

if [ "$1" = run ]; then
  run
else
  for study in paper best; do
    if [ -d "$folder/$study/runs" ]; then keep "$study"; fi
  done
fi
