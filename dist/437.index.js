export const id = 437;
export const ids = [437];
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

/***/ 7437:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   commandStore: () => (/* binding */ commandStore)
/* harmony export */ });
/* harmony import */ var _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9522);
/* harmony import */ var _sha256_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8868);
/* harmony import */ var _process_child_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3823);
/* harmony import */ var _script_protocol_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8916);




/**
 * The user's own two commands. The credential goes over stdin and stdout only, nothing is put into their text.
 * Whether they compare and set is seen when a read prints a version; until then `guarantee` says last-writer-wins.
 */
function commandStore(options) {
    let seen;
    const read = async () => {
        const reading = (0,_script_protocol_js__WEBPACK_IMPORTED_MODULE_3__/* .readingOf */ .MU)(await run(options, 'read-command', {}), 'read-command');
        seen = reading.kind;
        switch (reading.kind) {
            case 'empty':
                return undefined;
            case 'plain':
                return { bytes: reading.bytes, version: (0,_sha256_js__WEBPACK_IMPORTED_MODULE_1__/* .sha256 */ .s)(reading.bytes) };
            case 'versioned':
                return { bytes: reading.bytes, version: reading.version };
        }
    };
    const write = async (bytes, ifVersion) => {
        const hash = (0,_sha256_js__WEBPACK_IMPORTED_MODULE_1__/* .sha256 */ .s)(bytes);
        const variables = { CODEX_AUTH_IF_VERSION: ifVersion ?? '', CODEX_AUTH_SHA256: hash };
        const writing = (0,_script_protocol_js__WEBPACK_IMPORTED_MODULE_3__/* .writingOf */ .I2)(await run(options, 'write-command', variables, bytes), 'write-command');
        if (writing.kind === 'conflict')
            return writing;
        // What a plain command prints after writing is talk, no version.
        return { kind: 'written', version: (seen === 'plain' ? undefined : writing.printed) ?? hash };
    };
    return {
        name: options.name,
        get guarantee() {
            return seen === 'versioned' ? 'compare-and-set' : 'last-writer-wins';
        },
        proveWritable: () => Promise.resolve('unprovable'),
        read,
        write,
    };
}
async function run(options, which, variables, stdin) {
    const { slot, bash, env, cwd, timeoutMs } = options;
    const command = which === 'read-command' ? options.readCommand : options.writeCommand;
    try {
        return await (0,_process_child_js__WEBPACK_IMPORTED_MODULE_2__/* .runChild */ .w)({
            tool: bash,
            args: ['--noprofile', '--norc', '-eo', 'pipefail', '-c', command],
            env: { ...env, CODEX_AUTH_SLOT: slot, ...variables },
            cwd,
            ...(stdin && { stdin }),
            ...(timeoutMs !== undefined && { timeoutMs }),
        });
    }
    catch (error) {
        throw new _keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .KeeperError */ .Hc('store-refused', `${which} could not be started with ${bash} in ${cwd}: ${(0,_keeper_error_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error)}`, 'See that bash and the working directory are still there.', { cause: error });
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


/***/ })

};
