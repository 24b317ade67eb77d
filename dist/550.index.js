export const id = 550;
export const ids = [550];
export const modules = {

/***/ 7550:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  githubSecretStore: () => (/* binding */ githubSecretStore),
  secretHandover: () => (/* binding */ secretHandover)
});

// EXTERNAL MODULE: ./node_modules/zod/v4/mini/schemas.js + 5 modules
var schemas = __webpack_require__(8395);
// EXTERNAL MODULE: ./src/keeper-error.ts
var keeper_error = __webpack_require__(9522);
// EXTERNAL MODULE: ./src/credential/auth-json.ts + 1 modules
var auth_json = __webpack_require__(8826);
// EXTERNAL MODULE: ./src/credential/seed.ts
var seed = __webpack_require__(6556);
;// CONCATENATED MODULE: ./src/stores/github-secret/github-secret-document.ts



/** Source: GitHub's "Secrets reference". */
const largest = 48 * 1024;
/**
 * The document in a secret's value, as the keeper wrote it or as a person pasted it.
 * @throws KeeperError store-damaged when it is neither JSON nor base64 of it
 */
function documentIn(value) {
    try {
        const bytes = (0,seed/* seedBytes */.l)(value);
        JSON.parse(Buffer.from(bytes).toString('utf8'));
        return bytes;
    }
    catch (error) {
        if (!(error instanceof auth_json/* AuthJsonError */.RW || error instanceof SyntaxError))
            throw error;
        throw new keeper_error/* KeeperError */.Hc('store-damaged', 'The value of the secret in auth-json is no auth.json: it is neither JSON nor base64 of it.', 'Log in with "codex login --device-auth" in a separate CODEX_HOME and put that whole auth.json into the secret.');
    }
}
/**
 * The same document on one line: the runner masks every line of a secret, and of a pretty one that would be every brace.
 * @throws KeeperError store-refused when it is no JSON or larger than a secret may be
 */
function compactDocument(bytes) {
    let line;
    try {
        line = JSON.stringify(JSON.parse(Buffer.from(bytes).toString('utf8')));
    }
    catch {
        // The parser's own message quotes the text.
        throw new keeper_error/* KeeperError */.Hc('store-refused', 'The document is no JSON, and a GitHub secret holds it on one line.', 'Use another store.');
    }
    const document = Buffer.from(line);
    if (document.length <= largest)
        return document;
    throw new keeper_error/* KeeperError */.Hc('store-refused', `The document has ${document.length} bytes and a GitHub secret holds at most ${largest}.`, 'Use another store.');
}

// EXTERNAL MODULE: ./src/credential/issued.ts
var issued = __webpack_require__(1732);
// EXTERNAL MODULE: ./src/sha256.ts
var sha256 = __webpack_require__(8868);
;// CONCATENATED MODULE: ./src/stores/github-secret/github-secret-record.ts




const record = schemas/* object */.Ikc({
    v: schemas/* literal */.euz(1),
    fingerprint: schemas/* string */.YjP(),
    issued: schemas/* optional */.lqM(schemas/* object */.Ikc({ iat: schemas/* exactOptional */.yqP(schemas/* number */.aig()), exp: schemas/* exactOptional */.yqP(schemas/* number */.aig()), lastRefresh: schemas/* string */.YjP() })),
    /** GitHub's clock when it took the document (RFC 3339). */
    storedAt: schemas/* string */.YjP(),
});
/** A record from the variable's value; undefined when it is none, as after an edit by hand. */
function parseRecord(value) {
    try {
        return record.parse(JSON.parse(value));
    }
    catch {
        return undefined;
    }
}
function recordOf(mark, storedAt) {
    const value = { v: 1, ...mark, storedAt: storedAt.toISOString() };
    return JSON.stringify(value);
}
/** The mark of a document. Text that is no `auth.json` has one too: what it is worth is for others to judge. */
function markOf(document) {
    try {
        const credential = (0,auth_json/* parseAuthJson */.SO)(document);
        if (credential.kind === 'managed') {
            return { fingerprint: digest('refresh token', credential.refreshToken), issued: credential.issued };
        }
    }
    catch (error) {
        if (!(error instanceof auth_json/* AuthJsonError */.RW))
            throw error;
    }
    return { fingerprint: digest('document', JSON.stringify(JSON.parse(Buffer.from(document).toString('utf8')))), issued: undefined };
}
/** A prefix of its own keeps equal tokens from looking equal to any other digest of them. */
function digest(what, value) {
    return (0,sha256/* sha256 */.s)(`codex-auth-keeper github-secret ${what}\n${value}`);
}
/** Differences between two of GitHub's clocks that mean nothing, in milliseconds. */
const sameMoment = 60_000;
/**
 * Whether the value that this job was given is still the one to use.
 * - current: it is what was stored last, or a reseed that was issued later
 * - spent: the keeper has stored a later one since
 * - replaced: it is what the keeper stored last, but somebody has replaced the secret since
 * @param updatedAt when the secret was last written, by GitHub
 */
