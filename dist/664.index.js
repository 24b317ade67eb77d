export const id = 664;
export const ids = [664];
export const modules = {

/***/ 5664:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   startCodex: () => (/* binding */ startCodex)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_child_process__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1455);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(node_fs_promises__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_3___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_3__);
/* harmony import */ var _keeper_error_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(9522);
/* harmony import */ var _process_in_time_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(1270);






/** How much of a stream is kept for finding the cause of a failure, bytes. */
const keptBytes = 256 * 1024;
/**
 * Starts Codex in a process group of its own.
 * @throws KeeperError codex-failed when it cannot be started
 */
async function startCodex({ program, env, cwd }, args) {
    const [output, errors] = await Promise.all([namelessFile(cwd), namelessFile(cwd)]);
    const release = async () => {
        child.unref();
        await Promise.all([output.close(), errors.close()]);
    };
    const child = (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.spawn)(program, args, { env, cwd, detached: true, stdio: ['pipe', output.fd, errors.fd] });
    child.stdin.on('error', () => undefined); // it has ended; whoever waits for that is told
    const ended = new Promise((resolve) => {
        child.once('exit', () => {
            resolve(true);
        });
    });
    await new Promise((resolve, reject) => {
        child.once('spawn', resolve).once('error', reject);
    }).catch(async (error) => {
        await release();
        throw new _keeper_error_js__WEBPACK_IMPORTED_MODULE_4__/* .KeeperError */ .Hc('codex-failed', `Codex could not be started (${program}): ${(0,_keeper_error_js__WEBPACK_IMPORTED_MODULE_4__/* .messageOf */ .bD)(error)}`, 'Install a Codex CLI that runs on this machine, or set refresh: never.', { cause: error });
    });
    return {
        pid: child.pid ?? 0,
        send: (message) => {
            child.stdin.write(`${JSON.stringify(message)}\n`);
        },
        endInput: () => {
            child.stdin.end();
        },
        terminate: () => {
            child.kill('SIGTERM');
        },
        endsWithin: async (milliseconds) => (await (0,_process_in_time_js__WEBPACK_IMPORTED_MODULE_5__/* .inTime */ .R)(ended, milliseconds)) !== 'late',
        exitCode: () => child.exitCode,
        output: () => newest(output),
        errors: () => newest(errors),
        release,
    };
}
/**
 * A file for one stream of Codex, without a name as soon as it is open: its answers hold an e-mail address, which must not
 * be left behind. Not a pipe, because `codex exec` dies when it cannot print (measured on 0.150.0 and 0.169.0).
 */
async function namelessFile(folder) {
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(folder, `codex-${(0,node_crypto__WEBPACK_IMPORTED_MODULE_1__.randomUUID)()}`);
    const file = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.open)(path, 'wx+', 0o600);
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.rm)(path);
    return file;
}
/** Reads at a position of its own: the file's is where Codex writes. */
async function newest(file) {
    const { size } = await file.stat();
    const start = Math.max(0, size - keptBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
}


/***/ })

};
