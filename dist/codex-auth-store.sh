#!/bin/sh
# codex-auth-store: keeps one auth.json on this host for codex-auth-keeper. POSIX sh and tools alone.
#
#   codex-auth-store read FILE                              prints a version line, then the document
#   codex-auth-store prove FILE                             finds out whether a write would work
#   codex-auth-store publish FILE                           makes FILE what is stored, should it be missing or late
#   codex-auth-store write VERSION SHA256 BYTES FILE        stores stdin if VERSION (or "none") is still there
#   codex-auth-store lease-read FILE                        both for the lease beside FILE, which says who may refresh the
#   codex-auth-store lease-write VERSION SHA256 BYTES FILE  login now and holds nothing of it
#
# The keeper sends this text with each command, so nothing has to be installed. Installed as a forced command, a key can
# do this and no more; in authorized_keys:
#   restrict,command="/usr/local/bin/codex-auth-store /path/auth.json" ssh-ed25519 ...
#
# Exit codes: 0 done, 64 bad arguments, 65 the document was damaged on the way, 70 what is stored is damaged, 73 cannot
# write, 74 nothing stored, 75 busy, 76 somebody else was faster, 77 not allowed. For a lease 73 also stands for 64, which is
# what an older script answers that knows of none.
#
# FILE is what everybody reads and may also replace by hand. Beside it, in .NAME.keeper, each write is a new generation
# gN, made with link(2), which fails when the name is taken: of two writers exactly one wins, at whatever point another
# one dies. FILE is then replaced by a copy of the newest generation. Should that be interrupted, or done late by a
# writer that was held up, FILE equals an older generation and the newest one counts; any other content of FILE was put
# there by somebody else, counts, and becomes a generation of its own before it is overwritten. Old generations keep
# their checksum instead of their content, and their name, so that no late writer can make an old number again.
# A lease is a generation of its own in .NAME.keeper/lease and nothing else; its old generations go after a day.
set -u
what=login
umask 077
LC_ALL=C
export LC_ALL

fail() {
  code=$1
  shift
  [ "$code-$what" != 64-lease ] || code=73
  printf '%s\n' "codex-auth-store: $*" >&2
  exit "$code"
}

# The nearest directory above $1, or $1 itself, that exists.
nearest() {
  near=$1
  while [ ! -e "$near" ] && [ ! -L "$near" ]; do
    near=${near%/*}
    [ -n "$near" ] || near=/
  done
}

# Ends after a write to our directory failed: not allowed, or the disk.
cannot_write() {
  nearest "$keep"
  if [ -d "$near" ] && [ -w "$near" ] && [ -x "$near" ]; then
    fail 73 "cannot $1 in $keep (is the disk full, does it have hard links?)"
  fi
  fail 77 "may not write in $near"
}

# A new empty file of our own; its name in $temporary.
new_temporary() {
  try=0
  temporary=$keep/tmp.$$.$try
  until (set -C && : >"$temporary") 2>/dev/null; do
    try=$((try + 1))
    [ "$try" -lt 20 ] || cannot_write 'make a file'
    temporary=$keep/tmp.$$.$try
  done
  temporaries="$temporaries $try"
}

drop_temporaries() {
  for try in $temporaries; do rm -f "$keep/tmp.$$.$try"; done
  temporaries=
}

durable() {
  sync "$1" 2>/dev/null || sync 2>/dev/null || :
}

# Checksum and size of $1, also a stamp against changes that were not made by this script.
stamp() {
  # shellcheck disable=SC2046 # to be split
  set -- $(cksum <"$1")
  printf '%s\n' "${1-}-${2-}"
}

# The highest generation in $last, 0 when there is none. A name of another shape is not one of ours: no shell counts that far.
find_last() {
  last=0
  for path in "$keep"/g*; do
    number=${path##*/g}
    case $number in '' | 0* | *[!0-9]* | ??????????*) continue ;; esac
    [ "$number" -le "$last" ] || last=$number
  done
}

# True when a document with the stamp $1 was an older generation.
was_replaced() {
  [ "$last" -gt 1 ] || return 1
  [ "$1" != "$(stamp "$keep/g$((last - 1))")" ] || return 0
  grep -q -x -F -e "$1" "$keep"/g* 2>/dev/null
}

