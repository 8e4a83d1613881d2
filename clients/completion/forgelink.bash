# Completion of forgelink for bash: the program itself says what may follow.
_forgelink() {
  local word words=() value current=${COMP_WORDS[COMP_CWORD]}
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    word=${word//\\/}
    words+=("${word#[\"\']}")
  done
  COMPREPLY=()
  while IFS=$'\t' read -r value _; do
    # An open quote is closed by the shell; without one the value is quoted here.
    [[ $current == [\"\']* ]] || printf -v value %q "$value"
    COMPREPLY+=("$value")
  done < <(forgelink complete -- "${words[@]}" 2>/dev/null)
}
complete -F _forgelink forgelink
