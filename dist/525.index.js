export const id = 525;
export const ids = [525];
export const modules = {

/***/ 6525:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  restoringStage: () => (/* binding */ restoringStage)
});

// EXTERNAL MODULE: ./src/action/runner/runner-commands.ts
var runner_commands = __webpack_require__(9382);
// EXTERNAL MODULE: ./src/credential/newest.ts
var newest = __webpack_require__(7423);
// EXTERNAL MODULE: ./src/codex/codex-home.ts
var codex_home = __webpack_require__(9578);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: ./node_modules/zod/v4/mini/schemas.js + 5 modules
var schemas = __webpack_require__(8395);
;// CONCATENATED MODULE: ./src/codex/failure.ts


const reseed = 'Log in again ("codex login --device-auth" in a separate CODEX_HOME) and replace the seed.';
const later = 'Run the job again later; the stored copies stay as they were.';
const failureWords = {
    reused: {
        cause: 'OpenAI says that the refresh token was already used: another copy of this login was refreshed, or an earlier job was lost between the refresh and the save.',
        wayOut: `${reseed} Then let no other machine use that login.`,
        needsPerson: true,
    },
    expired: {
        cause: 'OpenAI says that the refresh token has expired: the login was not used for too long.',
        wayOut: `${reseed} Then let a weekly job keep it fresh.`,
        needsPerson: true,
    },
    revoked: {
        cause: 'OpenAI says that the login was revoked: someone logged out, or ended the sessions of the account.',
        wayOut: reseed,
        needsPerson: true,
    },
    'other-account': {
        cause: 'Codex says that this login was logged out or belongs to another account by now.',
        wayOut: reseed,
        needsPerson: true,
    },
    refused: {
        cause: 'OpenAI refused the refresh token: it was already used, has expired or was revoked.',
        wayOut: reseed,
        needsPerson: true,
    },
    'logged-out': { cause: 'OpenAI does not accept this login: for it, Codex is logged out.', wayOut: reseed, needsPerson: true },
    quota: {
        cause: 'The login works, but its usage limit is reached.',
        wayOut: 'Wait until the limit is reset, or use a plan with more room. The login itself is kept.',
        needsPerson: false,
    },
    network: { cause: 'Codex could not reach OpenAI.', wayOut: later, needsPerson: false },
    'server-error': { cause: "OpenAI's server failed.", wayOut: later, needsPerson: false },
};
/** What each message means, most specific first; texts of Codex 0.150 and 0.169 (measured). */
const patterns = [
    [/refresh token was already used|refresh_token_reused/i, 'reused'],
    [/refresh token has expired|refresh_token_expired/i, 'expired'],
    [/refresh token was revoked|refresh_token_invalidated/i, 'revoked'],
    [/logged out or signed in to another account/i, 'other-account'],
    [/access token could not be refreshed|failed to refresh token:? ?(status=)?40[01]/i, 'refused'],
    [/failed to refresh token:? ?(status=)?(429|5\d\d)/i, 'server-error'],
    [/usage limit|quota exceeded|429 too many requests/i, 'quota'],
    [/not logged in|missing bearer|\b401 unauthorized\b/i, 'logged-out'],
    [/high demand|\b5\d\d (internal server error|bad gateway|service unavailable|gateway timeout)/i, 'server-error'],
    [/error sending request|connection failed|timed out|stream disconnected|dns error/i, 'network'],
];
/**
 * Finds the failure in what `codex exec --json` printed.
 * @param output its standard output, one JSON event a line
 * @param errors its standard error
 */
function failureOfExec(output, errors) {
    return classify(`${output.split('\n').flatMap(messageOfEvent).join('\n')}\n${(0,external_node_util_.stripVTControlCharacters)(errors)}`);
}
/**
 * Finds the failure of a refresh in the standard error of `codex app-server`, where much else goes wrong harmlessly: only
 * lines about the refresh token count.
 */
function failureOfRefresh(errors) {
    return classify((0,external_node_util_.stripVTControlCharacters)(errors)
        .split('\n')
        .filter((line) => /refresh token/i.test(line))
        .join('\n'));
}
function classify(text) {
    return patterns.find(([pattern]) => pattern.test(text))?.[1];
}
const failureEvent = schemas/* union */.KCZ([schemas/* object */.Ikc({ message: schemas/* string */.YjP() }), schemas/* object */.Ikc({ error: schemas/* object */.Ikc({ message: schemas/* string */.YjP() }) })]);
/** The message of an `error` or `turn.failed` event. */
function messageOfEvent(line) {
    try {
        const event = failureEvent.safeParse(JSON.parse(line));
        if (!event.success)
            return [];
        return ['message' in event.data ? event.data.message : event.data.error.message];
    }
    catch {
        return [];
    }
}

// EXTERNAL MODULE: ./src/keeper-error.ts
var keeper_error = __webpack_require__(9522);
;// CONCATENATED MODULE: ./src/keeper/refresh-refusals.ts


/** The refresh, if the job can go on after it. @throws KeeperError needs-reseed, store-superseded or store-unreachable */
function requireLogin(refresh) {
    if (refresh.kind === 'needs-reseed' || refresh.kind === 'superseded' || refresh.kind === 'unread')
        throw refreshRefused(refresh);
}
/** Why the login cannot be used any more, or not in this run, and the way out. */
function refreshRefused(refresh) {
    switch (refresh.kind) {
        case 'superseded':
            return new keeper_error/* KeeperError */.Hc('store-superseded', `Another job has refreshed the login meanwhile. ${refresh.store} holds the newer one, but a run gets a secret only as it was when the job started.`, 'Start a new run of the workflow (not "Re-run jobs"), and let jobs with this login wait for each other: concurrency with queue: max.');
        case 'unread': {
            const { failure, store, error } = refresh;
            return new keeper_error/* KeeperError */.Hc('store-unreachable', `${failureWords[failure].cause} The store ${store} may hold a newer login and could not be read: ${(0,keeper_error/* messageOf */.bD)(error)}`, `${error instanceof keeper_error/* KeeperError */.Hc ? error.remedy : 'See that the store answers.'} Then run the job again; a person is needed only if that fails too.`);
        }
        case 'needs-reseed': {
            const { failure, seedIsOlder } = refresh;
            const seed = seedIsOlder ? ' The seed in auth-json is older than this copy, so it is spent too.' : '';
            return new keeper_error/* KeeperError */.Hc('needs-reseed', `${failureWords[failure].cause}${seed} No store holds a newer login, and the stored copies stay as they were.`, seedIsOlder
                ? `${failureWords[failure].wayOut} If the seed is already that new login, the stored copy stands in its way: empty the slot (docs/stores.md says how for each store) and run again.`
                : failureWords[failure].wayOut);
        }
    }
}
/** A smoke test that did not pass; the login itself may be good. */
function smokeTestRefused(test) {
    if (test.kind === 'left-running') {
        return new keeper_error/* KeeperError */.Hc('codex-failed', 'The smoke test did not end in time.', 'See whether OpenAI can be reached from this runner.');
    }
    const { failure } = test;
    if (failure === undefined) {
        return new keeper_error/* KeeperError */.Hc('codex-failed', 'The smoke test failed: codex exec ended with an error that says nothing about the login.', 'Run "codex exec --skip-git-repo-check \'Reply exactly: OK\'" in a step of its own and read what it says.');
    }
    const { cause, wayOut, needsPerson } = failureWords[failure];
    return new keeper_error/* KeeperError */.Hc(needsPerson ? 'needs-reseed' : 'codex-failed', `The smoke test failed. ${cause}`, wayOut);
}
/** `refresh: always` without a Codex that could refresh. */
function noCodexToRefresh() {
    return new keeper_error/* KeeperError */.Hc('codex-failed', 'refresh: always needs the Codex CLI, and there is no codex in PATH.', 'Install it before this step (npm install -g @openai/codex), and do not set CODEX_AUTH_RESTORE_AT: job-start, which runs before that.');
}
/** `smoke-test` without a Codex that could be tested. */
function noCodexToTest() {
    return new keeper_error/* KeeperError */.Hc('codex-failed', 'smoke-test needs the Codex CLI, and there is no codex in PATH.', 'Install it before this step (npm install -g @openai/codex).');
}