# What is stored: $current (a path, or nothing), $version, and in $foreign whether somebody else put it there.
look() {
  current='' version=none foreign=no
  nearest "$directory"
  [ -d "$near" ] || fail 64 "$near is not a directory"
  [ -x "$near" ] || fail 77 "may not look into $near"
  if [ -e "$keep" ] && { [ ! -r "$keep" ] || [ ! -x "$keep" ]; }; then fail 77 "may not look into $keep"; fi
  [ ! -L "$file" ] || fail 64 "$file is a symbolic link; name the file itself"
  find_last
  [ "$last" -lt 999999990 ] || fail 70 "generation $last in $keep was not made by this script"
  [ "$last" -eq 0 ] || current=$keep/g$last
  if [ -e "$file" ]; then
    [ -f "$file" ] || fail 64 "$file is not a file"
    [ -r "$file" ] || fail 77 "may not read $file"
    if [ "$last" -eq 0 ]; then
      foreign=yes current=$file
    elif ! cmp -s "$file" "$current" && ! was_replaced "$(stamp "$file")"; then
      foreign=yes current=$file
    fi
  fi
  [ -z "$current" ] || version=$last-$(stamp "$current")
}

# Puts a copy of the newest generation in the place of FILE; again when another writer was faster.
publish() {
  published=0
  while [ "$last" -ne "$published" ]; do
    published=$last
    new_temporary
    if ! cat "$keep/g$last" >"$temporary" || ! durable "$temporary" || ! mv -f "$temporary" "$file"; then
      rm -f "$temporary"
      return 1
    fi
    find_last
  done
  durable "$directory"
}

prepare() {
  [ -d "$keep" ] || mkdir -p "$keep" 2>/dev/null || cannot_write 'make a directory'
  if [ ! -w "$directory" ] || [ ! -x "$directory" ]; then fail 77 "may not write in $directory"; fi
  # What a writer that died left behind; no writer takes a day.
  find "$keep" -name 'tmp.*' -type f -mtime +0 -exec rm -f {} + 2>/dev/null || :
}

# Generations before $1 keep only their checksum.
forget_before() {
  for path in "$keep"/g*; do
    number=${path##*/g}
    case $number in '' | 0* | *[!0-9]* | ??????????*) continue ;; esac
    [ "$number" -lt "$1" ] || continue
    line=
    IFS= read -r line <"$path" 2>/dev/null || :
    case $line in '' | *[!0-9-]*) ;; *) continue ;; esac
    new_temporary
    if ! stamp "$path" >"$temporary" || ! mv -f "$temporary" "$path"; then rm -f "$temporary"; fi
  done
}

# Each refresh makes some leases, and no writer of one takes a day. $1 is the newest.
forget_old_leases() {
  find "$keep" -name 'g*' ! -name "g$1" -type f -mtime +0 -exec rm -f {} +
}

sha256_of() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum <"$1"
  elif command -v shasum >/dev/null 2>&1; then shasum -a 256 <"$1"
  elif command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r <"$1"
  fi
}

do_read() {
  seen=none
  for _ in 1 2 3; do
    look
    [ -n "$current" ] || exit 74
    exec 3<"$current"
    seen=$last
    find_last
    [ "$last" -ne "$seen" ] || break
  done
  # Only a generation that was still the newest after it was opened cannot have been forgotten meanwhile.
  [ "$last" -eq "$seen" ] || fail 75 'others are writing'
  # An interrupted publication is finished for those who read FILE itself.
  if [ "$foreign" = no ] && [ -e "$file" ] && ! cmp -s "$current" "$file"; then (publish) 2>/dev/null || :; fi
  printf '%s\n' "$version"
  cat <&3
}

do_publish() {
  look
  [ -n "$current" ] || exit 74
  if [ "$foreign" = yes ] || cmp -s "$current" "$file"; then return; fi
  prepare
  publish || cannot_write 'replace the file'
}

