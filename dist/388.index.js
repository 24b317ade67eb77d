export const id = 388;
export const ids = [388];
export const modules = {

/***/ 5388:
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
// EXTERNAL MODULE: ./src/stores/cache/cache-archive.ts
var cache_archive = __webpack_require__(2042);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./src/stores/cache/cache-environment.ts
var cache_environment = __webpack_require__(2005);
;// CONCATENATED MODULE: ./src/stores/cache/cache-service.ts



/** Milliseconds a call of the service may stay silent. */
const silence = 10_000;
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
 * @returns the key of the newest entry that is this key or begins with it; undefined when there certainly is none
 * @throws KeeperError store-unreachable, store-unauthorized or store-refused
 */
async function lookUp(name, env, key, version) {
    const { HttpClient } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 4942));
    const client = new HttpClient('codex-auth-keeper', [], { socketTimeout: silence, allowRedirects: false });
    const url = new URL('/twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL', env['ACTIONS_RESULTS_URL']);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${env['ACTIONS_RUNTIME_TOKEN'] ?? ''}` };
    let status;
    let text;
    try {
        // The client looks for a proxy before it first waits.
        const leave = (0,cache_environment/* enter */.V)(env);
        const request = client.post(url.href, JSON.stringify({ key, restore_keys: [key], version }), headers);
        leave();
        const response = await request;
        status = response.message.statusCode ?? 0;
        text = await response.readBody();
    }
    catch {
        throw unreachable(name, 'gave no answer');
    }
    const answer = parsed(text);
    if (status === 401 || status === 403)
        throw denied(name, 'read');
    if (status === 429)
        throw unreachable(name, 'limits the rate of requests');
    if (status >= 500 || answer === undefined)
        throw unreachable(name, `answered with status ${status}`);
    if (status !== 200) {
        throw new keeper_error/* KeeperError */.Hc('store-refused', `${name}: the cache service refused the request with status ${status}`, 'Use another store.');
    }
    if (answer['ok'] !== true)
        return undefined;
    return typeof answer['matched_key'] === 'string' ? answer['matched_key'] : undefined;
}
function parsed(text) {
    try {
        return JSON.parse(text);
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
    const requireReadable = () => { if (cacheAccess(env, ref).read === 'denied')
        throw denied(name, 'read'); };
    return {
        name,
        guarantee: 'detects-conflicts',
        notes: () => [idleNote],
        proveWritable: async () => {
            switch (cacheAccess(env, ref).write) {
                case 'denied': throw denied(name, 'write');
                case 'granted': return Promise.resolve('proved');
                case 'unknown': return Promise.resolve('unprovable');
            }
        },
        read: async () => {
            requireReadable();
            const newest = await entries.newest();
            // The two after it come first: the service calls newest what was created last, not what counts highest.
            return newest === undefined ? undefined : entries.fetch([newest + 2, newest + 1, newest]);
        },
        write: async (bytes, ifVersion) => {
            requireReadable();
            if (cacheAccess(env, ref).write === 'denied')
                throw denied(name, 'write');
            const newest = await entries.newest();
            if (versionOf(newest) !== ifVersion)
                return { kind: 'conflict' };
            return entries.add(newest ?? 0, bytes);
        },
    };
}
function entriesOf({ name, slot, tempDir, env, pauses = [500, 1_500, 3_000] }) {
    // The slot is part of the path, hence of the entries' identity: a slot whose name begins like another's stays apart.
    const place = { tempDir, env, path: `codex-auth/${slot}/auth.age` };
    const version = cacheVersion(place.path);
    const prefix = `codex-auth-${slot}-`;
    const keyOf = (generation) => prefix + String(generation).padStart(10, '0');
    /** Generations this run has announced itself and could not finish. */
    const unfinished = new Set();
    const fetch = async ([first, ...others]) => {
        const { key, bytes, talk } = await (0,cache_archive/* download */.RG)(place, [keyOf(first), ...others.map(keyOf)]);
        if (key === undefined)
            throw failedDownload(name, talk);
        if (bytes === undefined)
            throw damagedEntry(name);
        return { bytes, version: versionOf(generationOf(prefix, key)) ?? key };
    };
    const exists = async (generation) => await lookUp(name, env, keyOf(generation), version) !== undefined;
    const appears = async (generation) => {
        for (const pause of pauses) {
            if (await exists(generation))
                return true;
            await (0,promises_.setTimeout)(pause);
        }
        return exists(generation);
    };
    /** The outcome when an entry of this generation stands, ours or another job's. */
    const whose = async (generation, bytes) => {
        const stored = await fetch([generation]);
        return Buffer.compare(stored.bytes, bytes) === 0 ? { kind: 'written', version: stored.version } : { kind: 'conflict' };
    };
    return {
        newest: async () => {
            const key = await lookUp(name, env, prefix, version);
            return key === undefined ? undefined : generationOf(prefix, key);
        },
        fetch,
        add: async (newest, bytes) => {
            for (let generation = newest + 1; generation <= newest + largestLeap; generation += 1) {
                if (unfinished.has(generation))
                    continue;
                const { saved, talk } = await (0,cache_archive/* upload */.Se)(place, keyOf(generation), bytes);
                if (saved)
                    return { kind: 'written', version: keyOf(generation).slice(prefix.length) };
                const failure = failedUpload(name, talk);
                if (failure.kind === 'refused')
                    throw failure.error;
                if (failure.kind === 'taken') {
                    if (await appears(generation))
                        return whose(generation, bytes);
                    // Announced and never finished: the service blocks such a key for a day.
                    continue;
                }
                unfinished.add(generation);
                if (await exists(generation).catch(() => { throw unknownOutcome(name); })) {
                    return whose(generation, bytes).catch(() => { throw unknownOutcome(name); });
                }
                throw failure.error;
            }
            throw new keeper_error/* KeeperError */.Hc('store-refused', `${name}: the next ${largestLeap} entries were announced by other jobs and never finished`, 'The service frees them within a day. Until then name another slot and reseed, or use another store.');
        },
    };
}
/** A generation as a version: ten digits; undefined for the empty place. */
function versionOf(generation) {
    return generation === undefined ? undefined : String(generation).padStart(10, '0');
}
function generationOf(prefix, key) {
    const digits = key.slice(prefix.length);
    return /^\d{10}$/.test(digits) ? Number(digits) : 0;
}
/** Why saveCache returned -1, from what @actions/cache 6.3.0 said meanwhile (cache.js, saveCacheV2). */
function failedUpload(name, talk) {
    const reserving = talk.find((line) => line.includes('Failed to reserve cache'));
    const all = talk.join('\n');
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
/** Why restoreCache gave nothing although the service knows the entry. */
function failedDownload(name, talk) {
    const all = talk.join('\n');
    if (all.includes('cache read denied'))
        return denied(name, 'read');
    if (/Failed to restore: .*tar.* failed with error/.test(all))
        return damagedEntry(name);
    return unreachable(name, 'did not deliver the entry');
}
function damagedEntry(name) {
    return new keeper_error/* KeeperError */.Hc('store-damaged', `${name}: the newest cache entry is not an archive of this store`, 'Delete the entry on the page Actions > Caches of the repository and log in anew.');
}
function unknownOutcome(name) {
    return new keeper_error/* KeeperError */.Hc('store-unknown-outcome', `${name}: the cache service did not say whether it kept the entry`, 'Run the job again; it reads what was kept.');
}
function elsewhere({ name, ref, defaultBranch }) {
    return new keeper_error/* KeeperError */.Hc('store-refused', `${name}: this run is on ${ref}, and the cache store works on ${defaultBranch} only, because ` +
        'branches do not see each other\'s cache entries', 'Run the job on the default branch (push, schedule or workflow_dispatch there), or use the store git.');
}


/***/ })

};
