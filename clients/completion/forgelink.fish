# Completion of forgelink for fish: the program itself says what may follow.
function __forgelink_candidates
    set -l words (commandline -opc)
    forgelink complete -- $words[2..-1] (commandline -ct | string unescape) 2>/dev/null
end
complete -c forgelink -f -k -a '(__forgelink_candidates)'
