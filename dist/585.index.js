export const id = 585;
export const ids = [585];
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

/***/ 9698:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   S: () => (/* binding */ findTool),
/* harmony export */   f: () => (/* binding */ findTools)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_1__);


/** Looks the programs up in a PATH as a shell would; what is missing is left out. Relative entries are not searched. */
function findTools(path) {
    const names = ['bash', 'git', 'ssh'];
    const found = names.map((name) => [name, findTool(name, path)]);
    return Object.fromEntries(found.filter(([, file]) => file !== undefined));
}
/** Absolute path of one program in a PATH; undefined when it is in none of its directories. */
function findTool(name, path) {
    for (const directory of path.split(node_path__WEBPACK_IMPORTED_MODULE_1__.delimiter)) {
        const file = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(directory, name);
        if ((0,node_path__WEBPACK_IMPORTED_MODULE_1__.isAbsolute)(directory) && isExecutable(file))
            return file;
    }
    return undefined;
}
/** Synchronous: a look at some names takes microseconds, and a trip through the thread pool for each many times that. */
function isExecutable(file) {
    try {
        (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.accessSync)(file, node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.X_OK);
        return true;
    }
    catch {
        return false;
    }
}


/***/ }),

/***/ 6585:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  cacheStore: () => (/* binding */ cacheStore)
});

// UNUSED EXPORTS: idleNote

// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: ./src/keeper-error.ts
var keeper_error = __webpack_require__(9522);
// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
// EXTERNAL MODULE: ./src/process/child.ts
var child = __webpack_require__(3823);
;// CONCATENATED MODULE: ./src/stores/cache/cache-environment.ts
/** What @actions/cache 6.3.0 and the HTTP client of the toolkit take from the environment. */
const readByLibrary = /^(ACTIONS_(CACHE_SERVICE_V2|RESULTS_URL|RUNTIME_TOKEN|CACHE_MODE)|GITHUB_SERVER_URL|HOME|(HTTPS?|NO)_PROXY)$/i;
/**
 * Puts another environment in place of this process's own, as far as the library reads it: a step of the job may have
 * changed ours, and the programs the library starts need none of our inputs.
 * @returns puts the own one back
 */
function replaceEnvironment(env, more = {}) {
    const own = process.env;
    process.env = { ...Object.fromEntries(Object.entries(env).filter(([variable]) => readByLibrary.test(variable))), ...more };
    return () => {
        process.env = own;
    };
}

// EXTERNAL MODULE: external "node:async_hooks"
var external_node_async_hooks_ = __webpack_require__(6698);
// EXTERNAL MODULE: ./src/process/in-time.ts
var in_time = __webpack_require__(1270);
;// CONCATENATED MODULE: ./src/stores/cache/library-output.ts



/** Milliseconds a transfer of some kilobytes may take before it is given up. */
const patience = 15_000;
/** Each call gets its own lines; what the rest of this process prints meanwhile goes on to the log. */
const calls = new external_node_async_hooks_.AsyncLocalStorage();
let running = 0;
let releaseStdout = () => undefined;
/** Keeps what the library prints out of the job's log, except its masks: a warning there would alarm without cause. */
async function captureOutput(call) {
    const output = [];
    startCapture();
    const ended = calls.run(output, call).catch((error) => {
        output.push(`Failed: ${(0,keeper_error/* messageOf */.bD)(error)}`);
        return false;
    });
    void ended.finally(stopCapture);
    const succeeded = await (0,in_time/* inTime */.R)(ended, patience);
    if (succeeded === 'late')
        output.push('Failed: no end in time');
    return { succeeded: succeeded === true, output };
}
function startCapture() {
    running += 1;
    if (running > 1)
        return;
    const { stdout } = process;
    const own = Object.getOwnPropertyDescriptor(stdout, 'write');
    const write = stdout.write.bind(stdout);
    const capture = (...args) => {
        const output = calls.getStore();
        const text = typeof args[0] === 'string' ? args[0] : Buffer.from(args[0]).toString('utf8');
        if (output === undefined || text.startsWith('::add-mask::'))
            return write(...args);
        output.push(text.trim());
        return true;
    };
    Object.defineProperty(stdout, 'write', { value: capture, configurable: true, writable: true });
    releaseStdout = () => {
        if (own)
            Object.defineProperty(stdout, 'write', own);
        else
            Reflect.deleteProperty(stdout, 'write');
    };
}
function stopCapture() {
    running -= 1;
    if (running === 0)
        releaseStdout();
}

