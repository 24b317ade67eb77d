export const id = 172;
export const ids = [172];
export const modules = {

/***/ 3823:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   w: () => (/* binding */ runChild)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_child_process__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_net__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7030);
/* harmony import */ var node_net__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_net__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8161);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(node_os__WEBPACK_IMPORTED_MODULE_2__);



/** A process that the child left behind may hold its output open; so long we wait for the rest of it. */
const restOfOutputMs = 2_000;
/**
 * Runs one child silently: nothing is echoed, no shell is involved, secrets travel over stdin or env only, and stdin and
 * stdout are exact bytes. A child that ends without reading its input is judged by its exit code. One that outlives its
 * time limit is not killed (it may be in the middle of a write) and does not keep this process alive; the runner's own sweep
 * ends it after the job.
 * Rejects only when the program cannot be started.
 *
 * On node:child_process and not @actions/exec 3.0.0, which has no listener for errors of the child's stdin: the EPIPE of
 * a child that does not read its input would end this process, and with it the write-back.
 */
async function runChild(request) {
    const child = (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.spawn)(request.tool, request.args, { cwd: request.cwd, env: { ...request.env }, stdio: 'pipe' });
    const out = [];
    const err = [];
    child.stdout.on('data', (data) => out.push(data));
    child.stderr.on('data', (data) => err.push(data));
    child.stdin.on('error', () => undefined);
    child.stdin.end(request.stdin);
    const ended = await endOf(child, request.timeoutMs ?? 60_000);
    if (ended === 'timed-out') {
        letGo(child);
        return { kind: 'timed-out' };
    }
    return { kind: 'exited', exitCode: ended, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') };
}
function endOf(child, timeoutMs) {
    return new Promise((resolve, reject) => {
        const limit = setTimeout(() => {
            resolve('timed-out');
        }, timeoutMs);
        let rest;
        const settle = (code, signal) => {
            clearTimeout(rest);
            resolve(code ?? 128 + (signal ? node_os__WEBPACK_IMPORTED_MODULE_2__.constants.signals[signal] : 0));
        };
        child.once('error', (error) => {
            clearTimeout(limit);
            reject(error);
        });
        child.once('exit', (code, signal) => {
            clearTimeout(limit);
            rest = setTimeout(() => {
                letGo(child);
                settle(code, signal);
            }, restOfOutputMs);
        });
        child.once('close', settle);
    });
}
function letGo(child) {
    child.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr]) {
        if (stream instanceof node_net__WEBPACK_IMPORTED_MODULE_1__.Socket)
            stream.unref();
    }
}


/***/ }),

/***/ 8916:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I2: () => (/* binding */ writingOf),
/* harmony export */   MU: () => (/* binding */ readingOf),
/* harmony export */   be: () => (/* binding */ stderrTail)
/* harmony export */ });
/* harmony import */ var _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9522);

/** Exit codes of the protocol: those of sysexits.h where it has one that fits. */
const exit = { done: 0, badArguments: 64, wrongHash: 65, cannotWrite: 73, empty: 74, busy: 75, conflict: 76, denied: 77 };
/**
 * Understands how a read ended.
 * @param who the command or the host, for messages
 * @throws KeeperError store-unreachable, store-unauthorized, store-refused or store-damaged; it never quotes stdout
 */
function readingOf(result, who) {
    if (result.kind === 'timed-out') {
        throw new _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .KeeperError */ .Hc('store-unreachable', `${who} did not end in time.`, 'See why it hangs; it was not stopped.');
    }
    switch (result.exitCode) {
        case exit.done:
            return readingOfOutput(result.stdout, who);
        case exit.empty:
            return { kind: 'empty' };
        default:
            throw (knownFailure(result, who) ??
                new _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .KeeperError */ .Hc('store-unreachable', endedWith(result, who), `Only exit code ${exit.empty}, or no output with exit code 0, means that nothing is stored yet.`));
    }
}
/**
 * Understands how a write ended. Exit code 74, nothing is stored any more, is a conflict as well: what was read is gone.
 * @throws KeeperError as readingOf, and store-unknown-outcome for every exit code that the protocol does not name
 */