function judgeSnapshot(given, stored, updatedAt) {
    if (stored === undefined)
        return 'current';
    if (given.fingerprint === stored.fingerprint) {
        return Date.parse(updatedAt) > Date.parse(stored.storedAt) + sameMoment ? 'replaced' : 'current';
    }
    if (given.issued === undefined || stored.issued === undefined)
        return 'current';
    return (0,issued/* compareIssued */.Lj)(given.issued, (0,issued/* judgeTimes */.US)(stored.issued, Date.now() / 1000)) === 'newer' ? 'current' : 'spent';
}

;// CONCATENATED MODULE: ./src/stores/github-secret/github-secret-place.ts



const secretSchema = schemas/* looseObject */._H3({ updated_at: schemas/* string */.YjP() });
const keySchema = schemas/* looseObject */._H3({ key: schemas/* string */.YjP(), key_id: schemas/* string */.YjP() });
const variableSchema = schemas/* looseObject */._H3({ value: schemas/* string */.YjP() });
function secretPlace(api, repository, name) {
    const { secret, environment, variable } = name;
    const words = environment === undefined ? `the repository secret ${secret}` : `the secret ${secret} of the environment "${environment}"`;
    const scope = environment === undefined ? '/repos/{owner}/{repo}/actions' : '/repos/{owner}/{repo}/environments/{environment_name}';
    const names = { ...repository, ...(environment !== undefined && { environment_name: environment }) };
    const ask = (what, route, parameters, expected = []) => {
        const [method = '', path = ''] = route.split(' ');
        return api.request({ what, route: `${method} ${scope}${path}`, parameters: { ...names, ...parameters }, expected });
    };
    const updatedAt = async () => {
        const answer = await ask(`read the state of ${words}`, 'GET /secrets/{secret_name}', { secret_name: secret }, [404]);
        return answer.status === 404 ? undefined : understood(secretSchema, answer).updated_at;
    };
    const record = async () => {
        try {
            const answer = await ask(`read the variable ${variable}`, 'GET /variables/{name}', { name: variable }, [404]);
            if (answer.status === 404)
                return { kind: 'none' };
            const held = parseRecord(understood(variableSchema, answer).value);
            return held === undefined ? { kind: 'foreign' } : { kind: 'held', record: held };
        }
        catch (error) {
            if (error instanceof keeper_error/* KeeperError */.Hc && error.code === 'store-unauthorized')
                return { kind: 'denied', why: error.message };
            throw error;
        }
    };
    return {
        words,
        updatedAt,
        look: async () => {
            const [written, held] = await Promise.all([updatedAt(), record()]);
            return { updatedAt: written, record: held };
        },
        publicKey: async () => understood(keySchema, await ask(`read the public key for ${words}`, 'GET /secrets/public-key', {})),
        put: async (document, { key, key_id }) => {
            const encrypted_value = await sealedBox(document, key);
            const answer = await ask(`write ${words}`, 'PUT /secrets/{secret_name}', { secret_name: secret, encrypted_value, key_id }, [409, 422]);
            if (answer.status === 409)
                return { kind: 'busy' };
            if (answer.status === 422)
                return { kind: 'invalid' };
            return { kind: 'stored', at: dateOf(answer) };
        },
        saveRecord: async (value, exists) => {
            const update = (expected) => ask(`write the variable ${variable}`, 'PATCH /variables/{name}', { name: variable, value }, expected);
            if (exists && (await update([404])).status !== 404)
                return;
            const { status } = await ask(`write the variable ${variable}`, 'POST /variables', { name: variable, value }, [409]);
            if (status === 409)
                await update([]);
        },
        proveWritable: () => proveWritable(api, environment, words, () => ask(`write ${words}`, 'PUT /secrets/{secret_name}', { secret_name: `${secret}_PROBE` }, [422])),
    };
}
/**
 * A GitHub App's token names its permissions. Any other token is tried on a secret that does not exist, with a request
 * that lacks the required `key_id` (GitHub's REST documentation, "Create or update an environment secret"): without the
 * permission the answer is 403, with it 422. That GitHub looks at the permission first is not documented, and not verified
 * (docs/not-verified-live.md). The secret itself is not touched.
 */
