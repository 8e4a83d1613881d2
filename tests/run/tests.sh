# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What `./dev test` runs, part by part; read by ./dev. Every part leaves JUnit files in build/test-results, and the
# last line of a run adds them up. A part fails the run, not the parts behind it.

results=build/test-results
test_parts="unit integration lint long thread fuzz platforms package"

# The sums of this run, and the cases that passed only when they were run again.
passed=0 failed=0 skipped=0 unsteady=()

# Adds a JUnit file to the sums; shows what failed in it.
count_results() {
  local p f s
  read -r p f s < <(/usr/bin/python3 tests/support/junit.py "$1")
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  say "  $p passed, $f failed, $s skipped"
}

# Adds one case: count_one OUTCOME, where the outcome is passed, failed or skipped.
count_one() {
  case $1 in
    passed) passed=$((passed + 1)) ;;
    skipped) skipped=$((skipped + 1)) ;;
    *) failed=$((failed + 1)) ;;
  esac
}

# run_ctest PRESET NAME [ctest options]: the unit tests of one build.
run_ctest() {
  local preset=$1 name=$2
  shift 2
  ctest --test-dir "build/$preset" --no-tests=error -j2 --output-junit "$PWD/$results/$name.xml" "$@" \
    >"$results/$name.log" 2>&1 || true
  count_results "$results/$name.xml"
}

# run_pytest NAME [pytest options]: shows progress as it goes.
run_pytest() {
  local name=$1
  shift
  /usr/bin/python3 -m pytest -q -p no:cacheprovider --junitxml "$results/$name.xml" "$@" || true
  count_results "$results/$name.xml"
}

# Unit tests, the structure of the tree, and every kept input of the fuzzers, under two sanitizers.
test_unit() {
  build_preset debug
  say "Unit tests ..."
  run_ctest debug unit "$@"
}

# The programs that people run, with real keyrings, systemd, git and browsers. `long` does the same with sanitizers.
test_integration() {
  build_preset release
  say "Integration tests ..."
  run_integration integration "${FORGELINK_BIN_DIR:-$PWD/build/release/bin}" "$@"
  [ ! -f build/test-logs/figures.txt ] || cat build/test-logs/figures.txt
}

test_sanitized_integration() {
  build_preset debug
  build_preset release
  say "Integration tests with sanitizers ..."
  run_integration sanitized "$PWD/build/debug/bin" "$@"
}