// EXTERNAL MODULE: ./src/credential/fingerprint.ts
var credential_fingerprint = __webpack_require__(3477);
// EXTERNAL MODULE: ./src/credential/issued.ts
var issued = __webpack_require__(1732);
// EXTERNAL MODULE: ./src/keeper/store-access.ts
var store_access = __webpack_require__(8938);
;// CONCATENATED MODULE: ./src/keeper/newer-copy.ts




/** Pauses before each look for the copy of another job that has won: it stores right after its exchange. Milliseconds. */
const pauses = [0, 1_000, 2_000, 4_000, 8_000];
/** After a refused refresh: of two jobs at once the other one may have won and stored a newer login, which is then installed. */
async function takeNewerCopy(request) {
    const { stores, standing, codexHome, clock, state } = request;
    let unread;
    for (const pause of pauses) {
        await clock.sleep(pause);
        unread = undefined;
        for (const store of stores) {
            const seen = await (0,store_access/* look */.Op)(store, clock);
            if (isSuperseded(seen))
                return { kind: 'superseded', store: store.name };
            if (seen.kind === 'unreadable')
                unread = { kind: 'unread', store: store.name, error: seen.error };
            if (seen.kind !== 'held')
                continue;
            const { credential } = seen;
            const found = credential.fingerprint;
            if (!(0,credential_fingerprint/* isSameAccount */.se)(found, standing.base) || (0,credential_fingerprint/* compareAge */.lF)(found, standing.base) !== 'newer')
                continue;
            request.onCredential(credential);
            const next = standingFrom(standing, store.name, found);
            state.update({ standing: next });
            await (0,codex_home/* installAuthFile */.o3)(codexHome, credential.bytes);
            state.update({ ownChange: await (0,codex_home/* authFileChangedAt */.w0)(codexHome) });
            return { kind: 'overtaken', credential, standing: next, store: store.name };
        }
    }
    return unread ?? { kind: 'none' };
}
/** How the login stands once the job goes on with the copy of this store: every store is judged by it. */
function standingFrom(standing, store, found) {
    const lastSeen = Object.entries(standing.lastSeen).map(([name, { copy }]) => [name, { base: found, copy }]);
    return { ...standing, base: found, lastSeen: { ...Object.fromEntries(lastSeen), [store]: { base: found, copy: found } } };
}
function isSuperseded(seen) {
    return seen.kind === 'unreadable' && seen.error instanceof keeper_error/* KeeperError */.Hc && seen.error.code === 'store-superseded';
}

// EXTERNAL MODULE: ./src/keeper/write-back.ts + 1 modules
var write_back = __webpack_require__(4685);
;// CONCATENATED MODULE: ./src/keeper/rotation.ts



/** The credential that Codex has put in the place of the base, if it has. */
async function rotatedCredential({ standing: { base }, codexHome, clock }) {
    const file = await (0,codex_home/* observeAuthFile */.TO)(codexHome, clock);
    if (file.kind !== 'managed')
        return undefined;
    const { fingerprint } = file.credential;
    return (0,credential_fingerprint/* isSame */.Ft)(fingerprint, base) || !(0,credential_fingerprint/* isSameAccount */.se)(fingerprint, base) ? undefined : file.credential;
}
/** Writes back what Codex has rotated, if it has. */
async function writeBackRotation(request) {
    const { stores, standing, clock } = request;
    const credential = await rotatedCredential(request);
    if (credential === undefined)
        return undefined;
    request.onCredential(credential);
    const result = await (0,write_back/* writeBack */.XU)({ stores, standing, clock, file: { kind: 'managed', credential } });
    const seen = (0,write_back/* standingAfter */.pQ)(standing, result, credential.fingerprint);
    // Where no store took it, the old base stays, so that post still sees a rotated file and tries again.
    const next = result.verdict === 'lost' ? seen : { ...seen, base: credential.fingerprint };
    request.state.update({ standing: next });
    return { credential, standing: next, writeBack: result };
}
/** Whether a store took the new login in this run. */
function wasStored(rotation) {
    return rotation?.writeBack.results.some(({ outcome }) => outcome.kind === 'written') === true;
}

;// CONCATENATED MODULE: ./src/keeper/refresh.ts





/** Codex answers within a second of its start where the machine is not overloaded. Seconds. */
const longestStart = 30;
/** Lets Codex refresh the login now, where that is asked for, and writes the new file back at once. */
async function refreshEarly(request) {
    const { when, due, codex, standing, clock, state } = request;
    if (when === 'never')
        return { kind: 'not-asked', why: 'never' };
    if (when === 'auto' && !due)
        return { kind: 'not-asked', why: 'not-due' };
    if (codex === undefined)
        return { kind: 'not-asked', why: 'no-cli' };
    const from = (0,issued/* codexRefreshesFrom */.ju)(standing.base.issued);
    const onStart = (pid) => {
        state.update({ codexProcess: pid });
    };
    await clock.sleep(waitBefore(from - clock.now() / 1000) * 1000);
    const hasChanged = async () => (await rotatedCredential(request)) !== undefined;
    const asked = await codex.refresh({ refreshesFrom: from, hasChanged, onStart });
    // A Codex without app-server refreshes only what runs out, in the course of a model call.
    const run = asked.kind === 'unsupported' ? await codex.smokeTest(onStart) : asked;
    if (run.kind !== 'left-running')
        state.update({ codexProcess: undefined });
    const rotation = await writeBackRotation(request);
    if (rotation !== undefined)
        return { kind: 'refreshed', ...rotation };
    if (run.kind === 'left-running')
        return run;
    if (run.kind === 'unsupported' || run.failure === undefined || !failureWords[run.failure].needsPerson) {
        return { kind: 'unchanged', failure: run.kind === 'ended' ? run.failure : undefined };
    }
    return refused(request, run.failure);
}
/** A refused refresh is not the end: another job may have been faster. */
async function refused(request, failure) {
    const newer = await takeNewerCopy(request);
    switch (newer.kind) {
        case 'overtaken':
        case 'superseded':
            return newer;
        case 'unread':
            return { ...newer, failure };
        case 'none':
            return { kind: 'needs-reseed', failure, seedIsOlder: seedIsOlder(request.standing) };
    }
}
/**
 * A token that Codex begins to refresh by itself while it starts would be spent twice when it is asked as well (measured on 0.150.0):
 * then let that moment pass first. All in seconds.
 */
function waitBefore(untilThen) {
    return untilThen > 0 && untilThen <= longestStart ? untilThen + 1 : 0;
}
function seedIsOlder({ seed, base }) {
    return seed !== undefined && !(0,credential_fingerprint/* isSame */.Ft)(seed, base) && (0,credential_fingerprint/* compareAge */.lF)(seed, base) === 'older';
}

// EXTERNAL MODULE: ./src/credential/auth-json.ts + 1 modules
var auth_json = __webpack_require__(8826);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./src/paths.ts
var paths = __webpack_require__(8431);
// EXTERNAL MODULE: ./src/loopback.ts
var loopback = __webpack_require__(2082);
;// CONCATENATED MODULE: ./src/codex/url-hosts.ts

/** Whether a URL stays on this machine. What is no URL does not. */
function isLoopback(url) {
    const host = hostOf(url);
    return host !== undefined && (0,loopback/* isLoopbackHost */.c)(host);
}
/** Whether a URL is one of OpenAI's own, over https. */
function isOpenAI(url) {
    const host = hostOf(url) ?? '';
    return url.startsWith('https://') && ['chatgpt.com', 'openai.com'].some((name) => host === name || host.endsWith(`.${name}`));
}
function hostOf(url) {
    return URL.canParse(url) ? new URL(url).hostname : undefined;
}

;// CONCATENATED MODULE: ./src/codex/config-hazards.ts