// EXTERNAL MODULE: ./src/process/tools.ts
var tools = __webpack_require__(9698);
;// CONCATENATED MODULE: ./src/stores/cache/cache-archive.ts










/** A sealed credential is a few kilobytes; more is not ours. */
const largestArchive = 1024 * 1024;
let lastUpload = Promise.resolve();
/** Stores one file under a key with @actions/cache. Uploads wait for each other, because each has the process for itself. */
function upload(place, key, bytes) {
    const mine = lastUpload.then(() => isolated(place, async (directory) => {
        const file = (0,external_node_path_.join)(directory, place.path);
        await (0,external_node_fs_promises_.mkdir)((0,external_node_path_.dirname)(file), { recursive: true, mode: 0o700 });
        await (0,external_node_fs_promises_.writeFile)(file, bytes, { mode: 0o600 });
        const { saveCache } = await Promise.all(/* import() */[__webpack_require__.e(942), __webpack_require__.e(772)]).then(__webpack_require__.bind(__webpack_require__, 772));
        return (await saveCache([place.path], key)) !== -1;
    }));
    lastUpload = mine.catch(() => undefined);
    return mine;
}
/** Absolute path of `tar`. @throws KeeperError store-refused when this machine has none */
function findTar(env) {
    const tar = (0,tools/* findTool */.S)('tar', programPath(env));
    if (tar === undefined)
        throw new keeper_error/* KeeperError */.Hc('store-refused', 'The store cache needs tar, and there is none.', 'Install tar on the runner.');
    return tar;
}
/**
 * Takes the one file out of an entry's archive, which @actions/cache has packed with `tar` and `gzip`.
 * @param tar absolute path of the program
 * @returns undefined when the archive is none, or holds no such file
 * @throws KeeperError store-unreachable when `tar` was ended before it was done
 */
async function unpacked({ tempDir, path }, archive, tar) {
    const stdin = await (0,external_node_util_.promisify)(external_node_zlib_.gunzip)(archive, { maxOutputLength: largestArchive }).catch(() => undefined);
    if (stdin === undefined)
        return undefined;
    // To stdout: a link or a path that leads elsewhere writes nothing.
    const result = await (0,child/* runChild */.w)({ tool: tar, args: ['-xOf', '-', path], env: {}, cwd: tempDir, stdin });
    // A shell gives these codes to a program that could not run or was killed: that says nothing about the archive.
    if (result.kind === 'timed-out' || result.exitCode > 125) {
        throw new keeper_error/* KeeperError */.Hc('store-unreachable', 'The store cache could not unpack its entry: tar did not come to its end.', 'Run the job again.');
    }
    return result.exitCode === 0 && result.stdout.length > 0 ? result.stdout : undefined;
}
/** Where the programs are that pack an archive; a later step of the job can put nothing in between. */
function programPath(env) {
    return `/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin:${env['PATH'] ?? ''}`;
}
/**
 * Runs the library in a directory and environment of its own: it takes its workspace, its temporary directory, its programs
 * and its addresses from process-wide settings. PATH leads to `tar` and `gzip` alone: without `zstd` every machine packs the
 * same way, which is part of an entry's identity, and a later step of the job can put nothing in between.
 */