function writingOf(result, who) {
    if (result.kind === 'timed-out') {
        throw new _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .KeeperError */ .Hc('store-unknown-outcome', `${who} did not end in time.`, 'See why it hangs; it was not stopped and may still write.');
    }
    switch (result.exitCode) {
        case exit.done:
            return { kind: 'written', printed: printedVersion(firstLine(result.stdout)?.line ?? result.stdout) };
        case exit.conflict:
        case exit.empty:
            return { kind: 'conflict' };
        default:
            throw (knownFailure(result, who) ??
                new _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .KeeperError */ .Hc('store-unknown-outcome', endedWith(result, who), `Only exit code 0 means stored, ${exit.conflict} somebody else was faster, ${exit.busy} busy, ${exit.denied} not allowed.`));
    }
}
/** The failures that mean the same for a read and a write: nothing was changed. */
function knownFailure(result, who) {
    const message = endedWith(result, who);
    switch (result.exitCode) {
        case exit.badArguments:
            return new _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .KeeperError */ .Hc('store-refused', message, 'It did not accept its arguments; see its own message.');
        case exit.wrongHash:
            return new _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .KeeperError */ .Hc('store-unreachable', message, 'The document was damaged on the way; nothing was stored.');
        case exit.cannotWrite:
            return new _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .KeeperError */ .Hc('store-refused', message, 'It cannot create the file; nothing was stored. See its own message.');
        case exit.busy:
            return new _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .KeeperError */ .Hc('store-unreachable', message, 'It is busy; try again later.');
        case exit.denied:
            return new _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .KeeperError */ .Hc('store-unauthorized', message, 'Give this run the right to it; see its own message.');
        default:
            return undefined;
    }
}
function readingOfOutput(output, who) {
    const start = output.findIndex((byte) => !isBlank(byte));
    if (start === -1)
        return { kind: 'empty' };
    if (output[start] === 0x7b)
        return { kind: 'plain', bytes: Uint8Array.from(output) };
    const first = firstLine(output);
    const version = first && printedVersion(first.line);
    if (!first || version === undefined || first.rest.length === 0) {
        throw new _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .KeeperError */ .Hc('store-damaged', `${who} printed neither a document nor a version line and a document.`, 'It must print nothing else on stdout: the document alone, starting with {, or one line with its version before it.');
    }
    return { kind: 'versioned', version, bytes: Uint8Array.from(first.rest) };
}
/** Blanks as JSON has them, and the bytes of a byte order mark. */
function isBlank(byte) {
    return [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte);
}
function firstLine(output) {
    const end = output.indexOf(0x0a);
    return end === -1 ? undefined : { line: output.subarray(0, end), rest: output.subarray(end + 1) };
}
/** A version is short, so that a document in a form we do not expect is never taken for one. */
function printedVersion(line) {
    const text = line.toString('latin1').trim();
    return /^[\x21-\x7a|\x7e][\x20-\x7e]{0,127}$/.test(text) ? text : undefined;
}
function endedWith(result, who) {
    const tail = stderrTail(result.stderr);
    return `${who} ended with exit code ${result.exitCode}${tail === '' ? ', without a message.' : `: ${tail}`}`;
}
// eslint-disable-next-line no-control-regex -- colours and other terminal codes are what is removed
const terminalCodes = /\x1b\[[0-9;]*[A-Za-z]|[\x00-\x09\x0b-\x1f\x7f]/g;
/**
 * The last lines of what a child said, on one line. Lines are kept or left out whole: a cut could leave a part of a
 * secret that masking, which looks for whole ones, does not find. A command that fails may print the very document that
 * could not be read, of which no token is known by then: what looks like one is left out.
 */
function stderrTail(stderr) {
    const lines = stderr
        .replace(terminalCodes, '')
        .split('\n')
        .filter((line) => line.trim() !== '');
    return lines.slice(-5).map(shownLine).join(' | ');
}
function shownLine(line) {
    if (line.length > 300)
        return '(a long line)';
    if (/(id|access|refresh)_token|account_id/i.test(line))
        return '(a line of a login)';
    return line.trim().replace(tokenLike, (word) => (/^[0-9a-f]+$/.test(word) ? word : '***'));
}
/** Forty characters as tokens and base64 have them; a path begins with a slash, and a digest (hex) tells nothing. */
const tokenLike = /(?<![\w+=~/.-])[\w+=~-][\w+=~/.-]{39,}/g;


/***/ }),