const configSchema = schemas/* looseObject */._H3({
    cli_auth_credentials_store: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* string */.YjP()), undefined),
    forced_login_method: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* string */.YjP()), undefined),
    forced_chatgpt_workspace_id: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* array */.YOg(schemas/* string */.YjP())])), undefined),
    chatgpt_base_url: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* string */.YjP()), undefined),
    openai_base_url: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* string */.YjP()), undefined),
    model_provider: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* string */.YjP()), undefined),
    model_providers: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* looseObject */._H3({
        base_url: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* string */.YjP()), undefined),
        requires_openai_auth: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* boolean */.zMY()), undefined),
    }))), undefined),
    default_permissions: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* string */.YjP()), undefined),
    permissions: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* looseObject */._H3({
        filesystem: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* unknown */.L5J())), undefined),
    }))), undefined),
});
/** What one `config.toml` does to the login; none when there is no such file. Facts about Codex: measured on 0.169.0. */
async function configHazards(place) {
    const { path } = place;
    const text = await (0,promises_.readFile)(path, 'utf8').catch(() => undefined);
    if (text === undefined)
        return [];
    const { parse, TomlError } = await __webpack_require__.e(/* import() */ 292).then(__webpack_require__.bind(__webpack_require__, 3292));
    try {
        return judgeConfig(configSchema.parse(parse(text)), place);
    }
    catch (error) {
        const where = error instanceof TomlError ? `line ${error.line}` : ((0,keeper_error/* messageOf */.bD)(error).split('\n', 1)[0] ?? '');
        return [
            {
                severity: 'warn',
                message: `${path} is not valid TOML (${where}), so what it does to the login is unknown.`,
                remedy: 'Correct the file; Codex refuses it too.',
            },
        ];
    }
}
function judgeConfig(config, place) {
    const { path, accountId } = place;
    const hazards = profileHazards(config, place);
    const store = config.cli_auth_credentials_store;
    if (store !== undefined && store !== 'file') {
        hazards.push({
            severity: 'refuse',
            message: `${path} sets cli_auth_credentials_store = "${store}": Codex then ignores auth.json or deletes it.`,
            remedy: 'Set cli_auth_credentials_store = "file".',
        });
    }
    if (config.forced_login_method !== undefined && config.forced_login_method !== 'chatgpt') {
        hazards.push({
            severity: 'refuse',
            message: `${path} sets forced_login_method = "${config.forced_login_method}": codex exec deletes a ChatGPT auth.json.`,
            remedy: 'Remove forced_login_method, or set it to "chatgpt".',
        });
    }
    const forced = [config.forced_chatgpt_workspace_id ?? []].flat();
    if (forced.length > 0 && !forced.includes(accountId)) {
        hazards.push({
            severity: 'refuse',
            message: `${path} sets forced_chatgpt_workspace_id to another workspace: codex exec deletes the auth.json of this login.`,
            remedy: 'Log in to that workspace and reseed, or remove forced_chatgpt_workspace_id.',
        });
    }
    const provider = config.model_providers?.[config.model_provider ?? ''];
    const targets = {
        chatgpt_base_url: config.chatgpt_base_url,
        openai_base_url: config.openai_base_url,
        [`model_providers.${config.model_provider ?? ''}.base_url`]: provider?.requires_openai_auth ? provider.base_url : undefined,
    };
    for (const [key, url] of Object.entries(targets)) {
        if (url !== undefined && !isLoopback(url) && !isOpenAI(url)) {
            hazards.push({
                severity: 'warn',
                message: `${path} sets ${key}: Codex sends the access token to that server.`,
                remedy: `Remove ${key} unless you trust that server with your ChatGPT login.`,
            });
        }
    }
    return hazards;
}
/** A permission profile that is to keep the login from commands the model runs: whether it does, and what ends it. */
function profileHazards({ default_permissions: name, permissions }, { path, codexHome }) {
    if (name === undefined || name.startsWith(':'))
        return [];
    const denied = Object.entries(permissions?.[name]?.filesystem ?? {})
        .filter(([, access]) => access === 'deny')
        .map(([folder]) => folder);
    if (denied.length === 0)
        return [];
    if (!denied.some((folder) => (0,paths/* isInside */.F)(codexHome, folder))) {
        return [
            {
                severity: 'warn',
                message: `${path} denies ${denied.join(', ')} to what the model runs, but the login is in ${codexHome}.`,
                remedy: `Deny "${codexHome}" in the permission profile "${name}".`,
            },
        ];
    }
    return [
        {
            severity: 'note',
            message: `The permission profile "${name}" keeps the login from what the model runs. An argument --sandbox or -c sandbox_mode switches it off without a word.`,
            remedy: 'Run Codex without these arguments; openai/codex-action passes one.',
        },
    ];
}

;// CONCATENATED MODULE: ./src/codex/hazards.ts





const defaultSystemConfigs = ['/etc/codex/config.toml', '/etc/codex/managed_config.toml'];
/** All hazards at hand, worst first. Facts about Codex: measured on 0.169.0. */
async function findHazards(surroundings) {
    const { codexHome, workspace, env, jobTotal, accountId } = surroundings;
    const configs = [...(surroundings.systemConfigs ?? defaultSystemConfigs), (0,external_node_path_.join)(codexHome, 'config.toml')];
    const hazards = [
        ...(await workspaceHazards(codexHome, workspace)),
        ...environmentHazards(env),
        ...matrixHazards(jobTotal),
        ...(await Promise.all(configs.map((path) => configHazards({ path, accountId, codexHome })))).flat(),
    ];
    const order = ['refuse', 'warn', 'note'];
    return hazards.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}
async function workspaceHazards(codexHome, workspace) {
    if (workspace === undefined || workspace === '')
        return [];
    if (!(0,paths/* isInside */.F)(await nearestReal(codexHome), await nearestReal(workspace)))
        return [];
    return [
        {
            severity: 'refuse',
            message: `CODEX_HOME (${codexHome}) is inside the workspace, where a checkout deletes it and a commit or an upload publishes it.`,
            remedy: 'Set codex-home to a directory outside the workspace, for example ${{ runner.temp }}/codex-home.',
        },
    ];
}
/** The real path of a directory that may not exist yet. */
async function nearestReal(path) {
    const absolute = (0,external_node_path_.resolve)(path);
    try {
        return await (0,promises_.realpath)(absolute);
    }
    catch {
        const parent = (0,external_node_path_.resolve)(absolute, '..');
        return parent === absolute ? absolute : (0,external_node_path_.join)(await nearestReal(parent), (0,external_node_path_.relative)(parent, absolute));
    }
}
function environmentHazards(env) {
    const hazards = [];
    if (env['CODEX_ACCESS_TOKEN']) {
        hazards.push({
            severity: 'refuse',
            message: 'CODEX_ACCESS_TOKEN is set: Codex uses it instead of auth.json, and never refreshes the login.',
            remedy: 'Remove CODEX_ACCESS_TOKEN from the environment of this job, or do not use this action.',
        });
    }
    for (const name of ['CODEX_REFRESH_TOKEN_URL_OVERRIDE', 'CODEX_REVOKE_TOKEN_URL_OVERRIDE']) {
        const url = env[name];
        if (url && !isLoopback(url)) {
            hazards.push({
                severity: 'refuse',
                message: `${name} is set: Codex would send the refresh token to another server than OpenAI's.`,
                remedy: `Remove ${name} from the environment of this job. If you did not set it, find out who did.`,
            });
        }
    }
    if (env['CODEX_API_KEY']) {
        hazards.push({
            severity: 'warn',
            message: 'CODEX_API_KEY is set: codex exec bills its model calls to that key, and still refreshes the ChatGPT login.',
            remedy: 'Remove CODEX_API_KEY from the environment to use the ChatGPT login, or remove this action to use the key.',
        });
    }
    const rerouting = Object.keys(env).filter((name) => env[name] &&
        (['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'].includes(name) ||
            name.startsWith('CODEX_APP_SERVER_')));
    if (rerouting.length > 0) {
        hazards.push({
            severity: 'note',
            message: `${rerouting.join(', ')}: whoever sets ${rerouting.length === 1 ? 'this' : 'these'} decides which server or certificate Codex trusts.`,
            remedy: 'Nothing to do if your runner needs it.',
        });
    }
    return hazards;
}
function matrixHazards(jobTotal) {
    if (jobTotal <= 1)
        return [];
    return [
        {
            severity: 'warn',
            message: `This job is one of ${jobTotal} of a matrix: run side by side, they would share one login, and its refresh token works once.`,
            remedy: 'Give each matrix job a login and a slot of its own, or set max-parallel: 1.',
        },
    ];
}

