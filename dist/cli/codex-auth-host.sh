#!/bin/sh
# codex-auth-host: what "codex-auth-keeper deploy" does on a host beside storing the login. POSIX sh and tools alone; nothing of it stays.
#
#   codex-auth-host find              says whether this user has Codex, and which folder it keeps its login in
#   codex-auth-host folder FOLDER     makes that folder, for this user alone
#   codex-auth-host prove FOLDER      has Codex answer one short prompt; for at most 45 seconds
#   codex-auth-host remove FILE       removes FILE if it still is what comes in on stdin, with what the keeper has put beside it
#
# A login is read from stdin alone. A session without a terminal reads no profile, so Codex is also looked for with the variables of a
# login shell, then of an interactive one, then in the folders that installers use.
#
# Exit codes: 0 done, 64 bad arguments, 69 no Codex, 73 cannot write, 76 the file is another one by now.
set -u
umask 077
LC_ALL=C
export LC_ALL

fail() {
  code=$1
  shift
  printf '%s\n' "codex-auth-host: $*" >&2
  exit "$code"
}

# Tenths of a second that have gone by; not every sleep knows parts of one.
pause() {
  if sleep 0.2 2>/dev/null; then waited=$((waited + 2)); else sleep 1 && waited=$((waited + 10)); fi
}

# Waits for the file $1 for $2 tenths of a second.
await() {
  waited=0
  until [ -e "$1" ]; do
    [ "$waited" -lt "$2" ] || return 1
    pause
  done
}

# Runs in the shell of the profile: the variables that Codex works with, each as a line for sh.
# shellcheck disable=SC2016,SC2089,SC1003 # it is for that shell, word by word
print_variables='
for name in PATH CODEX_HOME HTTPS_PROXY https_proxy HTTP_PROXY http_proxy ALL_PROXY all_proxy NO_PROXY no_proxy SSL_CERT_FILE SSL_CERT_DIR \
  CODEX_CA_CERTIFICATE CODEX_REFRESH_TOKEN_URL_OVERRIDE CODEX_REVOKE_TOKEN_URL_OVERRIDE; do
  eval "value=\${$name-}"
  [ -z "$value" ] || printf "%s='\''%s'\''\nexport %s\n" "$name" "$(printf %s "$value" | sed "s/'\''/'\''\\\\'\'''\''/g")" "$name"
done'

# Takes over the variables of the shell of the user, started with $1. What a profile prints goes nowhere, and one that waits is not waited for.
take_profile() {
  rm -f "$own/variables" "$own/read"
  # The profile may be written for another shell than this one; all of them know this much.
  codex_auth_host_script=$print_variables
  # shellcheck disable=SC2090
  export codex_auth_host_script
  # shellcheck disable=SC2016
  (
    "${SHELL:-/bin/sh}" "$1" 'sh -c "$codex_auth_host_script" >&3' 3>"$own/variables" &
    printf '%s\n' "$!" >"$own/shell"
    wait "$!"
    : >"$own/read"
  ) >/dev/null 2>&1 </dev/null &
  reader=$!
  await "$own/read" 100 || kill "$reader" "$(cat "$own/shell")" 2>/dev/null
  unset codex_auth_host_script
  # shellcheck disable=SC1091 # it is made here
  [ ! -s "$own/variables" ] || . "$own/variables"
}

is_there() {
  codex=$(command -v codex 2>/dev/null) && [ -x "$codex" ]
}

find_codex() {
  take_profile -lc
  is_there && return
  take_profile -ic
  is_there && return
  for folder in "$HOME"/.local/bin "$HOME"/bin "$HOME"/.npm-global/bin "$HOME"/.npm/bin "$HOME"/.bun/bin "$HOME"/.volta/bin \
    "$HOME"/.local/share/pnpm "$HOME"/.local/share/mise/shims "$HOME"/.asdf/shims "$HOME"/.cargo/bin "$HOME"/.nvm/versions/node/*/bin \
    /usr/local/bin /opt/homebrew/bin /home/linuxbrew/.linuxbrew/bin /snap/bin; do
    [ -x "$folder/codex" ] || continue
    PATH=$folder:$PATH
    export PATH
    is_there && return
  done
  fail 69 'there is no codex'
}

do_find() {
  find_codex
  printf '%s\n%s\n' "codex $codex" "home ${CODEX_HOME-}"
}

do_folder() {
  if ! mkdir -p "$folder" || ! chmod 700 "$folder"; then fail 73 "cannot make $folder"; fi
}

do_prove() {
  find_codex
  # A key in a variable would be used in place of the login.
  unset OPENAI_API_KEY CODEX_API_KEY CODEX_ACCESS_TOKEN
  CODEX_HOME=$folder
  export CODEX_HOME
  mkdir "$own/empty" || fail 73 "cannot write in $own"
  (
    cd "$own/empty" || exit
    code=0
    "$codex" exec --json --skip-git-repo-check --sandbox read-only 'Reply exactly: OK' >"$own/out" 2>"$own/err" </dev/null || code=$?
    printf '%s\n' "$code" >"$own/code.new" && mv "$own/code.new" "$own/code"
  ) >/dev/null 2>&1 </dev/null &
  # It is not killed: it may be in the middle of a refresh.
  if ! await "$own/code" 450; then
    printf '%s\n' 'still running'
    return
  fi
  printf '%s\n' "ended $(cat "$own/code")"
  tail -c 100000 "$own/out"
  tail -c 100000 "$own/err"
}

do_remove() {
  cat >"$own/expected"
  if [ -e "$file" ]; then
    aside=$file.$$
    mv -f "$file" "$aside" || fail 73 "cannot move $file"
    if ! cmp -s "$aside" "$own/expected"; then
      # Unlike mv, ln does not replace what Codex has written in the meantime.
      ln "$aside" "$file" 2>/dev/null || [ -e "$file" ] || mv "$aside" "$file"
      rm -f "$aside"
      exit 76
    fi
    rm -f "$aside"
  fi
  rm -rf "${file%/*}/.${file##*/}.keeper"
  # Only where nothing else is in it.
  rmdir "${file%/*}" 2>/dev/null || :
}

case ${1-}:$# in
  find:1) ;;
  folder:2 | prove:2) folder=$2 ;;
  remove:2) file=$2 ;;
  *) fail 64 'usage: find | folder FOLDER | prove FOLDER | remove FILE' ;;
esac
case ${folder-} in /'~'/*) folder=$HOME/${folder#/?/} ;; esac
case ${file-} in /'~'/*) file=$HOME/${file#/?/} ;; esac

own=${TMPDIR:-/tmp}/codex-auth-host.$$
mkdir "$own" || fail 73 "cannot make $own"
trap 'rm -rf "$own"' 0
trap 'exit 129' HUP INT TERM PIPE

case $1 in
  find) do_find ;;
  folder) do_folder ;;
  prove) do_prove ;;
  remove) do_remove ;;
esac