/***/ 6172:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  sshStore: () => (/* binding */ sshStore)
});

// EXTERNAL MODULE: ./src/keeper-error.ts
var keeper_error = __webpack_require__(9522);
// EXTERNAL MODULE: ./src/sha256.ts
var sha256 = __webpack_require__(8868);
// EXTERNAL MODULE: ./src/stores/openssh.ts
var openssh = __webpack_require__(1228);
// EXTERNAL MODULE: ./src/stores/script-protocol.ts
var script_protocol = __webpack_require__(8916);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./src/process/child.ts
var child = __webpack_require__(3823);
;// CONCATENATED MODULE: ./src/stores/ssh/ssh-failure.ts



/**
 * What ssh's own exit code 255 means, from its messages (OpenSSH, LC_ALL=C).
 * @param operation a write whose connection had been made may have been stored
 */
function sshFailure(stderr, operation, { host, port }) {
    const message = `ssh to ${host}: ${(0,script_protocol/* stderrTail */.be)(stderr) || 'the connection ended without a message.'}`;
    if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(stderr)) {
        return new keeper_error/* KeeperError */.Hc('store-refused', `THE HOST KEY OF ${host} IS NOT THE PINNED ONE. Nothing was sent. ${message}`, `Somebody may be between this runner and the host. Only when you know that its key was changed: ${(0,openssh/* howToPin */.tD)(host, port)}`);
    }
    if (/Host key verification failed|No .*host key is known|No matching host key/i.test(stderr)) {
        return new keeper_error/* KeeperError */.Hc('store-refused', `ssh-known-hosts has no key for ${host} (port ${port}). Nothing was sent. ${message}`, (0,openssh/* howToPin */.tD)(host, port));
    }
    if (/Permission denied|Too many authentication failures|no mutual signature/i.test(stderr)) {
        return new keeper_error/* KeeperError */.Hc('store-unauthorized', message, 'See that ssh-key is a private key without passphrase whose public half is in authorized_keys on the host.');
    }
    if (operation === 'read' || neverConnected.test(stderr)) {
        return new keeper_error/* KeeperError */.Hc('store-unreachable', message, 'See that the host is up and reachable from this runner.');
    }
    return new keeper_error/* KeeperError */.Hc('store-unknown-outcome', message, 'The connection broke off in a write: read it back.');
}
const neverConnected = /^ssh: (connect to host|Could not resolve)|kex_exchange_identification|banner exchange/im;

;// CONCATENATED MODULE: ./src/stores/ssh/ssh-client.ts






/** The system's ssh, without any configuration of this machine or user. */
function sshClient(options) {
    const { address, ssh, timeoutMs = 30_000 } = options;
    let made;
    return {
        run: async (operation, commandLine, stdin) => {
            let result;
            try {
                const directory = await (made ??= keyDirectory(options));
                const args = [...sshArguments(options), commandLine];
                result = await (0,child/* runChild */.w)({
                    tool: ssh,
                    args,
                    env: sshEnvironment(options, directory),
                    cwd: directory,
                    timeoutMs,
                    ...(stdin && { stdin }),
                });
            }
            catch (error) {
                throw new keeper_error/* KeeperError */.Hc('store-refused', `${ssh} could not be started: ${(0,keeper_error/* messageOf */.bD)(error)}`, 'Install the OpenSSH client on this runner.', { cause: error });
            }
            if (result.kind === 'exited' && result.exitCode === 255)
                throw sshFailure(result.stderr, operation, address);
            return result;
        },
        close: async () => {
            const directory = await made?.catch(() => undefined);
            made = undefined;
            if (directory)
                await (0,promises_.rm)(directory, { recursive: true, force: true }).catch(() => undefined);
        },
    };
}
/** ssh runs in the directory of its key files, so their names alone will do, whatever signs the path has. */
function sshArguments(options) {
    const { user, host, port } = options.address;
    return [...(0,openssh/* sshOptions */.bN)(options, (file) => file), '-p', String(port), '-l', user, '--', host];
}
/** LC_ALL, because the messages are understood. */
function sshEnvironment({ key, agentSocket }, directory) {
    return {
        PATH: '/usr/bin:/bin',
        HOME: directory,
        LC_ALL: 'C',
        ...(key === undefined && agentSocket !== undefined && { SSH_AUTH_SOCK: agentSocket }),
    };
}
async function keyDirectory(options) {
    const directory = await (0,promises_.mkdtemp)((0,external_node_path_.join)(options.tempDir, 'codex-auth-ssh-'));
    await (0,openssh/* writeKeyFiles */.ar)(options, directory);
    return directory;
}