// EXTERNAL MODULE: ./src/codex/leftover-files.ts
var leftover_files = __webpack_require__(3426);
;// CONCATENATED MODULE: ./src/keeper/store-finding.ts


/** Reads a store and has it prove that it can be written; both at once, which saves a round trip. Never throws. */
async function examine(store, clock) {
    const [seen, proof] = await Promise.all([(0,store_access/* look */.Op)(store, clock), proofOf(store, clock)]);
    return {
        name: store.name,
        guarantee: store.guarantee,
        look: seen,
        proof: seen.kind === 'unreadable' ? { kind: 'not-counted' } : proof,
    };
}
async function proofOf(store, clock) {
    try {
        return { kind: await (0,store_access/* retried */.sT)(() => store.proveWritable(), clock) };
    }
    catch (error) {
        return { kind: 'refused', error };
    }
}
/** Whether a store would take a refreshed copy of this credential; it never gives up what it holds of another account. */
function canTake(finding, base) {
    const { proof } = finding;
    return (proof.kind === 'proved' || proof.kind === 'unprovable') && !holdsForeign(finding, base);
}
/** Whether a store holds a login that is not the one to be restored. */
function holdsForeign({ look: seen }, base) {
    return seen.kind === 'held' && !(0,credential_fingerprint/* isSameAccount */.se)(seen.credential.fingerprint, base);
}

;// CONCATENATED MODULE: ./src/keeper/restore-refusals.ts





/** Why no credential could be chosen, and the way out. */
function notChosen(choice, findings, file) {
    const outages = findings.flatMap(({ name, look }) => (look.kind === 'unreadable' ? [{ name, error: look.error }] : []));
    const outage = sentences(outages);
    const wayOutOfOutage = firstRemedy(outages) ?? 'Run the job again when the store answers.';
    switch (choice.kind) {
        case 'none':
            if (outages.length > 0)
                return new keeper_error/* KeeperError */.Hc('store-unreachable', `No credential: ${outage}`, wayOutOfOutage);
            return new keeper_error/* KeeperError */.Hc('no-credential', `There is no credential: ${findings.length === 1 ? 'the store is' : 'all stores are'} empty, ${fileWords(file)}, and no seed is given (auth-json is empty: see that the secret has this name, and that the event is given secrets).`, 'Log in with "codex login --device-auth" in a separate CODEX_HOME, put that auth.json into a secret and pass it as auth-json.');
        case 'none-expected':
            return new keeper_error/* KeeperError */.Hc('two-accounts', `None of the credentials belongs to expected-account. Found: ${(0,newest/* listAccounts */.B)(choice.found)}.`, 'Reseed with the login of the expected account, or correct expected-account.');
        case 'two-accounts':
            return new keeper_error/* KeeperError */.Hc('two-accounts', `The credentials belong to different accounts: ${(0,newest/* listAccounts */.B)(choice.found)}.`, isOddOneOut('file', choice.found) ? elsewhere : ofItsOwn);
        case 'only-seed-but-unread':
            return new keeper_error/* KeeperError */.Hc('store-unreachable', `A store could not be read, so the seed is not used: it may be spent, and a spent token can cost the whole login. ${outage}`, wayOutOfOutage);
        case 'due-but-unread':
            return new keeper_error/* KeeperError */.Hc('store-unreachable', `A store could not be read, and the copy from ${(0,newest/* originName */.AN)(choice.candidate.origin)} is to be refreshed: if that store holds a newer one, this refresh would spend a token twice. ${outage}`, wayOutOfOutage);
    }
}
/** The surroundings would make Codex ignore, delete or give away the login. */
function hazardous(hazards) {
    const refusals = hazards.filter(({ severity }) => severity === 'refuse');
    return new keeper_error/* KeeperError */.Hc('hazard', refusals.map(({ message }) => message).join('\n'), refusals.map(({ remedy }) => remedy).join('\n'));
}
/** No store would take the login after its refresh. */
function notWritable(findings, base) {
    const errors = findings.flatMap(({ name, look, proof }) => {
        const error = proof.kind === 'refused' ? proof.error : look.kind === 'unreadable' ? look.error : undefined;
        return error === undefined ? [] : [{ name, error }];
    });
    const foreign = findings.filter((finding) => holdsForeign(finding, base)).map(({ name }) => `${name} holds a login of another account.`);
    return new keeper_error/* KeeperError */.Hc(foreign.length === findings.length ? 'two-accounts' : 'not-writable', `No store can be written, so a refreshed login would be lost. ${[...foreign, sentences(errors)].join(' ').trim()}`, firstRemedy(errors) ?? (foreign.length > 0 ? ofItsOwn : 'Make one store writable and run the job again.'), { cause: errors[0]?.error });
}
const ofItsOwn = 'One slot is one login: give each its own slot. If the store holds the wrong one, empty it first; expected-account does not replace what a store holds.';
/** A login that nobody has a copy of is not ours to replace. @param why the end of a sentence about that file */
function occupied(codexHome, why) {
    return new keeper_error/* KeeperError */.Hc('two-accounts', `${codexHome}/auth.json ${why}, and restoring would delete it.`, elsewhere);
}
const elsewhere = 'Set the input codex-home to a directory of its own for this login, or move that file away.';
/** Whether a candidate of this origin is of another account than all the rest. */
function isOddOneOut(kind, found) {
    const odd = found.find(({ origin }) => origin.kind === kind);
    return (odd !== undefined && found.every((other) => other === odd || !(0,credential_fingerprint/* isSameAccount */.se)(other.credential.fingerprint, odd.credential.fingerprint)));
}
/** The file at hand, as a part of a sentence. */
function fileWords(file) {
    switch (file.kind) {
        case 'missing':
        case 'managed':
            return 'CODEX_HOME has no auth.json';
        case 'damaged':
            return `the auth.json in CODEX_HOME is damaged (${file.problem})`;
        case 'unmanaged':
            return `the auth.json in CODEX_HOME ${auth_json/* unmanagedReasons */.oR[file.credential.why]}`;
    }
}
function sentences(faults) {
    return faults
        .map(({ name, error }) => {
        const message = (0,keeper_error/* messageOf */.bD)(error);
        // Many stores name themselves in their errors.
        return message.startsWith(`${name}:`) ? message : `${name}: ${message}`;
    })
        .join(' ');
}
function firstRemedy(faults) {
    return faults.map(({ error }) => (error instanceof keeper_error/* KeeperError */.Hc ? error.remedy : '')).find((remedy) => remedy !== '');
}

;// CONCATENATED MODULE: ./src/keeper/restore.ts










/**
 * Chooses the newest usable credential among the stores, the file at hand and the seed, looks for hazards, proves that a
 * rotated one can be written, and installs it.
 * @throws KeeperError: no-credential, two-accounts, store-unreachable, hazard, not-writable or install-failed
 */