do_prove() {
  look
  prepare
  new_temporary
  probe=$temporary.link
  ln "$temporary" "$probe" 2>/dev/null || cannot_write 'make a link'
  rm -f "$probe"
  [ ! -e "$file" ] || [ -w "$file" ] || fail 77 "$file is write-protected"
  printf '%s\n' writable
}

do_write() {
  prepare
  new_temporary
  incoming=$temporary
  cat >"$incoming" || cannot_write 'write the document'
  [ "$(($(wc -c <"$incoming")))" -eq "$bytes" ] || fail 65 'the document was cut short on the way'
  actual=$(sha256_of "$incoming")
  case ${actual%% *} in
    "$sha256") ;;
    '') printf '%s\n' 'codex-auth-store: no sha256sum, shasum or openssl here: only the length was checked' >&2 ;;
    *) fail 65 'the document was changed on the way' ;;
  esac
  durable "$incoming"

  look
  [ "$version" = "$expected" ] || exit 76
  [ ! -e "$file" ] || [ -w "$file" ] || fail 77 "$file is write-protected"
  if [ "$foreign" = yes ]; then
    new_temporary
    cat "$file" >"$temporary" || cannot_write 'copy the file'
    [ "$last-$(stamp "$temporary")" = "$expected" ] || exit 76
    ln "$temporary" "$keep/g$((last + 1))" 2>/dev/null || exit 76
    last=$((last + 1))
  fi
  next=$((last + 1))
  if ! ln "$incoming" "$keep/g$next" 2>/dev/null; then
    [ ! -e "$keep/g$next" ] || exit 76
    cannot_write 'make a link'
  fi
  # From here on it is stored, whatever happens.
  durable "$keep"
  written=$next-$(stamp "$incoming")
  last=$next
  if [ "$what" = lease ]; then
    forget_old_leases "$next" 2>/dev/null || :
  else
    (publish) || printf '%s\n' "codex-auth-store: stored, but $file could not be replaced" >&2
    (forget_before "$((next - 1))") 2>/dev/null || :
  fi
  printf '%s\n' "$written"
}

case ${1-} in
  /*)
    # A forced command: of what the client asks for only the last words count, and they are data, never run.
    [ "$#" -eq 1 ] || fail 64 'as a forced command it takes the file alone'
    only=$1
    asked=${SSH_ORIGINAL_COMMAND-}
    set -f
    # shellcheck disable=SC2086 # to be split
    set -- ${asked##*codex-auth-store }
    set +f
    for file in "$@"; do :; done
    [ "${file-}" = "$only" ] || fail 64 'this key serves another file'
    ;;
esac

case ${1-}:$# in
  read:2 | publish:2 | prove:2) file=$2 ;;
  write:5) expected=$2 sha256=$3 bytes=$4 file=$5 ;;
  lease-read:2) what=lease file=$2 ;;
  lease-write:5) what=lease expected=$2 sha256=$3 bytes=$4 file=$5 ;;
  *) fail 64 'usage: [lease-]read FILE | publish FILE | prove FILE | [lease-]write VERSION SHA256 BYTES FILE' ;;
esac
case ${expected-none} in none) ;; '' | *[!0-9-]*) fail 64 'not a version' ;; esac
case ${sha256-none} in none) ;; '' | *[!0-9a-f]*) fail 64 'not a SHA-256' ;; esac
case ${bytes-0} in '' | *[!0-9]*) fail 64 'not a number of bytes' ;; esac
case $file in
  /*/ | */. | */..) fail 64 'the path must name a file' ;;
  /'~'/*) file=$HOME/${file#/?/} ;;
  /*) ;;
  *) fail 64 'the path must begin with /' ;;
esac
directory=${file%/*}
directory=${directory:-/}
keep=${file%/*}/.${file##*/}.keeper
if [ "$what" = lease ]; then
  directory=$keep
  keep=$keep/lease
  # A lease has no file that everybody reads: nothing ever makes this one.
  file=$keep/file
fi
temporaries=

trap drop_temporaries 0
trap 'exit 129' HUP INT TERM PIPE
case $1 in
  read | lease-read) do_read ;;
  publish) do_publish ;;
  prove) do_prove ;;
  write | lease-write) do_write ;;
esac