;// CONCATENATED MODULE: ./src/stores/ssh/ssh-script.ts
/**
 * The text of scripts/codex-auth-store.sh, generated from it by scripts/embed-ssh-script.mjs.
 * A string in the bundle, because the bundler would not carry the file along.
 */
const sshScript = [
    '#!/bin/sh',
    '# codex-auth-store: keeps one auth.json on this host for codex-auth-keeper. POSIX sh and tools alone.',
    '#',
    '#   codex-auth-store read FILE                              prints a version line, then the document',
    '#   codex-auth-store prove FILE                             finds out whether a write would work',
    '#   codex-auth-store write VERSION SHA256 BYTES FILE        stores stdin if VERSION (or "none") is still there',
    '#',
    '# The keeper sends this text with each command, so nothing has to be installed. Installed as a forced command, a key can',
    '# do this and no more; in authorized_keys:',
    '#   restrict,command="/usr/local/bin/codex-auth-store /path/auth.json" ssh-ed25519 ...',
    '#',
    '# Exit codes: 0 done, 64 bad arguments, 65 the document was damaged on the way, 73 cannot write, 74 nothing stored,',
    '# 75 busy, 76 somebody else was faster, 77 not allowed.',
    '#',
    '# FILE is what everybody reads and may also replace by hand. Beside it, in .NAME.keeper, each write is a new generation',
    '# gN, made with link(2), which fails when the name is taken: of two writers exactly one wins, at whatever point another',
    '# one dies. FILE is then replaced by a copy of the newest generation. Should that be interrupted, or done late by a',
    '# writer that was held up, FILE equals an older generation and the newest one counts; any other content of FILE was put',
    '# there by somebody else, counts, and becomes a generation of its own before it is overwritten. Old generations keep',
    '# their checksum instead of their content, and their name, so that no late writer can make an old number again.',
    'set -u',
    'umask 077',
    'LC_ALL=C',
    'export LC_ALL',
    '',
    'fail() {',
    '  code=$1',
    '  shift',
    '  printf \'%s\\n\' "codex-auth-store: $*" >&2',
    '  exit "$code"',
    '}',
    '',
    '# The nearest directory above $1, or $1 itself, that exists.',
    'nearest() {',
    '  near=$1',
    '  while [ ! -e "$near" ] && [ ! -L "$near" ]; do',
    '    near=${near%/*}',
    '    [ -n "$near" ] || near=/',
    '  done',
    '}',
    '',
    '# Ends after a write to our directory failed: not allowed, or the disk.',
    'cannot_write() {',
    '  nearest "$keep"',
    '  if [ -d "$near" ] && [ -w "$near" ] && [ -x "$near" ]; then',
    '    fail 73 "cannot $1 in $keep (is the disk full, does it have hard links?)"',
    '  fi',
    '  fail 77 "may not write in $near"',
    '}',
    '',
    '# A new empty file of our own; its name in $temporary.',
    'new_temporary() {',
    '  try=0',
    '  temporary=$keep/tmp.$$.$try',
    '  until (set -C && : >"$temporary") 2>/dev/null; do',
    '    try=$((try + 1))',
    '    [ "$try" -lt 20 ] || cannot_write \'make a file\'',
    '    temporary=$keep/tmp.$$.$try',
    '  done',
    '  temporaries="$temporaries $try"',
    '}',
    '',
    'drop_temporaries() {',
    '  for try in $temporaries; do rm -f "$keep/tmp.$$.$try"; done',
    '  temporaries=',
    '}',
    '',
    'durable() {',
    '  sync "$1" 2>/dev/null || sync 2>/dev/null || :',
    '}',
    '',
    '# Checksum and size of $1, also a stamp against changes that were not made by this script.',
    'stamp() {',
    '  # shellcheck disable=SC2046 # to be split',
    '  set -- $(cksum <"$1")',
    '  printf \'%s\\n\' "${1-}-${2-}"',
    '}',
    '',
    '# The highest generation in $last, 0 when there is none.',
    'find_last() {',
    '  last=0',
    '  for path in "$keep"/g*; do',
    '    number=${path##*/g}',
    "    case $number in '' | *[!0-9]*) continue ;; esac",
    '    [ "$number" -le "$last" ] || last=$number',
    '  done',
    '}',
    '',
    '# True when a document with the stamp $1 was an older generation.',
    'was_replaced() {',
    '  [ "$last" -gt 1 ] || return 1',
    '  [ "$1" != "$(stamp "$keep/g$((last - 1))")" ] || return 0',
    '  grep -q -x -F -e "$1" "$keep"/g* 2>/dev/null',
    '}',
    '',
    '# What is stored: $current (a path, or nothing), $version, and in $foreign whether somebody else put it there.',
    'look() {',
    "  current='' version=none foreign=no",
    '  nearest "$directory"',
    '  [ -d "$near" ] || fail 64 "$near is not a directory"',
    '  [ -x "$near" ] || fail 77 "may not look into $near"',
    '  if [ -e "$keep" ] && { [ ! -r "$keep" ] || [ ! -x "$keep" ]; }; then fail 77 "may not look into $keep"; fi',
    '  [ ! -L "$file" ] || fail 64 "$file is a symbolic link; name the file itself"',
    '  find_last',
    '  [ "$last" -eq 0 ] || current=$keep/g$last',
    '  if [ -e "$file" ]; then',
    '    [ -f "$file" ] || fail 64 "$file is not a file"',
    '    [ -r "$file" ] || fail 77 "may not read $file"',
    '    if [ "$last" -eq 0 ]; then',
    '      foreign=yes current=$file',
    '    elif ! cmp -s "$file" "$current" && ! was_replaced "$(stamp "$file")"; then',
    '      foreign=yes current=$file',
    '    fi',
    '  fi',
    '  [ -z "$current" ] || version=$last-$(stamp "$current")',
    '}',
    '',
    '# Puts a copy of the newest generation in the place of FILE; again when another writer was faster.',
    'publish() {',
    '  published=0',
    '  while [ "$last" -ne "$published" ]; do',
    '    published=$last',
    '    new_temporary',
    '    if ! cat "$keep/g$last" >"$temporary" || ! durable "$temporary" || ! mv -f "$temporary" "$file"; then',
    '      rm -f "$temporary"',
    '      return 1',
    '    fi',
    '    find_last',
    '  done',
    '  durable "$directory"',
    '}',
    '',
    'prepare() {',
    '  [ -d "$keep" ] || mkdir -p "$keep" 2>/dev/null || cannot_write \'make a directory\'',
    '  if [ ! -w "$directory" ] || [ ! -x "$directory" ]; then fail 77 "may not write in $directory"; fi',
    '  # What a writer that died left behind; no writer takes a day.',
    '  find "$keep" -name \'tmp.*\' -type f -mtime +0 -exec rm -f {} + 2>/dev/null || :',
    '}',
    '',
    '# Generations before $1 keep only their checksum.',
    'forget_before() {',
    '  for path in "$keep"/g*; do',
    '    number=${path##*/g}',
    "    case $number in '' | *[!0-9]*) continue ;; esac",
    '    [ "$number" -lt "$1" ] || continue',
    '    line=',
    '    IFS= read -r line <"$path" 2>/dev/null || :',
    "    case $line in '' | *[!0-9-]*) ;; *) continue ;; esac",
    '    new_temporary',
    '    if ! stamp "$path" >"$temporary" || ! mv -f "$temporary" "$path"; then rm -f "$temporary"; fi',
    '  done',
    '}',
    '',
    'sha256_of() {',
    '  if command -v sha256sum >/dev/null 2>&1; then sha256sum <"$1"',
    '  elif command -v shasum >/dev/null 2>&1; then shasum -a 256 <"$1"',
    '  elif command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r <"$1"',
    '  fi',
    '}',
    '',
    'do_read() {',
    '  seen=none',
    '  for _ in 1 2 3; do',
    '    look',
    '    [ -n "$current" ] || exit 74',
    '    exec 3<"$current"',
    '    seen=$last',
    '    find_last',
    '    [ "$last" -ne "$seen" ] || break',
    '  done',
    '  # Only a generation that was still the newest after it was opened cannot have been forgotten meanwhile.',
    '  [ "$last" -eq "$seen" ] || fail 75 \'others are writing\'',
    '  # An interrupted publication is finished for those who read FILE itself.',
    '  if [ "$foreign" = no ] && [ -e "$file" ] && ! cmp -s "$current" "$file"; then (publish) 2>/dev/null || :; fi',
    '  printf \'%s\\n\' "$version"',
    '  cat <&3',
    '}',
    '',
    'do_prove() {',
    '  look',
    '  prepare',
    '  new_temporary',
    '  probe=$temporary.link',
    '  ln "$temporary" "$probe" 2>/dev/null || cannot_write \'make a link\'',
    '  rm -f "$probe"',
    '  [ ! -e "$file" ] || [ -w "$file" ] || fail 77 "$file is write-protected"',
    "  printf '%s\\n' writable",
    '}',
    '',
    'do_write() {',
    '  prepare',
    '  new_temporary',
    '  incoming=$temporary',
    '  cat >"$incoming" || cannot_write \'write the document\'',
    '  [ "$(($(wc -c <"$incoming")))" -eq "$bytes" ] || fail 65 \'the document was cut short on the way\'',
    '  actual=$(sha256_of "$incoming")',
    '  case ${actual%% *} in',
    '    "$sha256") ;;',
    "    '') printf '%s\\n' 'codex-auth-store: no sha256sum, shasum or openssl here: only the length was checked' >&2 ;;",
    "    *) fail 65 'the document was changed on the way' ;;",
    '  esac',
    '  durable "$incoming"',
    '',
    '  look',
    '  [ "$version" = "$expected" ] || exit 76',
    '  [ ! -e "$file" ] || [ -w "$file" ] || fail 77 "$file is write-protected"',
    '  if [ "$foreign" = yes ]; then',
    '    new_temporary',
    '    cat "$file" >"$temporary" || cannot_write \'copy the file\'',
    '    [ "$last-$(stamp "$temporary")" = "$expected" ] || exit 76',
    '    ln "$temporary" "$keep/g$((last + 1))" 2>/dev/null || exit 76',
    '    last=$((last + 1))',
    '  fi',
    '  next=$((last + 1))',
    '  if ! ln "$incoming" "$keep/g$next" 2>/dev/null; then',
    '    [ ! -e "$keep/g$next" ] || exit 76',
    "    cannot_write 'make a link'",
    '  fi',
    '  # From here on it is stored, whatever happens.',
    '  durable "$keep"',
    '  written=$next-$(stamp "$incoming")',
    '  last=$next',
    '  (publish) || printf \'%s\\n\' "codex-auth-store: stored, but $file could not be replaced" >&2',
    '  (forget_before "$((next - 1))") 2>/dev/null || :',
    '  printf \'%s\\n\' "$written"',
    '}',
    '',
    'case ${1-} in',
    '  /*)',
    '    # A forced command: of what the client asks for only the last words count, and they are data, never run.',
    '    [ "$#" -eq 1 ] || fail 64 \'as a forced command it takes the file alone\'',
    '    only=$1',
    '    asked=${SSH_ORIGINAL_COMMAND-}',
    '    set -f',
    '    # shellcheck disable=SC2086 # to be split',
    '    set -- ${asked##*codex-auth-store }',
    '    set +f',
    '    for file in "$@"; do :; done',
    '    [ "${file-}" = "$only" ] || fail 64 \'this key serves another file\'',
    '    ;;',
    'esac',
    '',
    'case ${1-}:$# in',
    '  read:2 | prove:2) file=$2 ;;',
    '  write:5) expected=$2 sha256=$3 bytes=$4 file=$5 ;;',
    "  *) fail 64 'usage: read FILE | prove FILE | write VERSION SHA256 BYTES FILE' ;;",
    'esac',
    "case ${expected-none} in none) ;; '' | *[!0-9-]*) fail 64 'not a version' ;; esac",
    "case ${sha256-none} in none) ;; '' | *[!0-9a-f]*) fail 64 'not a SHA-256' ;; esac",
    "case ${bytes-0} in '' | *[!0-9]*) fail 64 'not a number of bytes' ;; esac",
    'case $file in',
    "  /*/ | */. | */..) fail 64 'the path must name a file' ;;",
    "  /'~'/*) file=$HOME/${file#/?/} ;;",
    '  /*) ;;',
    "  *) fail 64 'the path must begin with /' ;;",
    'esac',
    'directory=${file%/*}',
    'directory=${directory:-/}',
    'keep=${file%/*}/.${file##*/}.keeper',
    'temporaries=',
    '',
    'trap drop_temporaries 0',
    "trap 'exit 129' HUP INT TERM PIPE",
    'case $1 in',
    '  read) do_read ;;',
    '  prove) do_prove ;;',
    '  write) do_write ;;',
    'esac',
].join('\n');