async function restore(request) {
    const { stores, codexHome, seed, clock, state, refreshWindow, willRefresh, expectedAccount, surroundings } = request;
    await (0,leftover_files/* reclaimLeftovers */.y)(codexHome);
    const finding = Promise.all(stores.map((store) => examine(store, clock)));
    // When this throws, the caller closes the stores, and none may still be at work then.
    const file = await (0,codex_home/* observeAuthFile */.TO)(codexHome, clock).finally(() => finding);
    const findings = await finding;
    const candidates = [...stored(findings), ...atHand(file, codexHome), ...seeded(seed)];
    for (const { credential } of candidates)
        request.onCredential(credential);
    const due = (fingerprint) => (0,issued/* isDue */.nZ)(fingerprint.issued, clock.now() / 1000, refreshWindow);
    const choice = (0,newest/* chooseNewest */.EM)({
        candidates,
        unread: findings.some(({ look: { kind } }) => kind === 'unreadable'),
        isDue: (fingerprint) => willRefresh || due(fingerprint),
        isExpected: expectedAccount === undefined ? undefined : (fingerprint) => (0,credential_fingerprint/* isAccountNamed */.Vk)(fingerprint, expectedAccount),
    });
    if (choice.kind !== 'chosen')
        throw notChosen(choice, findings, file);
    const foreignFile = choice.foreign.find(({ origin }) => origin.kind === 'file');
    if (foreignFile !== undefined)
        throw occupied(codexHome, `belongs to another account (${(0,credential_fingerprint/* accountHash */.g9)(foreignFile.credential.fingerprint)})`);
    const { credential, origin } = choice.candidate;
    const base = credential.fingerprint;
    const hazards = await findHazards({ ...surroundings, codexHome, accountId: credential.account.id });
    if (hazards.some(({ severity }) => severity === 'refuse'))
        throw hazardous(hazards);
    if (!findings.some((finding) => canTake(finding, base)))
        throw notWritable(findings, base);
    const installed = origin.kind !== 'file' && !(file.kind === 'managed' && equalBytes(file.credential.bytes, credential.bytes));
    const standing = {
        base,
        ...(seed && { seed: seed.fingerprint }),
        lastSeen: Object.fromEntries(findings.map((finding) => [finding.name, { base, copy: (0,store_access/* copyState */.hw)(finding.look) }])),
    };
    state.update({ standing, installed });
    if (installed)
        await (0,codex_home/* installAuthFile */.o3)(codexHome, credential.bytes);
    state.update({ ownChange: await (0,codex_home/* authFileChangedAt */.w0)(codexHome) });
    return {
        credential,
        standing,
        origin,
        installed,
        hazards,
        stores: findings,
        due: due(base),
        remarks: remarks(choice, file, codexHome),
    };
}
function stored(findings) {
    return findings.flatMap(({ name, look: seen }) => seen.kind === 'held' ? [{ origin: { kind: 'store', name }, credential: seen.credential }] : []);
}
function atHand(file, codexHome) {
    switch (file.kind) {
        case 'managed':
            return [{ origin: { kind: 'file' }, credential: file.credential }];
        case 'missing':
        case 'damaged':
            return [];
        case 'unmanaged':
            if (!auth_json/* isAnotherLogin */.x_[file.credential.why])
                return [];
            throw occupied(codexHome, auth_json/* unmanagedReasons */.oR[file.credential.why]);
    }
}
function seeded(seed) {
    return seed === undefined ? [] : [{ origin: { kind: 'seed' }, credential: seed }];
}
function remarks(chosen, file, codexHome) {
    const { candidate, foreign, rivals } = chosen;
    return [
        ...doubts(candidate),
        ...foreign.map(({ origin }) => `${(0,newest/* originName */.AN)(origin)} holds another account than expected-account and was passed over.`),
        ...rivals.map(({ origin }) => `${(0,newest/* originName */.AN)(origin)} holds other tokens of the same instant as ${(0,newest/* originName */.AN)(candidate.origin)}; the latter is used.`),
        ...(file.kind === 'damaged' || file.kind === 'unmanaged' ? [`${fileWords(file)}; it is replaced (${codexHome}/auth.json).`] : []),
    ];
}
const timeNames = { iat: 'iat', exp: 'exp', lastRefresh: 'last_refresh' };
function doubts({ origin, credential }) {
    const { impossible = [] } = credential.issued;
    if (impossible.length === 0)
        return [];
    const names = impossible.map((name) => timeNames[name]).join(', ');
    return [`The login from ${(0,newest/* originName */.AN)(origin)} has times that cannot be true (${names}). They do not count when ages are compared.`];
}
function equalBytes(a, b) {
    return Buffer.compare(a, b) === 0;
}

;// CONCATENATED MODULE: ./src/keeper/smoke-test.ts

/** Proves with one short model call that the login works; what that call rotated is written back at once. */
async function proveLogin(request) {
    const { codex, state } = request;
    const run = await codex.smokeTest((pid) => {
        state.update({ codexProcess: pid });
    });
    if (run.kind !== 'left-running')
        state.update({ codexProcess: undefined });
    const rotation = await writeBackRotation(request);
    switch (run.kind) {
        case 'left-running':
            return run;
        case 'unsupported':
            return { kind: 'failed', failure: undefined, rotation };
        case 'ended':
            return run.ok ? { kind: 'passed', rotation } : { kind: 'failed', failure: run.failure, rotation };
    }
}

// EXTERNAL MODULE: ./src/process/tools.ts
var process_tools = __webpack_require__(9698);
// EXTERNAL MODULE: ./src/process/trusted-environment.ts
var trusted_environment = __webpack_require__(4070);
// EXTERNAL MODULE: ./src/stores/open-stores.ts
var open_stores = __webpack_require__(6923);
// EXTERNAL MODULE: ./src/action/input-secrets.ts
var input_secrets = __webpack_require__(6610);
// EXTERNAL MODULE: ./node_modules/zod/v4/core/api.js + 2 modules
var api = __webpack_require__(2306);
// EXTERNAL MODULE: ./node_modules/zod/v4/core/core.js
var core = __webpack_require__(8532);
// EXTERNAL MODULE: ./src/stores/store-settings.ts + 12 modules
var store_settings = __webpack_require__(4853);
// EXTERNAL MODULE: ./src/action/input-forms.ts
var input_forms = __webpack_require__(8116);
// EXTERNAL MODULE: ./src/action/store-inputs.ts + 1 modules
var store_inputs = __webpack_require__(5313);
;// CONCATENATED MODULE: ./src/action/inputs.ts




const withDefault = (byDefault) => schemas/* pipe */.FsL(input_forms/* trimmed */.dE, schemas/* transform */.pdi((value) => (value === '' ? byDefault : value)));
const schema = schemas/* object */.Ikc({
    slot: schemas/* pipe */.FsL(withDefault('default'), schemas/* string */.YjP()
        .check(api/* _regex */.Fk(/^[A-Za-z0-9](?!.*\.\.)(?!.*\.lock$)[A-Za-z0-9._-]{0,62}(?<!\.)$/, 'must be letters, digits, ".", "_" and "-", at most 63, and fit a ref name'))),
    'codex-home': input_forms/* line */.n8,
    'expected-account': input_forms/* line */.n8,
    refresh: schemas/* pipe */.FsL(withDefault('auto'), schemas/* enum */.k5n(['auto', 'always', 'never'], 'must be auto, always or never')),
    'refresh-window': schemas/* pipe */.FsL(withDefault('12h'), schemas/* transform */.pdi((value, { issues }) => {
        const seconds = durationSeconds(value);
        if (seconds === undefined)
            issues.push({ code: 'custom', input: value, message: 'must be a time such as 30m, 12h or 2d' });
        return seconds ?? core/* NEVER */.tm;
    })),
    'smoke-test': input_forms/* truth */.Im,
    'reseed-issue': input_forms/* truth */.Im,
    'allow-public-repository': input_forms/* truth */.Im,
    'allow-untrusted-event': input_forms/* truth */.Im,
    'job-total': schemas/* pipe */.FsL(input_forms/* trimmed */.dE, schemas/* transform */.pdi((value) => (/^\d+$/.test(value) ? Number(value) : 1))),
});
/**
 * Judges all inputs and lists every problem at once.
 * @param run what the stores need to know of this run
 * @throws KeeperError invalid-inputs; names inputs and rules, never a value that could be a secret
 */
