export const id = 955;
export const ids = [955];
export const modules = {

/***/ 2955:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   runnerStore: () => (/* binding */ runnerStore)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1455);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_fs_promises__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var _keeper_error_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9522);




/**
 * A directory of this machine that outlives jobs. Each write is a new generation `auth.<10 digits>`, made with link(2),
 * which fails when the name is taken: of two processes on one host exactly one wins. Generations before the previous one
 * are emptied but stay, so that a very late writer cannot make an old number again. A crash at any point leaves a whole
 * document as the highest generation.
 */
function runnerStore({ name, directory, mustExist }) {
    const there = (operation) => reported(directory, async () => {
        if (mustExist !== undefined)
            await requireDirectory(mustExist);
        return operation();
    });
    return {
        name,
        guarantee: 'compare-and-set',
        proveWritable: () => there(() => prove(directory)),
        read: () => there(() => newest(directory)),
        write: (bytes, ifVersion) => there(() => append(directory, bytes, ifVersion)),
    };
}
async function requireDirectory(path) {
    const isMissing = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.stat)(path).then((found) => !found.isDirectory(), (error) => {
        if ((0,_keeper_error_js__WEBPACK_IMPORTED_MODULE_3__/* .systemCodeOf */ .c7)(error) === 'ENOENT' || (0,_keeper_error_js__WEBPACK_IMPORTED_MODULE_3__/* .systemCodeOf */ .c7)(error) === 'ENOTDIR')
            return true;
        throw error;
    });
    if (isMissing) {
        throw new _keeper_error_js__WEBPACK_IMPORTED_MODULE_3__/* .KeeperError */ .Hc('store-refused', `There is no directory ${path}.`, `If it is on a disk of its own, see that the disk is mounted. If this is the first run, make it: mkdir -p -m 700 ${path}`);
    }
}
async function prove(directory) {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.mkdir)(directory, { recursive: true, mode: 0o700 });
    const probe = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(directory, `.probe-${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomUUID)()}`);
    try {
        await (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.open)(probe, 'wx', 0o600)).close();
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.link)(probe, `${probe}-link`);
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(probe, { force: true });
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(`${probe}-link`, { force: true });
    }
    return 'proved';
}
async function newest(directory) {
    // A generation can be emptied between listing and reading; then a newer one is there.
    for (const attempt of [1, 2, 3]) {
        const last = await lastGeneration(directory);
        if (last === 0)
            return undefined;
        const bytes = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readFile)(generationFile(directory, last));
        if (bytes.length > 0)
            return { bytes: new Uint8Array(bytes), version: String(last) };
        if (attempt === 3)
            break;
    }
    throw new _keeper_error_js__WEBPACK_IMPORTED_MODULE_3__/* .KeeperError */ .Hc('store-damaged', `The newest generation in ${directory} is empty.`, 'A full disk or a person has emptied it. Delete the directory and reseed.');
}
async function append(directory, bytes, ifVersion) {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.mkdir)(directory, { recursive: true, mode: 0o700 });
    const last = await lastGeneration(directory);
    if (String(last) !== (ifVersion ?? '0'))
        return { kind: 'conflict' };
    await removeLeftovers(directory);
    const temporary = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(directory, `.write-${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomUUID)()}`);
    try {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.writeFile)(temporary, bytes, { flag: 'wx', mode: 0o600, flush: true });
        try {
            await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.link)(temporary, generationFile(directory, last + 1));
        }
        catch (error) {
            if ((0,_keeper_error_js__WEBPACK_IMPORTED_MODULE_3__/* .systemCodeOf */ .c7)(error) === 'EEXIST')
                return { kind: 'conflict' };
            throw error;
        }
        await syncDirectory(directory);
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(temporary, { force: true });
    }
    await emptyOlderThan(directory, last);
    return { kind: 'written', version: String(last + 1) };
}
/** The highest generation number; 0 when there is none. */
async function lastGeneration(directory) {
    return Math.max(0, ...(await generations(directory)));
}
async function generations(directory) {
    try {
        const names = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readdir)(directory);
        return names.flatMap((file) => /^auth\.(\d{10})$/.exec(file)?.[1] ?? []).map(Number);
    }
    catch (error) {
        if ((0,_keeper_error_js__WEBPACK_IMPORTED_MODULE_3__/* .systemCodeOf */ .c7)(error) === 'ENOENT')
            return [];
        throw error;
    }
}
function generationFile(directory, generation) {
    return (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(directory, `auth.${String(generation).padStart(10, '0')}`);
}
async function emptyOlderThan(directory, previous) {
    for (const generation of await generations(directory)) {
        // Losing this race or the right to do it costs nothing: the newest generation is what counts.
        if (generation < previous)
            await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.truncate)(generationFile(directory, generation)).catch(() => undefined);
    }
}
/** A writer that was killed leaves its temporary file; after an hour no writer can still be using it. */
async function removeLeftovers(directory) {
    for (const file of await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readdir)(directory)) {
        if (!/^\.(write|probe)-/.test(file))
            continue;
        const path = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(directory, file);
        const age = Date.now() -
            (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.stat)(path).then(({ mtimeMs }) => mtimeMs, () => Date.now()));
        if (age > 3_600_000)
            await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.unlink)(path).catch(() => undefined);
    }
}
async function syncDirectory(directory) {
    const handle = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.open)(directory, 'r');
    try {
        await handle.sync();
    }
    finally {
        await handle.close();
    }
}
async function reported(directory, operation) {
    try {
        return await operation();
    }
    catch (error) {
        if (error instanceof _keeper_error_js__WEBPACK_IMPORTED_MODULE_3__/* .KeeperError */ .Hc)
            throw error;
        const code = (0,_keeper_error_js__WEBPACK_IMPORTED_MODULE_3__/* .systemCodeOf */ .c7)(error);
        const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
        throw new _keeper_error_js__WEBPACK_IMPORTED_MODULE_3__/* .KeeperError */ .Hc(denied ? 'store-unauthorized' : 'store-unreachable', `${directory}: ${(0,_keeper_error_js__WEBPACK_IMPORTED_MODULE_3__/* .messageOf */ .bD)(error)}`, denied
            ? 'Give the user who runs this runner that directory, or name another one: store: "runner: /path".'
            : 'See that the disk is there, has room and supports hard links.', { cause: error });
    }
}


/***/ })

};