# run_integration NAME PROGRAMS [pytest options]. Most of a case is waiting for programs, so the files run side by
# side, unless some are named: each worker has forges, buses and a user of its own. On a loaded machine a wait may be
# too short: a case that fails is run once more when the others are done. What fails twice has failed; what does not
# is named at the end of the run.
run_integration() {
  local name=$1 programs=$2 word paths=(tests/integration) workers p f s
  workers=(-n "$(($(nproc) < 4 ? $(nproc) : 4))" --dist loadfile)
  shift 2
  for word in "$@"; do [[ $word != tests/* ]] || paths=() workers=(); done
  local pytest=(/usr/bin/python3 -m pytest -q -o "cache_dir=$PWD/build/pytest-$name")
  rm -rf "build/pytest-$name"
  FORGELINK_BIN_DIR=$programs "${pytest[@]}" "${workers[@]}" --tb=short --junitxml "$results/$name.xml" \
    "${paths[@]}" "$@" || true
  read -r p f s < <(/usr/bin/python3 tests/support/junit.py "$results/$name.xml")
  if [ "$f" -gt 0 ] && [ "$f" -le 40 ]; then
    say "  $p passed, $f failed, $s skipped; the $f once more:"
    passed=$((passed + p)) skipped=$((skipped + s))
    FORGELINK_BIN_DIR=$programs "${pytest[@]}" --last-failed --junitxml "$results/$name-again.xml" "${paths[@]}" "$@" ||
      true
    count_results "$results/$name-again.xml"
    mapfile -t -O "${#unsteady[@]}" unsteady < <(/usr/bin/python3 tests/support/junit.py --passed "$results/$name-again.xml")
  else
    count_results "$results/$name.xml"
  fi
}

# What crosses threads, under the thread sanitizer: the unit tests of the worker threads and of the stores, and a
# daemon with a keyring.
test_thread() {
  build_preset thread --target base_test storage_test forgelinkd forgelink
  say "Tests that cross threads ..."
  TSAN_OPTIONS="suppressions=$PWD/tests/support/thread_sanitizer.supp" run_ctest thread thread -R '^(base|storage)\.'
  FORGELINK_BIN_DIR="$PWD/build/thread/bin" run_pytest thread-integration tests/integration/test_keyring.py
}

# Each fuzzer on its corpus for $1 seconds, as many at once as there are processors. A crash counts as a failed
# case; what caused it is in build/fuzz/crashes.
test_fuzz() {
  local target name seconds=${1:-${FORGELINK_FUZZ_SECONDS:-10}}
  # To libFuzzer 0, and what is no number, means without end.
  [[ $seconds =~ ^[1-9][0-9]*$ ]] || { say "SECONDS is a number from 1 on: ./dev fuzz 60"; exit 2; }
  build_preset fuzz --target fuzzers
  say "Fuzzers, $seconds s each ..."
  mkdir -p build/fuzz/crashes
  for target in build/fuzz/bin/fuzz_*; do
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
    fuzz_one "$target" "$seconds" &
  done
  wait
  for target in build/fuzz/bin/fuzz_*; do
    name=${target##*/fuzz_}
    if [ "$(cat "build/fuzz/$name.status")" = 0 ]; then
      count_one passed
      say "  $name: $(grep -aoE 'Done [0-9]+ runs' "build/fuzz/$name.log" || true)"
    else
      count_one failed
      say "  $name: FAILED"
      tail -30 "build/fuzz/$name.log"
    fi
  done
}

# New inputs that reach new code are kept in build/fuzz/found, from one run to the next.
fuzz_one() {
  local name=${1##*/fuzz_} status=0
  mkdir -p "build/fuzz/found/$name"
  "$1" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="build/fuzz/crashes/$name-" \
    "build/fuzz/found/$name" "tests/fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1 || status=$?
  echo "$status" >"build/fuzz/$name.status"
}

# One case per tool; the tools that are missing in the wanted version are skipped, and named.
test_lint() {
  local outcome name
  say "Lint ..."
  while read -r outcome name; do
    count_one "$outcome"
    [ "$outcome" = passed ] || say "  $name: $outcome"
  done < <(lint_all)
  lint_remarks
}

# The package is made, and lintian finds no error in it.
test_made_package() {
  say "The Debian packages ..."
  if (package) >"$results/package.log" 2>&1; then
    count_one passed
  else
    count_one failed
    tail -20 "$results/package.log"
  fi
}

# ./dev test: what every change has to pass. ./dev test PART [options]: one part of it, or one of the long ones.
test_run() {
  local part=${1:-short}
  [ $# -eq 0 ] || shift
  case " short $test_parts " in
    *" $part "*) ;;
    *) say "There are no tests called $part; there are: $test_parts"; exit 2 ;;
  esac
  mkdir -p "$results" build/test-logs
  rm -f "$results"/* build/test-logs/figures.txt
  local parts=("$part")
  case $part in
    platforms)
      need test bare
      exec /usr/bin/python3 tests/package/platforms.py "$@"
      ;;
    package)
      need test bare
      package
      exec /usr/bin/python3 tests/package/package.py dist
      ;;
    fuzz) need build clang ;;
    lint) need build lint ;;
    short)
      need build run test clang lint package
      parts=(lint unit integration made_package)
      ;;
    long)
      need build run test clang lint package
      parts=(lint unit integration sanitized_integration made_package thread fuzz)
      ;;
    *) need build run test clang package ;;
  esac
  for part in "${parts[@]}"; do "test_$part" "$@"; done
  say
  [ ${#unsteady[@]} -eq 0 ] || say "Passed only when run again:$(printf '\n  %s' "${unsteady[@]}")"
  say "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