function parseInputs(read, run) {
    const result = schema.safeParse((0,input_forms/* rawInputs */.me)(schema, read));
    // A slot that cannot be used is a problem of its own, and none of the stores.
    const ofStores = (0,store_inputs/* readStoreInputs */.d)(read, result.success ? result.data.slot : 'default');
    const { stores, problems } = (0,store_settings/* judgeStores */._)(read('store'), ofStores, run);
    const all = new Set([
        ...problems,
        ...(result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`)),
        // Wrong also where no store needs them.
        ...(ofStores.encryptionKey?.kind === 'problems' ? ofStores.encryptionKey.problems : []),
        ...(ofStores.secretWriter?.kind === 'problems' ? ofStores.secretWriter.problems : []),
    ]);
    if (!result.success || all.size > 0)
        throw (0,input_forms/* invalidInputs */.Rg)([...all]);
    const values = result.data;
    return {
        authJson: ofStores.authJson,
        stores,
        slot: values.slot,
        githubToken: ofStores.githubToken,
        codexHome: values['codex-home'],
        expectedAccount: values['expected-account'],
        refresh: values.refresh,
        refreshWindow: values['refresh-window'],
        smokeTest: values['smoke-test'],
        reseedIssue: values['reseed-issue'],
        allowPublicRepository: values['allow-public-repository'],
        allowUntrustedEvent: values['allow-untrusted-event'],
        jobTotal: values['job-total'],
    };
}
const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** Seconds in "30m", "12h", "2d" or "0"; undefined when the text is no such time. */
function durationSeconds(text) {
    if (text === '0')
        return 0;
    const [, count, unit] = /^(\d{1,6})\s*([smhd])$/.exec(text.toLowerCase()) ?? [];
    return count === undefined || unit === undefined ? undefined : Number(count) * unitSeconds[unit];
}

// EXTERNAL MODULE: ./src/credential/secret-values.ts
var secret_values = __webpack_require__(6608);
;// CONCATENATED MODULE: ./src/codex/codex-cli.ts

const defaultLimits = { answer: 60_000, exit: 50_000, terminate: 10_000, smokeTest: 180_000 };
/** How often to look for an answer. Milliseconds. */
const pollEvery = 20;
function codexCli(options) {
    const limits = options.limits ?? defaultLimits;
    return {
        refresh: async (call) => {
            const refreshesAtStart = Date.now() / 1000 >= call.refreshesFrom;
            const codex = await started(options, ['app-server'], call.onStart);
            return refresh(codex, limits, async () => !refreshesAtStart && !(await call.hasChanged())).finally(codex.release);
        },
        smokeTest: async (onStart) => {
            const codex = await started(options, ['exec', '--json', '--skip-git-repo-check', '--sandbox', 'read-only', 'Reply exactly: OK'], onStart);
            return smokeTest(codex, limits).finally(codex.release);
        },
    };
}
async function started(options, args, onStart) {
    const { startCodex } = await __webpack_require__.e(/* import() */ 664).then(__webpack_require__.bind(__webpack_require__, 5664));
    const codex = await startCodex(options, args);
    onStart(codex.pid);
    return codex;
}
/**
 * Speaks to `codex app-server` over its standard streams, one JSON object a line (measured on 0.150.0 and 0.169.0). A token
 * that runs out is refreshed before `initialize` is answered; asking for a refresh then would spend a second token. Closing
 * its input lets an exchange that is under way finish and be saved.
 */
async function refresh(codex, limits, mustAsk) {
    const deadline = Date.now() + limits.answer;
    codex.send({
        id: 0,
        method: 'initialize',
        params: { clientInfo: { name: 'codex-auth-keeper', title: 'codex-auth-keeper', version: '1' } },
    });
    const greeting = await answerTo(codex, 0, deadline);
    let answer;
    if (greeting !== undefined) {
        codex.send({ method: 'initialized' });
        codex.send({ id: 1, method: 'account/read', params: { refreshToken: await mustAsk() } });
        answer = await answerTo(codex, 1, deadline);
    }
    if (!(await finish(codex, limits)))
        return { kind: 'left-running', pid: codex.pid };
    const errors = await codex.errors();
    if (greeting === undefined && hasNoAppServer(errors))
        return { kind: 'unsupported' };
    const failure = failureOfRefresh(errors) ?? (isRefusal(answer) ? 'refused' : undefined);
    return { kind: 'ended', ok: failure === undefined, failure };
}
/** The first Codex releases took `app-server` for a prompt and asked for a terminal. */
function hasNoAppServer(errors) {
    return /unrecognized subcommand|is not a terminal/i.test(errors);
}
/** An answer without an account is what Codex gives after a refresh that was refused for good. */
function isRefusal(answer) {
    if (answer === undefined || !('result' in answer))
        return false;
    const { result } = answer;
    return typeof result === 'object' && result !== null && 'account' in result && result.account === null;
}
async function smokeTest(codex, limits) {
    codex.endInput();
    // Not killed: a Codex that is cut off between the exchange and the save has lost the login.
    if (!(await codex.endsWithin(limits.smokeTest)))
        return { kind: 'left-running', pid: codex.pid };
    const ok = codex.exitCode() === 0;
    return { kind: 'ended', ok, failure: ok ? undefined : failureOfExec(await codex.output(), await codex.errors()) };
}
/** Closes the input, waits past the token request's own limit, then asks it once to stop; never kills. Tells whether it ended. */
async function finish(codex, limits) {
    codex.endInput();
    if (await codex.endsWithin(limits.exit))
        return true;
    codex.terminate();
    return codex.endsWithin(limits.terminate);
}
/** The answer to one request; undefined when Codex ended without it or the time was up. */
async function answerTo(codex, id, deadline) {
    for (;;) {
        const ended = await codex.endsWithin(pollEvery);
        const answer = (await codex.output())
            .split('\n')
            .map(parsed)
            .find((message) => message?.id === id);
        if (answer !== undefined || ended || Date.now() >= deadline)
            return answer;
    }
}
/** A line that answers a request; notifications have no id. */
function parsed(line) {
    try {
        const message = JSON.parse(line);
        if (typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'number') {
            return { ...message, id: message.id };
        }
    }
    catch {
        // Not every line of a program is a message.
    }
    return undefined;
}

// EXTERNAL MODULE: ./src/process/network-variables.ts
var network_variables = __webpack_require__(4631);
;// CONCATENATED MODULE: ./src/codex/codex-environment.ts

/** What Codex needs of the job's environment; everything else, above all the inputs, stays out. */
const passed = [
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'SHELL',
    'LANG',
    'LC_ALL',
    'LC_CTYPE',
    'TMPDIR',
    'TERM',
    'TZ',
    ...network_variables/* networkVariables */.I,
    'CODEX_CA_CERTIFICATE',
    // Both were found to be loopback, or the run was refused.
    'CODEX_REFRESH_TOKEN_URL_OVERRIDE',
    'CODEX_REVOKE_TOKEN_URL_OVERRIDE',
    'RUNNER_TRACKING_ID',
];
/** The whole environment of a Codex process that the keeper starts. */
function codexEnvironment(env, codexHome) {
    const kept = passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
    return { ...Object.fromEntries(kept), CODEX_HOME: codexHome };
}

// EXTERNAL MODULE: ./src/clock.ts
var clock = __webpack_require__(9373);
// EXTERNAL MODULE: ./src/action/runner/saved-state.ts
var saved_state = __webpack_require__(9314);
;// CONCATENATED MODULE: ./src/action/runner/job-state.ts

/**
 * The one owner of what restore leaves for post: every part that it is told stays until it is told anew, and all of them are
 * saved each time, with what the stores hand over by then. The first part it is told has how the login stands.
 */
function savedJobState(fixed, stores) {
    let login = {};
    return {
        update: (part) => {
            login = { ...login, ...part };
            (0,saved_state/* saveState */.LZ)({ ...fixed, ...login, handovers: handoversOf(stores) });
        },
    };
}
function handoversOf(stores) {
    return Object.fromEntries(stores.flatMap((store) => (store.handover ? [[store.name, store.handover()]] : [])));
}

;// CONCATENATED MODULE: ./src/action/prepare-job.ts








/**
 * Opens the stores and finds Codex; the caller closes the stores.
 * @throws KeeperError when a store cannot be used in this run at all
 */
async function prepareJob(reporter, inputs, context, { tools, environment, defaultBranch }) {
    const codexHome = inputs.codexHome ?? (process.env['CODEX_HOME'] || (0,external_node_path_.join)(context.home, '.codex'));
    const fixed = {
        codexHome,
        tools,
        environment,
        slot: inputs.slot,
        stores: inputs.stores.map(({ name }) => name).join('\n'),
        ...(defaultBranch !== undefined && { defaultBranch }),
    };
    const program = (0,process_tools/* findTool */.S)('codex', context.path);
    const stores = await (0,open_stores/* openStores */.j)(inputs.stores, { defaultBranch });
    return {
        reporter,
        inputs,
        context,
        keeper: {
            codexHome,
            stores,
            clock: clock/* systemClock */.m,
            onCredential: ({ bytes }) => {
                reporter.masks.add((0,secret_values/* secretValues */.VX)(Buffer.from(bytes).toString('utf8')));
            },
            state: savedJobState(fixed, stores),
        },
        codex: program === undefined ? undefined : codexCli({ program, env: codexEnvironment(process.env, codexHome), cwd: context.tempDirectory }),
    };
}

// EXTERNAL MODULE: ./src/credential/seed.ts
var credential_seed = __webpack_require__(6556);
;// CONCATENATED MODULE: ./src/action/read-seed.ts



/**
 * The seed of the input auth-json; with the store github-secret that input is the store's copy, and there is no seed.
 * @throws KeeperError unusable-credential when Codex could not use or refresh it
 */
function readSeed({ authJson, stores }) {
    if (authJson === undefined || stores.some(({ kind }) => kind === 'github-secret'))
        return undefined;
    const remedy = 'Log in with "codex login --device-auth" in a separate CODEX_HOME and put that whole auth.json into the secret.';
    try {
        const seed = (0,auth_json/* parseAuthJson */.SO)((0,credential_seed/* seedBytes */.l)(authJson));
        if (seed.kind === 'managed')
            return seed;
        throw new keeper_error/* KeeperError */.Hc('unusable-credential', `The seed in auth-json ${auth_json/* unmanagedReasons */.oR[seed.why]}.`, remedy);
    }
    catch (error) {
        if (error instanceof auth_json/* AuthJsonError */.RW) {
            throw new keeper_error/* KeeperError */.Hc('unusable-credential', `The seed in auth-json cannot be used: ${error.message}.`, remedy);
        }
        throw error;
    }
}

// EXTERNAL MODULE: ./src/action/report/report.ts
var report = __webpack_require__(1951);
// EXTERNAL MODULE: ./src/action/report/time-words.ts
var time_words = __webpack_require__(5752);
;// CONCATENATED MODULE: ./src/action/report/refresh-report.ts




/** What the early refresh did; undefined when there is nothing to say. @param now seconds since 1970 */
function refreshReport(refresh, due, now) {
    switch (refresh.kind) {
        case 'not-asked':
            if (refresh.why !== 'no-cli' || !due)
                return undefined;
            return refresh_report_report('Codex login is due, but not refreshed yet', [], [
                warning('The login is due for a refresh and there is no Codex CLI in PATH, so Codex will refresh it in the middle of the job, where a lost runner loses it. Install Codex before this step.'),
            ]);
        case 'refreshed':
            return refresh_report_report('Codex login refreshed before the job goes on', rotationLines(refresh, now), rotationWarnings(refresh));
        case 'overtaken':
            return refresh_report_report(`Codex login refreshed by another job, taken from ${refresh.store}`, ['OpenAI refused our copy because another job was faster; its newer copy is installed.'], []);
        case 'unchanged':
            return refresh_report_report('Codex login not refreshed', [], [
                warning(`Codex was asked to refresh the login and left it as it was. ${refresh.failure === undefined ? 'It gave no reason, as when it cannot reach OpenAI.' : words(refresh.failure)} The job goes on with the login it has.`),
            ]);
        case 'left-running':
            return refresh_report_report('Codex is still refreshing the login', [], [warning(leftRunning)]);
        case 'superseded':
        case 'unread':
        case 'needs-reseed':
            return undefined;
    }
}
/** What the smoke test showed. @param now seconds since 1970 */
function smokeTestReport(test, now) {
    switch (test.kind) {
        case 'passed':
            return refresh_report_report('Codex login proved by a smoke test', rotationLines(test.rotation, now), rotationWarnings(test.rotation));
        case 'failed':
            return refresh_report_report('Codex login: the smoke test failed', rotationLines(test.rotation, now), rotationWarnings(test.rotation));
        case 'left-running':
            return refresh_report_report('Codex login: the smoke test did not end', [], [warning(leftRunning)]);
    }
}
const leftRunning = 'Codex did not end in time. It may be in the middle of a refresh, so it was not killed; the post step waits for it.';
function words(failure) {
    return `${failureWords[failure].cause} ${failureWords[failure].wayOut}`;
}
function rotationLines(rotation, now) {
    if (rotation === undefined)
        return [];
    const { standing, writeBack } = rotation;
    return [
        `Access token ends: ${(0,time_words/* distanceWords */.HA)((0,issued/* accessEnds */.vD)(standing.base.issued), now)}`,
        ...writeBack.results.map(({ name, guarantee, outcome }) => `Store ${name} (${guarantee}): ${(0,report/* outcomeWords */.wX)(outcome)}`),
    ];
}
function rotationWarnings(rotation) {
    if (rotation === undefined)
        return [];
    const { results, verdict } = rotation.writeBack;
    return [
        ...results.flatMap(({ name, outcome }) => (outcome.kind === 'failed' ? [warning(`Store ${name}: ${(0,report/* outcomeWords */.wX)(outcome)}`)] : [])),
        ...(verdict === 'lost'
            ? [warning('No store holds the refreshed login yet. The post step tries again; until then a lost runner loses the login.')]
            : []),
    ];
}
function refresh_report_report(title, lines, annotations) {
    const list = lines.map((line) => `- ${line}`).join('\n');
    return {
        title,
        lines,
        annotations,
        summary: [`### ${title}`, ...(list === '' ? [] : [list]), ...annotations.map(({ text }) => text)].join('\n\n'),
    };
}
function warning(text) {
    return { level: 'warning', text };
}

// EXTERNAL MODULE: ./src/action/report/reseed.ts
var report_reseed = __webpack_require__(6493);
;// CONCATENATED MODULE: ./src/action/trust.ts
/** Events that anyone who can see a public repository can start. */
const startedByAnyone = ['issues', 'issue_comment', 'discussion', 'discussion_comment', 'fork', 'watch'];
/**
 * Whether this run may hold a login: not where the public can read logs, caches and refs, and not for code or text that
 * comes from a fork.
 */
function judgeTrust(origin) {
    const { isPublic, allowPublicRepository, allowUntrustedEvent } = origin;
    if (!allowPublicRepository) {
        if (isPublic === undefined) {
            return trust_refused('It is unknown whether this repository is public: the event does not say, and the API gave no answer.', 'Give github-token the permission "contents: read" (or "metadata"), or set allow-public-repository: true if you accept the risk.');
        }
        if (isPublic) {
            return trust_refused('This repository is public: logs, refs and caches can be read by anyone, and pull requests run by anyone.', 'Keep the login in a private repository, or set allow-public-repository: true if you accept the risk.');
        }
    }
    const outsiders = allowUntrustedEvent ? undefined : whyUntrusted(origin);
    if (outsiders !== undefined) {
        return trust_refused(`${outsiders}, and whoever steers Codex in this run can read the login.`, 'Run the job for push, schedule or workflow_dispatch instead, or set allow-untrusted-event: true if you accept the risk.');
    }
    return { kind: 'trusted' };
}
function whyUntrusted({ eventName, payload, isPublic }) {
    const home = payload.repository?.id;
    if (eventName.startsWith('pull_request')) {
        const head = payload.pull_request?.head?.repo?.id;
        // A deleted fork has no repository any more; only the same id is proof of no fork.
        if (home !== undefined && head === home)
            return undefined;
        return `The pull request of this ${eventName} event comes from a fork`;
    }
    if (eventName === 'workflow_run') {
        const { event = '', head_repository: head } = payload.workflow_run ?? {};
        if (home === undefined || head?.id !== home)
            return 'The workflow_run event was started by a run of a fork';
        if (startedByAnyone.includes(event))
            return `The workflow_run event was started by ${event}, which outsiders can start`;
        return undefined;
    }
    if (eventName === 'issue_comment')
        return 'Anyone who can comment can start an issue_comment event';
    if (isPublic !== false && startedByAnyone.includes(eventName))
        return `Anyone can start ${eventName} in a public repository`;
    return undefined;
}
function trust_refused(message, remedy) {
    return { kind: 'refused', message, remedy };
}

;// CONCATENATED MODULE: ./src/action/repository-facts.ts




/**
 * Refuses a run that must not hold a login.
 * @throws KeeperError untrusted-event
 */
async function requireTrust(inputs, context) {
    const facts = await repositoryFacts(inputs, context);
    const { eventName, payload } = context;
    const { allowPublicRepository, allowUntrustedEvent } = inputs;
    const trust = judgeTrust({ eventName, payload, isPublic: facts.isPublic, allowPublicRepository, allowUntrustedEvent });
    if (trust.kind === 'refused')
        throw new keeper_error/* KeeperError */.Hc('untrusted-event', trust.message, trust.remedy);
    return facts;
}
/** From the event, and where that does not say (a schedule), from the API. No answer leaves it unknown. */
async function repositoryFacts({ githubToken }, { payload, repository, apiUrl }) {
    const { private: isPrivate, default_branch: defaultBranch } = payload.repository ?? {};
    if ((isPrivate !== undefined && defaultBranch !== undefined) || githubToken === undefined) {
        return { isPublic: isPrivate === undefined ? undefined : !isPrivate, defaultBranch };
    }
    const { githubApi } = await __webpack_require__.e(/* import() */ 529).then(__webpack_require__.bind(__webpack_require__, 1529));
    const [owner, repo] = repository.split('/');
    const answer = await githubApi({ baseUrl: apiUrl, auth: { kind: 'token', token: githubToken }, clock: clock/* systemClock */.m }).request({
        what: 'read the repository',
        route: 'GET /repos/{owner}/{repo}',
        parameters: { owner, repo },
        expected: [401, 403, 404],
    });
    const told = repositoryAnswer.parse(answer.data);
    const isHidden = told.private ?? isPrivate;
    return { isPublic: isHidden === undefined ? undefined : !isHidden, defaultBranch: told.default_branch ?? defaultBranch };
}
const repositoryAnswer = schemas/* catch */.MfU(schemas/* looseObject */._H3({
    private: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* boolean */.zMY()), undefined),
    default_branch: schemas/* catch */.MfU(schemas/* optional */.lqM(schemas/* string */.YjP()), undefined),
}), { private: undefined, default_branch: undefined });