;// CONCATENATED MODULE: ./src/stores/ssh/ssh-store.ts






/** Generation, checksum and size, as the script makes it. */
const versionPattern = /^\d+-\d+-(\d+)$/;
/**
 * A file on a host that answers ssh. The host runs scripts/codex-auth-store.sh, sent with each command, or installed
 * there as the key's forced command. One round trip for each call.
 */
function sshStore(options) {
    const { name, address } = options;
    const { user, host, path } = address;
    const who = `${user}@${host}:${path}`;
    const client = sshClient(options);
    const remote = (operation, words, stdin) => client.run(operation, `sh -c ${(0,openssh/* quoted */.TL)(sshScript)} codex-auth-store ${words} ${path}`, stdin);
    const proveWritable = async () => {
        const result = await remote('read', 'prove');
        if (result.kind === 'timed-out' || result.exitCode !== 0)
            (0,script_protocol/* readingOf */.MU)(result, who);
        else if (result.stdout.toString().trim() === 'writable')
            return 'proved';
        throw notOurAnswer(who);
    };
    const read = async () => {
        const result = await remote('read', 'read');
        const reading = (0,script_protocol/* readingOf */.MU)(result, who);
        if (reading.kind === 'versioned') {
            const { version, bytes } = reading;
            if (Number(versionPattern.exec(version)?.[1]) === bytes.length)
                return { version, bytes };
        }
        else if (reading.kind === 'empty' && result.kind === 'exited' && result.exitCode !== 0)
            return undefined;
        throw notOurAnswer(who);
    };
    const write = async (bytes, ifVersion) => {
        const words = `write ${ifVersion ?? 'none'} ${(0,sha256/* sha256 */.s)(bytes)} ${bytes.length}`;
        const writing = (0,script_protocol/* writingOf */.I2)(await remote('write', words, bytes), who);
        if (writing.kind === 'conflict')
            return writing;
        if (writing.printed === undefined || !versionPattern.test(writing.printed)) {
            throw new keeper_error/* KeeperError */.Hc('store-unknown-outcome', `${who} did not confirm the write.`, 'Read it back.');
        }
        return { kind: 'written', version: writing.printed };
    };
    return { name, guarantee: 'compare-and-set', proveWritable, read, write, close: () => client.close() };
}
function notOurAnswer(who) {
    return new keeper_error/* KeeperError */.Hc('store-damaged', `${who} answered with something else than the stored document.`, 'See that the login shell of that user prints nothing when it is not interactive (.bashrc, .zshenv, .cshrc), ' +
        'and that a forced command of the key is codex-auth-store.');
}


/***/ })

};