async function isolated(place, call) {
    // The library splits the command line of tar at blanks.
    const directory = await (0,external_node_fs_promises_.mkdtemp)((0,external_node_path_.join)(/\s/.test(place.tempDir) ? (0,external_node_os_.tmpdir)() : place.tempDir, 'codex-auth-cache-'));
    const programs = (0,external_node_path_.join)(directory, 'bin');
    await (0,external_node_fs_promises_.mkdir)(programs);
    for (const program of ['tar', 'gzip']) {
        const file = (0,tools/* findTool */.S)(program, programPath(place.env));
        if (file !== undefined)
            await (0,external_node_fs_promises_.symlink)(file, (0,external_node_path_.join)(programs, program));
    }
    const putBack = replaceEnvironment(place.env, { PATH: programs, GITHUB_WORKSPACE: directory, RUNNER_TEMP: directory });
    const before = currentDirectory();
    process.chdir(directory);
    try {
        return await captureOutput(() => call(directory));
    }
    finally {
        process.chdir(before);
        putBack();
        await (0,external_node_fs_promises_.rm)(directory, { recursive: true, force: true });
    }
}
/** The working directory, or the root when a step has deleted it. */
function currentDirectory() {
    try {
        return process.cwd();
    }
    catch {
        return '/';
    }
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./src/stores/cache/cache-service.ts




/** A sealed credential is a few kilobytes; more is not ours. */
const largestAnswer = 1024 * 1024;
/** Refuses a machine whose cache service is missing or is the old one, which cannot tell a miss from an outage. */
function requireCacheService(name, env) {
    if (!isGitHubCloud(env['GITHUB_SERVER_URL'])) {
        throw new keeper_error/* KeeperError */.Hc('store-refused', `${name}: GitHub Enterprise Server has no Actions cache that this store can use`, 'Use the store git or another one.');
    }
    for (const variable of ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN', 'ACTIONS_CACHE_SERVICE_V2']) {
        if ((env[variable] ?? '') === '') {
            throw new keeper_error/* KeeperError */.Hc('store-refused', `${name}: this runner offers no Actions cache (${variable} is not set)`, 'Update the runner (2.327.0 or later), or use another store; a local runner emulator needs its cache server switched on.');
        }
    }
}
/** The same three kinds of host as @actions/cache 6.3.0 (config.js, isGhes). */
function isGitHubCloud(server = '') {
    const host = new URL(server === '' ? 'https://github.com' : server).hostname.toLowerCase();
    return host === 'github.com' || host.endsWith('.ghe.com') || host.endsWith('.localhost');
}
/**
 * What the runner says about this run's access, before anything is asked of the service.
 * Sources: ACTIONS_CACHE_MODE (none, read, write, write-only; the effective `cache-mode` of the job) and the `ac` claim of
 * the runtime token, a JSON string of `{Scope, Permission}` with bit 1 for reading and bit 2 for writing.
 * @param ref the ref whose entries this run would write
 */
function cacheAccess(env, ref) {
    const mode = (env['ACTIONS_CACHE_MODE'] ?? '').trim().toLowerCase();
    const scopes = scopesOf(env['ACTIONS_RUNTIME_TOKEN'] ?? '');
    const writable = scopes?.filter(({ permission }) => (permission & 2) !== 0);
    const read = mode === 'none' || mode === 'write-only' ? 'denied' : 'open';
    if (mode === 'none' || mode === 'read' || writable?.length === 0)
        return { read, write: 'denied' };
    return { read, write: writable?.some(({ scope }) => scope === ref) ? 'granted' : 'unknown' };
}
function scopesOf(token) {
    try {
        const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
        const scopes = (typeof claims.ac === 'string' ? JSON.parse(claims.ac) : claims.ac);
        return Array.isArray(scopes) ? scopes.map(scopeOf) : undefined;
    }
    catch {
        return undefined;
    }
}
function scopeOf(entry) {
    const { Scope, Permission } = entry;
    if (typeof Scope !== 'string' || typeof Permission !== 'number')
        throw new TypeError('not a cache scope');
    return { scope: Scope, permission: Permission };
}
/** The identity of an entry besides its key and scope, as @actions/cache 6.3.0 computes it (cacheUtils.js, getCacheVersion). */
function cacheVersion(path) {
    return (0,external_node_crypto_.createHash)('sha256').update(`${path}|gzip|1.0`).digest('hex');
}
/**
 * Asks the service itself, because the library reports a miss, a denial and an outage as the same value.
 * @param keys tried in this order
 * @returns the newest entry whose key is the first of these or begins with it, else with the next; undefined when there
 * certainly is none
 * @throws KeeperError store-unreachable, store-unauthorized or store-refused
 */
async function lookUp(service, keys, version) {
    const { name, env } = service;
    const url = new URL('/twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL', env['ACTIONS_RESULTS_URL']);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${env['ACTIONS_RUNTIME_TOKEN'] ?? ''}` };
    const body = JSON.stringify({ key: keys[0], restore_keys: keys, version });
    const { status, bytes } = await asked(service, (client) => client.post(url.href, body, headers));
    const answer = parsed(bytes.toString('utf8'));
    if (status === 401 || status === 403)
        throw denied(name, 'read');
    if (status === 429)
        throw unreachable(name, 'limits the rate of requests');
    if (status >= 500 || answer === undefined)
        throw unreachable(name, `answered with status ${status}`);
    if (status !== 200) {
        throw new keeper_error/* KeeperError */.Hc('store-refused', `${name}: the cache service refused the request with status ${status}`, 'Use another store.');
    }
    if (isMiss(answer))
        return undefined;
    // Protobuf's JSON has two spellings of a name, and a reader takes both.
    const key = answer['matched_key'] ?? answer['matchedKey'];
    const address = answer['signed_download_url'] ?? answer['signedDownloadUrl'];
    if (answer['ok'] === true && typeof key === 'string' && typeof address === 'string')
        return { key, url: address };
    throw unreachable(name, 'gave an answer that is not one of its API');
}
/** `{"ok": false}`, or nothing at all where a server leaves out what is false; anything else is no certain miss. */
function isMiss({ ok, code, msg, message = '', ...more }) {
    return code === undefined && msg === undefined && message === '' && (ok === false || (ok === undefined && Object.keys(more).length === 0));
}
/**
 * Fetches the archive of an entry from the storage behind the service.
 * @throws KeeperError store-unreachable
 */
async function fetchArchive(service, { url }) {
    const { status, bytes } = await asked(service, (client) => client.get(url), { allowRedirects: true });
    // Also when it says no: the address is valid for some minutes, and a new lookup gives a new one.
    if (status !== 200)
        throw unreachable(service.name, `did not deliver the entry (status ${status})`);
    return bytes;
}
/** One request, whatever its status. */
async function asked({ name, env, patience }, ask, { allowRedirects = false } = {}) {
    const http = await __webpack_require__.e(/* import() */ 942).then(__webpack_require__.bind(__webpack_require__, 4942));
    const client = new http.HttpClient('codex-auth-keeper', [], { allowRedirects });
    // The client's own time limit ends with the headers, and does not begin before the connection stands.
    const answer = await (0,in_time/* inTime */.R)(exchange(client, env, ask), patience).catch(() => 'failed');
    if (answer === 'late' || answer === 'failed')
        throw unreachable(name, 'gave no answer');
    return answer;
}
async function exchange(client, env, ask) {
    // The client looks for a proxy before it first waits.
    const putBack = replaceEnvironment(env);
    const request = ask(client);
    putBack();
    const { message } = await request;
    const chunks = [];
    let size = 0;
    for await (const chunk of message) {
        size += chunk.length;
        if (size > largestAnswer)
            throw new Error('The answer is too large.');
        chunks.push(chunk);
    }
    return { status: message.statusCode ?? 0, bytes: Buffer.concat(chunks) };
}
function parsed(text) {
    try {
        const value = JSON.parse(text);
        return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
    }
    catch {
        return undefined;
    }
}
function unreachable(name, what) {
    return new keeper_error/* KeeperError */.Hc('store-unreachable', `${name}: the cache service ${what}`, 'Run the job again when the service is back.');
}
function denied(name, what) {
    return new keeper_error/* KeeperError */.Hc('store-unauthorized', `${name}: this run may not ${what} the Actions cache`, 'GitHub gives such tokens to pull_request_target, issue_comment, runs that a fork started, and jobs with a `cache-mode` that ' +
        'says so. Run the job on push, schedule or workflow_dispatch with `cache-mode: write` (or none set), or use another store.');
}

;// CONCATENATED MODULE: ./src/stores/cache/cache-store.ts




/** What a person who chooses this store must know. Source: GitHub's documentation of the Actions cache. */
const idleNote = 'GitHub deletes a cache entry after 7 days without use: let a job with this store run at least twice a week.';
/** Milliseconds for which what was read counts as seen just now. */
const justNow = 5_000;
/** A write looks past at most so many announced and never finished writes of other jobs. */
const largestLeap = 5;
/**
 * The Actions cache as a store: each write is a new entry `codex-auth-<slot>-<10-digit generation>`, the newest counts.
 * What it holds can be read by every workflow of the repository, pull requests of forks included: wrap it in sealedStore.
 * @throws KeeperError store-refused when this run is not on the default branch (other branches do not see each other's
 * entries, and one login cannot live in two copies) or when this machine has no cache service
 */
function cacheStore(setup) {
    const { name, env, ref } = setup;
    if (ref !== `refs/heads/${setup.defaultBranch}`)
        throw elsewhere(setup);
    requireCacheService(name, env);
    const entries = entriesOf(setup);
    const requireReadable = () => {
        if (cacheAccess(env, ref).read === 'denied')
            throw denied(name, 'read');
    };
    return {
        name,
        guarantee: 'detects-conflicts',
        notes: () => [idleNote],
        proveWritable: async () => {
            switch (cacheAccess(env, ref).write) {
                case 'denied':
                    throw denied(name, 'write');
                case 'granted':
                    return Promise.resolve('proved');
                case 'unknown':
                    return Promise.resolve('unprovable');
            }
        },
        read: async () => {
            requireReadable();
            return entries.read();
        },
        write: async (bytes, ifVersion) => {
            requireReadable();
            if (cacheAccess(env, ref).write === 'denied')
                throw denied(name, 'write');
            const newest = await entries.newest(ifVersion);
            if (newest !== ifVersion)
                return { kind: 'conflict' };
            return entries.add(Number(newest ?? 0), bytes);
        },
    };
}
function entriesOf({ name, slot, tempDir, env, pauses = [500, 1_500, 3_000], patience = 15_000 }) {
    // The slot is part of the path, hence of the entries' identity: a slot whose name begins like another's stays apart.
    const place = { tempDir, env, path: `codex-auth/${slot}/auth.age` };
    const version = cacheVersion(place.path);
    const prefix = `codex-auth-${slot}-`;
    const keyOf = (generation) => prefix + String(generation).padStart(10, '0');
    /** Generations this run has announced itself and could not finish. */
    const unfinished = new Set();
    const service = { name, env, patience };
    const find = (...keys) => lookUp(service, keys, version);
    const archiveOf = (entry) => fetchArchive(service, entry);
    const documentIn = async (archive) => {
        const bytes = await unpacked(place, archive, findTar(env));
        if (bytes === undefined)
            throw damagedEntry(name);
        return bytes;
    };
    const appears = async (generation) => {
        for (const pause of pauses) {
            const entry = await find(keyOf(generation));
            if (entry !== undefined)
                return entry;
            await (0,promises_.setTimeout)(pause);
        }
        return find(keyOf(generation));
    };
    /** The outcome when an entry stands where ours was to be, ours or another job's. */
    const whose = async (entry, bytes) => {
        const stored = await documentIn(await archiveOf(entry));
        return Buffer.compare(stored, bytes) === 0 ? { kind: 'written', version: versionOf(prefix, entry) } : { kind: 'conflict' };
    };
    /** What a read has just shown; for one write. */
    let seen;
    return {
        read: async () => {
            const last = await find(prefix);
            if (last === undefined) {
                seen = { version: undefined, at: performance.now() };
                return undefined;
            }
            // The service calls newest what was created last, not what counts highest: the two after it are looked for as well.
            const generation = Number(versionOf(prefix, last));
            const archive = archiveOf(last);
            archive.catch(() => undefined); // of no account where a higher one is found
            const higher = await find(keyOf(generation + 2), keyOf(generation + 1));
            const newest = higher ?? last;
            const bytes = await documentIn(await (higher === undefined ? archive : archiveOf(higher)));
            seen = { version: versionOf(prefix, newest), at: performance.now() };
            return { bytes, version: versionOf(prefix, newest) };
        },
        newest: async (expected) => {
            const known = seen;
            seen = undefined;
            if (known !== undefined && known.version === expected && performance.now() - known.at < justNow)
                return expected;
            const last = await find(prefix);
            return last && versionOf(prefix, last);
        },
        add: async (newest, bytes) => {
            for (let generation = newest + 1; generation <= newest + largestLeap; generation += 1) {
                if (unfinished.has(generation))
                    continue;
                const { succeeded, output } = await upload(place, keyOf(generation), bytes);
                if (succeeded)
                    return { kind: 'written', version: keyOf(generation).slice(prefix.length) };
                const failure = failedUpload(name, output);
                if (failure.kind === 'refused')
                    throw failure.error;
                if (failure.kind === 'taken') {
                    const entry = await appears(generation);
                    if (entry !== undefined)
                        return whose(entry, bytes);
                    // Announced and never finished: the service blocks such a key for a day.
                    continue;
                }
                unfinished.add(generation);
                const entry = await find(keyOf(generation)).catch(() => {
                    throw unknownOutcome(name);
                });
                if (entry !== undefined)
                    return whose(entry, bytes).catch(() => {
                        throw unknownOutcome(name);
                    });
                throw failure.error;
            }
            throw new keeper_error/* KeeperError */.Hc('store-refused', `${name}: the next ${largestLeap} entries were announced by other jobs and never finished`, 'The service frees them within a day. Until then name another slot and reseed, or use another store.');
        },
    };
}
/** The generation of an entry, ten digits; all zeros for a key that is none of ours. */
function versionOf(prefix, { key }) {
    const digits = key.slice(prefix.length);
    return /^\d{10}$/.test(digits) ? digits : '0'.repeat(10);
}
/** Why saveCache returned -1, from what @actions/cache 6.3.0 said meanwhile (cache.js, saveCacheV2). */
function failedUpload(name, output) {
    const reserving = output.find((line) => line.includes('Failed to reserve cache'));
    const all = output.join('\n');
    if (all.includes('cache write denied') || all.includes('Cache save skipped'))
        return { kind: 'refused', error: denied(name, 'write') };
    if (reserving === undefined)
        return { kind: 'broken', error: unreachable(name, 'did not take the upload') };
    if (/\((401|403)\)/.test(reserving))
        return { kind: 'refused', error: denied(name, 'write') };
    if (/\(409\)/.test(reserving))
        return { kind: 'taken' };
    if (/\(429\)/.test(reserving))
        return { kind: 'refused', error: unreachable(name, 'limits the rate of requests') };
    return { kind: 'refused', error: unreachable(name, 'did not announce the entry') };
}
function damagedEntry(name) {
    return new keeper_error/* KeeperError */.Hc('store-damaged', `${name}: the newest cache entry is not an archive of this store`, 'Delete the entry on the page Actions > Caches of the repository and log in again.');
}
function unknownOutcome(name) {
    return new keeper_error/* KeeperError */.Hc('store-unknown-outcome', `${name}: the cache service did not say whether it kept the entry`, 'Run the job again; it reads what was kept.');
}
function elsewhere({ name, ref, defaultBranch }) {
    return new keeper_error/* KeeperError */.Hc('store-refused', `${name}: this run is on ${ref}, and the cache store works on ${defaultBranch} only, because ` +
        "branches do not see each other's cache entries", 'Run the job on the default branch (push, schedule or workflow_dispatch there), or use the store git.');
}


/***/ })

};