;// CONCATENATED MODULE: ./src/action/runner/outputs.ts




function outputsOf({ codexHome, source, credential, refreshed, stored }) {
    const { exp } = credential.issued;
    return {
        'auth-file': (0,codex_home/* authFileIn */.oC)(codexHome),
        'codex-home': codexHome,
        source,
        account: (0,credential_fingerprint/* accountHash */.g9)(credential.fingerprint),
        plan: credential.plan ?? '',
        'last-refresh': credential.lastRefresh,
        'expires-at': exp === undefined ? '' : new Date(exp * 1000).toISOString(),
        refreshed: String(refreshed),
        stored: String(stored),
        'needs-reseed': 'false',
    };
}
/** Sets the outputs, and saves them: what pre sets reaches no step, so main sets it again. */
function setOutputs(outputs) {
    runner_commands/* saveState */.LZ(key, JSON.stringify(outputs));
    for (const [name, value] of Object.entries(outputs))
        runner_commands/* setOutput */.uH(name, value);
}
/** Sets what an earlier stage has saved. */
function repeatOutputs() {
    const saved = runner_commands/* getState */.Gu(key);
    if (saved !== '')
        setOutputs(schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).parse(JSON.parse(saved)));
}
const key = 'outputs';

// EXTERNAL MODULE: ./src/action/runner/run-context.ts
var run_context = __webpack_require__(6078);
;// CONCATENATED MODULE: ./src/action/verify-restored.ts