async function proveWritable(api, environment, words, probe) {
    const permissions = await api.permissions();
    const wanted = environment === undefined ? 'secrets' : 'environments';
    if (permissions?.[wanted] === 'write')
        return;
    // Older lists of permissions have "secrets" for those of environments too, so GitHub is asked.
    if (permissions !== undefined && permissions['secrets'] !== 'write') {
        throw new keeper_error/* KeeperError */.Hc('store-unauthorized', `The token of the GitHub App may not write ${words}: it lacks the permission ${wanted}=write.`, 'Give the App this permission in its settings, and accept the change where it is installed.');
    }
    await probe();
}
/** libsodium's sealed box in base64, as GitHub's guide "Encrypting secrets for the REST API" wants it. */
async function sealedBox(document, key) {
    const { default: sodium } = await __webpack_require__.e(/* import() */ 768).then(__webpack_require__.bind(__webpack_require__, 4768));
    await sodium.ready;
    const { ORIGINAL } = sodium.base64_variants;
    return sodium.to_base64(sodium.crypto_box_seal(document, sodium.from_base64(key, ORIGINAL)), ORIGINAL);
}
function dateOf({ headers }) {
    const date = new Date(String(headers['date']));
    return Number.isNaN(date.getTime()) ? new Date() : date;
}
function understood(schema, { data }) {
    const result = schema.safeParse(data);
    if (result.success)
        return result.data;
    throw new keeper_error/* KeeperError */.Hc('store-unreachable', 'GitHub gave an answer that is not one of its API.', 'Check GITHUB_API_URL and what is between this runner and GitHub, then run the job again.');
}

;// CONCATENATED MODULE: ./src/stores/github-secret/github-secret-refusals.ts

/** The secret exists and the job was not given its value. */
function notGiven(words, { secret, environment }) {
    const job = environment === undefined ? '' : ` and "environment: ${environment}" to the job`;
    return new keeper_error/* KeeperError */.Hc('store-refused', `GitHub has ${words}, but auth-json is empty, so this job was not given its value.`, `Add "auth-json: \${{ secrets.${secret} }}" to this step${job}. If both are there, the secret was made after this run was queued: start a new run of the workflow.`);
}
/** The job was given a document and the secret does not exist. */
function elsewhere(words, { secret, environment }) {
    return new keeper_error/* KeeperError */.Hc('store-refused', `There is no such thing as ${words}, yet auth-json holds a login: it is the value of another secret, which the keeper would not keep up to date.`, environment === undefined
        ? `Put the login into the repository secret ${secret}, or name the secret that auth-json comes from.`
        : `Put the login into the secret ${secret} of the environment "${environment}": a secret of the same name elsewhere is not it.`);
}
/** The value that this job was given must not be used: its refresh token was or will be spent by somebody else. */
function spent(words, { secret, environment }, why) {
    const cause = why === 'spent' ? 'the keeper has stored a login since that was issued later' : 'it was replaced after that';
    const read = environment === undefined
        ? 'GitHub reads a repository secret when the run is queued'
        : 'GitHub reads an environment secret when the job starts';
    const keep = environment === undefined
        ? `keep the login in an environment secret (github-secret: ${secret}?environment=NAME), which is read when the job starts, and `
        : '';
    return new keeper_error/* KeeperError */.Hc('store-refused', `This job was given an old value of ${words}: ${cause}. ${read}; to use the old value could cost the whole login.`, `Start a new run of the workflow (not "Re-run jobs"). So that it does not happen again, ${keep}let jobs wait for each other with ` +
        'concurrency and "queue: max". If the secret was set by hand: log in again, an older login is not taken.');
}
/** Somebody else has written the secret while this job ran. */
function replaced(words) {
    return new keeper_error/* KeeperError */.Hc('store-superseded', `Somebody else has replaced ${words} while this job ran; what is there now stays.`, 'If that was a reseed, all is well from the next run on. If it was another job, let jobs wait for each other with concurrency and "queue: max".');
}
function invalid(words) {
    return new keeper_error/* KeeperError */.Hc('store-refused', `GitHub refused the encrypted value for ${words} (422).`, 'Check the name of the secret, and its size.');
}

