# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What `./dev lint` and `./dev test` hold the sources to; read by ./dev. Formatters lay out differently from version
# to version: their verdict counts only in the version of Debian 12, elsewhere the check is skipped.

format_version=16
black_version=23
# Seconds for clang-tidy in all, and how many files it reads at most: what changed last, not the whole tree. Its static
# analyser takes most of the time; files that are named on the command line get it too.
tidy_seconds=180
tidy_files=8

lint_log=build/lint.log

# Sources in C++, in shell and in Python that git knows, as NUL-separated lists.
cpp_sources() { git ls-files -z -- '*.cpp' '*.hpp'; }
python_sources() { git ls-files -z -- '*.py'; }
shell_sources() {
  git ls-files -z -- dev .ci/run '*.sh' 'debian/*.postinst' 'debian/*.prerm' 'debian/*.postrm'
}

# Of a tool with its version in its name the one of the newest clang that is here.
clang_tool() {
  local number
  for number in $(seq 25 -1 16); do
    if command -v "$1-$number"; then return 0; fi
  done
  return 1
}

check_clang_format() {
  local tool=clang-format-$format_version
  command -v "$tool" >/dev/null || return 77
  cpp_sources | xargs -0 -n 40 -P "$(nproc)" "$tool" --dry-run -Werror
}

check_black() {
  [[ "$(black --version 2>/dev/null)" == *" $black_version."* ]] || return 77
  python_sources | xargs -0 black --check --quiet --diff
}

check_pycodestyle() {
  /usr/bin/python3 -c 'import pycodestyle' 2>/dev/null || return 77
  # Layout is black's; what is left are long lines and names.
  python_sources | xargs -0 /usr/bin/python3 -m pycodestyle --max-line-length=100 --ignore=E203,E402,E731,W503,W504
}

check_shellcheck() {
  command -v shellcheck >/dev/null || return 77
  shell_sources | xargs -0 shellcheck
}

# The sources changed since the branch left main, or since the last commit on main; headers through the source of the
# same name.
changed_sources() {
  local base
  base=${FORGELINK_LINT_BASE:-$(git merge-base HEAD origin/main 2>/dev/null || true)}
  if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then base=HEAD~1; fi
  { git diff --name-only --diff-filter=d "$base" -- '*.cpp' '*.hpp' 2>/dev/null || true; } |
    sed -E 's/\.hpp$/.cpp/' | sort -u | while read -r file; do [ ! -f "$file" ] || printf '%s\n' "$file"; done
}

# Makes build/dev/compile_commands.json, and the link at the top that clangd looks for.
configure_dev() {
  mkdir -p build
  cmake --preset dev >build/dev.log 2>&1 || { tail -20 build/dev.log; return 1; }
  ln -sfn build/dev/compile_commands.json compile_commands.json
}

# Bounded in files and in time. What was not read is named, so that silence never passes for a clean bill.
check_clang_tidy() {
  local tool file left=() status=0 end=$((SECONDS + tidy_seconds)) files=()
  tool=$(clang_tool clang-tidy) || return 77
  configure_dev || return 1
  mapfile -t files < <(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else changed_sources; fi)
  local checks='-clang-analyzer-*'
  if [ $# -gt 0 ]; then checks='' tidy_files=${#files[@]} end=$((SECONDS + 3600)); fi
  for file in "${files[@]}"; do
    if [ "$tidy_files" -le 0 ] || [ $SECONDS -ge $end ]; then
      left+=("$file")
      continue
    fi
    tidy_files=$((tidy_files - 1))
    timeout $((end - SECONDS + 1)) "$tool" --quiet -p build/dev --checks="$checks" "$file" ||
      { [ $? = 124 ] && left+=("$file"); } || status=1
  done
  [ ${#left[@]} -eq 0 ] || echo "clang-tidy did not read: ${left[*]}"
  return $status
}

# Runs every check; one line `OUTCOME NAME` each on standard output, what they say in build/lint.log.
lint_all() {
  local check status
  mkdir -p build
  : >$lint_log
  for check in clang_format clang_tidy shellcheck black pycodestyle; do
    status=0
    echo "== $check" >>$lint_log
    ("check_$check") >>$lint_log 2>&1 </dev/null || status=$?
    case $status in
      0) echo "passed $check" ;;
      77) echo "skipped $check" ;;
      *) echo "failed $check" ;;
    esac
  done
}

# What clang-tidy remarked without failing, and what it had no time for.
lint_remarks() {
  local warnings
  warnings=$(grep -cE 'warning: .*\[[a-z-]+\]$' $lint_log || true)
  [ "$warnings" = 0 ] || say "  clang-tidy remarks: $warnings, in $lint_log"
  # The line names them, one word each behind four.
  awk -v log_file="$lint_log" '/^clang-tidy did not read:/ { print "  clang-tidy did not read " NF - 4 " files; " log_file " names them" }' $lint_log
}

# ./dev lint [FILE...]: all checks, or clang-tidy on the files named.
lint() {
  local outcome name bad=0
  need build lint
  if [ $# -gt 0 ]; then
    check_clang_tidy "$@"
    return
  fi
  while read -r outcome name; do
    say "$name: $outcome"
    [ "$outcome" != failed ] || bad=1
  done < <(lint_all)
  lint_remarks
  [ $bad = 0 ] || { tail -60 $lint_log; say "All of it is in $lint_log"; }
  return $bad
}

# Lays out all sources.
format() {
  need lint
  cpp_sources | xargs -0 "clang-format-$format_version" -i
  python_sources | xargs -0 black --quiet
}