/**
 * What main does where pre has restored: repeats the outputs, which those of pre reach no step, and looks whether the login is still there.
 * @throws KeeperError install-failed
 */
async function verifyRestored(state) {
    repeatOutputs();
    const { base } = state.standing;
    const file = await (0,codex_home/* observeAuthFile */.TO)(state.codexHome, clock/* systemClock */.m);
    if (file.kind !== 'managed' || !(0,credential_fingerprint/* isSameAccount */.se)(file.credential.fingerprint, base)) {
        throw new keeper_error/* KeeperError */.Hc('install-failed', `The auth.json that was restored at the start of the job is no longer there in ${state.codexHome} (${file.kind}).`, 'Find the step before this one that removes or replaces it. The stored copy stays as it was.');
    }
    const same = (0,credential_fingerprint/* isSame */.Ft)(file.credential.fingerprint, base);
    runner_commands/* info */.pq(`Codex login was restored at the start of the job${same ? '' : ', and Codex has refreshed it since'}.`);
}

;// CONCATENATED MODULE: ./src/action/restoring-stage.ts
























/** Pre and main: the first of them restores, the second only looks whether all is still well. */
async function restoringStage(reporter) {
    (0,input_secrets/* maskInputs */.a)(runner_commands/* getInput */.V4, reporter.masks);
    const earlier = (0,saved_state/* loadStateOfPre */.EL)();
    if (earlier !== undefined)
        return verifyRestored(earlier);
    (0,saved_state/* reserveState */.Il)();
    const context = await (0,run_context/* readRunContext */.$)(process.env);
    const before = { tools: (0,process_tools/* findTools */.f)(context.path), environment: (0,trusted_environment/* rememberEnvironment */.R7)(process.env) };
    const inputs = parseInputs(runner_commands/* getInput */.V4, (0,store_inputs/* storeRunOf */.s)(context, before));
    reporter.onFailure((error) => (0,report_reseed/* announceReseed */.m)(error, { ...inputs, ...context }, reporter.masks));
    const job = await prepareJob(reporter, inputs, context, { ...before, ...(await requireTrust(inputs, context)) });
    try {
        const restored = await restoreLogin(job);
        const refreshed = await refreshLogin(job, restored);
        if (inputs.smokeTest && refreshed !== 'still-at-work')
            await testLogin(job, restored, refreshed);
    }
    finally {
        await (0,open_stores/* closeStores */.H)(job.keeper.stores);
    }
}
async function restoreLogin(job) {
    const { reporter, inputs, context, keeper } = job;
    const restored = await restore({
        ...keeper,
        seed: readSeed(inputs),
        expectedAccount: inputs.expectedAccount,
        refreshWindow: inputs.refreshWindow,
        willRefresh: inputs.refresh === 'always',
        surroundings: { workspace: context.workspace, env: process.env, jobTotal: inputs.jobTotal },
    });
    if (inputs.codexHome !== undefined)
        runner_commands/* exportVariable */.dN('CODEX_HOME', keeper.codexHome);
    tellOutputs(job, restored, { ...restored, refreshed: false, stored: false });
    const notes = keeper.stores.flatMap((store) => store.notes?.() ?? []);
    const authFile = (0,codex_home/* authFileIn */.oC)(keeper.codexHome);
    await reporter.publish((0,report/* restoreReport */.HA)({ restored, authFile, notes, refreshWindow: inputs.refreshWindow, now: now(job) }));
    return restored;
}
async function refreshLogin(job, restored) {
    const { reporter, inputs, context, keeper, codex } = job;
    if (inputs.refresh === 'always' && codex === undefined)
        throw noCodexToRefresh();
    const { standing, due } = restored;
    const refresh = await refreshEarly({ ...keeper, standing, codex, when: inputs.refresh, due });
    const report = refreshReport(refresh, due, now(job));
    if (report !== undefined)
        await reporter.publish(report);
    requireLogin(refresh);
    const refreshed = refresh.kind === 'refreshed';
    if (refreshed)
        await (0,report_reseed/* withdrawReseed */.p)({ ...inputs, ...context });
    const login = 'standing' in refresh ? refresh : restored;
    const done = { ...login, refreshed, stored: refreshed && wasStored(refresh) };
    tellOutputs(job, restored, done);
    return refresh.kind === 'left-running' ? 'still-at-work' : done;
}
async function testLogin(job, restored, { standing, stored }) {
    const { reporter, inputs, context, keeper, codex } = job;
    if (codex === undefined)
        throw noCodexToTest();
    const test = await proveLogin({ ...keeper, standing, codex });
    await reporter.publish(smokeTestReport(test, now(job)));
    if (test.kind !== 'left-running' && test.rotation !== undefined) {
        tellOutputs(job, restored, { ...test.rotation, refreshed: true, stored: stored || wasStored(test.rotation) });
    }
    if (test.kind !== 'passed')
        throw smokeTestRefused(test);
    await (0,report_reseed/* withdrawReseed */.p)({ ...inputs, ...context });
}
function tellOutputs({ keeper: { codexHome } }, { origin }, { credential, refreshed, stored }) {
    setOutputs(outputsOf({ codexHome, source: (0,newest/* originName */.AN)(origin), credential, refreshed, stored }));
}
/** Seconds since 1970. */
function now({ keeper }) {
    return keeper.clock.now() / 1000;
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


/***/ })

};