;// CONCATENATED MODULE: ./src/stores/github-secret/github-secret-store.ts






/** Reads a handover from saved state. */
const secretHandover = schemas/* optional */.lqM(schemas/* object */.Ikc({
    fingerprint: schemas/* string */.YjP(),
    updatedAt: schemas/* optional */.lqM(schemas/* string */.YjP()),
    recorded: schemas/* optional */.lqM(schemas/* string */.YjP()),
}));
/** Milliseconds for which what was seen counts as seen just now. */
const justNow = 5_000;
/**
 * A GitHub Actions secret as a store. Its value reaches a job once, as an input, and can be replaced but never asked for; so
 * a later read gives the bytes of that input, or of what this process wrote, and asks GitHub only whether they still count:
 * - the variable beside the secret says which document the keeper stored last, and when it was issued;
 * - the secret's `updated_at` tells of a write by anybody else.
 *
 * The secret is written before the variable. A job that dies between the two has saved the login; the next job finds a
 * document that was issued later than the variable says and takes it, as it takes a reseed.
 */
function githubSecretStore(setup) {
    const { name, currentValue, api, clock, repository, secret } = setup;
    const place = secretPlace(api, repository, secret);
    const given = currentValue === undefined || currentValue.trim() === '' ? undefined : currentValue;
    let known = setup.handover;
    let seen;
    /** A write whose answer was lost, and what was seen before it. */
    let attempt;
    let key;
    let unrecorded;
    const publicKey = () => {
        key ??= place.publicKey();
        key.catch(() => {
            key = undefined;
        });
        return key;
    };
    const look = async () => {
        void publicKey();
        const sight = await place.look();
        // Without the environment or the repository there is no secret either, and that is not an empty place.
        if (sight.updatedAt === undefined)
            await publicKey();
        seen = { sight, at: clock.now() };
        if (attempt !== undefined && attempt.before.updatedAt !== sight.updatedAt)
            known = { ...attempt.document, updatedAt: sight.updatedAt };
        attempt = undefined;
        return sight;
    };
    const firstSight = (sight, updatedAt) => {
        if (given === undefined)
            throw notGiven(place.words, secret);
        const bytes = documentIn(given);
        const mark = markOf(bytes);
        const record = sight.record.kind === 'held' ? sight.record.record : undefined;
        const verdict = judgeSnapshot(mark, record, updatedAt);
        if (verdict !== 'current')
            throw spent(place.words, secret, verdict);
        return { bytes, fingerprint: mark.fingerprint, updatedAt, recorded: record?.fingerprint };
    };
    const put = async (document) => {
        const outcome = await place.put(document, await publicKey());
        if (outcome.kind !== 'invalid')
            return outcome;
        key = undefined; // GitHub may have changed its key since.
        return place.put(document, await publicKey());
    };
    return {
        name,
        guarantee: 'last-writer-wins',
        proveWritable: async () => {
            await place.proveWritable();
            return 'proved';
        },
        read: async () => {
            const sight = await look();
            if (sight.updatedAt === undefined) {
                if (known === undefined && given !== undefined)
                    throw elsewhere(place.words, secret);
                known = undefined;
                return undefined;
            }
            if (known !== undefined && isChanged(known, sight))
                throw replaced(place.words);
            known ??= firstSight(sight, sight.updatedAt);
            // After an early write by another stage this is the older copy that the job was given; the version is the new one's.
            const bytes = known.bytes ?? (given === undefined ? undefined : documentIn(given));
            return bytes && { bytes, version: secretVersion(known) };
        },
        write: async (bytes, ifVersion) => {
            const document = compactDocument(bytes);
            const before = seen !== undefined && clock.now() - seen.at < justNow ? seen.sight : await look();
            if (versionSeen(known, before) !== ifVersion)
                return { kind: 'conflict' };
            const mark = markOf(document);
            const written = { bytes: document, fingerprint: mark.fingerprint, updatedAt: undefined, recorded: recordedIn(before) };
            seen = { sight: before, at: -Infinity };
            const outcome = await put(document).catch((error) => {
                if (error instanceof keeper_error/* KeeperError */.Hc && error.code === 'store-unknown-outcome')
                    attempt = { document: written, before };
                throw error;
            });
            switch (outcome.kind) {
                case 'busy':
                    return { kind: 'conflict' };
                case 'invalid':
                    throw invalid(place.words);
                case 'stored':
                    break;
            }
            const { at } = outcome;
            const saveRecord = async () => {
                if (before.record.kind === 'denied')
                    return undefined;
                await place.saveRecord(recordOf(mark, at), before.record.kind !== 'none');
                return mark.fingerprint;
            };
            const [updatedAt, recorded] = await Promise.allSettled([place.updatedAt(), saveRecord()]);
            unrecorded = recorded.status === 'rejected' ? (0,keeper_error/* messageOf */.bD)(recorded.reason) : undefined;
            known = {
                ...written,
                updatedAt: updatedAt.status === 'fulfilled' ? updatedAt.value : undefined,
                recorded: recorded.status === 'fulfilled' ? (recorded.value ?? written.recorded) : undefined,
            };
            return { kind: 'written', version: secretVersion(known) };
        },
        handover: () => known && { fingerprint: known.fingerprint, updatedAt: known.updatedAt, recorded: known.recorded },
        notes: () => notes(secret, seen?.sight, unrecorded),
    };
}
function secretVersion({ fingerprint, updatedAt }) {
    return `${fingerprint.slice(0, 16)}@${updatedAt ?? 'unknown'}`;
}
/** The version of what is there; another one than any read has given when it is not what this job knows. */
function versionSeen(known, sight) {
    if (sight.updatedAt === undefined)
        return undefined;
    return known === undefined || isChanged(known, sight) ? `unknown@${sight.updatedAt}` : secretVersion(known);
}
/** Whether anybody else has written since. Either sign counts, as far as it is known. */
function isChanged(known, sight) {
    if (known.updatedAt !== undefined && known.updatedAt !== sight.updatedAt)
        return true;
    return sight.record.kind === 'held' && known.recorded !== undefined && known.recorded !== sight.record.record.fingerprint;
}
function recordedIn({ record }) {
    return record.kind === 'held' ? record.record.fingerprint : undefined;
}
function notes({ secret, environment, variable }, sight, unrecorded) {
    const unseen = `Without it, a value of ${secret} that was already spent by another job cannot be told before Codex uses it.`;
    return [
        ...(environment === undefined
            ? [
                `GitHub reads the repository secret ${secret} when the run is queued: a run that waits gets an old one. Use an environment secret.`,
            ]
            : []),
        ...(sight?.record.kind === 'denied' ? [`${sight.record.why} ${unseen}`] : []),
        ...(sight?.record.kind === 'foreign'
            ? [`The value of the variable ${variable} was not written by the keeper and is replaced at the next write.`]
            : []),
        ...(unrecorded !== undefined ? [`The login is stored, but not its fingerprint: ${unrecorded} ${unseen}`] : []),
    ];
}


/***/ })

};
