export const id = 592;
export const ids = [592];
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

/***/ 8592:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  gitStore: () => (/* binding */ gitStore)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./src/keeper-error.ts
var keeper_error = __webpack_require__(9522);
;// CONCATENATED MODULE: ./src/stores/git/git-answers.ts

/** True when the server listed its refs and this one is not among them. */
function isCertainlyMissing(answer, ref) {
    const missing = `fatal: couldn't find remote ref ${ref}`;
    return answer.spoke && answer.exitCode === 128 && answer.stderr.split('\n').includes(missing);
}
/** What `git push --porcelain` says of the ref; undefined when it has not come that far. */
function rejectionOf({ stdout, spoke }) {
    const [, how, reason = ''] = /^!\t[^\t]*\t\[(rejected|remote rejected)\] \((.*)\)$/m.exec(stdout) ?? [];
    if (how === 'remote rejected')
        return { kind: 'by-server', reason };
    return how === 'rejected' && reason === 'stale info' && spoke ? { kind: 'stale' } : undefined;
}
/** What git, OpenSSH and github.com say (LC_ALL=C), tried in this order. */
const causes = [
    [
        /Host key verification failed|IDENTIFICATION HAS CHANGED/,
        'store-refused',
        () => 'Put the host key that the administrator of the host gives you into ssh-known-hosts.',
    ],
    [/(returned error:|RPC failed; HTTP) 40[134]|could not read (Username|Password)|Authentication failed/, 'store-unauthorized', access],
    [
        /repository '.*' not found|Permission (to \S+ )?denied|Repository not found|Write access|read.only|not allowed/i,
        'store-unauthorized',
        access,
    ],
    [
        /(returned error:|RPC failed; HTTP) 3\d\d/,
        'store-refused',
        () => 'The repository has moved. A token does not follow to another address: write the new one into store.',
    ],
    [
        /(returned error:|RPC failed; HTTP) 413|does not appear to be a git repository|dubious ownership|mismatched alg/,
        'store-refused',
        () => 'See that the address names a git repository that takes this.',
    ],
];
/** The error for an answer that brought nothing, sorted by what it says; without a known cause it is an outage. */
function gitFailure(answer, asked) {
    const message = `${asked.name}: ${said(answer)}`;
    const cause = causes.find(([pattern]) => pattern.test(answer.stderr));
    if (cause)
        return new keeper_error/* KeeperError */.Hc(cause[1], message, cause[2](asked));
    return new keeper_error/* KeeperError */.Hc('store-unreachable', message, `See that ${asked.address.url} answers from this runner.`);
}
/** The error for a push that the server refused while the ref stayed as it was. */
function refusedPush(answer, reason, { name, address }) {
    const message = `${name}: the push was refused (${reason}): ${said(answer)}`;
    // Another push held the ref at that instant and did not go through either.
    if (/lock|failed to update ref|incorrect old value|already exists/.test(reason)) {
        return new keeper_error/* KeeperError */.Hc('store-unreachable', message, 'Try again.');
    }
    return new keeper_error/* KeeperError */.Hc('store-refused', message, `A rule or hook of the server protects ${address.ref}. ` +
        'Allow it there, or name another ref: store: "git: …?ref=refs/heads/codex-auth/<slot>".');
}
/** What git and the server said, as one bounded line. */
function said({ stderr, spoke }) {
    const lines = stderr.split(/[\r\n]+/).map((line) => line.replace(/[^\x20-\x7e]|@{3,}/g, '').trim());
    const text = lines
        .filter((line) => line !== '' && !noise.test(line))
        .join('; ')
        .slice(0, 400);
    const foreign = !spoke && (text === '' || text.includes("couldn't find remote ref"));
    return foreign ? 'what answers there is no git server' : text;
}
const noise = /^error: failed to push|^Please make sure|^and the repository exists|^hint:|^remote:$/;
function access({ address: { url, transport }, tokenWithheld }) {
    if (transport.kind === 'ssh')
        return `Register the public half of ssh-key at ${url} with write access.`;
    if (transport.kind === 'file')
        return 'Give the user who runs this runner that directory.';
    if (tokenWithheld) {
        return `The job's own token is worth nothing at ${transport.origin}: put a token of that server into github-token.`;
    }
    return ('Give the job "permissions: contents: write", or put a token into github-token that may read and write ' +
        `${url}. Git must be 2.31 or newer.`);
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
;// CONCATENATED MODULE: ./src/stores/git/git-carried-pack.ts

/** Leaves a commit of the repository, with what it holds (sealed as it is in the store), in the file. */
async function leavePack(repository, version, { file, forNextStage }) {
    if (!forNextStage)
        return;
    const pack = await repository.local(['pack-objects', '--revs', '--stdout', '--quiet'], Buffer.from(`${version}\n`));
    await (0,promises_.writeFile)(`${file}.new`, pack, { mode: 0o600 });
    await (0,promises_.rename)(`${file}.new`, file);
}
/**
 * Brings the objects of the file into the repository. A step that changed the file gains nothing: git names objects by what
 * they hold, and which one is wanted is what the server says.
 */
async function takePack(repository, { file }) {
    const pack = await (0,promises_.readFile)(file).catch(() => undefined);
    if (pack !== undefined)
        await repository.local(['unpack-objects', '-q'], pack).catch(() => undefined);
}
async function dropPack({ file, forNextStage }) {
    if (!forNextStage)
        await (0,promises_.rm)(file, { force: true });
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./src/process/child.ts
var child = __webpack_require__(3823);
// EXTERNAL MODULE: ./src/stores/openssh.ts
var openssh = __webpack_require__(1228);
;// CONCATENATED MODULE: ./src/stores/git/git-ssh.ts


/**
 * Writes the key files into a private directory.
 * @returns the value for GIT_SSH_COMMAND, which git gives to a shell
 */
async function sshCommand(ssh, directory) {
    await (0,openssh/* writeKeyFiles */.ar)(ssh, directory);
    // Absolute, because it is git that chooses the directory ssh starts in.
    const inOption = (file) => `"${(0,external_node_path_.join)(directory, file).replaceAll('%', '%%')}"`;
    return [ssh.path, ...(0,openssh/* sshOptions */.bN)(ssh, inOption)].map(openssh/* quoted */.TL).join(' ');
}

;// CONCATENATED MODULE: ./src/stores/git/git-repository.ts





/** Makes the repository, in a directory that only this user can enter. */
async function temporaryRepository(setup) {
    const directory = await (0,promises_.mkdtemp)((0,external_node_path_.join)(setup.tempDir, 'codex-auth-git-'));
    const home = (0,external_node_path_.join)(directory, 'home');
    await (0,promises_.mkdir)(home);
    const base = {
        PATH: `${(0,external_node_path_.dirname)(setup.git)}:/usr/bin:/bin`,
        HOME: home,
        LC_ALL: 'C',
        GIT_DIR: (0,external_node_path_.join)(directory, 'repository'),
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_TERMINAL_PROMPT: '0',
    };
    const { address, access } = setup;
    const token = access.kind === 'http' ? access.token : undefined;
    const basic = token === undefined ? undefined : Buffer.from(`x-access-token:${token}`).toString('base64');
    const networked = {
        ...setup.networkEnv,
        ...base,
        ...configuration(address, basic),
        GIT_ALLOW_PROTOCOL: address.url.includes('://') ? address.url.slice(0, address.url.indexOf(':')) : 'ssh',
        ...(access.kind === 'ssh' && { GIT_SSH_COMMAND: await sshCommand(access.ssh, directory), GIT_SSH_VARIANT: 'ssh' }),
    };
    // A server can say what it likes, also what it was told.
    const secrets = [token, basic].filter((secret) => secret !== undefined);
    const redacted = (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
    let count = 0;
    const local = async (args, stdin) => {
        const result = await (0,child/* runChild */.w)({ tool: setup.git, args, env: base, cwd: directory, ...(stdin && { stdin }) });
        if (result.kind === 'exited' && result.exitCode === 0)
            return result.stdout;
        const why = result.kind === 'exited' ? result.stderr.trim().slice(0, 300) : 'no end within a minute';
        throw new keeper_error/* KeeperError */.Hc('store-refused', `git ${args[0] ?? ''}: ${why}`, 'See that the runner has git 2.31 or newer and room in RUNNER_TEMP.');
    };
    const remote = async (args, timeoutMs) => {
        count += 1;
        const trace = (0,external_node_path_.join)(directory, `packets-${count}`);
        const env = { ...networked, GIT_TRACE_PACKET: trace };
        const result = await (0,child/* runChild */.w)({ tool: setup.git, args, env, cwd: directory, timeoutMs });
        if (result.kind === 'timed-out')
            return 'timed-out';
        const packets = await (0,promises_.readFile)(trace, 'latin1').catch(() => '');
        await (0,promises_.rm)(trace, { force: true });
        return {
            exitCode: result.exitCode,
            stdout: redacted(result.stdout.toString('utf8')),
            stderr: redacted(result.stderr),
            // Over ssh and in a directory git has nothing to fall back to.
            spoke: address.transport.kind !== 'http' || /< # service=git-(upload|receive)-pack$/m.test(packets),
            sent: /> [0-9a-f]{40,64} [0-9a-f]{40,64} refs\//m.test(packets),
        };
    };
    try {
        await local(['init', '--quiet', '--bare', '--template=']);
    }
    catch (error) {
        await (0,promises_.rm)(directory, { recursive: true, force: true });
        if (error instanceof keeper_error/* KeeperError */.Hc)
            throw error;
        const message = `git could not be started: ${(0,keeper_error/* messageOf */.bD)(error)}`;
        throw new keeper_error/* KeeperError */.Hc('store-refused', message, 'Install git on the runner.', { cause: error });
    }
    return { local, remote, remove: () => (0,promises_.rm)(directory, { recursive: true, force: true }) };
}
/**
 * The only configuration git sees, as GIT_CONFIG_* of the environment.
 * Protocol 0, because it answers with the list of refs at once, which saves version 2's extra round trip. No redirects:
 * git sends its extra headers, and so the token, on to the server it was sent to.
 */
function configuration({ transport }, basic) {
    const entries = [
        ['protocol.version', '0'],
        ['core.hooksPath', '/dev/null'],
        ['credential.helper', ''],
        ['gc.auto', '0'],
        ['maintenance.auto', 'false'],
        ['pack.threads', '1'],
        ['http.followRedirects', 'false'],
        ['http.lowSpeedLimit', '1'],
        ['http.lowSpeedTime', '20'],
    ];
    if (transport.kind === 'http' && basic !== undefined) {
        entries.push([`http.${transport.origin}/.extraHeader`, `Authorization: Basic ${basic}`]);
    }
    return Object.fromEntries([
        ['GIT_CONFIG_COUNT', String(entries.length)],
        ...entries.map(([key], index) => [`GIT_CONFIG_KEY_${index}`, key]),
        ...entries.map(([, value], index) => [`GIT_CONFIG_VALUE_${index}`, value]),
    ]);
}

;// CONCATENATED MODULE: ./src/stores/git/git-store.ts





/** Where the fetched commit stays in the temporary repository. */
const copyRef = 'refs/keeper/copy';
/** Name of the only file in the commit. */
const fileName = 'auth.age';
const largestCopy = 1024 * 1024;
const readMs = 25_000;
const pushMs = 40_000;
/**
 * A ref of a git repository that points to one commit without parents with one file, written with the stock git and
 * `--force-with-lease`; a version is the commit's object id. The bytes are stored as they come: seal them.
 *
 * Over http a read costs two requests (one when the copy is the last seen or carried one), a write two, a proof one. A
 * proof shows that the server lets this run open a push; its rules and hooks, and file modes behind ssh, show only at
 * the push.
 */
function gitStore(options) {
    const { name, address, access, pack } = options;
    const { url, ref } = address;
    const askedWith = { name, address, tokenWithheld: access.kind === 'http' && access.tokenWithheld };
    let opened;
    const repository = () => {
        opened ??= openRepository();
        return opened;
    };
    const openRepository = async () => {
        const made = await temporaryRepository(options);
        if (pack)
            await takePack(made, pack);
        return made;
    };
    /** What is left is a gain in time alone, so failing to leave it is no failure. */
    const leave = async (version) => {
        if (pack)
            await leavePack(await repository(), version, pack).catch(() => undefined);
    };
    const ask = async (args) => {
        const answer = await (await repository()).remote(args, readMs);
        if (answer === 'timed-out')
            throw noAnswer(name, readMs);
        return answer;
    };
    const read = async () => {
        const answer = await ask(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', url, `+${ref}:${copyRef}`]);
        if (isCertainlyMissing(answer, ref))
            return undefined;
        if (answer.exitCode !== 0)
            throw gitFailure(answer, askedWith);
        const copy = await copyIn(await repository(), name, address);
        await leave(copy.version);
        return copy;
    };
    /** Object id at the ref now; undefined when there certainly is none. */
    const tip = async () => {
        const answer = await ask(['ls-remote', '--refs', url, ref]);
        if (answer.exitCode !== 0 || !answer.spoke)
            throw gitFailure(answer, askedWith);
        return answer.stdout
            .split('\n')
            .map((line) => line.split('\t'))
            .find(([, at]) => at === ref)?.[0];
    };
    const push = async (oid, lease, ...more) => {
        const how = ['--porcelain', '--no-verify', ...more, `--force-with-lease=${ref}:${lease}`];
        return (await repository()).remote(['push', ...how, url, `${oid}:${ref}`], pushMs);
    };
    const written = async (version) => {
        await leave(version);
        return { kind: 'written', version };
    };
    const write = async (bytes, ifVersion) => {
        const oid = await commit(await repository(), bytes, options);
        const answer = await push(oid, ifVersion ?? '');
        if (answer === 'timed-out')
            throw unknownOutcome(name, `no answer within ${pushMs / 1000} s`);
        if (answer.exitCode === 0)
            return written(oid);
        const rejection = rejectionOf(answer);
        if (rejection?.kind === 'stale')
            return { kind: 'conflict' };
        if (!answer.sent)
            throw gitFailure(answer, askedWith);
        // What happened is what the ref says now; also a refusal may be the echo of our own push, which curl sends again
        // when a connection breaks.
        const now = await tip().catch(() => {
            throw unknownOutcome(name, 'the answer to the push was lost');
        });
        if (now === oid)
            return written(oid);
        if (now !== ifVersion)
            return { kind: 'conflict' };
        if (rejection !== undefined)
            throw refusedPush(answer, rejection.reason, askedWith);
        const failure = gitFailure(answer, askedWith);
        throw failure.code === 'store-unreachable' ? unknownOutcome(name, failure.message) : failure;
    };
    const proveWritable = async () => {
        const probe = await commit(await repository(), new Uint8Array(), options);
        // The lease names an object that the ref cannot hold: even without --dry-run nothing would be sent.
        const answer = await push(probe, probe, '--dry-run');
        if (answer === 'timed-out')
            throw noAnswer(name, pushMs);
        if (rejectionOf(answer)?.kind !== 'stale')
            throw gitFailure(answer, askedWith);
        return access.kind === 'file' ? 'unprovable' : 'proved';
    };
    const close = async () => {
        const closing = opened;
        opened = undefined;
        await closing?.then((made) => made.remove()).catch(() => undefined);
        if (pack)
            await dropPack(pack).catch(() => undefined);
    };
    return { name, guarantee: 'compare-and-set', proveWritable, read, write, close };
}
async function copyIn(repository, name, { url, ref }) {
    const wanted = Buffer.from(`${copyRef}\n${copyRef}:${fileName}\n`);
    const report = await repository.local(['cat-file', '--batch-check'], wanted);
    const [commit, file] = report
        .toString('utf8')
        .split('\n')
        .map((line) => line.split(' '));
    const [version = '', type] = commit ?? [];
    const [blob = '', fileType, size] = file ?? [];
    if (type !== 'commit' || fileType !== 'blob' || Number(size) > largestCopy) {
        throw new keeper_error/* KeeperError */.Hc('store-damaged', `${name}: ${ref} of ${url} holds something else than a stored copy`, 'Find out who else writes to this ref. To go on, delete it or name another one, and log in again.');
    }
    return { bytes: new Uint8Array(await repository.local(['cat-file', 'blob', blob])), version };
}
/** Makes a commit without parents; two of them are never the same, so that of two equal documents one push wins. */
async function commit(repository, bytes, options) {
    const { slot, commitNote } = options;
    const now = commitNote.now();
    const write = (0,external_node_crypto_.randomUUID)();
    const plain = (text) => text.replace(/[^\x20-\x7e]/g, '?');
    const message = [
        `Store the refreshed Codex login of slot ${plain(slot)}`,
        '',
        `Slot: ${plain(slot)}`,
        `Run: ${plain(commitNote.run)}`,
        `When: ${now.toISOString()}`,
        `Write: ${write}`,
        '',
    ].join('\n');
    const stream = Buffer.concat([
        Buffer.from(`commit refs/keeper/${write}\nmark :1\n` +
            `committer codex-auth-keeper <codex-auth-keeper@localhost> ${Math.floor(now.getTime() / 1000)} +0000\n` +
            `data ${message.length}\n${message}\nM 100644 inline ${fileName}\ndata ${bytes.length}\n`),
        bytes,
        Buffer.from('\nget-mark :1\n'),
    ]);
    return (await repository.local(['fast-import', '--quiet', '--date-format=raw'], stream)).toString('utf8').trim();
}
function noAnswer(name, ms) {
    return new keeper_error/* KeeperError */.Hc('store-unreachable', `${name}: no answer within ${ms / 1000} s`, 'See that it answers from this runner.');
}
function unknownOutcome(name, why) {
    return new keeper_error/* KeeperError */.Hc('store-unknown-outcome', `${name}: ${why}`, 'The copy may or may not be stored; the next read tells.');
}


/***/ })

};
