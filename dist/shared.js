const os$2 = process.getBuiltinModule("os");
const { EOL } = process.getBuiltinModule("os");
const crypto = process.getBuiltinModule("crypto");
const fs$1 = process.getBuiltinModule("fs");
const { constants, promises } = process.getBuiltinModule("fs");
const { chmod, link, lstat, mkdir, mkdtemp, open, readFile, readdir, realpath, rename, rm, stat, writeFile } = process.getBuiltinModule("node:fs/promises");
const { delimiter, dirname, isAbsolute, join, relative, resolve } = process.getBuiltinModule("node:path");
const { createHash, createHmac, hash, randomBytes, randomUUID, scryptSync } = process.getBuiltinModule("node:crypto");
const { accessSync, constants: constants$2, existsSync: existsSync$1, readlinkSync, realpathSync, statSync } = process.getBuiltinModule("node:fs");
const { stripVTControlCharacters } = process.getBuiltinModule("node:util");
const { homedir } = process.getBuiltinModule("node:os");
// node_modules/@actions/core/lib/utils.js
/**
* Sanitizes an input into a string so it can be passed into issueCommand safely
* @param input input to sanitize into a string
*/
function toCommandValue(input) {
	if (input === null || input === void 0) return "";
	else if (typeof input === "string" || input instanceof String) return input;
	return JSON.stringify(input);
}
/**
*
* @param annotationProperties
* @returns The command properties to send with the actual annotation command
* See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
*/
function toCommandProperties(annotationProperties) {
	if (!Object.keys(annotationProperties).length) return {};
	return {
		title: annotationProperties.title,
		file: annotationProperties.file,
		line: annotationProperties.startLine,
		endLine: annotationProperties.endLine,
		col: annotationProperties.startColumn,
		endColumn: annotationProperties.endColumn
	};
}
// node_modules/@actions/core/lib/command.js
/**
* Issues a command to the GitHub Actions runner
*
* @param command - The command name to issue
* @param properties - Additional properties for the command (key-value pairs)
* @param message - The message to include with the command
* @remarks
* This function outputs a specially formatted string to stdout that the Actions
* runner interprets as a command. These commands can control workflow behavior,
* set outputs, create annotations, mask values, and more.
*
* Command Format:
*   ::name key=value,key=value::message
*
* @example
* ```typescript
* // Issue a warning annotation
* issueCommand('warning', {}, 'This is a warning message');
* // Output: ::warning::This is a warning message
*
* // Set an environment variable
* issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
* // Output: ::set-env name=MY_VAR::some value
*
* // Add a secret mask
* issueCommand('add-mask', {}, 'secretValue123');
* // Output: ::add-mask::secretValue123
* ```
*
* @internal
* This is an internal utility function that powers the public API functions
* such as setSecret, warning, error, and exportVariable.
*/
function issueCommand(command, properties, message) {
	const cmd = new Command(command, properties, message);
	process.stdout.write(cmd.toString() + os$2.EOL);
}
const CMD_STRING = "::";
var Command = class {
	constructor(command, properties, message) {
		if (!command) command = "missing.command";
		this.command = command;
		this.properties = properties;
		this.message = message;
	}
	toString() {
		let cmdStr = CMD_STRING + this.command;
		if (this.properties && Object.keys(this.properties).length > 0) {
			cmdStr += " ";
			let first = true;
			for (const key in this.properties) if (this.properties.hasOwnProperty(key)) {
				const val = this.properties[key];
				if (val) {
					if (first) first = false;
					else cmdStr += ",";
					cmdStr += `${key}=${escapeProperty(val)}`;
				}
			}
		}
		cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
		return cmdStr;
	}
};
function escapeData(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}
// node_modules/@actions/core/lib/file-command.js
function issueFileCommand(command, message) {
	const filePath = process.env[`GITHUB_${command}`];
	if (!filePath) throw new Error(`Unable to find environment variable for file command ${command}`);
	if (!fs$1.existsSync(filePath)) throw new Error(`Missing file at path: ${filePath}`);
	fs$1.appendFileSync(filePath, `${toCommandValue(message)}${os$2.EOL}`, { encoding: "utf8" });
}
function prepareKeyValueMessage(key, value) {
	const delimiter = `ghadelimiter_${crypto.randomUUID()}`;
	const convertedValue = toCommandValue(value);
	if (key.includes(delimiter)) throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
	if (convertedValue.includes(delimiter)) throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
	return `${key}<<${delimiter}${os$2.EOL}${convertedValue}${os$2.EOL}${delimiter}`;
}
// src/log-text.ts
/**
* What other people wrote (a server, a file, a name) as the job's log may have it. The runner takes `::name::` for a command
* where a line begins with it, with or without blanks before it, and `##[name]` anywhere in a line; it compares by the rules of a human
* language, which ignore characters that nobody sees.
*/
/** The text on one line, in which the runner finds no command. */
function logLine(text) {
	return harmless$1(text.replaceAll(/\s*[\r\n]+\s*/g, " "));
}
/** The text with its line breaks, for the data of a command, which the runner shows line by line. */
function logLines(text) {
	return text.split(/\r\n|\r|\n/).map(harmless$1).join("\n");
}
/** Control characters, and all that has no width or turns the direction of a line. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
function harmless$1(line) {
	return line.replaceAll("	", " ").replaceAll(unseen, "�").replaceAll("##[", "## [").replace(/^([^!-~]*:):/, "$1 :");
}
// node_modules/@actions/core/lib/summary.js
var __awaiter = function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
const { access: access$1, appendFile, writeFile: writeFile$1 } = promises;
const SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
	constructor() {
		this._buffer = "";
	}
	/**
	* Finds the summary file path from the environment, rejects if env var is not found or file does not exist
	* Also checks r/w permissions.
	*
	* @returns step summary file path
	*/
	filePath() {
		return __awaiter(this, void 0, void 0, function* () {
			if (this._filePath) return this._filePath;
			const pathFromEnv = process.env[SUMMARY_ENV_VAR];
			if (!pathFromEnv) throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
			try {
				yield access$1(pathFromEnv, constants.R_OK | constants.W_OK);
			} catch (_a) {
				throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
			}
			this._filePath = pathFromEnv;
			return this._filePath;
		});
	}
	/**
	* Wraps content in an HTML tag, adding any HTML attributes
	*
	* @param {string} tag HTML tag to wrap
	* @param {string | null} content content within the tag
	* @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
	*
	* @returns {string} content wrapped in HTML element
	*/
	wrap(tag, content, attrs = {}) {
		const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
		if (!content) return `<${tag}${htmlAttrs}>`;
		return `<${tag}${htmlAttrs}>${content}</${tag}>`;
	}
	/**
	* Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
	*
	* @param {SummaryWriteOptions} [options] (optional) options for write operation
	*
	* @returns {Promise<Summary>} summary instance
	*/
	write(options) {
		return __awaiter(this, void 0, void 0, function* () {
			const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
			const filePath = yield this.filePath();
			yield (overwrite ? writeFile$1 : appendFile)(filePath, this._buffer, { encoding: "utf8" });
			return this.emptyBuffer();
		});
	}
	/**
	* Clears the summary buffer and wipes the summary file
	*
	* @returns {Summary} summary instance
	*/
	clear() {
		return __awaiter(this, void 0, void 0, function* () {
			return this.emptyBuffer().write({ overwrite: true });
		});
	}
	/**
	* Returns the current summary buffer as a string
	*
	* @returns {string} string of summary buffer
	*/
	stringify() {
		return this._buffer;
	}
	/**
	* If the summary buffer is empty
	*
	* @returns {boolen} true if the buffer is empty
	*/
	isEmptyBuffer() {
		return this._buffer.length === 0;
	}
	/**
	* Resets the summary buffer without writing to summary file
	*
	* @returns {Summary} summary instance
	*/
	emptyBuffer() {
		this._buffer = "";
		return this;
	}
	/**
	* Adds raw text to the summary buffer
	*
	* @param {string} text content to add
	* @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addRaw(text, addEOL = false) {
		this._buffer += text;
		return addEOL ? this.addEOL() : this;
	}
	/**
	* Adds the operating system-specific end-of-line marker to the buffer
	*
	* @returns {Summary} summary instance
	*/
	addEOL() {
		return this.addRaw(EOL);
	}
	/**
	* Adds an HTML codeblock to the summary buffer
	*
	* @param {string} code content to render within fenced code block
	* @param {string} lang (optional) language to syntax highlight code
	*
	* @returns {Summary} summary instance
	*/
	addCodeBlock(code, lang) {
		const attrs = Object.assign({}, lang && { lang });
		const element = this.wrap("pre", this.wrap("code", code), attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML list to the summary buffer
	*
	* @param {string[]} items list of items to render
	* @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addList(items, ordered = false) {
		const tag = ordered ? "ol" : "ul";
		const listItems = items.map((item) => this.wrap("li", item)).join("");
		const element = this.wrap(tag, listItems);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML table to the summary buffer
	*
	* @param {SummaryTableCell[]} rows table rows
	*
	* @returns {Summary} summary instance
	*/
	addTable(rows) {
		const tableBody = rows.map((row) => {
			const cells = row.map((cell) => {
				if (typeof cell === "string") return this.wrap("td", cell);
				const { header, data, colspan, rowspan } = cell;
				const tag = header ? "th" : "td";
				const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
				return this.wrap(tag, data, attrs);
			}).join("");
			return this.wrap("tr", cells);
		}).join("");
		const element = this.wrap("table", tableBody);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds a collapsable HTML details element to the summary buffer
	*
	* @param {string} label text for the closed state
	* @param {string} content collapsable content
	*
	* @returns {Summary} summary instance
	*/
	addDetails(label, content) {
		const element = this.wrap("details", this.wrap("summary", label) + content);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML image tag to the summary buffer
	*
	* @param {string} src path to the image you to embed
	* @param {string} alt text description of the image
	* @param {SummaryImageOptions} options (optional) addition image attributes
	*
	* @returns {Summary} summary instance
	*/
	addImage(src, alt, options) {
		const { width, height } = options || {};
		const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
		const element = this.wrap("img", null, Object.assign({
			src,
			alt
		}, attrs));
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML section heading element
	*
	* @param {string} text heading text
	* @param {number | string} [level=1] (optional) the heading level, default: 1
	*
	* @returns {Summary} summary instance
	*/
	addHeading(text, level) {
		const tag = `h${level}`;
		const allowedTag = [
			"h1",
			"h2",
			"h3",
			"h4",
			"h5",
			"h6"
		].includes(tag) ? tag : "h1";
		const element = this.wrap(allowedTag, text);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML thematic break (<hr>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addSeparator() {
		const element = this.wrap("hr", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML line break (<br>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addBreak() {
		const element = this.wrap("br", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML blockquote to the summary buffer
	*
	* @param {string} text quote text
	* @param {string} cite (optional) citation url
	*
	* @returns {Summary} summary instance
	*/
	addQuote(text, cite) {
		const attrs = Object.assign({}, cite && { cite });
		const element = this.wrap("blockquote", text, attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML anchor tag to the summary buffer
	*
	* @param {string} text link text/content
	* @param {string} href hyperlink
	*
	* @returns {Summary} summary instance
	*/
	addLink(text, href) {
		const element = this.wrap("a", text, { href });
		return this.addRaw(element).addEOL();
	}
};
const summary = new Summary();
// src/action/runner/runner-commands.ts
/**
* What a stage says to the runner and hears from it: the part of `@actions/core` that the keeper uses, under the same
* names and written by the package's own encoders. They are imported by path, because the package exports its root
* alone, and the root loads an HTTP client with it, a quarter of a stage's processor time.
* All that is printed goes through here, and whatever it holds, the runner finds no command in it but ours.
*/
/** The value of an input as it was given, blanks and line breaks included; '' when it is not set. */
function getInput(name) {
	return process.env[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`] ?? "";
}
/** What an earlier stage of this step saved; '' when nothing. */
function getState(name) {
	return process.env[`STATE_${name}`] ?? "";
}
/** For the later stages of this step. @throws Error when the runner's file for it is missing, as the next two do */
function saveState$1(name, value) {
	issueFileCommand("STATE", prepareKeyValueMessage(name, value));
}
/** For the later steps of this job. */
function setOutput(name, value) {
	issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
}
/** Sets a variable for this process and for the later steps of this job. */
function exportVariable(name, value) {
	process.env[name] = value;
	issueFileCommand("ENV", prepareKeyValueMessage(name, value));
}
/** Masks a value in the job's log from here on. */
function setSecret(value) {
	issueCommand("add-mask", {}, value);
}
/** One line of the log. */
function info(line) {
	process.stdout.write(`${logLine(line)}\n`);
}
/** Shown only in a run with step debugging on. */
function debug(text) {
	issueCommand("debug", {}, logLines(text));
}
function warning$1(text) {
	issueCommand("warning", {}, logLines(text));
}
/** An error annotation, and the step ends red. */
function setFailed(text) {
	process.exitCode = 1;
	issueCommand("error", {}, logLines(text));
}
/** What is printed up to `endGroup` folds away under this title. */
function startGroup(title) {
	issueCommand("group", {}, logLine(title));
}
function endGroup() {
	issueCommand("endgroup", {}, "");
}
// node_modules/zod/v4/core/util.js
function getEnumValues(entries) {
	const numericValues = Object.values(entries).filter((v) => typeof v === "number");
	return Object.entries(entries).filter(([k, _]) => numericValues.indexOf(+k) === -1).map(([_, v]) => v);
}
function jsonStringifyReplacer(_, value) {
	if (typeof value === "bigint") return value.toString();
	return value;
}
var Cached = class {
	constructor(getter) {
		this._getter = getter;
		this._value = void 0;
	}
	get value() {
		const getter = this._getter;
		if (getter !== void 0) {
			this._value = getter();
			this._getter = void 0;
		}
		return this._value;
	}
};
function cached(getter) {
	return new Cached(getter);
}
function nullish$1(input) {
	return input === null || input === void 0;
}
function cleanRegex(source) {
	const start = source.startsWith("^") ? 1 : 0;
	const end = source.endsWith("$") ? source.length - 1 : source.length;
	return source.slice(start, end);
}
function assignProp(target, prop, value) {
	Object.defineProperty(target, prop, {
		value,
		writable: true,
		enumerable: true,
		configurable: true
	});
}
/**
* Whichever object a def's `shape` currently answers from: the one the caller passed until the first read, the frozen copy after it.
*
* Its keys and descriptors read without invoking anything, which is what lets a discriminated union check its discriminator, and the cycle walk read a shape, without resolving a getter that references the schema being constructed. A def that answers `shape` from an accessor of its own has none.
*/
function rawShape(def) {
	const desc = Object.getOwnPropertyDescriptor(def, "shape");
	return desc?.get ? desc.get.raw : desc?.value;
}
const captureStackTrace = "captureStackTrace" in Error ? Error.captureStackTrace : (..._args) => {};
function isObject(data) {
	return typeof data === "object" && data !== null && !Array.isArray(data);
}
function isPlainObject(o) {
	if (isObject(o) === false) return false;
	const ctor = o.constructor;
	if (ctor === void 0) return true;
	if (typeof ctor !== "function") return true;
	const prot = ctor.prototype;
	if (isObject(prot) === false) return false;
	if (Object.prototype.hasOwnProperty.call(prot, "isPrototypeOf") === false) return false;
	return true;
}
function shallowClone(o) {
	if (isPlainObject(o)) return { ...o };
	if (Array.isArray(o)) return [...o];
	if (o instanceof Map) return new Map(o);
	if (o instanceof Set) return new Set(o);
	return o;
}
const propertyKeyTypes = /* @__PURE__*/ new Set([
	"string",
	"number",
	"symbol"
]);
function escapeRegex(str) {
	return str.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
function clone(inst, def, params) {
	const cl = new inst._zod.constr(def ?? inst._zod.def);
	if (!def || params?.parent) cl._zod.parent = inst;
	return cl;
}
function normalizeParams(_params) {
	const params = _params;
	if (!params) return {};
	if (typeof params === "string") return { error: () => params };
	if (params?.message !== void 0) {
		if (params?.error !== void 0) throw new Error("Cannot specify both `message` and `error` params");
		params.error = params.message;
	}
	delete params.message;
	if (typeof params.error === "string") return {
		...params,
		error: () => params.error
	};
	return params;
}
function optionalKeys(shape) {
	return Object.keys(shape).filter((k) => {
		return shape[k]._zod.optin !== void 0 && shape[k]._zod.optout === "optional";
	});
}
const NUMBER_FORMAT_RANGES = /*@__PURE__*/ (() => ({
	safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
	int32: [-2147483648, 2147483647],
	uint32: [0, 4294967295],
	float32: [-34028234663852886e22, 34028234663852886e22],
	float64: [-Number.MAX_VALUE, Number.MAX_VALUE]
}))();
function aborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue !== true) return true;
	return false;
}
function explicitlyAborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue === false) return true;
	return false;
}
function prefixIssues(path, issues) {
	return issues.map((iss) => {
		var _a;
		(_a = iss).path ?? (_a.path = []);
		iss.path.unshift(path);
		return iss;
	});
}
function unwrapMessage(message) {
	return typeof message === "string" ? message : message?.message;
}
/** The leading size checks of `defChecks` that set an upper bound, each paired with it. */
function sizeCaps(defChecks) {
	const caps = [];
	for (const ch of defChecks ?? []) {
		const d = ch._zod.def;
		if (!/_(length|size)$|_equals$/.test(d.check)) break;
		const max = d.maximum ?? d.length ?? d.size;
		if (max >= 0) caps.push([max, ch]);
	}
	return caps;
}
function attachSchema(issues, start, inst) {
	var _a;
	for (let i = start; i < issues.length; i++) (_a = issues[i]).schema ?? (_a.schema = inst);
}
function finalizeIssue(iss, ctx, config) {
	var _a;
	const traits = iss.inst?._zod?.traits;
	if (traits?.has("$ZodType")) {
		if (traits.has("$ZodCheck")) (_a = iss).schema ?? (_a.schema = iss.inst);
		else iss.schema = iss.inst;
	}
	const schemaError = iss.schema !== iss.inst ? iss.schema?._zod.def?.error : void 0;
	const message = iss.message ? iss.message : unwrapMessage(iss.inst?._zod.def?.error?.(iss)) ?? unwrapMessage(schemaError?.(iss)) ?? unwrapMessage(ctx?.error?.(iss)) ?? unwrapMessage(config.customError?.(iss)) ?? unwrapMessage(config.localeError?.(iss)) ?? "Invalid input";
	const full = {};
	for (const k of Object.keys(iss)) {
		if (k === "inst" || k === "schema" || k === "continue" || k === "input" || k === "__proto__") continue;
		full[k] = iss[k];
	}
	full.path ?? (full.path = []);
	full.message = message;
	if (ctx?.reportInput) full.input = iss.input;
	return full;
}
const highSurrogate = /[\uD800-\uDBFF]/;
function codePointLength(str) {
	const units = str.length;
	if (!highSurrogate.test(str)) return units;
	let count = units;
	for (let i = 0; i < units - 1; i++) if ((str.charCodeAt(i) & 64512) === 55296 && (str.charCodeAt(i + 1) & 64512) === 56320) {
		count--;
		i++;
	}
	return count;
}
function getLengthableOrigin(input) {
	if (Array.isArray(input)) return "array";
	if (typeof input === "string") return "string";
	return "unknown";
}
function issue(...args) {
	const [iss, input, inst] = args;
	if (typeof iss === "string") return {
		message: iss,
		code: "custom",
		input,
		inst
	};
	return { ...iss };
}
/**
* Installs a trait's members on its prototype. Each value builds that member for the instance on first read; the built value shadows the accessor as an own property, so a detached `const { parse } = schema` keeps working.
*
* Call this from a `proto` initializer, which runs once per prototype — never per instance.
*/
function members(proto, table) {
	for (const key in table) {
		const desc = Object.getOwnPropertyDescriptor(table, key);
		if (desc.get) Object.defineProperty(proto, key, {
			...desc,
			enumerable: false
		});
		else defineBound(proto, key, desc.value);
	}
}
/** Shadows a prototype member with an own value, so a getter that builds from the instance runs once. */
function own(inst, key, value, enumerable = true) {
	Object.defineProperty(inst, key, {
		configurable: true,
		writable: true,
		enumerable,
		value
	});
	return value;
}
/** Like {@link own}, for a member that was never an own data property and has to stay out of `Object.keys`. */
function hide(inst, key, value) {
	return own(inst, key, value, false);
}
function defineBound(proto, key, fn) {
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			return this == null ? fn : own(this, key, fn.bind(this));
		},
		set(value) {
			own(this, key, value);
		}
	});
}
/** Returns the prototype to install on, or `undefined` if this group is already installed on it. */
function claim(inst, sentinel) {
	const proto = Object.getPrototypeOf(inst);
	return sentinel in proto ? void 0 : proto;
}
let installing;
let broke = false;
const breaker = {
	configurable: true,
	get() {
		broke = true;
	}
};
/**
* Installs a lazily-derived internal on the `_zod` prototype of `inst`'s
* constructor, computed from the internals object itself and cached there on
* first read. One accessor per constructor rather than one per instance.
*/
function defineLazyInternal(inst, key, compute) {
	const proto = Object.getPrototypeOf(inst._zod);
	if (key in proto && installing !== inst._zod) {
		installing = void 0;
		return;
	}
	installing = inst._zod;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			Object.defineProperty(this, key, breaker);
			const outer = broke;
			broke = false;
			try {
				const value = compute(this);
				if (broke) delete this[key];
				else Object.defineProperty(this, key, {
					configurable: true,
					writable: true,
					value
				});
				broke = broke || outer;
				return value;
			} catch (err) {
				delete this[key];
				broke = broke || outer;
				throw err;
			}
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				value
			});
		}
	});
}
/**
* Installs `key` on `inst`'s prototype, computed by `make` on first read and cached there as an own
* data property. One accessor per constructor rather than one per instance, because an own accessor
* puts every instance after the first into v8 dictionary mode. The key doubles as the sentinel.
*/
function installLazyProp(inst, key, make, enumerable) {
	const proto = claim(inst, key);
	if (!proto) return;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			const desc = {
				configurable: true,
				writable: true,
				enumerable,
				value: void 0
			};
			Object.defineProperty(this, key, desc);
			desc.value = make(this);
			Object.defineProperty(this, key, desc);
			return desc.value;
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				enumerable,
				value
			});
		}
	});
}
/** Marks the thunk `_catch` synthesises for a constant catch value. `Function.length` cannot tell that thunk from a user callback — rest and defaulted parameters both report arity 0 — and a user callback reads `ctx.error`, whose issues only finalize correctly against the caller's per-parse error map. Provenance can say what arity cannot. A plain string key rather than `Symbol.for`, whose call at module scope no bundler can prove pure — the same shape that anchored `urlCanParse` into every build. */
const CONSTANT_CATCH = "~constantCatch";
/** Wraps a constant catch value in a thunk tagged with {@link CONSTANT_CATCH}. */
function constantCatch(value) {
	const fn = () => value;
	fn[CONSTANT_CATCH] = true;
	return fn;
}
// node_modules/zod/v4/core/core.js
var _a;
/** A special constant with type `never` */
const NEVER = /*@__PURE__*/ Object.freeze({ status: "aborted" });
const _zodDesc = {
	value: void 0,
	enumerable: false
};
let _E = "captureStackTrace" in Error ? Error : null;
function newError(Definition) {
	const E = _E;
	if (E) {
		const saved = E.stackTraceLimit;
		if (typeof saved === "number") {
			try {
				E.stackTraceLimit = 0;
			} catch {
				_E = null;
				return new Definition();
			}
			try {
				return new Definition();
			} finally {
				E.stackTraceLimit = saved;
			}
		}
	}
	return new Definition();
}
/* @__NO_SIDE_EFFECTS__ */
function $constructor(name, initializer, proto, params) {
	const zodProto = {};
	function Internals(def) {
		this.def = def;
		this.constr = _;
		this.traits = /* @__PURE__ */ new Set();
	}
	Internals.prototype = zodProto;
	const protoMembers = proto;
	const initialized = protoMembers && /* @__PURE__ */ new WeakSet();
	function init(inst, def) {
		if (!inst._zod) {
			_zodDesc.value = new Internals(def);
			try {
				Object.defineProperty(inst, "_zod", _zodDesc);
			} finally {
				_zodDesc.value = void 0;
			}
		} else if (inst._zod.traits.has(name)) return;
		inst._zod.traits.add(name);
		initializer(inst, def);
		if (initialized) {
			const own = Object.getPrototypeOf(inst);
			const ctorProto = inst._zod.constr.prototype;
			let up = own;
			while (up && up !== ctorProto) up = Object.getPrototypeOf(up);
			const target = up ?? own;
			if (!initialized.has(target)) {
				initialized.add(target);
				members(target, protoMembers);
			}
		}
		const proto = _.prototype;
		for (const k in proto) {
			if (!Object.prototype.hasOwnProperty.call(proto, k)) continue;
			if (!(k in inst)) inst[k] = proto[k].bind(inst);
		}
	}
	const Parent = params?.Parent ?? Object;
	class Definition extends Parent {}
	Object.defineProperty(Definition, "name", { value: name });
	function _(def) {
		const inst = params?.Parent ? newError(Definition) : this;
		init(inst, def);
		const deferred = inst._zod.deferred;
		if (deferred) {
			for (const fn of deferred) fn();
			inst._zod.deferred = void 0;
		}
		const pp = globalThis.__zod_globalConfig?.postProcessor;
		if (pp) pp(inst);
		return inst;
	}
	Object.defineProperty(_, "init", { value: init });
	Object.defineProperty(_, Symbol.hasInstance, { value: (inst) => {
		if (params?.Parent && inst instanceof params.Parent) return true;
		return inst?._zod?.traits?.has(name);
	} });
	Object.defineProperty(_, "name", { value: name });
	return _;
}
var $ZodAsyncError = class extends Error {
	constructor() {
		super(`Encountered Promise during synchronous parse. Use .parseAsync() instead.`);
	}
};
var $ZodEncodeError = class extends Error {
	constructor(name) {
		super(`Encountered unidirectional transform during encode: ${name}`);
		this.name = "ZodEncodeError";
	}
};
(_a = globalThis).__zod_globalConfig ?? (_a.__zod_globalConfig = {});
const globalConfig = globalThis.__zod_globalConfig;
function config(newConfig) {
	if (newConfig) Object.assign(globalConfig, newConfig);
	return globalConfig;
}
// node_modules/zod/v4/core/errors.js
function _getMessage() {
	const internals = this._zod;
	internals.message ?? (internals.message = JSON.stringify(internals.def, jsonStringifyReplacer, 2));
	return internals.message;
}
function _setMessage(value) {
	this._zod.message = value;
}
const _messageDesc = {
	get: _getMessage,
	set: _setMessage,
	enumerable: true,
	configurable: true
};
const _issuesDesc = {
	value: void 0,
	enumerable: false
};
const _installedToString = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
const initializer = (inst, def) => {
	inst.name = "$ZodError";
	_issuesDesc.value = def;
	Object.defineProperty(inst, "issues", _issuesDesc);
	_issuesDesc.value = void 0;
	Object.defineProperty(inst, "message", _messageDesc);
	const proto = Object.getPrototypeOf(inst);
	if (!_installedToString.has(proto)) {
		_installedToString.add(proto);
		Object.defineProperty(proto, "toString", {
			configurable: true,
			enumerable: false,
			get() {
				const value = () => this.message;
				Object.defineProperty(this, "toString", {
					value,
					configurable: true,
					writable: true
				});
				return value;
			},
			set(value) {
				Object.defineProperty(this, "toString", {
					value,
					configurable: true,
					writable: true
				});
			}
		});
	}
};
const $ZodRealError = /* @__PURE__ */ $constructor("$ZodError", initializer, void 0, { Parent: Error });
// node_modules/zod/v4/core/parse.js
const _parse = (_Err) => {
	const fn = (schema, value, _ctx, _params) => {
		const ctx = _ctx ? {
			..._ctx,
			async: false
		} : { async: false };
		const result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) throw new $ZodAsyncError();
		if (result.issues.length) {
			const e = new ((_params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
			captureStackTrace(e, _params?.callee ?? fn);
			throw e;
		}
		return result.value;
	};
	return fn;
};
const parse = /* @__PURE__*/ _parse($ZodRealError);
const _parseAsync = (_Err) => {
	const fn = async (schema, value, _ctx, params) => {
		const ctx = _ctx ? {
			..._ctx,
			async: true
		} : { async: true };
		let result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) result = await result;
		if (result.issues.length) {
			const e = new ((params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
			captureStackTrace(e, params?.callee ?? fn);
			throw e;
		}
		return result.value;
	};
	return fn;
};
const parseAsync = /* @__PURE__*/ _parseAsync($ZodRealError);
const _safeParse = (_Err) => (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: false
	} : { async: false };
	const result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) throw new $ZodAsyncError();
	return result.issues.length ? failure(_Err, result.issues, ctx) : {
		success: true,
		data: result.value
	};
};
const safeParse = /* @__PURE__*/ _safeParse($ZodRealError);
function failure(Err, issues, ctx) {
	let error;
	return {
		success: false,
		get error() {
			if (!error) {
				error = new Err(issues.map((iss) => finalizeIssue(iss, ctx, config())));
				issues = void 0;
				ctx = void 0;
			}
			return error;
		},
		set error(e) {
			error = e;
			issues = void 0;
			ctx = void 0;
		}
	};
}
const _safeParseAsync = (_Err) => async (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: true
	} : { async: true };
	let result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) result = await result;
	return result.issues.length ? failure(_Err, result.issues, ctx) : {
		success: true,
		data: result.value
	};
};
const safeParseAsync = /* @__PURE__*/ _safeParseAsync($ZodRealError);
// node_modules/zod/v4/core/regexes.js
const anyString = /^[\s\S]{0,}$/;
const number$1 = /^-?\d+(?:\.\d+)?$/;
const boolean$1 = /^(?:true|false)$/i;
const _null$2 = /^null$/i;
// node_modules/zod/v4/core/checks.js
const $ZodCheck = /*@__PURE__*/ $constructor("$ZodCheck", (inst, def) => {
	var _a;
	inst._zod ?? (inst._zod = {});
	inst._zod.def = def;
	(_a = inst._zod).onattach ?? (_a.onattach = []);
});
/** Default `when` for length-based checks: run only on non-nullish values with a `length`. */
const _whenHasLength = (payload) => {
	const val = payload.value;
	return !nullish$1(val) && val.length !== void 0;
};
const numericOriginMap = {
	number: "number",
	bigint: "bigint",
	object: "date"
};
const $ZodCheckLessThan = /*@__PURE__*/ $constructor("$ZodCheckLessThan", (inst, def) => {
	$ZodCheck.init(inst, def);
	const origin = numericOriginMap[typeof def.value];
	inst._zod.check = (payload) => {
		if (def.inclusive ? payload.value <= def.value : payload.value < def.value) return;
		payload.issues.push({
			origin: numericOriginMap[typeof payload.value] ?? origin,
			code: "too_big",
			maximum: typeof def.value === "object" ? def.value.getTime() : def.value,
			input: payload.value,
			inclusive: def.inclusive,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckGreaterThan = /*@__PURE__*/ $constructor("$ZodCheckGreaterThan", (inst, def) => {
	$ZodCheck.init(inst, def);
	const origin = numericOriginMap[typeof def.value];
	inst._zod.check = (payload) => {
		if (def.inclusive ? payload.value >= def.value : payload.value > def.value) return;
		payload.issues.push({
			origin: numericOriginMap[typeof payload.value] ?? origin,
			code: "too_small",
			minimum: typeof def.value === "object" ? def.value.getTime() : def.value,
			input: payload.value,
			inclusive: def.inclusive,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckNumberFormat = /*@__PURE__*/ $constructor("$ZodCheckNumberFormat", (inst, def) => {
	$ZodCheck.init(inst, def);
	def.format = def.format || "float64";
	const isInt = def.format?.includes("int");
	const origin = isInt ? "int" : "number";
	const [minimum, maximum] = NUMBER_FORMAT_RANGES[def.format];
	inst._zod.check = (payload) => {
		const input = payload.value;
		if (isInt) {
			if (!Number.isInteger(input)) {
				payload.issues.push({
					expected: origin,
					format: def.format,
					code: "invalid_type",
					continue: false,
					input,
					inst
				});
				return;
			}
			if (!Number.isSafeInteger(input)) {
				if (input > 0) payload.issues.push({
					input,
					code: "too_big",
					maximum: Number.MAX_SAFE_INTEGER,
					note: "Integers must be within the safe integer range.",
					inst,
					origin,
					inclusive: true,
					continue: !def.abort
				});
				else payload.issues.push({
					input,
					code: "too_small",
					minimum: Number.MIN_SAFE_INTEGER,
					note: "Integers must be within the safe integer range.",
					inst,
					origin,
					inclusive: true,
					continue: !def.abort
				});
				return;
			}
		}
		if (input < minimum) payload.issues.push({
			origin: "number",
			input,
			code: "too_small",
			minimum,
			inclusive: true,
			inst,
			continue: !def.abort
		});
		if (input > maximum) payload.issues.push({
			origin: "number",
			input,
			code: "too_big",
			maximum,
			inclusive: true,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMinLength = /*@__PURE__*/ $constructor("$ZodCheckMinLength", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		if ((typeof input === "string" && units >= def.minimum && units < def.minimum * 2 ? codePointLength(input) : units) >= def.minimum) return;
		const origin = getLengthableOrigin(input);
		payload.issues.push({
			origin,
			code: "too_small",
			minimum: def.minimum,
			inclusive: true,
			input,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckStringFormat = /*@__PURE__*/ $constructor("$ZodCheckStringFormat", (inst, def) => {
	var _a, _b;
	$ZodCheck.init(inst, def);
	if (def.pattern) (_a = inst._zod).check ?? (_a.check = (payload) => {
		def.pattern.lastIndex = 0;
		if (def.pattern.test(payload.value)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: def.format,
			input: payload.value,
			...def.pattern ? { pattern: def.pattern.toString() } : {},
			inst,
			continue: !def.abort
		});
	});
	else (_b = inst._zod).check ?? (_b.check = () => {});
});
const $ZodCheckRegex = /*@__PURE__*/ $constructor("$ZodCheckRegex", (inst, def) => {
	$ZodCheckStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		def.pattern.lastIndex = 0;
		if (def.pattern.test(payload.value)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "regex",
			input: payload.value,
			pattern: def.pattern.toString(),
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckOverwrite = /*@__PURE__*/ $constructor("$ZodCheckOverwrite", (inst, def) => {
	$ZodCheck.init(inst, def);
	inst._zod.check = (payload) => {
		payload.value = def.tx(payload.value);
	};
});
// node_modules/zod/v4/core/versions.js
const version = {
	major: 4,
	minor: 6,
	patch: 7
};
// node_modules/zod/v4/core/schemas.js
const $ZodType = /*@__PURE__*/ $constructor("$ZodType", (inst, def) => {
	var _a;
	inst ?? (inst = {});
	inst._zod.def = def;
	inst._zod.bag = inst._zod.bag || {};
	inst._zod.version = version;
	const defChecks = inst._zod.def.checks;
	const checks = inst._zod.traits.has("$ZodCheck") ? [inst, ...defChecks ?? []] : defChecks?.length ? [...defChecks] : [];
	for (const ch of checks) for (const fn of ch._zod.onattach) fn(inst);
	if (checks.length === 0) {
		(_a = inst._zod).deferred ?? (_a.deferred = []);
		inst._zod.deferred?.push(() => {
			inst._zod.run = inst._zod.parse;
		});
	} else {
		const runChecks = (payload, checks, ctx) => {
			if (payload.memo) return payload;
			let isAborted = aborted(payload);
			let asyncResult;
			for (const ch of checks) {
				if (ch._zod.def.when) {
					if (explicitlyAborted(payload)) continue;
					if (!ch._zod.def.when(payload)) continue;
				} else if (isAborted) continue;
				const currLen = payload.issues.length;
				const _ = ch._zod.check(payload);
				if (_ instanceof Promise && ctx?.async === false) throw new $ZodAsyncError();
				if (asyncResult || _ instanceof Promise) asyncResult = (asyncResult ?? Promise.resolve()).then(async () => {
					await _;
					if (payload.issues.length === currLen) return;
					attachSchema(payload.issues, currLen, inst);
					if (!isAborted) isAborted = aborted(payload, currLen);
				});
				else {
					if (payload.issues.length === currLen) continue;
					attachSchema(payload.issues, currLen, inst);
					if (!isAborted) isAborted = aborted(payload, currLen);
				}
			}
			if (asyncResult) return asyncResult.then(() => {
				return payload;
			});
			return payload;
		};
		const handleCanaryResult = (canary, payload, ctx) => {
			if (aborted(canary)) {
				canary.aborted = true;
				return canary;
			}
			const checkResult = runChecks(payload, checks, ctx);
			if (checkResult instanceof Promise) {
				if (ctx.async === false) throw new $ZodAsyncError();
				return checkResult.then((checkResult) => inst._zod.parse(checkResult, ctx));
			}
			return inst._zod.parse(checkResult, ctx);
		};
		inst._zod.run = (payload, ctx) => {
			if (ctx.skipChecks) return inst._zod.parse(payload, ctx);
			if (ctx.direction === "backward") {
				const canary = inst._zod.parse({
					value: payload.value,
					issues: []
				}, {
					...ctx,
					skipChecks: true
				});
				if (canary instanceof Promise) return canary.then((canary) => {
					return handleCanaryResult(canary, payload, ctx);
				});
				return handleCanaryResult(canary, payload, ctx);
			}
			const result = inst._zod.parse(payload, ctx);
			if (result instanceof Promise) {
				if (ctx.async === false) throw new $ZodAsyncError();
				return result.then((result) => runChecks(result, checks, ctx));
			}
			return runChecks(result, checks, ctx);
		};
	}
}, {
	get "~standard"() {
		return hide(this, "~standard", standardProps(this));
	},
	set "~standard"(value) {
		own(this, "~standard", value);
	}
});
/** The Standard Schema surface for `inst`. Shared so wrappers can extend it without forcing it. */
const toStandardResult = (r, ctx) => r.issues.length ? { issues: r.issues.map((iss) => finalizeIssue(iss, ctx, config())) } : { value: r.value };
async function validateAsync(inst, value) {
	const ctx = { async: true };
	return toStandardResult(await inst._zod.run({
		value,
		issues: []
	}, ctx), ctx);
}
function standardProps(inst) {
	return {
		validate: (value) => {
			const ctx = { async: false };
			try {
				const r = inst._zod.run({
					value,
					issues: []
				}, ctx);
				if (!(r instanceof Promise)) return toStandardResult(r, ctx);
			} catch (_) {}
			return validateAsync(inst, value);
		},
		vendor: "zod",
		version: 1
	};
}
const $ZodString = /*@__PURE__*/ $constructor("$ZodString", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = def.pattern ?? anyString;
	inst._zod.parse = (payload, _) => {
		if (def.coerce) try {
			payload.value = String(payload.value);
		} catch (_) {}
		if (typeof payload.value === "string") return payload;
		payload.issues.push({
			expected: "string",
			code: "invalid_type",
			input: payload.value,
			inst
		});
		return payload;
	};
});
const $ZodNumber = /*@__PURE__*/ $constructor("$ZodNumber", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = number$1;
	inst._zod.parse = (payload, _ctx) => {
		if (def.coerce) try {
			payload.value = Number(payload.value);
		} catch (_) {}
		const input = payload.value;
		if (typeof input === "number" && !Number.isNaN(input) && Number.isFinite(input)) return payload;
		const received = typeof input === "number" ? Number.isNaN(input) ? "NaN" : !Number.isFinite(input) ? String(input) : void 0 : void 0;
		payload.issues.push({
			expected: "number",
			code: "invalid_type",
			input,
			inst,
			...received ? { received } : {}
		});
		return payload;
	};
});
const $ZodNumberFormat = /*@__PURE__*/ $constructor("$ZodNumberFormat", (inst, def) => {
	$ZodCheckNumberFormat.init(inst, def);
	$ZodNumber.init(inst, def);
});
const $ZodBoolean = /*@__PURE__*/ $constructor("$ZodBoolean", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = boolean$1;
	inst._zod.parse = (payload, _ctx) => {
		if (def.coerce) try {
			payload.value = Boolean(payload.value);
		} catch (_) {}
		const input = payload.value;
		if (typeof input === "boolean") return payload;
		payload.issues.push({
			expected: "boolean",
			code: "invalid_type",
			input,
			inst
		});
		return payload;
	};
});
const $ZodNull = /*@__PURE__*/ $constructor("$ZodNull", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = _null$2;
	inst._zod.values = /* @__PURE__ */ new Set([null]);
	inst._zod.parse = (payload, _ctx) => {
		const input = payload.value;
		if (input === null) return payload;
		payload.issues.push({
			expected: "null",
			code: "invalid_type",
			input,
			inst
		});
		return payload;
	};
});
const $ZodUnknown = /*@__PURE__*/ $constructor("$ZodUnknown", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload) => payload;
});
function capSize(inst, size) {
	const caps = sizeCaps(inst._zod.def.checks);
	if (!caps.length) return;
	const cap = Math.min(...caps.map((c) => c[0]));
	const parse = inst._zod.parse;
	inst._zod.parse = (payload, ctx) => {
		const n = size(payload.value);
		if (n > cap && !ctx?.skipChecks && ctx?.direction !== "backward") {
			for (const [max, ch] of sizeCaps(inst._zod.def.checks)) if (n > max && ch._zod.def.when(payload)) {
				const start = payload.issues.length;
				ch._zod.check(payload);
				payload.issues[start].continue = false;
				attachSchema(payload.issues, start, inst);
				return payload;
			}
		}
		return parse(payload, ctx);
	};
}
const arraySize = (input) => Array.isArray(input) ? input.length : -1;
function handleArrayResult(result, final, index) {
	if (result.issues.length) final.issues.push(...prefixIssues(index, result.issues));
	final.value[index] = result.value;
}
const $ZodArray = /*@__PURE__*/ $constructor("$ZodArray", (inst, def) => {
	$ZodType.init(inst, def);
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!Array.isArray(input)) {
			payload.issues.push({
				expected: "array",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		payload.value = memo ? memo.alloc(inst, payload, Array(input.length), ctx) : Array(input.length);
		const proms = [];
		const abortEarly = ctx?.abortEarly;
		for (let i = 0; i < input.length; i++) {
			const item = input[i];
			const result = def.element._zod.run({
				value: item,
				issues: []
			}, ctx);
			if (result instanceof Promise) proms.push(result.then((result) => handleArrayResult(result, payload, i)));
			else {
				handleArrayResult(result, payload, i);
				if (abortEarly && result.issues.length !== 0 && aborted(result)) break;
			}
		}
		if (proms.length) return Promise.all(proms).then(() => payload);
		return payload;
	};
	capSize(inst, arraySize);
});
function handlePropertyResult(result, final, key, input, optin, optout) {
	const isPresent = key in input;
	const isOptionalOut = optout === "optional";
	if (!isPresent && isOptionalOut && optin === "optional") return;
	if (result.issues.length) {
		if (optin !== void 0 && isOptionalOut && !isPresent) return;
		final.issues.push(...prefixIssues(key, result.issues));
	}
	if (!isPresent && optin === void 0) {
		if (!result.issues.length) final.issues.push({
			code: "invalid_type",
			expected: "nonoptional",
			input: void 0,
			path: [key]
		});
		return;
	}
	if (result.value === void 0) {
		if (isPresent || optin === "defaulted" && !isOptionalOut) final.value[key] = void 0;
	} else final.value[key] = result.value;
}
const NO_SYMBOL_KEYS = [];
function normalizeDef(def) {
	const keys = Object.keys(def.shape);
	const ownSymbols = Object.getOwnPropertySymbols(def.shape);
	const symbolKeys = ownSymbols.length ? ownSymbols : NO_SYMBOL_KEYS;
	const allKeys = symbolKeys.length ? [...keys, ...symbolKeys] : keys;
	for (const k of allKeys) if (!def.shape?.[k]?._zod?.traits?.has("$ZodType")) throw new Error(`Invalid element at key "${String(k)}": expected a Zod schema`);
	const okeys = optionalKeys(def.shape);
	return {
		...def,
		allKeys,
		symbolKeys,
		keySet: new Set(keys),
		numKeys: keys.length,
		optionalKeys: new Set(okeys)
	};
}
function handleCatchall(proms, input, payload, ctx, def, inst, abortEarly) {
	const unrecognized = [];
	const keySet = def.keySet;
	const _catchall = def.catchall._zod;
	const t = _catchall.def.type;
	const optin = _catchall.optin;
	const optout = _catchall.optout;
	let seen = 0;
	for (const key in input) {
		if (abortEarly && payload.issues.length !== seen) {
			if (aborted(payload, seen)) break;
			seen = payload.issues.length;
		}
		if (keySet.has(key)) continue;
		if (key === "__proto__") {
			if (t === "never") unrecognized.push(key);
			continue;
		}
		if (t === "never") {
			unrecognized.push(key);
			continue;
		}
		const r = _catchall.run({
			value: input[key],
			issues: []
		}, ctx);
		if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
		else handlePropertyResult(r, payload, key, input, optin, optout);
	}
	if (unrecognized.length) payload.issues.push({
		code: "unrecognized_keys",
		keys: unrecognized,
		input,
		inst,
		continue: true
	});
	if (!proms.length) return payload;
	return Promise.all(proms).then(() => {
		return payload;
	});
}
const $ZodObject = /*@__PURE__*/ $constructor("$ZodObject", (inst, def) => {
	$ZodType.init(inst, def);
	const desc = Object.getOwnPropertyDescriptor(def, "shape");
	const sh = desc?.get ? desc.get.raw : def.shape ?? {};
	if (sh) {
		const get = () => {
			const newSh = { ...sh };
			Object.defineProperty(def, "shape", { value: newSh });
			get.raw = newSh;
			return newSh;
		};
		get.raw = sh;
		Object.defineProperty(def, "shape", { get });
	}
	const _normalized = cached(() => normalizeDef(def));
	defineLazyInternal(inst, "propValues", (zod) => {
		const shape = zod.def.shape;
		const propValues = {};
		for (const key in shape) {
			const field = shape[key]._zod;
			if (field.values) {
				if (!Object.prototype.hasOwnProperty.call(propValues, key)) assignProp(propValues, key, /* @__PURE__ */ new Set());
				for (const v of field.values) propValues[key].add(v);
				if (field.optin !== void 0) propValues[key].add(void 0);
			}
		}
		return propValues;
	});
	const isObject$1 = isObject;
	const catchall = def.catchall;
	let value;
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		value ?? (value = _normalized.value);
		const input = payload.value;
		if (!isObject$1(input)) {
			payload.issues.push({
				expected: "object",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
		const proms = [];
		const shape = value.shape;
		const abortEarly = ctx?.abortEarly;
		let seen = payload.issues.length;
		for (const key of value.allKeys) {
			if (abortEarly && payload.issues.length !== seen) {
				if (aborted(payload, seen)) break;
				seen = payload.issues.length;
			}
			if (key === "__proto__") continue;
			const el = shape[key];
			const optin = el._zod.optin;
			const optout = el._zod.optout;
			const r = el._zod.run({
				value: input[key],
				issues: []
			}, ctx);
			if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
			else handlePropertyResult(r, payload, key, input, optin, optout);
		}
		if (!catchall) return proms.length ? Promise.all(proms).then(() => payload) : payload;
		return handleCatchall(proms, input, payload, ctx, _normalized.value, inst, abortEarly === true);
	};
});
function handleUnionResults(results, final, inst, ctx) {
	for (const result of results) if (result.issues.length === 0) {
		final.value = result.value;
		return final;
	}
	const nonaborted = results.filter((r) => !aborted(r));
	if (nonaborted.length === 1) {
		final.value = nonaborted[0].value;
		return nonaborted[0];
	}
	final.issues.push({
		code: "invalid_union",
		input: final.value,
		inst,
		errors: results.map((result) => result.issues.map((iss) => finalizeIssue(iss, ctx, config())))
	});
	return final;
}
const $ZodUnion = /*@__PURE__*/ $constructor("$ZodUnion", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.options.some((o) => o._zod.optin === "defaulted") ? "defaulted" : zod.def.options.some((o) => o._zod.optin !== void 0) ? "optional" : void 0);
	defineLazyInternal(inst, "optout", (zod) => zod.def.options.some((o) => o._zod.optout === "optional") ? "optional" : void 0);
	defineLazyInternal(inst, "values", (zod) => {
		if (zod.def.options.every((o) => o._zod.values)) return new Set(zod.def.options.flatMap((option) => Array.from(option._zod.values)));
	});
	defineLazyInternal(inst, "pattern", (zod) => {
		if (zod.def.options.every((o) => o._zod.pattern)) {
			const patterns = zod.def.options.map((o) => o._zod.pattern);
			return new RegExp(`^(${patterns.map((p) => cleanRegex(p.source)).join("|")})$`);
		}
	});
	const first = def.options.length === 1 ? def.options[0]._zod.run : null;
	inst._zod.parse = (payload, ctx) => {
		if (first) return first(payload, ctx);
		let async = false;
		const results = [];
		for (const option of def.options) {
			const result = option._zod.run({
				value: payload.value,
				issues: []
			}, ctx);
			if (result instanceof Promise) {
				results.push(result);
				async = true;
			} else {
				if (result.issues.length === 0) return result;
				results.push(result);
			}
		}
		if (!async) return handleUnionResults(results, payload, inst, ctx);
		return Promise.all(results).then((results) => {
			return handleUnionResults(results, payload, inst, ctx);
		});
	};
});
function discriminatorMap(def) {
	const map = /* @__PURE__ */ new Map();
	for (const option of def.options) {
		const values = option._zod.propValues?.[def.discriminator];
		if (!values || values.size === 0) throw new Error(`Invalid discriminated union option at index "${def.options.indexOf(option)}"`);
		for (const value of values) if (map.has(value)) {
			if (value !== void 0) throw new Error(`Duplicate discriminator value "${String(value)}"`);
			map.set(value, null);
		} else map.set(value, option);
	}
	return map;
}
const $ZodDiscriminatedUnion = /*@__PURE__*/ $constructor("$ZodDiscriminatedUnion", (inst, def) => {
	def.inclusive = false;
	$ZodUnion.init(inst, def);
	const _super = inst._zod.parse;
	defineLazyInternal(inst, "propValues", (zod) => {
		const propValues = {};
		let undefinedCount = 0;
		for (const option of zod.def.options) {
			const pv = option._zod.propValues;
			if (!pv || Object.keys(pv).length === 0) throw new Error(`Invalid discriminated union option at index "${zod.def.options.indexOf(option)}"`);
			if (pv[zod.def.discriminator]?.has(void 0)) undefinedCount++;
			for (const [k, v] of Object.entries(pv)) {
				if (!Object.prototype.hasOwnProperty.call(propValues, k)) assignProp(propValues, k, /* @__PURE__ */ new Set());
				for (const val of v) propValues[k].add(val);
			}
		}
		if (!zod.def.unionFallback && undefinedCount > 1) propValues[zod.def.discriminator]?.delete(void 0);
		return propValues;
	});
	def.options.forEach((option, i) => {
		const propShape = rawShape(option._zod.def);
		if (propShape && !Object.prototype.hasOwnProperty.call(propShape, def.discriminator)) throw new Error(`Invalid discriminated union option at index "${i}"`);
	});
	const disc = cached(() => discriminatorMap(def));
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!isObject(input)) {
			payload.issues.push({
				code: "invalid_type",
				expected: "object",
				input,
				inst
			});
			return payload;
		}
		const value = input?.[def.discriminator];
		const opt = disc.value.get(value);
		if (opt && (value !== void 0 || ctx.direction !== "backward")) return opt._zod.run(payload, ctx);
		if (def.unionFallback || ctx.direction === "backward") return _super(payload, ctx);
		payload.issues.push({
			code: "invalid_union",
			errors: [],
			note: "No matching discriminator",
			discriminator: def.discriminator,
			options: Array.from(disc.value.keys()).filter((value) => disc.value.get(value) !== null),
			input,
			path: [def.discriminator],
			inst
		});
		return payload;
	};
});
const $ZodRecord = /*@__PURE__*/ $constructor("$ZodRecord", (inst, def) => {
	$ZodType.init(inst, def);
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!isPlainObject(input)) {
			payload.issues.push({
				expected: "record",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		const proms = [];
		const values = def.keyType._zod.values;
		if (values && !def.partial) {
			payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
			const recordKeys = /* @__PURE__ */ new Set();
			for (const key of values) if (typeof key === "string" || typeof key === "number" || typeof key === "symbol") {
				recordKeys.add(typeof key === "number" ? key.toString() : key);
				if (key === "__proto__") continue;
				const keyResult = def.keyType._zod.run({
					value: key,
					issues: []
				}, ctx);
				if (keyResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
				if (keyResult.issues.length) {
					payload.issues.push({
						code: "invalid_key",
						origin: "record",
						issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
						input: key,
						path: [key],
						inst
					});
					continue;
				}
				const outKey = keyResult.value;
				if (outKey === "__proto__") continue;
				const result = def.valueType._zod.run({
					value: input[key],
					issues: []
				}, ctx);
				if (result instanceof Promise) proms.push(result.then((result) => {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}));
				else {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}
			}
			let unrecognized;
			for (const key in input) if (!recordKeys.has(key)) {
				if (def.mode === "loose") {
					if (key === "__proto__") continue;
					payload.value[key] = input[key];
				} else {
					unrecognized = unrecognized ?? [];
					unrecognized.push(key);
				}
			}
			if (unrecognized && unrecognized.length > 0) payload.issues.push({
				code: "unrecognized_keys",
				input,
				inst,
				keys: unrecognized,
				continue: true
			});
		} else {
			payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
			let unrecognized;
			for (const key of Reflect.ownKeys(input)) {
				if (key === "__proto__") continue;
				if (!Object.prototype.propertyIsEnumerable.call(input, key)) continue;
				let keyResult = def.keyType._zod.run({
					value: key,
					issues: []
				}, ctx);
				if (keyResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
				if (typeof key === "string" && number$1.test(key) && keyResult.issues.length) {
					const retryResult = def.keyType._zod.run({
						value: Number(key),
						issues: []
					}, ctx);
					if (retryResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
					if (retryResult.issues.length === 0) keyResult = retryResult;
				}
				if (keyResult.issues.length) {
					if (def.mode === "loose") payload.value[key] = input[key];
					else if (values) {
						unrecognized = unrecognized ?? [];
						unrecognized.push(key);
					} else payload.issues.push({
						code: "invalid_key",
						origin: "record",
						issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
						input: key,
						path: [key],
						inst
					});
					continue;
				}
				const outKey = keyResult.value;
				if (outKey === "__proto__") continue;
				const result = def.valueType._zod.run({
					value: input[key],
					issues: []
				}, ctx);
				if (result instanceof Promise) proms.push(result.then((result) => {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}));
				else {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}
			}
			if (unrecognized && unrecognized.length > 0) payload.issues.push({
				code: "unrecognized_keys",
				input,
				inst,
				keys: unrecognized,
				continue: true
			});
		}
		if (proms.length) return Promise.all(proms).then(() => payload);
		return payload;
	};
});
const $ZodEnum = /*@__PURE__*/ $constructor("$ZodEnum", (inst, def) => {
	$ZodType.init(inst, def);
	const values = getEnumValues(def.entries);
	const valuesSet = new Set(values);
	inst._zod.values = valuesSet;
	defineLazyInternal(inst, "pattern", (zod) => {
		const patternValues = getEnumValues(zod.def.entries).filter((k) => propertyKeyTypes.has(typeof k));
		return new RegExp(patternValues.length ? `^(${patternValues.map((o) => escapeRegex(o.toString())).join("|")})$` : "^[^\\s\\S]$");
	});
	inst._zod.parse = (payload, _ctx) => {
		const input = payload.value;
		if (valuesSet.has(input)) return payload;
		payload.issues.push({
			code: "invalid_value",
			values,
			input,
			inst
		});
		return payload;
	};
});
const $ZodLiteral = /*@__PURE__*/ $constructor("$ZodLiteral", (inst, def) => {
	$ZodType.init(inst, def);
	const values = new Set(def.values);
	inst._zod.values = values;
	defineLazyInternal(inst, "pattern", (zod) => {
		const vals = zod.def.values;
		return new RegExp(vals.length ? `^(${vals.map((o) => typeof o === "string" ? escapeRegex(o) : o ? escapeRegex(o.toString()) : String(o)).join("|")})$` : "^[^\\s\\S]$");
	});
	inst._zod.parse = (payload, _ctx) => {
		const input = payload.value;
		if (values.has(input)) return payload;
		payload.issues.push({
			code: "invalid_value",
			values: def.values,
			input,
			inst
		});
		return payload;
	};
});
const $ZodTransform = /*@__PURE__*/ $constructor("$ZodTransform", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.optin = "optional";
	globalConfig.memoizer?.guard(inst);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") throw new $ZodEncodeError(inst.constructor.name);
		const _out = def.transform(payload.value, payload);
		if (ctx.async) return (_out instanceof Promise ? _out : Promise.resolve(_out)).then((output) => {
			payload.value = output;
			return payload;
		});
		if (_out instanceof Promise) throw new $ZodAsyncError();
		payload.value = _out;
		return payload;
	};
});
function handleOptionalResult(payload, result) {
	payload.value = result.issues.length ? void 0 : result.value;
	return payload;
}
const $ZodOptional = /*@__PURE__*/ $constructor("$ZodOptional", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
	inst._zod.optout = "optional";
	defineLazyInternal(inst, "values", (zod) => {
		const values = zod.def.innerType._zod.values;
		return values ? /* @__PURE__ */ new Set([...values, void 0]) : void 0;
	});
	defineLazyInternal(inst, "pattern", (zod) => {
		const pattern = zod.def.innerType._zod.pattern;
		return pattern ? new RegExp(`^(${cleanRegex(pattern.source)})?$`) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		if (payload.value === void 0) {
			if (def.innerType._zod.optin !== "defaulted") return payload;
			const result = def.innerType._zod.run({
				value: payload.value,
				issues: []
			}, ctx);
			if (result instanceof Promise) return result.then((result) => handleOptionalResult(payload, result));
			return handleOptionalResult(payload, result);
		}
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodExactOptional = /*@__PURE__*/ $constructor("$ZodExactOptional", (inst, def) => {
	$ZodOptional.init(inst, def);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	defineLazyInternal(inst, "pattern", (zod) => zod.def.innerType._zod.pattern);
	inst._zod.parse = (payload, ctx) => {
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodNullable = /*@__PURE__*/ $constructor("$ZodNullable", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
	defineLazyInternal(inst, "pattern", (zod) => {
		const pattern = zod.def.innerType._zod.pattern;
		return pattern ? new RegExp(`^(${cleanRegex(pattern.source)}|null)$`) : void 0;
	});
	defineLazyInternal(inst, "values", (zod) => {
		return zod.def.innerType._zod.values ? /* @__PURE__ */ new Set([...zod.def.innerType._zod.values, null]) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		if (payload.value === null) return payload;
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodDefault = /*@__PURE__*/ $constructor("$ZodDefault", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.optin = "defaulted";
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		if (payload.value === void 0) {
			payload.value = def.defaultValue;
			/**
			* $ZodDefault returns the default value immediately in forward direction.
			* It doesn't pass the default value into the validator ("prefault"). There's no reason to pass the default value through validation. The validity of the default is enforced by TypeScript statically. Otherwise, it's the responsibility of the user to ensure the default is valid. In the case of pipes with divergent in/out types, you can specify the default on the `in` schema of your ZodPipe to set a "prefault" for the pipe.   */
			return payload;
		}
		const result = def.innerType._zod.run(payload, ctx);
		if (result instanceof Promise) return result.then((result) => handleDefaultResult(result, def));
		return handleDefaultResult(result, def);
	};
});
function handleDefaultResult(payload, def) {
	if (payload.value === void 0) payload.value = def.defaultValue;
	return payload;
}
function handleCatchResult(payload, result, def, ctx) {
	if (!result.issues.length) {
		payload.value = result.value;
		if (result.memo) payload.memo = true;
		return payload;
	}
	payload.value = def.catchValue({
		...result,
		value: payload.value,
		error: { issues: result.issues.map((iss) => finalizeIssue(iss, ctx, config())) },
		input: payload.value
	});
	return payload;
}
const $ZodCatch = /*@__PURE__*/ $constructor("$ZodCatch", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		const result = def.innerType._zod.run({
			value: payload.value,
			issues: []
		}, ctx);
		if (result instanceof Promise) return result.then((result) => handleCatchResult(payload, result, def, ctx));
		return handleCatchResult(payload, result, def, ctx);
	};
});
const $ZodPipe = /*@__PURE__*/ $constructor("$ZodPipe", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "values", (zod) => zod.def.in._zod.values);
	defineLazyInternal(inst, "optin", (zod) => zod.def.in._zod.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.out._zod.optout);
	defineLazyInternal(inst, "propValues", (zod) => zod.def.in._zod.propValues);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") {
			const right = def.out._zod.run(payload, ctx);
			if (right instanceof Promise) return right.then((right) => handlePipeResult(right, def.in, ctx));
			return handlePipeResult(right, def.in, ctx);
		}
		const left = def.in._zod.run(payload, ctx);
		if (left instanceof Promise) return left.then((left) => handlePipeResult(left, def.out, ctx));
		return handlePipeResult(left, def.out, ctx);
	};
});
function handlePipeResult(left, next, ctx) {
	if (left.issues.some((iss) => iss.code !== "unrecognized_keys")) {
		left.aborted = true;
		return left;
	}
	return next._zod.run({
		value: left.value,
		issues: left.issues
	}, ctx);
}
const $ZodReadonly = /*@__PURE__*/ $constructor("$ZodReadonly", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "propValues", (zod) => zod.def.innerType._zod.propValues);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType?._zod?.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType?._zod?.optout);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		const result = def.innerType._zod.run(payload, ctx);
		if (result instanceof Promise) return result.then(handleReadonlyResult);
		return handleReadonlyResult(result);
	};
});
function handleReadonlyResult(payload) {
	if (!payload.memo) payload.value = Object.freeze(payload.value);
	return payload;
}
const $ZodCustom = /*@__PURE__*/ $constructor("$ZodCustom", (inst, def) => {
	$ZodCheck.init(inst, def);
	$ZodType.init(inst, def);
	inst._zod.parse = (payload, _) => {
		return payload;
	};
	inst._zod.check = (payload) => {
		const input = payload.value;
		const r = def.fn(input);
		if (r instanceof Promise) return r.then((r) => handleRefineResult(r, payload, input, inst));
		handleRefineResult(r, payload, input, inst);
	};
});
function handleRefineResult(result, payload, input, inst) {
	if (!result) {
		const _iss = {
			code: "custom",
			input,
			inst,
			path: [...inst._zod.def.path ?? []],
			continue: !inst._zod.def.abort
		};
		if (inst._zod.def.params) _iss.params = inst._zod.def.params;
		payload.issues.push(issue(_iss));
	}
}
// node_modules/zod/v4/core/api.js
function snapshotChecks(def) {
	if (def.checks) def.checks = [...def.checks];
	return def;
}
// @__NO_SIDE_EFFECTS__
function _string(Class, params) {
	return new Class(snapshotChecks({
		type: "string",
		...normalizeParams(params)
	}));
}
// @__NO_SIDE_EFFECTS__
function _number(Class, params) {
	return new Class(snapshotChecks({
		type: "number",
		checks: [],
		...normalizeParams(params)
	}));
}
// @__NO_SIDE_EFFECTS__
function _int(Class, params) {
	return new Class({
		type: "number",
		check: "number_format",
		abort: false,
		format: "safeint",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _boolean(Class, params) {
	return new Class({
		type: "boolean",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _null$1(Class, params) {
	return new Class({
		type: "null",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _unknown(Class) {
	return new Class({ type: "unknown" });
}
// @__NO_SIDE_EFFECTS__
function _lte(value, params) {
	return new $ZodCheckLessThan({
		check: "less_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
// @__NO_SIDE_EFFECTS__
function _gt(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: false
	});
}
// @__NO_SIDE_EFFECTS__
function _gte(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
// @__NO_SIDE_EFFECTS__
function _positive(params) {
	return /* @__PURE__ */ _gt(0, params);
}
// @__NO_SIDE_EFFECTS__
function _minLength(minimum, params) {
	return new $ZodCheckMinLength({
		check: "min_length",
		...normalizeParams(params),
		minimum
	});
}
// @__NO_SIDE_EFFECTS__
function _regex(pattern, params) {
	return new $ZodCheckRegex({
		check: "string_format",
		format: "regex",
		...normalizeParams(params),
		pattern
	});
}
// @__NO_SIDE_EFFECTS__
function _overwrite(tx) {
	return new $ZodCheckOverwrite({
		check: "overwrite",
		tx
	});
}
// @__NO_SIDE_EFFECTS__
function _trim() {
	return /* @__PURE__ */ _overwrite((input) => input.trim());
}
// @__NO_SIDE_EFFECTS__
function _toLowerCase() {
	return /* @__PURE__ */ _overwrite((input) => input.toLowerCase());
}
// @__NO_SIDE_EFFECTS__
function _refine(Class, fn, _params) {
	return new Class({
		type: "custom",
		check: "custom",
		fn,
		...normalizeParams(_params)
	});
}
// node_modules/zod/v4/mini/schemas.js
const ZodMiniType = /*@__PURE__*/ $constructor("ZodMiniType", (inst, def) => {
	if (!inst._zod) throw new Error("Uninitialized schema in ZodMiniType.");
	$ZodType.init(inst, def);
	inst.def = def;
	inst.type = def.type;
}, {
	get with() {
		return this.check;
	},
	set with(value) {
		own(this, "with", value);
	},
	parse(data, params) {
		return parse(this, data, params, { callee: this.parse });
	},
	parseAsync(data, params) {
		return parseAsync(this, data, params, { callee: this.parseAsync });
	},
	safeParse(data, params) {
		return safeParse(this, data, params);
	},
	safeParseAsync(data, params) {
		return safeParseAsync(this, data, params);
	},
	check(...checks) {
		const def = this.def;
		return this.clone({
			...def,
			checks: [...def.checks ?? [], ...checks.map((ch) => typeof ch === "function" ? { _zod: {
				check: ch,
				def: { check: "custom" },
				onattach: []
			} } : ch)]
		}, { parent: true });
	},
	clone(_def, params) {
		return clone(this, _def, params);
	},
	brand() {
		return this;
	},
	register(reg, meta) {
		reg.add(this, meta);
		return this;
	},
	apply(fn, ...args) {
		return args.length === 0 ? fn(this) : fn(this, ...args);
	}
});
const ZodMiniString = /*@__PURE__*/ $constructor("ZodMiniString", (inst, def) => {
	$ZodString.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function string(params) {
	return /* @__PURE__ */ _string(ZodMiniString, params);
}
const ZodMiniNumber = /*@__PURE__*/ $constructor("ZodMiniNumber", (inst, def) => {
	$ZodNumber.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function number(params) {
	return /* @__PURE__ */ _number(ZodMiniNumber, params);
}
const ZodMiniNumberFormat = /*@__PURE__*/ $constructor("ZodMiniNumberFormat", (inst, def) => {
	$ZodNumberFormat.init(inst, def);
	ZodMiniNumber.init(inst, def);
});
function int(params) {
	return /* @__PURE__ */ _int(ZodMiniNumberFormat, params);
}
const ZodMiniBoolean = /*@__PURE__*/ $constructor("ZodMiniBoolean", (inst, def) => {
	$ZodBoolean.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function boolean(params) {
	return /* @__PURE__ */ _boolean(ZodMiniBoolean, params);
}
const ZodMiniNull = /*@__PURE__*/ $constructor("ZodMiniNull", (inst, def) => {
	$ZodNull.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function _null(params) {
	return /* @__PURE__ */ _null$1(ZodMiniNull, params);
}
const ZodMiniUnknown = /*@__PURE__*/ $constructor("ZodMiniUnknown", (inst, def) => {
	$ZodUnknown.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function unknown() {
	return /* @__PURE__ */ _unknown(ZodMiniUnknown);
}
const ZodMiniArray = /*@__PURE__*/ $constructor("ZodMiniArray", (inst, def) => {
	$ZodArray.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function array(element, params) {
	return new ZodMiniArray({
		type: "array",
		element,
		...normalizeParams(params)
	});
}
const ZodMiniObject = /*@__PURE__*/ $constructor("ZodMiniObject", (inst, def) => {
	$ZodObject.init(inst, def);
	ZodMiniType.init(inst, def);
	installLazyProp(inst, "shape", (self) => self._zod.def.shape, false);
});
// @__NO_SIDE_EFFECTS__
function object(shape, params) {
	const def = {
		type: "object",
		shape: shape ?? {},
		...normalizeParams(params)
	};
	return new ZodMiniObject(def);
}
// @__NO_SIDE_EFFECTS__
function looseObject(shape, params) {
	return new ZodMiniObject({
		type: "object",
		shape,
		catchall: /* @__PURE__ */ unknown(),
		...normalizeParams(params)
	});
}
const ZodMiniUnion = /*@__PURE__*/ $constructor("ZodMiniUnion", (inst, def) => {
	$ZodUnion.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function union(options, params) {
	return new ZodMiniUnion({
		type: "union",
		options,
		...normalizeParams(params)
	});
}
const ZodMiniDiscriminatedUnion = /*@__PURE__*/ $constructor("ZodMiniDiscriminatedUnion", (inst, def) => {
	$ZodDiscriminatedUnion.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function discriminatedUnion(discriminator, options, params) {
	return new ZodMiniDiscriminatedUnion({
		type: "union",
		options,
		discriminator,
		...normalizeParams(params)
	});
}
const ZodMiniRecord = /*@__PURE__*/ $constructor("ZodMiniRecord", (inst, def) => {
	$ZodRecord.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function record$1(keyType, valueType, params) {
	if (!valueType || !valueType._zod) return new ZodMiniRecord({
		type: "record",
		keyType: /* @__PURE__ */ string(),
		valueType: keyType,
		...normalizeParams(valueType)
	});
	return new ZodMiniRecord({
		type: "record",
		keyType,
		valueType,
		...normalizeParams(params)
	});
}
const ZodMiniEnum = /*@__PURE__*/ $constructor("ZodMiniEnum", (inst, def) => {
	$ZodEnum.init(inst, def);
	ZodMiniType.init(inst, def);
	inst.options = [...inst._zod.values];
});
// @__NO_SIDE_EFFECTS__
function _enum(values, params) {
	const entries = Array.isArray(values) ? Object.fromEntries(values.map((v) => [v, v])) : values;
	return new ZodMiniEnum({
		type: "enum",
		entries,
		...normalizeParams(params)
	});
}
const ZodMiniLiteral = /*@__PURE__*/ $constructor("ZodMiniLiteral", (inst, def) => {
	$ZodLiteral.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function literal(value, params) {
	return new ZodMiniLiteral({
		type: "literal",
		values: Array.isArray(value) ? value : [value],
		...normalizeParams(params)
	});
}
const ZodMiniTransform = /*@__PURE__*/ $constructor("ZodMiniTransform", (inst, def) => {
	$ZodTransform.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function transform(fn) {
	return new ZodMiniTransform({
		type: "transform",
		transform: fn
	});
}
const ZodMiniOptional = /*@__PURE__*/ $constructor("ZodMiniOptional", (inst, def) => {
	$ZodOptional.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function optional(innerType) {
	return new ZodMiniOptional({
		type: "optional",
		innerType
	});
}
const ZodMiniExactOptional = /*@__PURE__*/ $constructor("ZodMiniExactOptional", (inst, def) => {
	$ZodExactOptional.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function exactOptional(innerType) {
	return new ZodMiniExactOptional({
		type: "optional",
		innerType
	});
}
const ZodMiniNullable = /*@__PURE__*/ $constructor("ZodMiniNullable", (inst, def) => {
	$ZodNullable.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function nullable(innerType) {
	return new ZodMiniNullable({
		type: "nullable",
		innerType
	});
}
// @__NO_SIDE_EFFECTS__
function nullish(innerType) {
	return /* @__PURE__ */ optional(/* @__PURE__ */ nullable(innerType));
}
const ZodMiniDefault = /*@__PURE__*/ $constructor("ZodMiniDefault", (inst, def) => {
	$ZodDefault.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function _default(innerType, defaultValue) {
	return new ZodMiniDefault({
		type: "default",
		innerType,
		get defaultValue() {
			return typeof defaultValue === "function" ? defaultValue() : shallowClone(defaultValue);
		}
	});
}
const ZodMiniCatch = /*@__PURE__*/ $constructor("ZodMiniCatch", (inst, def) => {
	$ZodCatch.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function _catch(innerType, catchValue) {
	return new ZodMiniCatch({
		type: "catch",
		innerType,
		catchValue: typeof catchValue === "function" ? catchValue : constantCatch(catchValue)
	});
}
const ZodMiniPipe = /*@__PURE__*/ $constructor("ZodMiniPipe", (inst, def) => {
	$ZodPipe.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function pipe(in_, out) {
	return new ZodMiniPipe({
		type: "pipe",
		in: in_,
		out
	});
}
const ZodMiniReadonly = /*@__PURE__*/ $constructor("ZodMiniReadonly", (inst, def) => {
	$ZodReadonly.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function readonly(innerType) {
	return new ZodMiniReadonly({
		type: "readonly",
		innerType
	});
}
const ZodMiniCustom = /*@__PURE__*/ $constructor("ZodMiniCustom", (inst, def) => {
	$ZodCustom.init(inst, def);
	ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function refine(fn, _params = {}) {
	return /* @__PURE__ */ _refine(ZodMiniCustom, fn, _params);
}
// src/sha256.ts
/** SHA-256 of UTF-8 text or bytes as 64 lower-case hex digits. */
function sha256(data) {
	return createHash("sha256").update(data).digest("hex");
}
// src/credential/issued.ts
const day$1 = 86400;
/** How far ahead of the reader's clock each may lie. Access tokens live ten days (sleep2agi/agent-network#1920). Seconds. */
const furthestAhead = {
	iat: day$1,
	exp: 366 * day$1,
	lastRefresh: day$1
};
/**
* Marks the times that cannot be true: whoever can write one file for one moment must not make every later login look old.
* @param times as the document has them
* @param now seconds since 1970, when the document was read
*/
function judgeTimes(times, now) {
	const { iat, exp, lastRefresh } = times;
	const seconds = {
		iat,
		exp,
		lastRefresh: Date.parse(lastRefresh) / 1e3
	};
	const impossible = clockNames.filter((name) => isTooFarAhead(name, seconds[name], now));
	return {
		...times,
		...impossible.length > 0 && { impossible }
	};
}
/** Whether a time lies further ahead than this clock could be. @param now seconds since 1970 */
function isTooFarAhead(name, seconds, now) {
	return seconds !== void 0 && seconds > now + furthestAhead[name];
}
const clockNames = [
	"iat",
	"exp",
	"lastRefresh"
];
/**
* Which of two credentials of one account was issued later: decided by the first clock that both have, never by two
* different ones (a spent seed without `iat` must not beat a rotated copy by its `exp`). A time that cannot be true does not
* count, and a credential with no time left is older than any other.
*/
function compareIssued(a, b) {
	const [one, other] = [countingTimes(a), countingTimes(b)];
	if (one.iat !== void 0 && other.iat !== void 0) return order(one.iat, other.iat);
	if (one.exp !== void 0 && other.exp !== void 0) return order(one.exp, other.exp);
	if (one.lastRefresh !== void 0 && other.lastRefresh !== void 0) return order(one.lastRefresh, other.lastRefresh);
	return order(Number(hasTime(one)), Number(hasTime(other)));
}
function countingTimes(issued) {
	return Object.fromEntries(clockNames.filter((name) => !issued.impossible?.includes(name)).map((name) => [name, issued[name]]));
}
function hasTime(times) {
	return Object.values(times).some((time) => time !== void 0);
}
function order(a, b) {
	if (a === b) return "same-instant";
	return a > b ? "newer" : "older";
}
/**
* An RFC 3339 time as UTC with nine fraction digits, so that text order is time order. Codex writes up to nine digits,
* of which a JavaScript Date would drop six.
* @returns undefined when the text is not such a time or has no zone
*/
function canonicalTime(text) {
	const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,18}))?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
	if (match === null) return void 0;
	const [, day, time, fraction = "", zone] = match;
	const milliseconds = Date.parse(`${String(day)}T${String(time)}${String(zone).toUpperCase()}`);
	if (Number.isNaN(milliseconds)) return void 0;
	const utc = new Date(milliseconds).toISOString();
	if (!/^\d{4}-/.test(utc)) return void 0;
	return `${utc.slice(0, 19)}.${fraction.slice(0, 9).padEnd(9, "0")}Z`;
}
/**
* Whether a refresh is to be expected within the window.
* @param now seconds since 1970
* @param window seconds
* An access token without `exp` is refreshed by Codex once `last_refresh` is eight days old (measured on 0.169.0).
*/
function isDue(issued, now, window) {
	return accessEnds(issued) <= now + window;
}
/** Codex by itself refreshes a token that ends within this many seconds (measured on 0.169.0). */
const codexWindow = 300;
/**
* Seconds since 1970 from which on Codex refreshes by itself: shortly before an access token ends, or, where it names no
* end, once it is eight days old.
*/
function codexRefreshesFrom(issued) {
	return issued.exp === void 0 ? accessEnds(issued) : issued.exp - codexWindow;
}
/** Seconds since 1970 at which Codex will treat the access token as run out. */
function accessEnds(issued) {
	return issued.exp ?? Date.parse(issued.lastRefresh) / 1e3 + 8 * day$1;
}
// src/credential/fingerprint.ts
/** Made where a credential is parsed; each part has a prefix of its own, so that equal values never look equal elsewhere. */
function fingerprintOf({ refreshToken, accessToken, account, issued }) {
	return {
		refreshToken: digest("refresh token", refreshToken),
		accessToken: digest("access token", accessToken),
		account: digest("account", account.id),
		...account.user !== void 0 && { user: digest("user", account.user) },
		issued
	};
}
/** Same credential: both the refresh token and the access token are equal. */
function isSame(a, b) {
	return a.refreshToken === b.refreshToken && a.accessToken === b.accessToken;
}
/** Same login: the account, and the user where both name one. */
function isSameAccount(a, b) {
	return a.account === b.account && (a.user === void 0 || b.user === void 0 || a.user === b.user);
}
/** Order of two credentials of one account, by the server's clock where it can be. */
function compareAge(a, b) {
	return compareIssued(a.issued, b.issued);
}
/** Whether the user's name for an account (its hash as accountHash shows it, or its id) means this one. */
function isAccountNamed(fingerprint, name) {
	return accountHash(fingerprint) === name.toLowerCase() || fingerprint.account === digest("account", name);
}
/** The twelve hex digits that stand for an account in outputs and summaries, and that `expected-account` takes. */
function accountHash(fingerprint) {
	return fingerprint.account.slice(0, 12);
}
function digest(what, value) {
	return sha256(`codex-auth-keeper ${what}\n${value}`);
}
// src/loopback.ts
/**
* Whether a host is this machine itself.
* @param hostname as the `hostname` of a URL: in lower case, an IPv6 address in brackets
*/
function isLoopbackHost(hostname) {
	return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
// src/credential/provenance.ts
/**
* Whether Codex would refresh a login at OpenAI. Codex notes in `tokens.oauth_provenance` at which server a person has logged in, and
* sends the refresh token to the `issuer` named there (measured on Codex 0.169.0), so whoever changes it gets the login.
* @param provenance the field as the document has it; Codex before 0.169 writes none
*/
function isRefreshedByOpenAI(provenance) {
	const issuer = provenance?.issuer;
	if (issuer === void 0 || issuer === null) return true;
	if (typeof issuer !== "string" || !URL.canParse(issuer)) return false;
	const { protocol, host, hostname, username, password } = new URL(issuer);
	if (username !== "" || password !== "") return false;
	return protocol === "https:" && host === "auth.openai.com" || isLoopbackHost(hostname);
}
// src/credential/jwt.ts
/** A claim that is not a moment of the years 1970 to 9999 counts as absent: no Date could show it. */
const moment$1 = /* @__PURE__ */ _catch(/* @__PURE__ */ optional((/* @__PURE__ */ number()).check(/* @__PURE__ */ _gte(0), /* @__PURE__ */ _lte(253402300799))), void 0);
const claims = /* @__PURE__ */ looseObject({
	iat: moment$1,
	exp: moment$1,
	auth_time: moment$1,
	"https://api.openai.com/auth": /* @__PURE__ */ _catch(/* @__PURE__ */ optional(/* @__PURE__ */ looseObject({
		chatgpt_plan_type: /* @__PURE__ */ _catch(/* @__PURE__ */ optional((/* @__PURE__ */ string()).check(/* @__PURE__ */ _regex(/^[\w-]{1,40}$/))), void 0),
		chatgpt_account_id: /* @__PURE__ */ _catch(/* @__PURE__ */ optional(/* @__PURE__ */ string()), void 0),
		chatgpt_user_id: /* @__PURE__ */ _catch(/* @__PURE__ */ optional(/* @__PURE__ */ string()), void 0),
		user_id: /* @__PURE__ */ _catch(/* @__PURE__ */ optional(/* @__PURE__ */ string()), void 0)
	})), void 0)
});
/**
* The claims of a JWT; its signature is not checked, as Codex does not check it either.
* @returns undefined when the text is not three parts with a base64url JSON object in the middle (an opaque token)
*/
function jwtClaims(token) {
	const parts = token.split(".");
	const payload = parts[1];
	if (parts.length !== 3 || parts.some((part) => part === "") || payload === void 0) return void 0;
	const json = base64UrlText(payload);
	if (json === void 0) return void 0;
	let value;
	try {
		value = JSON.parse(json);
	} catch {
		return;
	}
	const result = claims.safeParse(value);
	if (!result.success) return void 0;
	const { iat, exp, auth_time: authTime, "https://api.openai.com/auth": auth } = result.data;
	const user = auth?.chatgpt_user_id ?? auth?.user_id;
	return {
		...iat !== void 0 && { iat },
		...exp !== void 0 && { exp },
		...authTime !== void 0 && { authTime },
		...auth?.chatgpt_plan_type !== void 0 && { plan: auth.chatgpt_plan_type },
		...auth?.chatgpt_account_id !== void 0 && { account: auth.chatgpt_account_id },
		...user !== void 0 && { user }
	};
}
function base64UrlText(text) {
	if (!/^[A-Za-z0-9_-]+$/.test(text)) return void 0;
	try {
		const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
		return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
	} catch {
		return;
	}
}
// src/credential/auth-json.ts
/** Each reason as the end of a sentence that starts with "the file …". */
const unmanagedReasons = {
	"api-key": "holds an API key, not a ChatGPT login",
	"external-tokens": "holds tokens that another program refreshes (chatgptAuthTokens)",
	headers: "holds request headers, not a ChatGPT login",
	"agent-identity": "holds an agent identity, not a ChatGPT login",
	"personal-access-token": "holds a personal access token, not a ChatGPT login",
	bedrock: "holds Bedrock keys, not a ChatGPT login",
	"no-tokens": "is in ChatGPT mode but has no tokens",
	"no-refresh-token": "has no refresh token",
	"no-account-id": "has no tokens.account_id, and without it Codex never refreshes",
	"no-last-refresh": "has no last_refresh, and without it Codex sends no login",
	"id-token-not-jwt": "has an id_token that is not a JWT, and Codex cannot load it"
};
/** Whether such a document is a login of another kind, which only its owner may replace; otherwise it is a broken one. */
const isAnotherLogin = {
	"api-key": true,
	"external-tokens": true,
	headers: true,
	"agent-identity": true,
	"personal-access-token": true,
	bedrock: true,
	"no-tokens": false,
	"no-refresh-token": false,
	"no-account-id": false,
	"no-last-refresh": false,
	"id-token-not-jwt": false
};
/** The document is not an `auth.json`. Names the field and the kind of problem, never a value. */
var AuthJsonError = class extends Error {
	name = "AuthJsonError";
	constructor(field, problem) {
		super(`auth.json: ${field} ${problem}`);
	}
};
const modes = {
	apikey: "api-key",
	chatgpt: "chatgpt",
	chatgptAuthTokens: "external-tokens",
	headers: "headers",
	agentIdentity: "agent-identity",
	personalAccessToken: "personal-access-token",
	bedrockApiKey: "bedrock",
	bedrockAccessKeys: "bedrock"
};
const document = /* @__PURE__ */ looseObject({
	auth_mode: /* @__PURE__ */ nullish(/* @__PURE__ */ _enum(Object.keys(modes))),
	OPENAI_API_KEY: /* @__PURE__ */ nullish(/* @__PURE__ */ string()),
	tokens: /* @__PURE__ */ nullish(/* @__PURE__ */ looseObject({
		id_token: /* @__PURE__ */ string(),
		access_token: /* @__PURE__ */ string(),
		refresh_token: /* @__PURE__ */ string(),
		account_id: /* @__PURE__ */ nullish(/* @__PURE__ */ string()),
		oauth_provenance: /* @__PURE__ */ optional(/* @__PURE__ */ unknown())
	})),
	last_refresh: /* @__PURE__ */ nullish(/* @__PURE__ */ string()),
	personal_access_token: /* @__PURE__ */ optional(/* @__PURE__ */ unknown()),
	bedrock_api_key: /* @__PURE__ */ optional(/* @__PURE__ */ unknown()),
	bedrock_access_keys: /* @__PURE__ */ optional(/* @__PURE__ */ unknown())
});
/**
* Reads an `auth.json` as Codex does.
* @param bytes the document, UTF-8 without a byte order mark
* @param now seconds since 1970, by which impossible times are recognised
* @returns a managed credential, or an unmanaged one with the reason
* @throws AuthJsonError when Codex would reject the file: not a JSON object, an unknown `auth_mode`, a field of another type,
*   a `last_refresh` without zone (rules measured on Codex 0.169.0, in its `login/src/auth/storage.rs`); when its access token names
*   another account than `tokens.account_id`, which no Codex writes; and when Codex would refresh it at another server than OpenAI's.
*/
function parseAuthJson(bytes, now = Date.now() / 1e3) {
	const doc = validated(bytes);
	const mode = modeOf(doc);
	if (mode !== "chatgpt") return {
		kind: "unmanaged",
		bytes,
		why: mode
	};
	if (!doc.tokens) return {
		kind: "unmanaged",
		bytes,
		why: "no-tokens"
	};
	const { id_token: idToken, access_token: accessToken, refresh_token: refreshToken, account_id: id } = doc.tokens;
	const identity = jwtClaims(idToken);
	if (identity === void 0) return {
		kind: "unmanaged",
		bytes,
		why: "id-token-not-jwt"
	};
	if (refreshToken === "") return {
		kind: "unmanaged",
		bytes,
		why: "no-refresh-token"
	};
	if (accessToken === "") return {
		kind: "unmanaged",
		bytes,
		why: "no-tokens"
	};
	if (!id) return {
		kind: "unmanaged",
		bytes,
		why: "no-account-id"
	};
	if (!doc.last_refresh) return {
		kind: "unmanaged",
		bytes,
		why: "no-last-refresh"
	};
	if (!isRefreshedByOpenAI(doc.tokens.oauth_provenance)) throw new AuthJsonError("tokens.oauth_provenance.issuer", "names another server than OpenAI, and Codex would send the refresh token there");
	const access = jwtClaims(accessToken) ?? {};
	if (access.account !== void 0 && access.account !== id) throw new AuthJsonError("tokens.access_token", "belongs to another account than tokens.account_id");
	const user = identity.user ?? access.user;
	const parts = {
		refreshToken,
		accessToken,
		account: user === void 0 ? { id } : {
			id,
			user
		},
		issued: judgeTimes({
			...access.iat !== void 0 && { iat: access.iat },
			...access.exp !== void 0 && { exp: access.exp },
			lastRefresh: timeOf(doc.last_refresh)
		}, now)
	};
	return {
		kind: "managed",
		bytes,
		...parts,
		fingerprint: fingerprintOf(parts),
		lastRefresh: doc.last_refresh,
		...identity.authTime !== void 0 && !isTooFarAhead("iat", identity.authTime, now) && { loggedInAt: identity.authTime },
		...identity.plan !== void 0 && { plan: identity.plan }
	};
}
function validated(bytes) {
	let text;
	try {
		text = new TextDecoder("utf-8", {
			fatal: true,
			ignoreBOM: true
		}).decode(bytes);
	} catch {
		throw new AuthJsonError("the document", "is not UTF-8 text");
	}
	if (text.trim() === "") throw new AuthJsonError("the document", "is empty");
	if (text.startsWith("﻿")) throw new AuthJsonError("the document", "starts with a byte order mark, which Codex rejects");
	let value;
	try {
		value = JSON.parse(text);
	} catch {
		throw new AuthJsonError("the document", "is not complete JSON");
	}
	const result = document.safeParse(value);
	if (result.success) {
		if (result.data.last_refresh) timeOf(result.data.last_refresh);
		return result.data;
	}
	const [issue] = result.error.issues;
	throw new AuthJsonError(issue === void 0 || issue.path.length === 0 ? "the document" : issue.path.join("."), issue?.code === "invalid_type" ? `must be ${issue.expected}` : "has a value Codex does not know");
}
function timeOf(lastRefresh) {
	const time = canonicalTime(lastRefresh);
	if (time === void 0) throw new AuthJsonError("last_refresh", "is not an RFC 3339 time with a zone");
	return time;
}
/** Without `auth_mode` Codex infers it in this order. */
function modeOf(doc) {
	if (doc.auth_mode) return modes[doc.auth_mode];
	if (present(doc.personal_access_token)) return "personal-access-token";
	if (present(doc.bedrock_api_key) || present(doc.bedrock_access_keys)) return "bedrock";
	if (present(doc.OPENAI_API_KEY)) return "api-key";
	return "chatgpt";
}
function present(value) {
	return value !== void 0 && value !== null;
}
// src/keeper-error.ts
/**
* The one error class of the keeper. The message says what happened and why, in whole sentences (a full stop is added where
* it ends without one), the remedy says the way out; neither may ever hold a secret.
*/
var KeeperError = class extends Error {
	name = "KeeperError";
	code;
	remedy;
	constructor(code, message, remedy, options) {
		super(/[.!?]$/.test(message) ? message : `${message}.`, options);
		this.code = code;
		this.remedy = remedy;
	}
};
/** What went wrong, as text for a person, from anything that can be thrown. */
function messageOf(error) {
	return error instanceof Error ? error.message : String(error);
}
/** What went wrong and the way out, as one text. */
function errorWords(error) {
	return error instanceof KeeperError ? `${error.message} ${error.remedy}` : messageOf(error);
}
/** The code of a system error, such as `ENOENT`; undefined for anything else that can be thrown. */
function systemCodeOf(error) {
	return typeof error === "object" && error !== null && "code" in error ? error.code : void 0;
}
// src/plain-file.ts
/** What is there cannot be read to its end as a file; the message is the end of a sentence about it. */
var PlainFileError = class extends Error {
	name = "PlainFileError";
};
/**
* Reads a file that somebody else may have put there. A pipe or a device, which could keep a reader for ever, is refused.
* @param largest the most bytes it may have
* @throws PlainFileError, or the system's error where it cannot be opened
*/
async function readPlainFile(path, largest) {
	const file = await open(path, constants$2.O_RDONLY | constants$2.O_NONBLOCK);
	try {
		if (!(await file.stat()).isFile()) throw new PlainFileError("is not a regular file");
		const bytes = Buffer.alloc(largest + 1);
		let size = 0;
		for (;;) {
			const { bytesRead } = await file.read(bytes, size, bytes.length - size);
			size += bytesRead;
			if (size > largest) throw new PlainFileError(`is larger than ${largest / 1024} KiB`);
			if (bytesRead === 0) return Uint8Array.from(bytes.subarray(0, size));
		}
	} finally {
		await file.close();
	}
}
// src/codex/temporary-name.ts
/** A name for a document beside `auth.json` for a moment, with the process that uses it. */
function temporaryName() {
	return `.auth-${process.pid}-${randomUUID()}`;
}
/** The names above, and those without a process that version 1.0 made. Codex's own have six letters there. */
const temporaryNames = /^\.auth-(?:(\d+)-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
// src/codex/codex-home.ts
/** An `auth.json` has 4 to 6 kB; what is larger than this is something else. */
const largestFile = 262144;
/** Codex before 0.169 truncates the file and writes it again: a reader may meet half of it. */
const retryParsingFor = 500;
function authFileIn(codexHome) {
	return join(codexHome, "auth.json");
}
/**
* Reads and classifies `auth.json`; one that does not parse is read again for half a second, because Codex may be
* writing it.
* @throws KeeperError install-failed when the file is there but must not be read
*/
async function observeAuthFile(codexHome, clock) {
	const giveUp = clock.now() + retryParsingFor;
	for (;;) {
		const seen = await observeDocument(authFileIn(codexHome));
		if (seen.kind !== "damaged" || clock.now() >= giveUp) return seen;
		await clock.sleep(50);
	}
}
/** Reads and classifies one document. @throws KeeperError install-failed when it is there but must not be read */
async function observeDocument(path) {
	let bytes;
	try {
		bytes = await readPlainFile(path, largestFile);
	} catch (error) {
		if (isMissing(error)) return { kind: "missing" };
		if (error instanceof PlainFileError) return {
			kind: "damaged",
			problem: `the document ${error.message}`,
			bytes: /* @__PURE__ */ new Uint8Array()
		};
		throw new KeeperError("install-failed", `${path} cannot be read: ${messageOf(error)}`, "Run Codex and this action as the same user, and give that user access to the file.", { cause: error });
	}
	try {
		const credential = parseAuthJson(bytes);
		return credential.kind === "managed" ? {
			kind: "managed",
			credential
		} : {
			kind: "unmanaged",
			credential
		};
	} catch (error) {
		if (error instanceof AuthJsonError) return {
			kind: "damaged",
			problem: error.message,
			bytes
		};
		throw error;
	}
}
/**
* Puts a document in place as Codex would: directory 0700, file 0600, written beside and renamed, so that a reader meets
* the old or the new one, never a part. A symbolic link stays a link, as with Codex itself.
* @throws KeeperError install-failed when the place cannot be written
*/
async function installAuthFile(codexHome, bytes) {
	try {
		await mkdir(codexHome, {
			recursive: true,
			mode: 448
		});
		await chmod(codexHome, 448);
		const path = await realpath(authFileIn(codexHome)).catch(() => authFileIn(codexHome));
		const temporary = join(dirname(path), temporaryName());
		try {
			await writeFile(temporary, bytes, {
				flag: "wx",
				mode: 384,
				flush: true
			});
			await rename(temporary, path);
		} finally {
			await rm(temporary, { force: true });
		}
	} catch (error) {
		throw new KeeperError("install-failed", `auth.json cannot be written to ${codexHome}: ${messageOf(error)}`, "Set the input codex-home to a directory that the user who runs Codex owns; Codex itself must be able to write there, or a refreshed login is lost.", { cause: error });
	}
}
/**
* Removes `auth.json` if it is still the document that is safe elsewhere. It is moved aside before it is compared, so a
* process that writes at that moment loses nothing.
* @returns whether it was removed; false when something else was there, which is left in place
*/
async function removeAuthFile(codexHome, safe) {
	let aside;
	let path;
	try {
		path = await realpath(authFileIn(codexHome));
		aside = join(dirname(path), temporaryName());
		await rename(path, aside);
	} catch {
		return false;
	}
	const isSafe = Buffer.compare(await readPlainFile(aside, largestFile).catch(() => /* @__PURE__ */ new Uint8Array()), safe) === 0;
	if (!isSafe) await putBack(aside, path);
	await rm(aside, { force: true });
	return isSafe;
}
/** Unlike rename, link does not replace a file that Codex has written in the meantime. */
async function putBack(aside, path) {
	try {
		await link(aside, path);
	} catch (error) {
		if (systemCodeOf(error) !== "EEXIST") await rename(aside, path);
	}
}
/** Milliseconds since 1970 at which `auth.json` was last changed; undefined when there is none. */
async function authFileChangedAt(codexHome) {
	try {
		return (await stat(authFileIn(codexHome))).mtimeMs;
	} catch {
		return;
	}
}
function isMissing(error) {
	return ["ENOENT", "ENOTDIR"].includes(String(systemCodeOf(error)));
}
// src/log-in.ts
/** How a person makes a new login, as a part of a sentence. */
const logInCommand = "\"codex login --device-auth\" in a separate CODEX_HOME; where device login is switched off, plain \"codex login\", which opens a browser";
/** The way out where only a new login helps; whole sentences. */
const logInAnew = `Log in again (${logInCommand}) and replace the secret that auth-json comes from.`;
/** The way out where the secret holds no login. */
const logInFirst = `Log in (${logInCommand}) and put that whole auth.json into the secret that auth-json comes from.`;
// src/codex/failure.ts
const later = "Run the job again later; the stored copies stay as they were.";
const failureWords = {
	reused: {
		cause: "OpenAI says that the refresh token was already used: another copy of this login was refreshed, an earlier job was lost between the refresh and the save, or an old stored copy was put back.",
		wayOut: `${logInAnew} Then let no other machine use that login.`,
		needsPerson: true
	},
	expired: {
		cause: "OpenAI says that the refresh token has expired: the login was not used for too long.",
		wayOut: `${logInAnew} Then let a weekly job keep it fresh.`,
		needsPerson: true
	},
	revoked: {
		cause: "OpenAI says that the login was revoked: someone logged out, or ended the sessions of the account.",
		wayOut: logInAnew,
		needsPerson: true
	},
	"other-account": {
		cause: "Codex says that this login was logged out, or now belongs to another account.",
		wayOut: logInAnew,
		needsPerson: true
	},
	refused: {
		cause: "OpenAI refused the refresh token: it was already used, has expired or was revoked.",
		wayOut: logInAnew,
		needsPerson: true
	},
	"logged-out": {
		cause: "OpenAI does not accept this login: for it, Codex is logged out.",
		wayOut: logInAnew,
		needsPerson: true
	},
	quota: {
		cause: "The login works, but its usage limit is reached.",
		wayOut: "Wait until the limit is reset, or use a plan with more room. The login itself is kept.",
		needsPerson: false
	},
	network: {
		cause: "Codex could not reach OpenAI.",
		wayOut: later,
		needsPerson: false
	},
	"server-error": {
		cause: "OpenAI's server failed.",
		wayOut: later,
		needsPerson: false
	}
};
/** What each message means, most specific first; texts of Codex 0.150 and 0.169 (measured). */
const patterns = [
	[/refresh token was already used|refresh_token_reused/i, "reused"],
	[/refresh token has expired|refresh_token_expired/i, "expired"],
	[/refresh token was revoked|refresh_token_invalidated/i, "revoked"],
	[/logged out or signed in to another account/i, "other-account"],
	[/access token could not be refreshed|failed to refresh token:? ?(status=)?40[01]/i, "refused"],
	[/failed to refresh token:? ?(status=)?(429|5\d\d)/i, "server-error"],
	[/usage limit|quota exceeded|429 too many requests/i, "quota"],
	[/not logged in|missing bearer|\b401 unauthorized\b/i, "logged-out"],
	[/high demand|\b5\d\d (internal server error|bad gateway|service unavailable|gateway timeout)/i, "server-error"],
	[/error sending request|connection failed|timed out|stream disconnected|dns error/i, "network"]
];
/**
* Finds the failure in what `codex exec --json` printed.
* @param output its standard output, one JSON event a line
* @param errors its standard error
*/
function failureOfExec(output, errors) {
	return failureOfText(`${messagesOfEvents(output).join("\n")}\n${stripVTControlCharacters(errors)}`);
}
/**
* Finds the failure of a refresh in the standard error of `codex app-server`, where much else goes wrong harmlessly: only
* lines about the refresh token count.
*/
function failureOfRefresh(errors) {
	return failureOfText(stripVTControlCharacters(errors).split("\n").filter((line) => /refresh token/i.test(line)).join("\n"));
}
/** Finds the failure in one message of Codex. */
function failureOfText(text) {
	return patterns.find(([pattern]) => pattern.test(text))?.[1];
}
/** The messages of all `error` and `turn.failed` events. */
function messagesOfEvents(output) {
	const failureEvent = /* @__PURE__ */ union([/* @__PURE__ */ object({ message: /* @__PURE__ */ string() }), /* @__PURE__ */ object({ error: /* @__PURE__ */ object({ message: /* @__PURE__ */ string() }) })]);
	return output.split("\n").flatMap((line) => {
		try {
			const event = failureEvent.safeParse(JSON.parse(line));
			if (!event.success) return [];
			return ["message" in event.data ? event.data.message : event.data.error.message];
		} catch {
			return [];
		}
	});
}
// src/keeper/lease-document.ts
/** Others may have written it, and its holder is shown: no sign of a workflow command, a terminal code or a second line. */
const shown = (longest) => (/* @__PURE__ */ string()).check(/* @__PURE__ */ _regex(new RegExp(`^(?!.*::)[\\w.:/@+-]{1,${longest}}$`)));
/** No lease keeps others waiting for longer than this, whatever it says. Seconds. */
const longestLife = 600;
/** Made when a lease is read: most jobs read none, and a stage would start the later for it. */
function leaseDocument() {
	const named = {
		holder: /* @__PURE__ */ object({
			run: shown(300),
			attempt: int().check(/* @__PURE__ */ _positive()),
			job: shown(100)
		}),
		nonce: (/* @__PURE__ */ string()).check(/* @__PURE__ */ _regex(/^[\w-]{8,64}$/)),
		turn: int().check(/* @__PURE__ */ _positive())
	};
	return /* @__PURE__ */ discriminatedUnion("state", [
		/* @__PURE__ */ object({ state: /* @__PURE__ */ literal("free") }),
		/* @__PURE__ */ object({
			state: /* @__PURE__ */ _enum(["held", "exchanging"]),
			...named,
			lasts: (/* @__PURE__ */ number()).check(/* @__PURE__ */ _positive(), /* @__PURE__ */ _lte(longestLife))
		}),
		/* @__PURE__ */ object({
			state: /* @__PURE__ */ literal("refused"),
			...named,
			token: (/* @__PURE__ */ string()).check(/* @__PURE__ */ _regex(/^[0-9a-f]{64}$/)),
			failure: /* @__PURE__ */ _enum(Object.keys(failureWords))
		})
	]);
}
/** Reads a lease; undefined for anything else: nobody holds that. */
function parseLease(bytes) {
	try {
		const parsed = leaseDocument().safeParse(JSON.parse(Buffer.from(bytes).toString("utf8")));
		return parsed.success ? parsed.data : void 0;
	} catch {
		return;
	}
}
/** The document as it is stored: one line of JSON. */
function leaseBytes(document) {
	return Buffer.from(`${JSON.stringify(document)}\n`);
}
/** A holder that `parseLease` takes, whatever its names are. */
function leaseHolder({ run, attempt, job }) {
	const plain = (text, longest) => text.replace(/[^\w.:/@+-]/g, "-").replace(/:{2,}/g, ":").slice(0, longest) || "-";
	return {
		run: plain(run, 300),
		attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : 1,
		job: plain(job, 100)
	};
}
/** A holder as people are told: the link of the run, and which part of it. */
function holderName({ run, attempt, job }) {
	return `${run} (${attempt > 1 ? `attempt ${attempt}, ` : ""}${job})`;
}
/**
* Which token a lease says was refused: a digest that tells nothing without the token, and differs in each lease.
* @param token a digest of the refresh token
*/
function refusedToken(token, nonce) {
	return createHmac("sha256", token).update(`codex-auth-keeper, refused: ${nonce}`).digest("hex");
}
// src/keeper/refresh-refusals.ts
/** The refresh, if the job can go on after it. @throws KeeperError needs-reseed, store-superseded or store-unreachable */
function requireLogin(refresh) {
	if (refresh.kind === "needs-reseed" || refresh.kind === "superseded" || refresh.kind === "unread") throw refreshRefused(refresh);
	if (refresh.kind === "no-lease" && refresh.due) throw withoutLease(refresh);
}
function withoutLease({ store, error }) {
	return new KeeperError(error instanceof KeeperError ? error.code : "store-unreachable", `The login is due for a refresh, and the store ${store} could not be asked whether another job is refreshing it, so nothing was spent: ${messageOf(error)}`, error instanceof KeeperError ? error.remedy : "See that the store answers.");
}
/** Why the login cannot be used any more, or not in this run, and the way out. */
function refreshRefused(refresh) {
	switch (refresh.kind) {
		case "superseded": return new KeeperError("store-superseded", `Another job has refreshed the login meanwhile. ${refresh.store} holds the newer one, but a run gets a secret only as it was when the job started.`, "Start a new run of the workflow (not \"Re-run jobs\"), and let jobs with this login wait for each other: concurrency with queue: max.");
		case "unread": {
			const { failure, store, error } = refresh;
			return new KeeperError("store-unreachable", `${failureWords[failure].cause} The store ${store} may hold a newer login and could not be read: ${messageOf(error)}`, `${error instanceof KeeperError ? error.remedy : "See that the store answers."} Then run the job again; a person is needed only if that fails too.`);
		}
		case "needs-reseed": {
			const { failure, refusedTo, begunBy, seedIsOlder } = refresh;
			const elsewhere = refusedTo ? ` It was the job ${holderName(refusedTo)} that presented the token.` : "";
			const lost = begunBy ? ` The job ${holderName(begunBy)} had begun to refresh this login and did not come back: it has most likely taken the new one with it.` : "";
			const seed = seedIsOlder ? " The seed in auth-json is older than this copy, so it is spent too." : "";
			return new KeeperError("needs-reseed", `${failureWords[failure].cause}${elsewhere}${lost}${seed} No store holds a newer login, and the stored copies stay as they were.`, seedIsOlder ? `${failureWords[failure].wayOut} If the seed is already that new login, the stored copy stands in its way: empty the slot (docs/stores.md says how for each store) and run again.` : failureWords[failure].wayOut);
		}
	}
}
/** A smoke test that did not pass; the login itself may be good. */
function smokeTestRefused(test) {
	if (test.kind === "left-running") return new KeeperError("codex-failed", "The smoke test did not end in time.", "See whether OpenAI can be reached from this runner.");
	const { failure } = test;
	if (failure === void 0) return new KeeperError("codex-failed", "The smoke test failed: codex exec ended with an error that says nothing about the login.", "Run \"codex exec --skip-git-repo-check 'Reply exactly: OK'\" in a step of its own and read what it says.");
	const { cause, wayOut, needsPerson } = failureWords[failure];
	return new KeeperError(needsPerson ? "needs-reseed" : "codex-failed", `The smoke test failed. ${cause}`, wayOut);
}
/** `refresh: always` without a Codex that could refresh. */
function noCodexToRefresh() {
	return new KeeperError("codex-failed", "refresh: always needs the Codex CLI, and there is no codex in PATH.", "Install it before this step (npm install -g @openai/codex), and do not set CODEX_AUTH_RESTORE_AT: job-start, which runs before that.");
}
/** `smoke-test` without a Codex that could be tested. */
function noCodexToTest() {
	return new KeeperError("codex-failed", "smoke-test needs the Codex CLI, and there is no codex in PATH.", "Install it before this step (npm install -g @openai/codex).");
}
// src/stores/store.ts
/** True when the same call may succeed a moment later. */
function isTransient(error) {
	return error instanceof KeeperError && (error.code === "store-unreachable" || error.code === "store-unknown-outcome");
}
// src/keeper/store-access.ts
/** Tries of one store operation, and the pauses between them in milliseconds. */
const pauses$2 = [1e3, 3e3];
/** Reads a store; an outage is tried again, and what is not a managed credential counts as unreadable, never as empty. */
function look(store, clock) {
	return seen$1(() => retried(() => store.read(), clock));
}
/** The same for who waits for the answer and can ask again himself: an outage is told at once. */
function lookOnce(store) {
	return seen$1(() => store.read());
}
async function seen$1(read) {
	try {
		const copy = await read();
		if (copy === void 0) return { kind: "none" };
		return {
			kind: "held",
			credential: managedCopy(copy.bytes),
			version: copy.version
		};
	} catch (error) {
		return {
			kind: "unreadable",
			error
		};
	}
}
function managedCopy(bytes) {
	const remedy = "Empty the slot by hand or name another one, then reseed.";
	try {
		const credential = parseAuthJson(bytes);
		if (credential.kind === "managed") return credential;
		throw new KeeperError("store-damaged", `The stored copy ${unmanagedReasons[credential.why]}.`, remedy);
	} catch (error) {
		if (error instanceof AuthJsonError) throw new KeeperError("store-damaged", `The stored copy is not an auth.json: ${error.message}.`, remedy);
		throw error;
	}
}
/** The look as the write-back decision wants it. */
function copyState(seen) {
	return seen.kind === "held" ? seen.credential.fingerprint : seen.kind;
}
/** Runs an operation again while it fails in a way that may pass; at most three times in all. */
async function retried(operation, clock) {
	for (const pause of pauses$2) try {
		return await operation();
	} catch (error) {
		if (!isTransient(error)) throw error;
		await clock.sleep(pause);
	}
	return operation();
}
// src/keeper/newer-copy.ts
/** Pauses before each look for the copy of another job that has won: it stores right after its exchange. Milliseconds. */
const pauses$1 = [
	0,
	1e3,
	2e3,
	4e3,
	8e3
];
/** After a refused refresh: of two jobs at once the other one may have won and stored a newer login, which is then installed. */
async function awaitNewerCopy(request) {
	let newer = { kind: "none" };
	for (const pause of pauses$1) {
		await request.clock.sleep(pause);
		newer = await takeNewerCopy(request);
		if (newer.kind === "overtaken" || newer.kind === "superseded") break;
	}
	return newer;
}
/** Looks once into every store, and installs the newest login that is newer than ours. */
async function takeNewerCopy(request) {
	const { stores, standing, codexHome, clock, state } = request;
	const newest = await findNewerCopy({
		stores,
		standing,
		clock
	});
	if (newest.kind !== "newer") return newest;
	const { store, credential } = newest;
	request.onCredential(credential);
	const next = standingFrom(standing, store, credential.fingerprint);
	state.update({ standing: next });
	await installAuthFile(codexHome, credential.bytes);
	state.update({ ownChange: await authFileChangedAt(codexHome) });
	return {
		kind: "overtaken",
		credential,
		standing: next,
		store
	};
}
/** Looks once into every store for the newest login that is newer than ours; installs nothing. */
async function findNewerCopy({ stores, standing, clock }) {
	const looks = await Promise.all(stores.map(async (store) => ({
		store: store.name,
		seen: await look(store, clock)
	})));
	const newest = looks.flatMap((each) => newerIn(each, standing)).sort(newestFirst)[0];
	return newest === void 0 ? withoutNewer(looks) : {
		kind: "newer",
		...newest
	};
}
function newerIn({ store, seen }, { base }) {
	if (seen.kind !== "held") return [];
	const { fingerprint } = seen.credential;
	if (!isSameAccount(fingerprint, base) || compareAge(fingerprint, base) !== "newer") return [];
	return [{
		store,
		credential: seen.credential
	}];
}
/** Of two of the same age the one that is listed first stays first. */
function newestFirst(a, b) {
	const order = compareAge(a.credential.fingerprint, b.credential.fingerprint);
	return order === "newer" ? -1 : order === "older" ? 1 : 0;
}
function withoutNewer(looks) {
	const superseded = looks.find(({ seen }) => isSuperseded(seen));
	if (superseded) return {
		kind: "superseded",
		store: superseded.store
	};
	const [unread] = looks.flatMap(({ store, seen }) => seen.kind === "unreadable" ? [{
		store,
		error: seen.error
	}] : []);
	return unread ? {
		kind: "unread",
		...unread
	} : { kind: "none" };
}
/** How the login stands once the job goes on with the copy of this store: every store is judged by it. */
function standingFrom(standing, store, found) {
	const lastSeen = Object.entries(standing.lastSeen).map(([name, { copy }]) => [name, {
		base: found,
		copy
	}]);
	return {
		...standing,
		base: found,
		lastSeen: {
			...Object.fromEntries(lastSeen),
			[store]: {
				base: found,
				copy: found
			}
		}
	};
}
function isSuperseded(seen) {
	return seen.kind === "unreadable" && seen.error instanceof KeeperError && seen.error.code === "store-superseded";
}
// src/keeper/lease-judgement.ts
/** What a look at a lease means. Nobody's date counts, only how long the one who looks has seen the same. */
function judgeLease({ document, unchangedFor, token, waitedFor }) {
	if (document === void 0 || document.state === "free") return {
		kind: "open",
		overtakes: void 0
	};
	const { holder } = document;
	switch (document.state) {
		case "held":
		case "exchanging": {
			const endsIn = document.lasts - unchangedFor;
			if (endsIn > 0) return {
				kind: "taken",
				holder,
				endsIn
			};
			return {
				kind: "open",
				overtakes: document.state === "exchanging" ? holder : void 0
			};
		}
		case "refused":
			if ((isForGood[document.failure] || waitedFor.has(document.nonce)) && document.token === refusedToken(token, document.nonce)) return {
				kind: "refused",
				holder,
				failure: document.failure
			};
			return {
				kind: "open",
				overtakes: void 0
			};
	}
}
/**
* Whether OpenAI has said of the token itself that it is now worthless. Any other refusal holds for those who
* waited for it, and a run that starts later asks again: it may have been a fault that has passed.
*/
const isForGood = {
	reused: true,
	expired: true,
	revoked: true,
	"other-account": false,
	refused: false,
	"logged-out": false,
	quota: false,
	network: false,
	"server-error": false
};
// src/keeper/lease-waiting.ts
/** Milliseconds. */
const longestWait = 6e5;
const sayEvery = 1e4;
/** Milliseconds between two looks, and how they grow. */
const pauses = {
	first: 1e3,
	longest: 5e3,
	growth: 1.5
};
function startWaiting({ clock, random, onWaiting }) {
	const began = clock.elapsed();
	const waitedFor = /* @__PURE__ */ new Set();
	let last;
	let saidAt = -Infinity;
	let pause = pauses.first;
	return {
		saw: (version, document) => {
			const now = clock.elapsed();
			if (last === void 0 || last.version !== version) last = {
				version,
				since: now
			};
			if (document?.state === "held" || document?.state === "exchanging") waitedFor.add(document.nonce);
			return {
				unchangedFor: (now - last.since) / 1e3,
				waitedFor
			};
		},
		pause: async (taken) => {
			const now = clock.elapsed();
			const atMost = began + longestWait - now;
			if (atMost <= 0) throw waitedTooLong(taken?.holder);
			if (taken !== void 0 && now - saidAt >= sayEvery) {
				saidAt = now;
				onWaiting({
					holder: taken.holder,
					endsIn: taken.endsIn,
					atMost: atMost / 1e3
				});
			}
			await clock.sleep(Math.min(pause * (.75 + random() / 2), taken === void 0 ? Infinity : taken.endsIn * 1e3));
			pause = Math.min(pauses.longest, pause * pauses.growth);
		}
	};
}
function waitedTooLong(holder) {
	const last = holder === void 0 ? "" : ` The last one was ${holderName(holder)}.`;
	return new KeeperError("store-unreachable", `Other jobs have held the lease of this login for ${longestWait / 6e4} minutes, and none has brought a refreshed login.${last}`, "See what became of them, then run this job again; nothing was spent by this one.");
}
// src/keeper/own-lease.ts
/**
* How long others respect it without a change, in seconds. Codex may take two minutes and the keeper then four for its write,
* which is why the lease is renewed in between.
*/
const lasts = {
	held: 90,
	exchanging: 300
};
const renewAfter = 3e4;
const tries = 4;
/** A lease of this job. @param version what it replaces */
function ownLease({ place, holder, token, clock }, version) {
	const nonce = randomUUID();
	let current = version;
	let writtenAt = clock.elapsed();
	let turn = 0;
	const named = () => {
		turn += 1;
		return {
			holder: leaseHolder(holder),
			nonce,
			turn
		};
	};
	const write = async (document) => {
		const bytes = leaseBytes(document);
		for (let attempt = 1;; attempt += 1) {
			const outcome = await place.write(bytes, current).catch(async (error) => {
				if (!isTransient(error) || attempt === tries) throw error;
				await clock.sleep(attempt * 1e3);
				return "lost";
			});
			if (outcome !== "lost") return took(outcome, attempt > 1 ? bytes : void 0);
			if (await isThere(bytes)) return true;
		}
	};
	/** @param bytes given when an earlier try may have written them */
	const took = async (outcome, bytes) => {
		if (outcome.kind === "conflict") return bytes !== void 0 && isThere(bytes);
		current = outcome.version;
		writtenAt = clock.elapsed();
		return true;
	};
	const isThere = async (bytes) => {
		const found = await retried(() => place.read(), clock);
		if (found === void 0 || Buffer.compare(found.bytes, bytes) !== 0) return false;
		current = found.version;
		writtenAt = clock.elapsed();
		return true;
	};
	const say = (state) => write({
		state,
		...named(),
		lasts: lasts[state]
	});
	const leave = async (document) => {
		await write(document).catch(() => void 0);
	};
	return {
		say,
		renew: async () => clock.elapsed() - writtenAt < renewAfter || say("exchanging").catch(() => false),
		giveBack: () => leave({ state: "free" }),
		refuse: (failure) => leave({
			state: "refused",
			...named(),
			token: refusedToken(token, nonce),
			failure
		})
	};
}
// src/keeper/lease.ts
/**
* Takes the lease, or waits for what its holder brings. Returns only when the token may be spent, or need not be.
* @throws KeeperError store-without-lease at a place that holds none; any other code is an outage: nothing may be spent
*/
async function takeLease(request) {
	const { place, token, clock, findNewer } = request;
	const waiting = startWaiting(request);
	for (;;) {
		const seen = await retried(() => place.read(), clock);
		const document = seen && parseLease(seen.bytes);
		const judgement = judgeLease({
			document,
			token,
			...waiting.saw(seen?.version, document)
		});
		switch (judgement.kind) {
			case "refused": return judgement;
			case "taken": {
				await waiting.pause(judgement);
				const newer = await findNewer();
				if (newer !== void 0) return {
					kind: "newer",
					newer
				};
				break;
			}
			case "open": {
				const taken = await takeOpen(request, seen?.version);
				if (taken.kind === "newer") return taken;
				if (taken.kind === "exchanging") return {
					...taken,
					overtakes: judgement.overtakes
				};
				await waiting.pause(void 0);
			}
		}
	}
}
/** Takes a lease that nobody holds, and looks once more before the token may be spent. */
async function takeOpen(request, version) {
	const own = ownLease(request, version);
	if (!await own.say("held")) return { kind: "lost" };
	try {
		const newer = await request.findNewer();
		if (newer === void 0) return await own.say("exchanging") ? {
			kind: "exchanging",
			lease: own
		} : { kind: "lost" };
		await own.giveBack();
		return {
			kind: "newer",
			newer
		};
	} catch (error) {
		await own.giveBack();
		throw error;
	}
}
// src/keeper/right-to-spend.ts
/** Takes the lease of the login in the first store that holds one, and waits for its turn there. */
async function rightToSpend(request, turn) {
	let unread;
	const findNewer = async () => {
		const newer = await takeNewerCopy(request);
		unread = newer.kind === "unread" ? newer.store : void 0;
		if (newer.kind === "unread") throw newer.error;
		return newer.kind === "none" ? void 0 : newer;
	};
	for (const { name, place } of leasePlaces(request.stores, turn.passOver)) try {
		return rightOf(await taken({
			request,
			turn,
			place,
			findNewer
		}));
	} catch (error) {
		if (!(error instanceof KeeperError)) throw error;
		if (error.code !== "store-without-lease") return {
			kind: "not-had",
			store: unread ?? name,
			error
		};
		turn.onNews({
			kind: "without",
			error
		});
	}
	turn.onNews({ kind: "nowhere" });
	return { kind: "unguarded" };
}
/** In the order of the list; a place that only this machine sees comes last, because jobs elsewhere do not heed it. */
function leasePlaces(stores, passOver) {
	const places = stores.flatMap(({ name, leasePlace: place }) => place === void 0 || passOver.includes(name) ? [] : [{
		name,
		place
	}]);
	return [...places.filter(({ place }) => place.seenBy === "all-jobs"), ...places.filter(({ place }) => place.seenBy === "this-machine")];
}
function taken({ request, turn: { holder, random, onNews }, place, findNewer }) {
	const { standing, clock } = request;
	const onWaiting = (wait) => {
		onNews({
			kind: "waiting",
			wait
		});
	};
	return takeLease({
		place,
		holder,
		token: standing.base.refreshToken,
		clock,
		random,
		onWaiting,
		findNewer
	});
}
function rightOf(result) {
	switch (result.kind) {
		case "exchanging": return {
			kind: "ours",
			lease: result.lease,
			overtakes: result.overtakes
		};
		case "newer": return {
			kind: "brought",
			newer: result.newer
		};
		case "refused": return result;
	}
}
// src/credential/write-back-decision.ts
/**
* The three-way decision for one store: may the file that Codex left replace the stored copy? First match wins; each line
* is one row of the table in docs/how-it-works.md.
*/
function decideWriteBack({ seed, base, file, copy }) {
	switch (file) {
		case "missing": return keep("file-missing");
		case "damaged": return keep("damaged");
		case "unmanaged": return keep("not-managed");
	}
	if (!isSameAccount(file, base)) return keep("different-account");
	if (seed !== void 0 && isSame(file, seed)) return keep(compareAge(file, base) === "older" ? "older-than-base" : "is-seed");
	if (typeof copy === "object" && isSame(file, copy)) return keep("unchanged");
	if (compareAge(file, base) === "older") return keep("older-than-base");
	switch (copy) {
		case "none": return { kind: "write" };
		case "unreadable": return { kind: "copy-unreadable" };
	}
	if (!isSameAccount(copy, base)) return keep("different-account");
	return isSame(copy, base) || compareAge(copy, base) === "older" && compareAge(file, copy) !== "older" ? { kind: "write" } : keep("superseded");
}
function keep(reason) {
	return {
		kind: "keep",
		reason
	};
}
/** Whether Codex has replaced the base by something that exists nowhere else until a store holds it. */
function isRotated({ seed, base, file }) {
	return typeof file === "object" && isSameAccount(file, base) && !isSame(file, base) && !(seed !== void 0 && isSame(file, seed)) && compareAge(file, base) !== "older";
}
// src/keeper/retry.ts
const firstPause = 2e3;
const longestPause = 3e4;
/**
* The pause before a further try: each is twice as long as the one before, up to half a minute, and the last try is made when
* the time is up.
* @param done further tries so far
* @param left milliseconds
* @returns milliseconds; undefined when the time is up
*/
function pauseBeforeTry(done, left) {
	return left <= 0 ? void 0 : Math.min(firstPause * 2 ** done, longestPause, left);
}
/**
* Tries again while a rotated login is in no store, whatever the stores have answered: an outage ends, and a hook that refuses once
* is not a rule. Giving up costs a login. Where no store was asked in vain, or a step of this job has taken away what each of them is
* opened with, there is nothing to wait for.
* @param again looks at the file and at the stores anew, and decides anew
*/
async function untilStored(first, again, { retry, clock }) {
	let last = first;
	let { lasting: left } = retry;
	for (let done = 0; isWorthATry(last.result); done += 1) {
		const pause = pauseBeforeTry(done, left);
		if (pause === void 0) break;
		retry.onPause({
			results: last.result.results,
			pause,
			left
		});
		const start = clock.now();
		await clock.sleep(pause);
		last = await again(last);
		left -= Math.max(pause, clock.now() - start);
	}
	return last;
}
function isWorthATry({ verdict, rotated, results }) {
	return verdict === "lost" && rotated && results.some(({ outcome }) => outcome.kind === "failed" && !isWithdrawn(outcome.error));
}
function isWithdrawn(error) {
	return error instanceof KeeperError && error.code === "store-withdrawn";
}
// src/keeper/write-back.ts
const attempts = 3;
/** Puts the file that Codex left into every store that is behind. Never throws for a store: each has its own outcome. */
async function writeBack(request) {
	const { stores, file, standing } = request;
	const state = fileState(file);
	const results = await Promise.all(stores.map(async (store) => ({
		name: store.name,
		guarantee: store.guarantee,
		outcome: await bringUpToDate(store, request, state)
	})));
	const isUnseen = bringsUnseenToken(state, standing);
	const rotated = isRotated({
		seed: standing.seed,
		base: standing.base,
		file: state
	});
	const holds = results.some(({ outcome }) => holdsFile(outcome));
	const overtaken = results.some(({ outcome }) => outcome.kind === "kept" && outcome.reason === "superseded");
	return {
		results,
		rotated,
		verdict: (rotated || isUnseen) && !holds && !overtaken ? "lost" : "safe",
		confirmed: holds && file.kind === "managed" ? file.credential.bytes : void 0
	};
}
/** Whether the file is the only place of a refresh token, whatever its times say of its age. */
function bringsUnseenToken(file, { base, seed, lastSeen }) {
	if (typeof file !== "object" || !isSameAccount(file, base)) return false;
	return ![
		base,
		seed,
		...Object.values(lastSeen).flatMap((last) => [last.base, last.copy])
	].some((known) => typeof known === "object" && known.refreshToken === file.refreshToken);
}
/** Whether the store holds the file now. */
function holdsFile(outcome) {
	return outcome.kind === "written" || outcome.kind === "kept" && outcome.reason === "unchanged";
}
function unreadable(error) {
	return error instanceof KeeperError && error.code === "store-superseded" ? {
		kind: "kept",
		reason: "superseded"
	} : {
		kind: "failed",
		error
	};
}
/** How the login stands after a write-back of this file that may be followed by another one in the same job; the base stays. */
function standingAfter(standing, { results }, file) {
	const holding = results.filter(({ outcome }) => holdsFile(outcome));
	const seen = Object.fromEntries(holding.map(({ name }) => [name, {
		base: file,
		copy: file
	}]));
	return {
		...standing,
		lastSeen: {
			...standing.lastSeen,
			...seen
		}
	};
}
/** The observed file as the decision wants it. */
function fileState(file) {
	return file.kind === "managed" ? file.credential.fingerprint : file.kind;
}
/** The copy, where this job itself has stored it and the file goes on from it: then it is what the file is judged by. */
function ownCopy(copy, file, { ours = [] }) {
	if (typeof copy !== "object" || typeof file !== "object" || compareAge(file, copy) === "older") return void 0;
	return ours.find((own) => isSame(own, copy));
}
async function bringUpToDate(store, request, file) {
	const { standing, clock } = request;
	const { seed } = standing;
	const { base, copy } = standing.lastSeen[store.name] ?? {
		base: standing.base,
		copy: "unreadable"
	};
	const remembered = decideWriteBack({
		seed,
		base,
		file,
		copy
	});
	if (remembered.kind === "keep") return {
		kind: "kept",
		reason: remembered.reason
	};
	if (request.file.kind !== "managed") throw new Error("A decision to write needs a managed file.");
	let failure = new KeeperError("store-refused", `Other writers were faster ${attempts} times in a row.`, "Let only one job at a time use this slot: concurrency with queue: max.");
	let answerLost = false;
	for (let attempt = 1;; attempt += 1) {
		const seen = await look(store, clock);
		if (seen.kind === "unreadable") return unreadable(seen.error);
		const state = copyState(seen);
		const decision = decideWriteBack({
			seed,
			base: ownCopy(state, file, standing) ?? base,
			file,
			copy: state
		});
		if (decision.kind === "keep") return decision.reason === "unchanged" && answerLost ? { kind: "written" } : {
			kind: "kept",
			reason: decision.reason
		};
		if (attempt > attempts) return {
			kind: "failed",
			error: failure
		};
		try {
			if ((await store.write(request.file.credential.bytes, seen.kind === "held" ? seen.version : void 0)).kind === "written") return { kind: "written" };
		} catch (error) {
			if (!isTransient(error)) return {
				kind: "failed",
				error
			};
			failure = error;
			answerLost = true;
			if (attempt < attempts) await clock.sleep(attempt * 1e3);
		}
	}
}
// src/keeper/latest-write-back.ts
/** How often a file that Codex goes on to change is written back. */
const rounds = 3;
/**
* As `writeBack`, and again when the file has changed meanwhile: a Codex that outlives its step can refresh while post works. A
* rotated login that no store takes is tried again as long as `retry` says.
* @returns the last write-back, of the file that was looked at last
*/
async function writeBackLatest({ observe, retry, ...request }) {
	let last = await round(request);
	for (let count = 1; count < rounds; count += 1) {
		const next = await followUp(last, observe);
		if (next === void 0) break;
		last = await round(next);
	}
	return untilStored(last, async (before) => round(await followUp(before, observe) ?? before.request), {
		retry,
		clock: request.clock
	});
}
async function round(request) {
	return {
		request,
		result: await writeBack(request)
	};
}
/** What is to be written back after this round; undefined when nothing more has come. */
async function followUp({ request, result }, observe) {
	const before = fileState(request.file);
	const { standing } = request;
	const isAtStake = result.rotated || result.verdict === "lost";
	const file = await observe().catch((error) => {
		if (isAtStake) return void 0;
		throw error;
	});
	if (file === void 0) return void 0;
	const now = fileState(file);
	if (!(isAtStake && typeof before === "object" ? isRotated({
		seed: standing.seed,
		base: before,
		file: now
	}) : !isSameState(before, now))) return void 0;
	return {
		...request,
		file,
		standing: typeof before === "object" ? standingAfter(standing, result, before) : standing
	};
}
function isSameState(one, other) {
	return typeof one === "object" && typeof other === "object" ? isSame(one, other) : one === other;
}
// src/keeper/rotation.ts
/** The credential that Codex has put in the place of the base, if it has. */
async function rotatedCredential({ standing: { base }, codexHome, clock }) {
	const file = await observeAuthFile(codexHome, clock);
	if (file.kind !== "managed") return void 0;
	const { fingerprint } = file.credential;
	return isSame(fingerprint, base) || !isSameAccount(fingerprint, base) ? void 0 : file.credential;
}
/**
* Writes back what Codex has rotated, if it has; where no store takes it, again as long as `retry` says.
* @param tried a login that was tried for so long before: it is tried once more, without a wait
*/
async function writeBackRotation(request, tried) {
	const { stores, clock, codexHome } = request;
	let ownChange = await authFileChangedAt(codexHome);
	const first = await rotatedCredential(request);
	if (first === void 0) return void 0;
	let credential = first;
	request.onCredential(credential);
	const retry = tried !== void 0 && isSame(credential.fingerprint, tried) ? {
		...request.retry,
		lasting: 0
	} : request.retry;
	const observe = async () => {
		ownChange = await authFileChangedAt(codexHome);
		const file = await observeAuthFile(codexHome, clock);
		if (file.kind === "managed" && !isSame(file.credential.fingerprint, credential.fingerprint)) request.onCredential(file.credential);
		return file;
	};
	const file = {
		kind: "managed",
		credential
	};
	const { request: last, result } = await writeBackLatest({
		stores,
		standing: request.standing,
		clock,
		file,
		observe,
		retry
	});
	if (last.file.kind === "managed") ({credential} = last.file);
	const seen = standingAfter(last.standing, result, credential.fingerprint);
	const next = result.verdict === "lost" ? seen : {
		...seen,
		base: credential.fingerprint
	};
	request.state.update({
		standing: next,
		ownChange
	});
	return {
		credential,
		standing: next,
		writeBack: result
	};
}
/** Whether a store took the new login in this run. */
function wasStored(rotation) {
	return rotation?.writeBack.results.some(({ outcome }) => outcome.kind === "written") === true;
}
// src/keeper/refresh.ts
/** Codex answers within a second of its start where the machine is not overloaded. Seconds. */
const longestStart = 30;
/**
* Lets Codex refresh the login now, where that is asked for, and writes the new file back at once. Of the jobs that want to
* do so at once, one does, and the others go on with what it brings.
*/
async function refreshEarly(request) {
	const { when, due, codex, turn } = request;
	if (when === "never") return {
		kind: "not-asked",
		why: "never"
	};
	if (when === "auto" && !due) return {
		kind: "not-asked",
		why: "not-due"
	};
	if (codex === void 0) return {
		kind: "not-asked",
		why: "no-cli"
	};
	const right = await rightToSpend(request, turn);
	switch (right.kind) {
		case "unguarded": return spend(request, codex, void 0);
		case "ours": return spend(request, codex, right);
		case "brought": return {
			...right.newer,
			after: "waiting"
		};
		case "refused": return refused(request, {
			failure: right.failure,
			refusedTo: right.holder
		});
		case "not-had": return {
			...right,
			kind: "no-lease",
			due
		};
	}
}
/** Asks Codex, and gives the lease back unless a rotated login may still be on its way into a store: then it runs out by itself. */
async function spend(request, codex, right) {
	const lease = right?.lease;
	let started = false;
	const run = await ask(request, codex, lease, () => {
		started = true;
	}).catch(async (error) => {
		if (!started) await lease?.giveBack();
		throw error;
	});
	const rotation = await writeBackWhileOurs(request, lease);
	if (rotation !== void 0) {
		if (rotation.writeBack.verdict === "safe") await lease?.giveBack();
		return {
			kind: "refreshed",
			...rotation
		};
	}
	if (run.kind === "left-running") return run;
	if (run.kind === "unsupported" || run.failure === void 0 || !failureWords[run.failure].needsPerson) {
		await lease?.giveBack();
		return {
			kind: "unchanged",
			failure: run.kind === "ended" ? run.failure : void 0
		};
	}
	const result = await refused(request, {
		failure: run.failure,
		begunBy: right?.overtakes
	});
	await (result.kind === "overtaken" ? lease?.giveBack() : lease?.refuse(run.failure));
	return result;
}
/** Nobody else may present the token while what came in its place is not stored, however long that is tried. */
async function writeBackWhileOurs(request, lease) {
	let renewed = lease?.renew();
	const onPause = (news) => {
		request.retry.onPause(news);
		renewed = renewed?.then(() => lease?.renew() ?? false);
	};
	const rotation = await writeBackRotation({
		...request,
		retry: {
			...request.retry,
			onPause
		}
	});
	await renewed;
	return rotation;
}
async function ask(request, codex, lease, onSpending) {
	const { standing, clock, state } = request;
	const from = codexRefreshesFrom(standing.base.issued);
	const onStart = (pid) => {
		onSpending();
		state.update({ codexProcess: pid });
	};
	await clock.sleep(waitBefore(from - clock.now() / 1e3) * 1e3);
	const hasChanged = async () => await rotatedCredential(request) !== void 0;
	const asked = await codex.refresh({
		refreshesFrom: from,
		hasChanged,
		onStart
	});
	const run = asked.kind === "unsupported" && (lease === void 0 || await lease.renew()) ? await codex.smokeTest(onStart) : asked;
	if (run.kind !== "left-running") state.update({ codexProcess: void 0 });
	return run;
}
/** A refused refresh is not the end: another job may have been faster. */
async function refused(request, refusal) {
	const newer = await awaitNewerCopy(request);
	switch (newer.kind) {
		case "overtaken":
		case "superseded": return {
			...newer,
			after: "refused"
		};
		case "unread": return {
			...newer,
			failure: refusal.failure
		};
		case "none": return {
			kind: "needs-reseed",
			...refusal,
			seedIsOlder: seedIsOlder(request.standing)
		};
	}
}
/**
* A token that Codex begins to refresh by itself while it starts would be spent twice when it is asked as well (measured on 0.150.0):
* then let that moment pass first. All in seconds.
*/
function waitBefore(untilThen) {
	return untilThen > 0 && untilThen <= longestStart ? untilThen + 1 : 0;
}
/** Whether the seed was issued before the login in use, so that it is spent as well. */
function seedIsOlder({ seed, base }) {
	return seed !== void 0 && !isSame(seed, base) && compareAge(seed, base) === "older";
}
// src/credential/newest.ts
/**
* The newest usable credential among all places. A store that could not be read is not an empty one: the seed is then
* out, because it may be spent, and another copy serves only while nothing will spend its refresh token. Of the same
* instant, a stored copy goes before the file and the file before the seed.
*/
function chooseNewest(facts) {
	const { candidates, unread, isDue, isExpected } = facts;
	if (candidates.length === 0) return { kind: "none" };
	const ours = isExpected === void 0 ? candidates : candidates.filter(({ credential }) => isExpected(credential.fingerprint));
	const foreign = candidates.filter((candidate) => !ours.includes(candidate));
	if (ours.length === 0) return {
		kind: "none-expected",
		found: candidates
	};
	if (ours.some((a) => ours.some((b) => !isSameAccount(a.credential.fingerprint, b.credential.fingerprint)))) return {
		kind: "two-accounts",
		found: ours
	};
	const allowed = unread ? ours.filter(({ origin }) => origin.kind !== "seed") : ours;
	const [first, ...rest] = [...allowed].sort((a, b) => rank[a.origin.kind] - rank[b.origin.kind]);
	if (first === void 0) return { kind: "only-seed-but-unread" };
	const newest = rest.reduce((best, next) => compareAge(next.credential.fingerprint, best.credential.fingerprint) === "newer" ? next : best, first);
	const { fingerprint } = newest.credential;
	if (unread && isDue(fingerprint)) return {
		kind: "due-but-unread",
		candidate: newest
	};
	return {
		kind: "chosen",
		candidate: newest,
		foreign,
		rivals: allowed.filter(({ credential: other }) => compareAge(other.fingerprint, fingerprint) === "same-instant" && !isSame(other.fingerprint, fingerprint))
	};
}
const rank = {
	store: 0,
	file: 1,
	seed: 2
};
/** The accounts of some candidates as a person may see them: origin and account hash. */
function listAccounts(candidates) {
	return candidates.map(({ origin, credential }) => `${originName(origin)}: ${accountHash(credential.fingerprint)}`).join(", ");
}
/** An origin as logs, summaries and the output `source` name it. */
function originName(origin) {
	return origin.kind === "store" ? origin.name : origin.kind;
}
// src/paths.ts
/**
* Whether a path is a folder or anything below it, by the names alone: neither has to exist, and links are not followed.
* @param path absolute, as `folder`
*/
function isInside(path, folder) {
	const way = relative(folder, path);
	return way !== ".." && !way.startsWith("../");
}
/**
* The place that a path leads to, through all links; what does not exist yet counts as it would be made, also behind a link
* that leads to nothing.
*/
function realPlace(path, hops = 40) {
	const absolute = resolve(path);
	try {
		return realpathSync.native(absolute);
	} catch {
		const parent = dirname(absolute);
		if (parent === absolute) return absolute;
		const target = hops > 0 ? linkAt(absolute) : void 0;
		if (target !== void 0) return realPlace(resolve(parent, target), hops - 1);
		return join(realPlace(parent, hops), relative(parent, absolute));
	}
}
function linkAt(path) {
	try {
		return readlinkSync(path);
	} catch {
		return;
	}
}
/** A PATH without the entries that lead into a folder, and without those that depend on the working directory. */
function pathOutside(path, folder) {
	const entries = path.split(delimiter).filter((entry) => isAbsolute(entry));
	if (!folder) return entries.join(delimiter);
	const [named, place] = [resolve(folder), realPlace(folder)];
	return entries.filter((entry) => !isInside(resolve(entry), named) && !isInside(realPlace(entry), place)).join(delimiter);
}
// src/codex/leftover-files.ts
/** A write takes milliseconds: a file that names no process and is older than this has no writer left. Milliseconds. */
const longestWrite = 6e4;
/**
* Looks for documents of ours that a SIGKILL has left beside `auth.json`, in the moment before they took its place or after they
* were moved aside. The newest whole login among them and the file becomes the file; the others are removed. Where the
* file is another account's, everything stays as it is. Never throws: what cannot be looked at is left alone.
*/
async function reclaimLeftovers(codexHome) {
	const path = await realpath(authFileIn(codexHome)).catch(() => authFileIn(codexHome));
	for (const name of await namesIn(dirname(path))) {
		const leftover = join(dirname(path), name);
		if (await isInUse(leftover, temporaryNames.exec(name)?.[1])) continue;
		const [found, file] = [await seen(leftover), await seen(path)];
		switch (judgeLeftover(found, file)) {
			case "reclaim":
				await rename(leftover, path).catch(() => void 0);
				break;
			case "remove": await rm(leftover, { force: true }).catch(() => void 0);
		}
	}
}
/** What becomes of one leftover; the last copy of a login is never removed. */
function judgeLeftover(leftover, file) {
	if (leftover === void 0 || file === void 0) return "leave";
	if (leftover.kind !== "managed") return leftover.kind === "damaged" ? "remove" : "leave";
	switch (file.kind) {
		case "missing":
		case "damaged": return "reclaim";
		case "unmanaged": return "leave";
		case "managed": return besideManaged(leftover.credential, file.credential);
	}
}
function besideManaged({ fingerprint: leftover }, { fingerprint: file }) {
	if (!isSameAccount(leftover, file)) return "leave";
	if (isSame(leftover, file)) return "remove";
	switch (compareAge(leftover, file)) {
		case "newer": return "reclaim";
		case "older": return "remove";
		case "same-instant": return "leave";
	}
}
async function namesIn(folder) {
	return (await readdir(folder).catch(() => [])).filter((name) => temporaryNames.test(name));
}
/** Undefined for what is not a regular file, or cannot be read. */
async function seen(path) {
	const found = await lstat(path).catch(() => void 0);
	if (found === void 0) return { kind: "missing" };
	return found.isFile() ? observeDocument(path).catch(() => void 0) : void 0;
}
async function isInUse(path, pid) {
	if (pid === void 0) {
		const found = await lstat(path).catch(() => void 0);
		return found === void 0 || Date.now() - found.mtimeMs < longestWrite;
	}
	return Number(pid) !== process.pid && isAlive(Number(pid));
}
function isAlive(pid) {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
// src/process/tools.ts
/** Looks the programs up in a PATH as a shell would; what is missing is left out. Relative entries are not searched. */
function findTools(path) {
	const found = [
		"bash",
		"git",
		"ssh"
	].map((name) => [name, findTool(name, path)]);
	return Object.fromEntries(found.filter(([, file]) => file !== void 0));
}
/** Absolute path of one program in a PATH; undefined when it is in none of its directories. */
function findTool(name, path) {
	for (const directory of path.split(delimiter)) {
		const file = join(directory, name);
		if (isAbsolute(directory) && isExecutable(file)) return file;
	}
}
/** Synchronous: a look at some names takes microseconds, and a trip through the thread pool for each many times that. */
function isExecutable(file) {
	try {
		accessSync(file, constants$2.X_OK);
		return true;
	} catch {
		return false;
	}
}
// src/process/network-variables.ts
/** The variables that tell a program how it reaches the network: its proxies, and the certificates it trusts. */
const networkVariables = [
	"HTTPS_PROXY",
	"https_proxy",
	"HTTP_PROXY",
	"http_proxy",
	"ALL_PROXY",
	"all_proxy",
	"NO_PROXY",
	"no_proxy",
	"SSL_CERT_FILE",
	"SSL_CERT_DIR"
];
// src/process/trusted-environment.ts
/**
* Remembers, at restore, what the environment was before the job's steps.
* @param env the environment of this process
*/
function rememberEnvironment(env) {
	const salt = randomBytes(12).toString("base64url");
	const hashes = entries(env).map(([name, value]) => [name, shortHash(salt, name, value)]);
	return {
		...env["PATH"] !== void 0 && { path: env["PATH"] },
		...env["HOME"] !== void 0 && { home: env["HOME"] },
		values: Object.fromEntries(setBack.flatMap((name) => env[name] === void 0 || env[name].includes("@") ? [] : [[name, env[name]]])),
		salt,
		hashes: Object.fromEntries(hashes)
	};
}
/** The runner says so where a job's access to the cache is narrowed, and cannot be told from a step where it does not. */
const cacheMode = "ACTIONS_CACHE_MODE";
/** Where the kubelet says that the API of its cluster is. */
const clusterVariables = ["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"];
const setBack = [
	...networkVariables,
	cacheMode,
	...clusterVariables
];
/**
* The environment for the user's own commands: the variables that are as they were at restore, with restore's PATH and
* HOME. A step in between can set LD_PRELOAD, BASH_ENV and the like for us through GITHUB_ENV; what it set or changed
* is left out. At restore itself: `trustedEnvironment(env, rememberEnvironment(env))`, so that both stages see the same.
*/
function trustedEnvironment(env, remembered) {
	return {
		...Object.fromEntries(entries(env).filter((entry) => isUnchanged(entry, remembered))),
		...Object.fromEntries(Object.entries(remembered.values).filter(([name]) => !isOurs(name))),
		...remembered.path !== void 0 && { PATH: remembered.path },
		...remembered.home !== void 0 && { HOME: remembered.home }
	};
}
/** The names of the variables that restore saw and that have been changed or taken away since. */
function lostVariables(env, remembered) {
	const unchanged = new Set(entries(env).flatMap((entry) => isUnchanged(entry, remembered) ? [entry[0]] : []));
	return Object.keys(remembered.hashes).filter((name) => !unchanged.has(name));
}
/**
* Takes out of this process's own environment what a step has set or changed since restore (a proxy, a PATH), so that
* nothing this process loads follows it. The runner's own variables stay: it sets them itself for each stage.
* @returns the names of the variables that were taken out or set back
*/
function undoChanges(env, remembered) {
	const mode = remembered.values[cacheMode];
	const trusted = {
		...trustedEnvironment(env, remembered),
		...mode !== void 0 && { [cacheMode]: mode }
	};
	const isRunners = (name) => name !== cacheMode && /^(GITHUB|RUNNER|ACTIONS|INPUT|STATE)_/.test(name);
	const changed = [.../* @__PURE__ */ new Set([...Object.keys(env), ...Object.keys(trusted)])].filter((name) => !isRunners(name) && env[name] !== trusted[name]);
	for (const name of changed) if (trusted[name] === void 0) Reflect.deleteProperty(env, name);
	else env[name] = trusted[name];
	return changed;
}
function isUnchanged([name, value], { salt, hashes }) {
	return hashes[name] === shortHash(salt, name, value);
}
/** The variables that a command may have at all: none that carries the runner's tokens, our inputs or our state. */
function entries(env) {
	return Object.entries(env).flatMap(([name, value]) => value === void 0 || name === "PATH" || name === "HOME" || isOurs(name) ? [] : [[name, value]]);
}
/** The runner gives these to an action's process; a `run:` step would not have them, or has its own. */
function isOurs(name) {
	return /^(INPUT|STATE|ACTIONS)_/i.test(name) || /^GITHUB_(ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)$/.test(name);
}
function shortHash(salt, name, value) {
	return hash("sha256", `${salt} ${name}=${value}`, "base64url").slice(0, 16);
}
// src/clock.ts
const systemClock = {
	now: () => Date.now(),
	elapsed: () => performance.now(),
	sleep: (milliseconds) => new Promise((resolve) => {
		setTimeout(resolve, milliseconds);
	})
};
// src/stores/open-stores.ts
/**
* Opens the stores of the `store` input; each backend is loaded only when it is used.
* @throws KeeperError store-refused when a store cannot be used in this run at all
*/
async function openStores(stores, found) {
	const attempts = await Promise.allSettled(stores.map((settings) => open$1(settings, found)));
	const opened = attempts.flatMap((attempt) => attempt.status === "fulfilled" ? [attempt.value] : []);
	const refused = attempts.find((attempt) => attempt.status === "rejected");
	if (refused === void 0) return opened;
	await closeStores(opened);
	throw refused.reason;
}
/** Removes what the stores have left on this machine. */
async function closeStores(stores) {
	await Promise.all(stores.map(async (store) => store.close?.()));
}
async function open$1(settings, found) {
	switch (settings.kind) {
		case "runner": return (await import("./runner-store.js")).runnerStore(settings);
		case "git": return sealed((await import("./git-store.js")).gitStore(settings), settings);
		case "cache": return sealed(await openCache(settings, found), settings);
		case "github-secret": return openGithubSecret(settings);
		case "ssh": return (await import("./ssh-store2.js")).sshStore(settings);
		case "kubernetes": return (await import("./kubernetes-store.js")).kubernetesStore(settings);
		case "vault": return (await import("./vault-store.js")).vaultStore(settings);
		case "s3": return openS3(settings);
		case "command": return openCommand(settings);
	}
}
async function openCache(settings, { defaultBranch }) {
	if (defaultBranch === void 0) throw new KeeperError("store-refused", "The store cache works on the default branch only, and nobody could tell which that is.", "Give github-token the permission \"contents: read\".");
	const { cacheStore } = await import("./cache-store.js");
	return cacheStore({
		...settings,
		defaultBranch
	});
}
/** Its commands run in an empty directory of ours: nothing that they look up beside themselves is a step's. */
async function openCommand({ tempDirectory, ...setup }) {
	const { commandStore } = await import("./command-store.js");
	await mkdir(tempDirectory, { recursive: true });
	const cwd = await mkdtemp(join(tempDirectory, "codex-auth-command-"));
	return Object.assign(commandStore({
		...setup,
		cwd
	}), { close: () => rm(cwd, {
		recursive: true,
		force: true
	}).catch(() => void 0) });
}
async function openGithubSecret({ apiUrl, auth, handover, ...setup }) {
	const [{ githubSecretStore, secretHandover }, { githubApi }] = await Promise.all([import("./github-secret-store.js"), import("./github-api.js")]);
	const api = githubApi({
		baseUrl: apiUrl,
		clock: systemClock,
		auth
	});
	return githubSecretStore({
		...setup,
		clock: systemClock,
		api,
		handover: secretHandover.parse(handover)
	});
}
async function openS3({ sealing, ...options }) {
	const store = (await import("./s3-store.js")).s3Store(options);
	return sealing === void 0 ? store : sealed(store, { sealing });
}
async function sealed(store, { sealing: { keys, place } }) {
	if (keys === void 0) return (await import("./store-without-key.js")).storeWithoutKey(store);
	const { sealedStore } = await import("./sealed-store2.js");
	return sealedStore(store, {
		keys,
		place
	});
}
// src/credential/secret-values.ts
/** Fields of an `auth.json` that are not secret: masking them would only black out the job's log. */
const harmless = /* @__PURE__ */ new Set([
	"auth_mode",
	"last_refresh",
	"account_id",
	"token_type"
]);
/** Shorter strings are not secrets and would be masked inside ordinary words. */
const shortest = 8;
/**
* Every string of a document that must be masked before anything is printed: each secret value on its own, and each part
* of those that are JWTs; never the document as a whole, whose lines would mask every brace of the log.
* @param text an `auth.json`, whole or damaged
*/
function secretValues(text) {
	let found;
	try {
		found = stringsIn(JSON.parse(text));
	} catch {
		found = text.match(/[A-Za-z0-9_\-.~+/=]{20,}/g) ?? [];
	}
	const values = found.flatMap((value) => [value, ...value.split(".")]).filter((value) => value.length >= shortest);
	return [...new Set(values)];
}
function stringsIn(value, key = "") {
	if (typeof value === "string") return harmless.has(key) || value.includes("\n") ? linesOf$1(value, key) : [value];
	if (Array.isArray(value)) return value.flatMap((item) => stringsIn(item, key));
	if (typeof value === "object" && value !== null) return Object.entries(value).flatMap(([name, item]) => stringsIn(item, name));
	return [];
}
function linesOf$1(value, key) {
	return harmless.has(key) ? [] : value.split("\n").map((line) => line.trim());
}
/** Every secret as it is, percent-encoded and in base64, longest first; made once where many texts are cleaned. */
function secretForms(secrets) {
	return [...secrets].flatMap(encodedForms).filter((form) => form.length >= shortest).sort((a, b) => b.length - a.length);
}
/** The text with each of these forms replaced by `***`. */
function withoutForms(text, forms) {
	return forms.reduce((clean, form) => clean.replaceAll(form, "***"), text);
}
/** The value as it is, percent-encoded, and as base64 and base64url at each of the three alignments. */
function encodedForms(value) {
	const base64 = [
		0,
		1,
		2
	].map((pad) => {
		const bytes = Buffer.from("\0".repeat(pad) + value);
		const text = bytes.toString("base64").replace(/=+$/, "");
		return text.slice(pad === 0 ? 0 : pad + 1, bytes.length % 3 === 0 ? text.length : -1);
	});
	const wellFormed = value.toWellFormed();
	return [.../* @__PURE__ */ new Set([
		value,
		encodeURIComponent(wellFormed),
		...base64,
		...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))
	])];
}
// src/credential/seed.ts
/**
* The document in a secret as people paste it: raw or base64 (also URL-safe, also wrapped over lines), pretty or compact,
* with a byte order mark, CRLF or blanks around it.
* @param text the secret's value
* @returns the bytes of the document, to be read with parseAuthJson
* @throws AuthJsonError when it is neither JSON nor base64
*/
function seedBytes(text) {
	const trimmed = stripped(text);
	if (trimmed === "") throw new AuthJsonError("the seed", "is empty");
	if (trimmed.startsWith("{")) return new TextEncoder().encode(trimmed);
	const base64 = trimmed.replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
	if (!/^[A-Za-z0-9+/]+$/.test(base64)) throw new AuthJsonError("the seed", "is neither JSON nor base64");
	try {
		const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
		return new TextEncoder().encode(stripped(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
	} catch {
		throw new AuthJsonError("the seed", "is base64 that does not decode to text");
	}
}
function stripped(text) {
	return text.replace(/^[\uFEFF\s]+/, "").trimEnd();
}
// src/stores/sealed/sealing-keys.ts
/** `age-keygen` writes 58 bech32 characters after the prefix; `age-keygen -pq` as well. */
const identity = /^AGE-SECRET-KEY-(PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}$/;
const shortestPassphrase = 32;
/**
* Reads the `encryption-key` input: one key per line, either an age identity (`AGE-SECRET-KEY-1…`) or a passphrase of at
* least 32 characters. Blank lines and lines that start with `#`, as `age-keygen` writes them, are dropped.
* A problem names the line, never its content.
*/
function parseSealingKeys(text) {
	const problems = [];
	const keys = [];
	for (const { line, number } of keyLines(text)) {
		const problem = problemOf(line);
		if (problem === void 0) keys.push({
			kind: identity.test(line) ? "identity" : "passphrase",
			secret: line
		});
		else problems.push(`encryption-key, line ${number}: ${problem}`);
	}
	const [problem, ...otherProblems] = problems;
	if (problem !== void 0) return {
		kind: "problems",
		problems: [problem, ...otherProblems]
	};
	const [first, ...others] = keys;
	if (first !== void 0) return {
		kind: "keys",
		keys: [first, ...others]
	};
	return {
		kind: "problems",
		problems: ["encryption-key holds no key. Make one with `age-keygen` and keep it as a secret."]
	};
}
/** Every string of the `encryption-key` input that must be masked, also when the input is wrong. */
function sealingSecrets(text) {
	return [...new Set(keyLines(text).map(({ line }) => line))];
}
function keyLines(text) {
	return text.split(/\r\n|\r|\n/).map((line, index) => ({
		line: line.replace(/^\uFEFF/, "").trim(),
		number: index + 1
	})).filter(({ line }) => line !== "" && !line.startsWith("#"));
}
function problemOf(line) {
	if (identity.test(line)) return void 0;
	if (/^age-secret-key-/i.test(line)) return "an age identity that is not complete. Copy the whole line of the key file.";
	if (/^age1/i.test(line)) return "a public key (age1…), which cannot open anything. Give the AGE-SECRET-KEY-1… line.";
	if (/^age-plugin-/i.test(line)) return "an identity of an age plug-in; plug-ins are not supported. Use a plain age-keygen key.";
	if (/^-----BEGIN|^ssh-/.test(line)) return "an SSH or PEM key. Use an age identity from `age-keygen`.";
	if (line.length >= shortestPassphrase) return void 0;
	return `neither an age identity (AGE-SECRET-KEY-1…) nor a passphrase of at least ${shortestPassphrase} characters.`;
}
// src/keeper/given-secrets.ts
/**
* Every string in them that nobody may see: the values themselves, and one by one the tokens inside the seed, whatever form
* it has.
*/
function secretsIn({ authJson = "", encryptionKey = "", keyFiles, tokens }) {
	return [
		...seedSecrets(authJson),
		...sealingSecrets(encryptionKey),
		...keyFiles.flatMap((text = "") => linesOf(text)),
		...tokens.map((token = "") => token.trim())
	].filter((secret) => secret.length >= 8);
}
function seedSecrets(text) {
	try {
		const found = secretValues(new TextDecoder().decode(seedBytes(text)));
		return text.trim().startsWith("{") ? found : [...found, ...linesOf(text)];
	} catch {
		return secretValues(text);
	}
}
/** The lines of a key file, without the lines that say what it is. */
function linesOf(text) {
	return text.split("\n").map((line) => line.trim()).filter((line) => !line.startsWith("-----"));
}
// src/action/input-secrets.ts
/** Masks every secret the inputs hold, before anything else is printed. */
function maskInputs(read, masks) {
	masks.add(secretsIn({
		authJson: read("auth-json"),
		encryptionKey: read("encryption-key"),
		keyFiles: [read("app-private-key"), read("ssh-key")],
		tokens: [
			read("github-token"),
			read("store-token"),
			read("secret-writer-token")
		]
	}));
}
// src/stores/sealed/first-key.ts
/**
* What later stages are told of the key that seals, to know it again and nothing else. An identity is random through and
* through; a passphrase may be poor, so each guess at it is made slow.
*/
function keyDigest(key) {
	switch (key.kind) {
		case "identity":
		case "recipient": return `${key.kind}:${sha256(`codex-auth-keeper sealing key\n${key.secret}`)}`;
		case "passphrase": return slowDigest(key.secret, randomBytes(16).toString("base64url"));
	}
}
/** The keys with the one of this digest in front; undefined when it is not among them. */
function withFirstKey(keys, digest) {
	const first = keys.find((key) => hasDigest(key, digest));
	return first && [first, ...keys.filter((key) => key !== first)];
}
function hasDigest(key, digest) {
	const [kind, salt = ""] = digest.split(":");
	if (kind !== key.kind) return false;
	return digest === (key.kind === "passphrase" ? slowDigest(key.secret, salt) : keyDigest(key));
}
function slowDigest(secret, salt) {
	return `passphrase:${salt}:${scryptSync(secret, salt, 32, {
		N: 2 ** 15,
		r: 8,
		p: 1,
		maxmem: 2 ** 26
	}).toString("base64url")}`;
}
// src/stores/sealed/judge-sealing.ts
/**
* Judges the keys of a store that others can read; those of a later stage by the key that restore seals with.
* @param place as in `Sealing`, of that store alone
*/
function judgeSealing({ given: { encryptionKey }, run: { sealedFor } }, place) {
	if (sealedFor !== void 0) return {
		kind: "settings",
		settings: {
			keys: encryptionKey?.kind === "keys" ? withFirstKey(encryptionKey.keys, sealedFor) : void 0,
			place
		}
	};
	if (encryptionKey === void 0) return {
		kind: "problems",
		problems: ["encryption-key is needed: others can read the stores git and cache, so the login is sealed. Make one with age-keygen; if there is one, see that the secret has this name and that the event is given secrets."]
	};
	return encryptionKey.kind === "keys" ? {
		kind: "settings",
		settings: {
			keys: encryptionKey.keys,
			place
		}
	} : encryptionKey;
}
// src/stores/cache/cache-settings.ts
/** Judges the line `cache`. */
function judgeCache(line) {
	const { name, given, run } = line;
	const sealing = judgeSealing(line, `cache slot=${given.slot}`);
	if (sealing.kind === "problems") return sealing;
	return {
		kind: "settings",
		settings: {
			name,
			slot: given.slot,
			tempDir: run.tempDirectory,
			env: run.env,
			ref: run.ref,
			sealing: sealing.settings
		}
	};
}
// src/stores/store-line.ts
/** The sentences of all that is wrong, of several parts of a store. */
function problemsOf(...parts) {
	return parts.flatMap((part) => part.kind === "problems" ? part.problems : []);
}
/** The absolute path of a program that the store runs. */
function judgeTool({ name, run }, tool) {
	const path = run.tools[tool];
	if (path !== void 0) return {
		kind: "settings",
		settings: path
	};
	return {
		kind: "problems",
		problems: [`store: "${name}" needs ${tool}, and there is none in PATH. Install ${tool} before this step.`]
	};
}
// src/stores/command/workspace-files.ts
/**
* What a command names of the workspace, as it stands there: post hands the login to the command, after the steps of the
* job, and what the model runs may write in the workspace. It looks at words and is not a shell: whoever hides a name finds a way.
* @param command the text of read-command or write-command
* @param workspace absolute
*/
function workspaceFilesIn(command, workspace) {
	const words = command.split(/[\s"'`;|&()<>]+/).filter((word) => word !== "");
	return [...new Set(words.filter((word) => isOfWorkspace(word.replace(/^[\w-]+=/, ""), workspace)))];
}
function isOfWorkspace(word, workspace) {
	const named = word.replace(/^\$(GITHUB_WORKSPACE\b|\{GITHUB_WORKSPACE\})/, workspace);
	if (named.startsWith("/")) return isInside(resolve(named), workspace);
	return /\/|[^.]\.\w/.test(named) && existsSync$1(resolve(workspace, named)) && statSync(resolve(workspace, named)).isFile();
}
// src/stores/command/command-settings.ts
/** Judges the line `command`. To bash, no command at all is one that succeeded: an empty place, and a write that was taken. */
function judgeCommand(line) {
	const { name, given, run } = line;
	const bash = judgeTool(line, "bash");
	const commands = judgeCommands(line);
	if (commands.kind === "problems" || bash.kind === "problems") return {
		kind: "problems",
		problems: problemsOf(commands, bash)
	};
	return {
		kind: "settings",
		settings: {
			name,
			slot: given.slot,
			...commands.settings,
			bash: bash.settings,
			env: run.userEnv,
			tempDirectory: run.tempDirectory
		}
	};
}
function judgeCommands({ given: { readCommand, writeCommand, proveCommand }, run: { workspace, hasNextStage } }) {
	if (!readCommand?.trim() || !writeCommand?.trim()) return {
		kind: "problems",
		problems: ["read-command and write-command are both needed by the store command."]
	};
	const named = workspace && hasNextStage ? workspaceFilesIn([
		readCommand,
		writeCommand,
		proveCommand ?? ""
	].join("\n"), workspace) : [];
	if (named.length === 0) return {
		kind: "settings",
		settings: {
			readCommand,
			writeCommand,
			...proveCommand?.trim() && { proveCommand }
		}
	};
	return {
		kind: "problems",
		problems: [`read-command, write-command and prove-command must name nothing in the workspace (${named.join(", ")}): what the model runs may write there, and the post step would hand the login to what is there by then. Copy it to "\$RUNNER_TEMP" in a step before this one (cp scripts/store.sh "\$RUNNER_TEMP/") and name it there, or write the commands into the inputs.`]
	};
}
// src/stores/kubernetes/cluster-address.ts
/**
* The address of the API from the variables that the kubelet gives to each container.
* @returns undefined where this is not a pod, or where the variables are not the kubelet's
*/
function clusterAddress({ KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port }) {
	if (host === void 0 || port === void 0 || !/^[\w.:-]+$/.test(host) || !/^\d{1,5}$/.test(port)) return void 0;
	return {
		host,
		port: Number(port)
	};
}
// src/stores/kubernetes/kubernetes-address.ts
const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const namespaceForm = new RegExp(`^${label}$`);
const nameForm = new RegExp(`^${label}(?:\\.${label})*$`);
const longestName$1 = 253;
/**
* Reads what follows `kubernetes:`, `namespace/secret-name`.
* Rules of names: "Object Names and IDs" in the Kubernetes documentation; a namespace is a DNS label, a Secret a DNS subdomain.
*/
function parseKubernetesAddress(text) {
	const [namespace = "", name = "", ...more] = text.trim().split("/");
	if (namespace === "" || name === "" || more.length > 0) return problem$1("the form is kubernetes: namespace/secret-name.");
	if (!namespaceForm.test(namespace)) return problem$1(`"${namespace}" cannot be the name of a namespace: use lower-case letters, digits and "-", at most 63 characters.`);
	if (!nameForm.test(name) || name.length > longestName$1) return problem$1(`"${name}" cannot be the name of a Secret: use lower-case letters, digits, "-" and ".", at most ${longestName$1} characters.`);
	return {
		kind: "address",
		address: {
			namespace,
			name
		}
	};
}
function problem$1(text) {
	return {
		kind: "problem",
		problem: text
	};
}
// src/stores/kubernetes/kubernetes-settings.ts
/**
* Judges a line `kubernetes: namespace/secret-name`. Whether this is a pod at all is told by the store itself, as another one of
* the list may well be usable where it is not.
*/
function judgeKubernetes({ name, address, run }) {
	const parsed = parseKubernetesAddress(address ?? "");
	if (parsed.kind === "problem") return {
		kind: "problems",
		problems: [`store: kubernetes: ${parsed.problem}`]
	};
	return {
		kind: "settings",
		settings: {
			name,
			address: parsed.address,
			cluster: clusterAddress(run.userEnv),
			onSecret: run.onSecret
		}
	};
}
// src/stores/openssh.ts
const keyFile = "key";
const hostsFile = "known_hosts";
/** Writes the key and the known hosts (0600) into a private, fresh directory. */
async function writeKeyFiles({ key, knownHosts }, directory) {
	const write = (name, text) => writeFile(join(directory, name), lines(text), {
		mode: 384,
		flag: "wx"
	});
	await write(hostsFile, knownHosts);
	if (isGiven(key)) await write(keyFile, key);
}
/**
* The options of an ssh that asks nobody, reads no configuration and no key file of this machine or user, trusts the given
* host keys alone, and gives up a connection that says nothing for ten seconds. Names of options: ssh_config(5).
* @param inOption how the value of an option names a file of `writeKeyFiles`: ssh splits it at blanks and expands `%` and `~`
*/
function sshOptions({ key }, inOption) {
	const identity = isGiven(key) ? [
		"IdentitiesOnly=yes",
		"IdentityAgent=none",
		`IdentityFile=${inOption(keyFile)}`
	] : ["IdentityAgent=SSH_AUTH_SOCK", "IdentityFile=none"];
	return [
		"-T",
		"-F",
		"/dev/null",
		...[
			"BatchMode=yes",
			"StrictHostKeyChecking=yes",
			`UserKnownHostsFile=${inOption(hostsFile)}`,
			"GlobalKnownHostsFile=/dev/null",
			"UpdateHostKeys=no",
			...identity,
			"ConnectTimeout=10",
			"ServerAliveInterval=5",
			"ServerAliveCountMax=2"
		].flatMap((option) => ["-o", option])
	];
}
/** The keys for a host that a store line names; the problems hold no part of a key. */
function judgeSshKeys({ name, given, run }, host, port) {
	const { sshKey: key, sshKnownHosts: knownHosts } = given;
	const problems = [];
	if (key === void 0 && !run.userEnv["SSH_AUTH_SOCK"]) problems.push(`Neither ssh-key nor an ssh agent (SSH_AUTH_SOCK) is given, and store: "${name}" needs one of them.`);
	if (key !== void 0 && !/^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n/.test(key.trim())) problems.push("ssh-key must be a whole private key file, from its BEGIN line to its END line.");
	if (knownHosts === void 0) problems.push(`ssh-known-hosts is needed by store: "${name}". ${howToPin(host, port)}`);
	if (knownHosts === void 0 || problems.length > 0) return {
		kind: "problems",
		problems
	};
	return {
		kind: "settings",
		settings: {
			knownHosts,
			...key !== void 0 && { key }
		}
	};
}
/** How a person gets the host's key, with the warning that goes with it. */
function howToPin(host, port) {
	return `Put the output of "ssh-keyscan -p ${port} ${host}" into ssh-known-hosts, after you have compared it with the key as the host itself shows it (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub): ssh-keyscan alone proves nothing.`;
}
/** One word for a POSIX shell. */
function quoted(text) {
	return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
function isGiven(key) {
	return key !== void 0 && key.trim() !== "";
}
/** OpenSSH refuses a key without a final newline, and a secret that was pasted on Windows has the wrong ones. */
function lines(text) {
	return `${text.replaceAll("\r\n", "\n").trim()}\n`;
}
// src/parsed-url.ts
/** The URL in a text; undefined where it is none. (`URL.parse` is not in Node 20, on which the command line runs.) */
function parsedUrl(text, base) {
	return URL.canParse(text, base) ? new URL(text, base) : void 0;
}
// src/stores/git/git-address.ts
/**
* Reads what stands after `git:` in a store line.
* @param text `https://host/owner/repo`, `ssh://git@host/owner/repo`, `git@host:owner/repo` or `file:///path`, each
*   with or without `?ref=refs/…`; `?ref=refs/…` alone and undefined mean this repository
* @param here this repository, and the slot that names the ref when none is given
* @returns the address, or a sentence for each problem; the sentences never repeat what may be a credential
*/
function parseGitAddress(text, here) {
	const [place = "", query, ...more] = (text ?? "").split("?");
	const problems = [];
	if (more.length > 0) problems.push("git: only one \"?\" is allowed.");
	const ref = refOf(query, here.slot, problems);
	const reached = place === "" ? thisRepository(here) : elsewhere(place, here.serverUrl);
	if (typeof reached === "string") problems.push(reached);
	if (typeof reached === "string" || problems.length > 0) return {
		kind: "problems",
		problems
	};
	return {
		kind: "address",
		address: {
			...reached,
			ref
		}
	};
}
/** Whether an origin is that of the job's own server. */
function isOwnServer(origin, serverUrl) {
	return origin === originOf(serverUrl);
}
/** The ref of the lease beside that of a copy. No ref of a copy has a comma, so no slot and no `?ref=` can name it. */
function leaseRef(ref) {
	return `${ref},lease`;
}
function thisRepository({ serverUrl, repository }) {
	const origin = originOf(serverUrl);
	if (origin === void 0 || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return "git: this repository is not known (GITHUB_SERVER_URL, GITHUB_REPOSITORY); write its address after \"git:\".";
	return {
		url: `${serverUrl.replace(/\/+$/, "")}/${repository}`,
		transport: {
			kind: "http",
			origin
		}
	};
}
function elsewhere(place, serverUrl) {
	if (!/^[A-Za-z0-9][\x21-\x7e]*$/.test(place) || /["'`$\\<>|;&#*]/.test(place)) return "git: the address has characters that no repository address needs.";
	if (/^refs\//.test(place)) return "git: a ref of this repository is named after a \"?\": git: ?ref=refs/heads/….";
	if (/^[\w.-]+@[A-Za-z0-9][\w.-]*:(?!\/\/)[^:@]+$/.test(place)) return {
		url: place,
		transport: { kind: "ssh" }
	};
	const url = parsedUrl(place);
	if (url === void 0 || !place.startsWith(`${url.protocol}//`) || /^[\w+.-]+::/.test(place)) return "git: the address must be https://…, ssh://…, user@host:path or file:///….";
	if (url.password !== "" || url.username !== "" && url.protocol !== "ssh:") return "git: the address must not hold a user name or password; a token belongs in github-token, that of another server in store-token.";
	if (url.pathname.length < 2) return "git: the address names no repository.";
	switch (url.protocol) {
		case "https:": return {
			url: place,
			transport: {
				kind: "http",
				origin: url.origin
			}
		};
		case "http:":
			if (isLoopbackHost(url.hostname) || url.origin === originOf(serverUrl)) return {
				url: place,
				transport: {
					kind: "http",
					origin: url.origin
				}
			};
			return "git: http:// would show the token on the way; use https:// or ssh://.";
		case "ssh:":
			if (!/^[A-Za-z0-9[][\w.:\]-]*$/.test(url.hostname) || !/^([A-Za-z0-9_][\w.-]*)?$/.test(url.username)) return "git: the ssh address names no host.";
			return {
				url: place,
				transport: { kind: "ssh" }
			};
		case "file:":
			if (url.hostname !== "") return "git: file:// takes an absolute path, file:///path.";
			return {
				url: place,
				transport: { kind: "file" }
			};
		default: return `git: "${url.protocol}//" is not one of https://, ssh:// and file://.`;
	}
}
function refOf(query, slot, problems) {
	const byDefault = `refs/codex-auth/${slot}`;
	const [key = "", value = ""] = query === void 0 ? ["ref", byDefault] : query.split(/=(.*)/s);
	if (key !== "ref") problems.push("git: after the \"?\" only ref=refs/… is allowed.");
	else if (!isRefName(value)) problems.push("git: the ref must be a full name such as refs/codex-auth/default.");
	return value;
}
/** The part of git's rules for ref names that needs no escaping anywhere (git-check-ref-format). */
function isRefName(name) {
	const [root, ...parts] = name.split("/");
	return root === "refs" && parts.length >= 2 && name.length <= 200 && parts.every((part) => /^[A-Za-z0-9_][\w.+=@-]*$/.test(part) && !part.includes("..") && !/\.(lock)?$/.test(part));
}
function originOf(serverUrl) {
	const url = parsedUrl(serverUrl);
	if (url === void 0 || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return void 0;
	return url.origin;
}
// src/stores/git/git-access.ts
/** Judges what the inputs give for an address. */
function judgeGitAccess(line, { url, transport }) {
	switch (transport.kind) {
		case "http": return judgeToken(line, transport.origin);
		case "ssh": {
			const tool = judgeTool(line, "ssh");
			const { host, port } = hostOf(url);
			const keys = judgeSshKeys(line, host, port);
			if (tool.kind === "problems" || keys.kind === "problems") return {
				kind: "problems",
				problems: problemsOf(tool, keys)
			};
			return {
				kind: "settings",
				settings: {
					kind: "ssh",
					ssh: {
						path: tool.settings,
						...keys.settings
					}
				}
			};
		}
		case "file": return {
			kind: "settings",
			settings: { kind: "file" }
		};
	}
}
function judgeToken({ name, given: { githubToken, storeToken }, run }, origin) {
	if (isOwnServer(origin, run.serverUrl)) return {
		kind: "settings",
		settings: {
			kind: "http",
			token: githubToken,
			tokenInput: "github-token"
		}
	};
	if (storeToken === void 0 && origin.startsWith("https:")) return {
		kind: "problems",
		problems: [`${`store: "${name}" is on another server than this job, and github-token goes to the job's own server alone.`} Give a token of ${origin} as store-token.`]
	};
	if (storeToken !== void 0 && storeToken === githubToken) return {
		kind: "problems",
		problems: [`${`store-token is the same as github-token, which ${origin} must not get: it goes to the job's own server alone.`} Give a token of ${origin} as store-token.`]
	};
	return {
		kind: "settings",
		settings: {
			kind: "http",
			token: storeToken,
			tokenInput: "store-token"
		}
	};
}
/** The host of `ssh://git@host:port/path` or `git@host:path`, as ssh-keyscan takes it. */
function hostOf(url) {
	const parsed = parsedUrl(url);
	return {
		host: (parsed?.hostname ?? /@([^:]*):/.exec(url)?.[1] ?? "").replace(/^\[|\]$/g, ""),
		port: Number(parsed?.port || 22)
	};
}
// src/stores/git/git-settings.ts
/** Judges a line `git` or `git: address`. */
function judgeGit(line) {
	const { name, given, run } = line;
	const place = judgePlace(line);
	const ref = place.kind === "settings" ? place.settings.address.ref : "";
	const sealing = judgeSealing(line, `git slot=${given.slot} ref=${ref}`);
	const git = judgeTool(line, "git");
	if (place.kind === "problems" || sealing.kind === "problems" || git.kind === "problems") return {
		kind: "problems",
		problems: problemsOf(place, sealing, git)
	};
	return {
		kind: "settings",
		settings: {
			name,
			...place.settings,
			slot: given.slot,
			git: git.settings,
			tempDir: run.tempDirectory,
			commitNote: {
				run: run.runUrl,
				now: () => /* @__PURE__ */ new Date()
			},
			networkEnv: gitEnvironment(run.userEnv),
			pack: {
				file: join(run.tempDirectory, `codex-auth-${sha256(name).slice(0, 16)}.pack`),
				forNextStage: run.hasNextStage
			},
			sealing: sealing.settings
		}
	};
}
function judgePlace(line) {
	const { serverUrl, repository } = line.run;
	const parsed = parseGitAddress(line.address, {
		serverUrl,
		repository,
		slot: line.given.slot
	});
	if (parsed.kind === "problems") return {
		kind: "problems",
		problems: [`store: ${parsed.problems.join(" ")}`]
	};
	const access = judgeGitAccess(line, parsed.address);
	if (access.kind === "problems") return access;
	return {
		kind: "settings",
		settings: {
			address: parsed.address,
			access: access.settings
		}
	};
}
/** What git and its ssh may have of the environment. */
function gitEnvironment(env) {
	return Object.fromEntries(Object.entries(env).filter(([name]) => networkVariables.includes(name) || name === "SSH_AUTH_SOCK"));
}
// src/stores/github-secret/github-secret-name.ts
/** Leaves room for the suffixes; GitHub does not document its own limit. */
const longestName = 200;
const longestEnvironment = 255;
/**
* Reads what follows `github-secret:`, `NAME` or `NAME?environment=prod` (percent-encoded where a sign would be in the way).
* Rules of names: GitHub's "Secrets reference" and its REST documentation of environments.
*/
function parseSecretAddress(address) {
	const [, secret = "", query] = /^([^?]*)(?:\?(.*))?$/s.exec(address.trim()) ?? [];
	if (secret === "") return problem("a name is missing; the form is github-secret: NAME?environment=ENVIRONMENT.");
	if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(secret)) return problem(`"${secret}" cannot be the name of a secret: use letters, digits and "_", and begin with no digit.`);
	if (/^GITHUB_/i.test(secret)) return problem(`"${secret}" cannot be the name of a secret: names that begin with GITHUB_ are reserved.`);
	if (secret.length > longestName) return problem(`the name of the secret is longer than ${longestName} characters.`);
	const environment = query === void 0 ? void 0 : environmentOf(query);
	if (environment === "") return problem(`"?${query ?? ""}" must be ?environment=NAME, with at most ${longestEnvironment} characters.`);
	const name = secret.toUpperCase();
	return {
		kind: "name",
		name: {
			secret: name,
			environment,
			variable: `${name}_FINGERPRINT`
		}
	};
}
/** '' when the query is not what it must be. */
function environmentOf(query) {
	const [, encoded = ""] = /^environment=([^&]*)$/.exec(query) ?? [];
	try {
		const environment = decodeURIComponent(encoded).trim();
		return environment.length > longestEnvironment ? "" : environment;
	} catch {
		return "";
	}
}
function problem(text) {
	return {
		kind: "problem",
		problem: text
	};
}
// src/stores/github-secret/github-secret-settings.ts
/** Judges a line `github-secret: NAME?environment=prod`. */
function judgeGithubSecret(line) {
	const { name, given, run } = line;
	const address = parseSecretAddress(line.address ?? "");
	const secret = address.kind === "name" ? {
		kind: "settings",
		settings: address.name
	} : {
		kind: "problems",
		problems: [`store: github-secret: ${address.problem}`]
	};
	const writer = given.secretWriter ?? {
		kind: "problems",
		problems: [writerNeeded]
	};
	if (secret.kind === "problems" || writer.kind === "problems") return {
		kind: "problems",
		problems: problemsOf(secret, writer)
	};
	const [owner = "", repo = ""] = run.repository.split("/");
	return {
		kind: "settings",
		settings: {
			name,
			secret: secret.settings,
			repository: {
				owner,
				repo
			},
			currentValue: given.authJson,
			apiUrl: run.apiUrl,
			auth: writer.settings.kind === "app" ? {
				...writer.settings,
				owner,
				repo
			} : writer.settings,
			handover: run.handovers[name]
		}
	};
}
const writerNeeded = "secret-writer-token (or app-id and app-private-key) is needed by the store github-secret: GITHUB_TOKEN can never write secrets.";
// src/stores/runner/runner-settings.ts
/** Judges a line `runner` or `runner: /path`. */
function judgeRunner({ name, address, given, run }) {
	if (address !== void 0 && !address.startsWith("/")) return {
		kind: "problems",
		problems: [`store: "${name}" needs an absolute path.`]
	};
	const directory = join(address ?? join(run.home, ".codex-auth-keeper"), given.slot);
	const forgotten = whyForgotten(directory, run.env);
	if (forgotten !== void 0) return {
		kind: "problems",
		problems: [`store: "${name}" cannot keep anything here: ${forgotten}. Use the store git (or another one that is not on this machine), or run the job on a self-hosted runner outside containers.`]
	};
	return {
		kind: "settings",
		settings: {
			name,
			directory,
			mustExist: address
		}
	};
}
/**
* Why this machine forgets the directory when the job is over, by the runner's own marks; undefined when it keeps it.
* `/.dockerenv` says nothing: a runner that itself lives in a long-lived container keeps its files.
*/
function whyForgotten(directory, env) {
	if (env["RUNNER_ENVIRONMENT"] === "github-hosted") return "a GitHub-hosted runner is deleted after the job";
	if (env["HOME"] === "/github/home" || env["GITHUB_WORKSPACE"]?.startsWith("/__w/")) return "a job container is deleted after the job";
	const { RUNNER_TEMP: temp, RUNNER_WORKSPACE: repositoryFolder } = env;
	if (temp && isInside(directory, temp)) return "RUNNER_TEMP is emptied before and after each job";
	if (repositoryFolder && isInside(directory, dirname(repositoryFolder))) return "the runner's work folder is cleaned between jobs";
}
// src/github/id-token-right.ts
/** The right of this stage, by the runner's variables; undefined where the job has none. */
function idTokenRightOf(env) {
	const { ACTIONS_ID_TOKEN_REQUEST_URL: url = "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = "" } = env;
	return url === "" || token === "" ? void 0 : {
		url,
		token
	};
}
// src/stores/job-variables.ts
/** The variables with these names, and those that say how the network is reached; nothing else of the job gets to a store. */
function pickVariables({ userEnv, lostVariables }, names) {
	const values = [...names, ...networkVariables].flatMap((name) => userEnv[name] === void 0 ? [] : [[name, userEnv[name]]]);
	return {
		values: Object.fromEntries(values),
		lost: names.filter((name) => lostVariables.includes(name))
	};
}
// src/stores/address-options.ts
/**
* Reads `name=value&name=value` after the `?` of a `store` line; percent-encoding is undone.
* @param names the options that this kind of store takes
* @returns the values, and a sentence per problem that never repeats a value, which could be a misplaced secret
*/
function parseAddressOptions(query, names) {
	const problems = [];
	const options = {};
	for (const part of query?.split("&") ?? []) {
		const [key = "", raw = ""] = part.split(/=(.*)/s);
		const name = names.find((each) => each === key);
		const value = decoded(raw);
		if (name === void 0) problems.push(`After the "?" only ${names.map((each) => `${each}=…`).join(", ")} are allowed.`);
		else if (options[name] !== void 0) problems.push(`${name}= is given twice.`);
		else if (value === void 0 || value === "") problems.push(`${name}= has no value.`);
		else if (!/^[\x21-\x7e]+$/.test(value)) problems.push(`${name}= has characters that no such value needs.`);
		else options[name] = value;
	}
	return {
		options,
		problems: [...new Set(problems)]
	};
}
/** Text with its percent-encoding undone; undefined when that is broken. */
function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return;
	}
}
/**
* The server of a `store` line: https, and plain http on this machine alone; no user, path or query.
* @returns the URL, or a sentence that never repeats the text
*/
function parseServer(text) {
	const url = parsedUrl(text);
	if (url === void 0 || !/^https?:$/.test(url.protocol)) return "The server must be https://host or https://host:port.";
	if (url.username !== "" || url.password !== "") return "The address must not hold a user name, password or token.";
	if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) return "http:// would show the login and the token on the way; use https://.";
	if (url.search !== "" || url.hash !== "" || url.pathname !== "/") return "The server must be https://host or https://host:port alone.";
	return url;
}
// src/stores/s3/s3-address.ts
const names$1 = [
	"region",
	"role",
	"endpoint",
	"audience"
];
/**
* Reads what stands after `s3:` in a store line.
* @param text `bucket/key`, and after a `?` region, role, endpoint and audience
* @returns the address, or a sentence for each problem; the sentences never repeat what may be a secret
*/
function parseS3Address(text) {
	const [place = "", query] = text.trim().split(/\?(.*)/s);
	const { options, problems } = parseAddressOptions(query, names$1);
	const { region, role, audience } = options;
	const endpoint = options.endpoint === void 0 ? void 0 : parseServer(options.endpoint);
	if (typeof endpoint === "string") problems.push(`endpoint=: ${endpoint}`);
	const [bucket = "", ...parts] = place.split("/");
	problems.push(...placeProblems$1(bucket, parts));
	if (region !== void 0 && !isRegion(region)) problems.push("region= must be the name of a region, such as eu-central-1.");
	if (role !== void 0 && !/^arn:[\w-]+:iam:[\w-]*:\d*:?role\/[\w+=,.@/-]+$/.test(role)) problems.push("role= must be the ARN of a role, arn:aws:iam::123456789012:role/name.");
	if (role === void 0 && audience !== void 0) problems.push("audience= is for the login with role=.");
	if (problems.length > 0 || typeof endpoint === "string") return {
		kind: "problems",
		problems
	};
	return {
		kind: "address",
		address: {
			bucket,
			key: parts.map((part) => decoded(part) ?? part).join("/"),
			region,
			endpoint: endpoint?.origin,
			role,
			audience: audience ?? "sts.amazonaws.com"
		}
	};
}
/** Where the lease lies, beside the login. */
function leaseKeyOf({ key }) {
	return `${key}.lease`;
}
/** Whether a text can be the name of a region; it becomes part of a host name. */
function isRegion(text) {
	return /^[a-z0-9][a-z0-9-]{0,40}$/.test(text);
}
function placeProblems$1(bucket, parts) {
	if (parts.length === 0) return ["It must look like bucket/key, for example your-bucket/codex/auth.json."];
	const problems = [];
	if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || bucket.includes("..")) problems.push("The bucket must be lower-case letters, digits, \"-\" and \".\", 3 to 63 of them, without a scheme or a host before it.");
	if (parts.join("/").length > 900 || !parts.every((part) => /^[\w@=:,-][\w.@=:,-]*$/.test(decoded(part) ?? ""))) problems.push("The key may hold letters, digits and . _ - @ = : , alone, and no part of it may be empty or begin with a dot.");
	return problems;
}
// src/stores/s3/s3-settings.ts
const variables = [
	"AWS_ACCESS_KEY_ID",
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"AWS_REGION",
	"AWS_DEFAULT_REGION",
	"AWS_ENDPOINT_URL_STS",
	"AWS_CA_BUNDLE"
];
const handover = /* @__PURE__ */ _catch(/* @__PURE__ */ optional(/* @__PURE__ */ object({ conditional: /* @__PURE__ */ boolean() })), void 0);
/** Judges a line `s3: bucket/key`. Whether the variables it needs are there is told by each use of the store. */
function judgeS3(line) {
	const { name, given, run } = line;
	const parsed = parseS3Address(line.address ?? "");
	if (parsed.kind === "problems") return {
		kind: "problems",
		problems: [`store: s3: ${parsed.problems.join(" ")}`]
	};
	const { address } = parsed;
	const sealing = (run.hasNextStage ? given.encryptionKey !== void 0 : run.sealedFor !== void 0) ? judgeSealing(line, `s3 slot=${given.slot} bucket=${address.bucket} key=${address.key}`) : void 0;
	if (sealing?.kind === "problems") return sealing;
	const runId = run.env["GITHUB_RUN_ID"] ?? "";
	return {
		kind: "settings",
		settings: {
			name,
			address,
			variables: pickVariables(run, variables),
			idTokenRight: idTokenRightOf(run.env),
			sessionName: `codex-auth-keeper${/^\d{1,20}$/.test(runId) ? `-${runId}` : ""}`,
			handover: handover.parse(run.handovers[name]),
			onSecret: run.onSecret,
			...sealing && { sealing: sealing.settings }
		}
	};
}
// src/stores/ssh/ssh-address.ts
/**
* Understands `user@host:port/path/auth.json`; the port may be missing, an IPv6 address stands in brackets. User, host
* and path may hold only characters that neither ssh nor any shell takes for anything else.
* @param text what follows `ssh:` in the `store` input
*/
function parseSshAddress(text) {
	const parts = /^(?<user>[^@/]*)@(?<host>\[[^\]/]*\]|[^:/[\]]*)(?::(?<port>[^/]*))?(?<path>\/.*)$/su.exec(text.trim())?.groups;
	if (!parts) return {
		kind: "problems",
		problems: ["It must look like user@host:port/path/auth.json."]
	};
	const { user = "", host = "", port = "22", path = "" } = parts;
	const problems = [
		.../^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(user) ? [] : ["The user name before @ must be letters, digits and . _ - alone."],
		...hostProblems(host),
		.../^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535 ? [] : ["The port must be a number from 1 to 65535."],
		...pathProblems(path)
	];
	if (problems.length > 0) return {
		kind: "problems",
		problems
	};
	return {
		kind: "address",
		address: {
			user,
			host: host.replace(/^\[|\]$/g, ""),
			port: Number(port),
			path
		}
	};
}
function hostProblems(host) {
	if (host.startsWith("[")) return /^\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9_.-]+)?\]$/.test(host) ? [] : ["The brackets must hold an IPv6 address."];
	return /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(host) ? [] : ["The host must be a name or an IP address (IPv6 in brackets)."];
}
function pathProblems(path) {
	const problems = [];
	if (!/^[A-Za-z0-9._/@%+=:,~-]*$/.test(path)) problems.push("The path may hold letters, digits and . _ / @ % + = : , ~ - alone.");
	if (/\/(\.{1,2})?$/.test(path)) problems.push("The path must end with the name of a file, such as auth.json.");
	if (path.split("/").includes("..")) problems.push("The path must not go up with \"..\".");
	return problems;
}
// src/stores/ssh/ssh-settings.ts
/** Judges a line `ssh: user@host:port/path/auth.json`. */
function judgeSsh(line) {
	const { name, run } = line;
	const parsed = parseSshAddress(line.address ?? "");
	if (parsed.kind === "problems") return {
		kind: "problems",
		problems: [`store: ssh: ${parsed.problems.join(" ")}`]
	};
	const { address } = parsed;
	const keys = judgeSshKeys(line, address.host, address.port);
	const tool = judgeTool(line, "ssh");
	if (keys.kind === "problems" || tool.kind === "problems") return {
		kind: "problems",
		problems: problemsOf(keys, tool)
	};
	const agentSocket = run.userEnv["SSH_AUTH_SOCK"];
	return {
		kind: "settings",
		settings: {
			name,
			address,
			...keys.settings,
			ssh: tool.settings,
			tempDir: run.tempDirectory,
			...agentSocket !== void 0 && { agentSocket }
		}
	};
}
// src/stores/vault/vault-address.ts
const names = [
	"role",
	"auth",
	"audience",
	"namespace"
];
/**
* Reads what stands after `vault:` in a store line.
* @param text `https://host/mount/path`, or `mount/path` where VAULT_ADDR names the server; after a `?` role, auth, audience and
*   namespace. The first part is the mount; `%2F` stands for a slash in its name.
* @returns the address, or a sentence for each problem; the sentences never repeat what may be a secret
*/
function parseVaultAddress(text) {
	const [place = "", query] = text.trim().split(/\?(.*)/s);
	const { options, problems } = parseAddressOptions(query, names);
	const [, scheme, rest = ""] = /^([a-z]+:\/\/[^/]*)?(.*)$/s.exec(place) ?? [];
	const server = scheme === void 0 ? void 0 : parseServer(scheme);
	if (typeof server === "string") problems.push(server);
	const [mount = "", ...path] = rest.replace(/^\/|\/$/g, "").split("/");
	problems.push(...placeProblems(mount, path));
	for (const name of ["auth", "namespace"]) if (!areNames((options[name] ?? "unset").replace(/^\/|\/$/g, ""))) problems.push(`${name}= must be a name, or names with / between them.`);
	if (options.role !== void 0 && !/^[\w.@:-]+$/.test(options.role)) problems.push("role= must be the name of a role.");
	if (options.role === void 0 && (options.auth !== void 0 || options.audience !== void 0)) problems.push("auth= and audience= are for the login with role=.");
	if (server === void 0 && options.namespace !== void 0) problems.push("namespace= goes with an address in the line; without one, VAULT_ADDR and VAULT_NAMESPACE count.");
	if (problems.length > 0 || typeof server === "string") return {
		kind: "problems",
		problems
	};
	return {
		kind: "address",
		address: {
			server: server?.origin,
			mount: decoded(mount) ?? mount,
			path: path.map((part) => decoded(part) ?? part).join("/"),
			namespace: options.namespace?.replace(/^\/|\/$/g, ""),
			role: options.role,
			auth: options.auth?.replace(/^\/|\/$/g, "") ?? "jwt",
			audience: options.audience
		}
	};
}
function placeProblems(mount, path) {
	if (mount === "v1" || mount === "ui") return [`Write mount/path as "kv get" takes them, without the /${mount}/ of the server's own addresses.`];
	if (mount === "" || path.length === 0) return ["It must look like https://vault.example.com/mount/path."];
	if (path[0] === "data") return ["Write mount/path as \"kv get\" takes them: the data/ of the API is added."];
	if (areNames(decoded(mount) ?? "") && path.every((part) => isName(decoded(part) ?? ""))) return [];
	return ["Mount and path may hold letters, digits and . _ - @ + = : alone, and no part may be empty or begin with a dot."];
}
/** One or more names with a slash between them. */
function areNames(text) {
	return text.split("/").every(isName);
}
function isName(text) {
	return /^[\w@+=:-][\w.@+=:-]*$/.test(text);
}
// src/stores/vault/vault-settings.ts
/** Judges a line `vault: https://host/mount/path`. Whether the variables it needs are there is told by each use of the store. */
function judgeVault({ name, address, run }) {
	const parsed = parseVaultAddress(address ?? "");
	if (parsed.kind === "problems") return {
		kind: "problems",
		problems: [`store: vault: ${parsed.problems.join(" ")}`]
	};
	return {
		kind: "settings",
		settings: {
			name,
			address: parsed.address,
			variables: pickVariables(run, [
				"VAULT_TOKEN",
				"VAULT_ADDR",
				"VAULT_NAMESPACE",
				"VAULT_CACERT"
			]),
			idTokenRight: idTokenRightOf(run.env),
			onSecret: run.onSecret
		}
	};
}
// src/stores/store-settings.ts
/** The forms of a `store` line, one line each, as error messages and the README list them. */
const storeForms = [
	"runner                                     a directory of this machine that outlives jobs (self-hosted)",
	"runner: /path                              the same, in a directory of your choice",
	"git                                        a ref of this repository, sealed",
	"git: ?ref=refs/heads/codex-auth/SLOT       a ref of your choice, sealed, where the server refuses others",
	"git: https://host/owner/repo?ref=refs/…    a ref of another repository, sealed",
	"cache                                      the Actions cache, sealed, default branch only",
	"github-secret: NAME?environment=prod       an environment secret, or without the ? a repository secret",
	"ssh: user@host:port/path/auth.json         a file on a host of yours",
	"kubernetes: namespace/secret-name          a Secret of the cluster that the runner pod is in",
	"vault: https://host/mount/path?role=NAME   a secret in HashiCorp Vault or OpenBao (KV v2)",
	"s3: bucket/key?region=NAME&role=ARN        an object in AWS S3; with endpoint=URL on another S3 server",
	"command                                    your own read-command and write-command"
];
/**
* Judges the `store` input.
* @param text one store per line; blank lines do not count
* @param given the inputs that stores are made of
* @param run what the stores need to know of this run
* @returns the stores in their order and the problems, each one once
*/
function judgeStores(text, given, run) {
	const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
	if (lines.length === 0) return {
		stores: [],
		problems: [`store is required: it says where the refreshed login is kept. Give one or more, one per line:\n${storeForms.map((form) => `  ${form}`).join("\n")}`]
	};
	const stores = [];
	const problems = /* @__PURE__ */ new Set();
	const kinds = [];
	for (const name of new Set(lines)) {
		const [, kind = "", rest] = /^([a-z][a-z0-9-]*)(?::\s*(.*))?$/.exec(name) ?? [];
		kinds.push(kind);
		const judged = isKind(kind) ? judges[kind]({
			name,
			address: rest === "" ? void 0 : rest,
			given,
			run
		}) : unknownLine(name);
		if (judged.kind === "settings") stores.push(judged.settings);
		else for (const problem of judged.problems) problems.add(problem);
		if (lines.indexOf(name) !== lines.lastIndexOf(name)) problems.add(`store: "${name}" is listed twice.`);
	}
	for (const kind of [
		"cache",
		"command",
		"github-secret"
	]) if (kinds.filter((listed) => listed === kind).length > 1) problems.add(`store: only one ${kind} line is allowed.`);
	const origins = new Set(stores.flatMap(otherServerOf));
	if (origins.size > 1) problems.add(`store: store-token is for one server, and there are git stores on ${[...origins].join(" and ")}.`);
	return {
		stores,
		problems: [...problems]
	};
}
/** The server that would get store-token. */
function otherServerOf(store) {
	if (store.kind !== "git" || store.address.transport.kind !== "http" || store.access.kind !== "http") return [];
	return store.access.tokenInput === "store-token" ? [store.address.transport.origin] : [];
}
const judges = {
	runner: (line) => ofKind("runner", judgeRunner(line)),
	git: (line) => ofKind("git", judgeGit(line)),
	cache: (line) => ofKind("cache", addressProblem(line) ?? judgeCache(line)),
	"github-secret": (line) => ofKind("github-secret", judgeGithubSecret(line)),
	ssh: (line) => ofKind("ssh", judgeSsh(line)),
	kubernetes: (line) => ofKind("kubernetes", judgeKubernetes(line)),
	vault: (line) => ofKind("vault", judgeVault(line)),
	s3: (line) => ofKind("s3", judgeS3(line)),
	command: (line) => ofKind("command", addressProblem(line) ?? judgeCommand(line))
};
function isKind(text) {
	return Object.hasOwn(judges, text);
}
function ofKind(kind, judged) {
	return judged.kind === "problems" ? judged : {
		kind: "settings",
		settings: {
			kind,
			...judged.settings
		}
	};
}
function addressProblem({ name, address }) {
	if (address === void 0) return void 0;
	return {
		kind: "problems",
		problems: [`store: "${name.split(":", 1)[0] ?? ""}" takes nothing after it.`]
	};
}
function unknownLine(name) {
	return {
		kind: "problems",
		problems: [`store: "${name}" is not one of ${storeForms.map((form) => form.split(/\s{2,}/, 1)[0] ?? "").join(" | ")}.`]
	};
}
// src/time-words.ts
/** A moment as logs and summaries show it. @param seconds since 1970 */
function momentWords(seconds) {
	return `${(/* @__PURE__ */ new Date(seconds * 1e3)).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
/** A length of time in its two largest units. @param seconds not negative */
function durationWords(seconds) {
	const minutes = Math.floor(seconds / 60);
	const units = [
		[Math.floor(minutes / 1440), "d"],
		[Math.floor(minutes / 60) % 24, "h"],
		[minutes % 60, "min"]
	];
	const from = units.findIndex(([count]) => count > 0);
	if (from === -1) return "less than a minute";
	return units.slice(from, from + 2).filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`).join(" ");
}
/** A moment and how far it is from now: "2026-11-20 21:14 UTC (in 9 d 23 h)". @param seconds, now since 1970 */
function distanceWords(seconds, now) {
	const away = durationWords(Math.abs(seconds - now));
	return `${momentWords(seconds)} (${seconds >= now ? `in ${away}` : `${away} ago`})`;
}
const width = 32;
/**
* A line of text from issue to end, with now (`>`) and the moment from which a refresh is due (`D`); all in seconds since
* 1970: `11-10 issued |=====>..................D.....| 11-20 ends`.
*/
function timelineWords({ issued, due, ends, now }) {
	const at = (moment) => Math.round(Math.min(1, Math.max(0, (moment - issued) / Math.max(1, ends - issued))) * 31);
	const line = Array.from({ length: width }, (_, index) => index < at(now) ? "=" : ".");
	line[at(due)] = "D";
	line[at(now)] = ">";
	const day = (moment) => (/* @__PURE__ */ new Date(moment * 1e3)).toISOString().slice(5, 10);
	return `${day(issued)} issued |${line.join("")}| ${day(ends)} ends (D: refresh due from ${momentWords(due)})`;
}
/** What a length of time must be, as the end of a sentence about it. */
const durationRule = "must be a time such as 30m, 12h or 2d";
const unitSeconds = {
	s: 1,
	m: 60,
	h: 3600,
	d: 86400
};
/** Seconds in "30m", "12h", "2d" or "0"; undefined when the text is not such a time. */
function durationSeconds(text) {
	if (text === "0") return 0;
	const [, count, unit] = /^(\d{1,6})\s*([smhd])$/.exec(text.toLowerCase()) ?? [];
	return count === void 0 || unit === void 0 ? void 0 : Number(count) * unitSeconds[unit];
}
// src/action/input-forms.ts
const trimmed = (/* @__PURE__ */ string()).check(/* @__PURE__ */ _trim());
/** Any text, kept as it is; undefined when there is nothing but blanks. */
const text = /* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ transform((value) => value.trim() === "" ? void 0 : value));
const line = /* @__PURE__ */ pipe(trimmed, /* @__PURE__ */ transform((value) => value === "" ? void 0 : value));
const truth = /* @__PURE__ */ pipe(/* @__PURE__ */ pipe((/* @__PURE__ */ string()).check(/* @__PURE__ */ _trim(), /* @__PURE__ */ _toLowerCase()), /* @__PURE__ */ _enum([
	"true",
	"false",
	""
], "must be true or false")), /* @__PURE__ */ transform((value) => value === "true"));
/** The inputs of a schema, by their names. */
function rawInputs(schema, read) {
	const names = Object.keys(schema.shape);
	return Object.fromEntries(names.map((name) => [name, read(name)]));
}
/** All that is wrong with the inputs, as the one error that lists it. */
function invalidInputs(problems) {
	return new KeeperError("invalid-inputs", problems.length === 1 ? problems[0] ?? "" : `${problems.length} inputs need attention:\n${problems.map((problem) => `- ${problem}`).join("\n")}`, "Correct the inputs of this step; the README lists each of them.");
}
// src/stores/github-secret/github-secret-writer.ts
/**
* Reads the inputs secret-writer-token, app-id and app-private-key; an app goes before a token.
* @returns undefined when none of them is given
*/
function parseSecretWriter({ token, appId, privateKey }) {
	if (appId === void 0 !== (privateKey === void 0)) return {
		kind: "problems",
		problems: ["app-id and app-private-key go together."]
	};
	if (appId !== void 0 && privateKey !== void 0) return {
		kind: "settings",
		settings: {
			kind: "app",
			appId,
			privateKey
		}
	};
	return token === void 0 ? void 0 : {
		kind: "settings",
		settings: {
			kind: "token",
			token
		}
	};
}
// src/action/store-inputs.ts
const schema = /* @__PURE__ */ object({
	"auth-json": text,
	"encryption-key": text,
	"github-token": line,
	"store-token": line,
	"secret-writer-token": line,
	"app-id": line,
	"app-private-key": text,
	"read-command": text,
	"write-command": text,
	"prove-command": text,
	"ssh-key": text,
	"ssh-known-hosts": text
});
/** Reads the inputs that stores are made of; what is wrong with one of them is told by the store that needs it. */
function readStoreInputs(read, slot) {
	const values = schema.parse(rawInputs(schema, read));
	const encryptionKey = values["encryption-key"];
	return {
		slot,
		authJson: values["auth-json"],
		encryptionKey: encryptionKey === void 0 ? void 0 : parseSealingKeys(encryptionKey),
		githubToken: values["github-token"],
		storeToken: values["store-token"],
		secretWriter: parseSecretWriter({
			token: values["secret-writer-token"],
			appId: values["app-id"],
			privateKey: values["app-private-key"]
		}),
		readCommand: values["read-command"],
		writeCommand: values["write-command"],
		proveCommand: values["prove-command"],
		sshKey: values["ssh-key"],
		sshKnownHosts: values["ssh-known-hosts"]
	};
}
/**
* What the stores need to know of this run, all of it as it was when the login was restored.
* @param masks told the secrets that the stores get for themselves
* @param left what the stage that restored has left; undefined in that stage itself
*/
function storeRunOf(context, { tools, environment }, masks, left) {
	const { tempDirectory, workspace, repository, ref, serverUrl, apiUrl, runUrl } = context;
	return {
		home: environment.home ?? context.home,
		tempDirectory,
		workspace,
		tools,
		env: process.env,
		userEnv: trustedEnvironment(process.env, environment),
		lostVariables: lostVariables(process.env, environment),
		repository,
		ref,
		serverUrl,
		apiUrl,
		runUrl,
		hasNextStage: left === void 0,
		sealedFor: left?.sealedFor,
		handovers: left?.handovers ?? {},
		onSecret: (secret) => {
			masks.add([secret]);
		}
	};
}
// src/stores/known-copy.ts
/** The same store, which remembers what it was last seen to hold. */
function remembering(store) {
	let known;
	return over(store, {
		read: async () => {
			known = void 0;
			const copy = await store.read();
			known = copy === void 0 ? { kind: "none" } : {
				kind: "held",
				...copy
			};
			return copy;
		},
		write: async (bytes, ifVersion) => {
			known = void 0;
			const outcome = await store.write(bytes, ifVersion);
			if (outcome.kind === "written") known = {
				kind: "held",
				bytes,
				version: outcome.version
			};
			return outcome;
		},
		known: () => known
	});
}
/**
* The same store for somebody who cannot open what it holds: it is never read. What it was known to hold counts until a write
* meets another version; from then on it is somebody else's, and `read` throws store-superseded.
* @param store one that compares versions when it writes
*/
function withoutReading(store, known) {
	let copy = known;
	let isOvertaken = false;
	return over(store, {
		read: () => {
			if (isOvertaken) return Promise.reject(overtaken(store.name));
			return Promise.resolve(copy.kind === "held" ? {
				bytes: copy.bytes,
				version: copy.version
			} : void 0);
		},
		write: async (bytes, ifVersion) => {
			const outcome = await store.write(bytes, ifVersion);
			if (outcome.kind === "written") copy = {
				kind: "held",
				bytes,
				version: outcome.version
			};
			else isOvertaken = true;
			return outcome;
		}
	});
}
/** All that the store has, with some of it replaced; optional members, and those computed anew each time, stay so. */
function over(store, more) {
	return Object.assign(Object.create(store), more);
}
function overtaken(name) {
	return new KeeperError("store-superseded", `${name}: somebody else has written since it was read`, "The write-back at the end of the job decides again.");
}
// src/keeper/retry-words.ts
/** Why no store has the refreshed login yet, and when it is tried again. */
function retryWords({ results, pause, left }) {
	const why = results.flatMap(({ name, outcome }) => outcome.kind === "failed" ? [`Store ${name}: ${errorWords(outcome.error)}`] : []);
	return [`No store holds the refreshed login yet. It is tried again in ${inSeconds(pause)}, and for ${inSeconds(left)} in all (retry-for).`, ...why].join(" ");
}
function inSeconds(milliseconds) {
	return `${Math.ceil(milliseconds / 1e3)} s`;
}
// src/action/report/retry.ts
/** Further tries of this many seconds, each with a line in the log. */
function loggedRetry(seconds, masks) {
	return {
		lasting: seconds * 1e3,
		onPause: (news) => {
			info(masks.clean(retryWords(news)));
		}
	};
}
const fingerprint = /* @__PURE__ */ object({
	refreshToken: /* @__PURE__ */ string(),
	accessToken: /* @__PURE__ */ string(),
	account: /* @__PURE__ */ string(),
	user: /* @__PURE__ */ exactOptional(/* @__PURE__ */ string()),
	issued: /* @__PURE__ */ object({
		iat: /* @__PURE__ */ exactOptional(/* @__PURE__ */ number()),
		exp: /* @__PURE__ */ exactOptional(/* @__PURE__ */ number()),
		lastRefresh: /* @__PURE__ */ string(),
		impossible: /* @__PURE__ */ exactOptional(/* @__PURE__ */ readonly(/* @__PURE__ */ array(/* @__PURE__ */ _enum([
			"iat",
			"exp",
			"lastRefresh"
		]))))
	})
});
const savedState = /* @__PURE__ */ object({
	codexHome: /* @__PURE__ */ string(),
	/** False when the file was there before and is not ours to remove. */
	installed: /* @__PURE__ */ boolean(),
	/** Milliseconds since 1970 of the last change of the file that was our own. */
	ownChange: /* @__PURE__ */ optional(/* @__PURE__ */ number()),
	/** How the login stands; stores by their line of the `store` input. */
	standing: /* @__PURE__ */ object({
		base: fingerprint,
		seed: /* @__PURE__ */ exactOptional(fingerprint),
		lastSeen: /* @__PURE__ */ record$1(/* @__PURE__ */ string(), /* @__PURE__ */ object({
			base: fingerprint,
			copy: /* @__PURE__ */ union([/* @__PURE__ */ _enum(["none", "unreadable"]), fingerprint])
		})),
		ours: /* @__PURE__ */ exactOptional(/* @__PURE__ */ readonly(/* @__PURE__ */ array(fingerprint)))
	}),
	/** A Codex process of ours that may be in the middle of an exchange. */
	codexProcess: /* @__PURE__ */ optional(/* @__PURE__ */ number()),
	/** The directory in which post meets the process that writes through. */
	writeThrough: /* @__PURE__ */ optional(/* @__PURE__ */ string()),
	/** The code of the error that the restoring stage ended with: it has told people what is wrong. */
	failedWith: /* @__PURE__ */ optional(/* @__PURE__ */ string()),
	/** When the restoring stage began, milliseconds since 1970. */
	began: /* @__PURE__ */ exactOptional(/* @__PURE__ */ number()),
	/** The inputs store and slot as restore read them: a later step can change what an expression in them gives. */
	stores: /* @__PURE__ */ string(),
	slot: /* @__PURE__ */ string(),
	/** Digest of the key that restore seals with: a later step can change what an expression in encryption-key gives. */
	sealedFor: /* @__PURE__ */ exactOptional(/* @__PURE__ */ string()),
	/** The input retry-for as restore read it, in seconds. */
	retryFor: /* @__PURE__ */ number(),
	/** What the stores themselves hand over, by their line. */
	handovers: /* @__PURE__ */ record$1(/* @__PURE__ */ string(), /* @__PURE__ */ unknown()),
	/** Programs by name, as absolute paths. */
	tools: /* @__PURE__ */ record$1(/* @__PURE__ */ string(), /* @__PURE__ */ string()),
	environment: /* @__PURE__ */ object({
		path: /* @__PURE__ */ exactOptional(/* @__PURE__ */ string()),
		home: /* @__PURE__ */ exactOptional(/* @__PURE__ */ string()),
		values: /* @__PURE__ */ record$1(/* @__PURE__ */ string(), /* @__PURE__ */ string()),
		salt: /* @__PURE__ */ string(),
		hashes: /* @__PURE__ */ record$1(/* @__PURE__ */ string(), /* @__PURE__ */ string())
	}),
	defaultBranch: /* @__PURE__ */ exactOptional(/* @__PURE__ */ string())
});
const key = "restored";
const signatureKey = "restored-signature";
/**
* Saves the state for the stages to come; the last call of a stage wins. Whatever is not part of it is left out, so that no
* secret slips in with a larger value.
* @throws an error when a part is missing
*/
function saveState(state) {
	const text = JSON.stringify(savedState.parse(state));
	saveState$1(key, text);
	saveState$1(signatureKey, signatureOf$1(text));
}
/**
* What pre has restored, for main. Where pre never ran, a step before main could forge a state through GITHUB_ENV; the
* signature is made with the token that the runner gives to actions and not to steps. Post does not check it: there the
* runner's own values win over a step's, and a failed check would lose a login.
*/
function loadStateOfPre() {
	return getState(signatureKey) === signatureOf$1(getState(key)) ? loadState() : void 0;
}
function signatureOf$1(text) {
	return createHmac("sha256", process.env["ACTIONS_RUNTIME_TOKEN"] ?? "").update(text).digest("hex");
}
/**
* Reserves the name of the state at the start of a stage, so that no later step can forge one through GITHUB_ENV when
* the restore failed before it saved one.
*/
function reserveState() {
	saveState$1(key, "");
}
/** The state of an earlier stage; undefined when no stage has installed anything. */
function loadState() {
	const text = getState(key);
	return text === "" ? void 0 : savedState.parse(JSON.parse(text));
}
// src/action/runner/job-state.ts
/**
* The one owner of what restore leaves for post: every part stays as it was told until it is told again, and all of them are
* saved each time, with what the stores hand over by then. The first part must say how the login stands.
*/
function savedJobState(fixed, stores) {
	let login = {};
	const update = (part) => {
		login = {
			...login,
			...part
		};
		saveState({
			...fixed,
			...login,
			handovers: handoversOf(stores)
		});
	};
	return {
		update,
		fail: (error) => {
			if (login.standing !== void 0) update({ failedWith: error instanceof KeeperError ? error.code : "unexpected" });
		}
	};
}
/** What the stores leave for post, by their line. */
function handoversOf(stores) {
	return Object.fromEntries(stores.flatMap((store) => store.handover ? [[store.name, store.handover()]] : []));
}
// src/action/report/verdict.ts
/** The marks that a verdict begins with. */
const marks = {
	well: "✅",
	look: "⚠️",
	failed: "❌"
};
const months = [
	"Jan",
	"Feb",
	"Mar",
	"Apr",
	"May",
	"Jun",
	"Jul",
	"Aug",
	"Sep",
	"Oct",
	"Nov",
	"Dec"
];
/** A day as a verdict names it: "1 Dec 2026". @param seconds since 1970 */
function dayWords(seconds) {
	const date = /* @__PURE__ */ new Date(seconds * 1e3);
	return `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ""} ${date.getUTCFullYear()}`;
}
/** Until when the login needs nothing, as a part of a sentence. @param now seconds since 1970 */
function healthWords(issued, now) {
	const ends = accessEnds(issued);
	if (ends <= now) return `its access token ended on ${dayWords(ends)}`;
	return `healthy until ${dayWords(ends)} (in ${durationWords(ends - now)})`;
}
/** "a", "a and b" or "a, b and c". */
function listed(names) {
	return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
/** The first clause of a message, short enough for a heading; undefined when it has none. */
function headline(message) {
	return /^[^\n]{20,160}?(?=[.:;](\s|$)|\n|$)/.exec(message)?.[0];
}
// src/action/report/report.ts
/** What restore did. */
function restoreReport({ restored, authFile, notes, refreshWindow, willRefresh, now }) {
	const title = `Codex login restored from ${originName(restored.origin)}`;
	const facts = credentialFacts(restored, now);
	const life = lifeOf(restored.credential.issued, refreshWindow, now);
	const timeline = timelineWords(life);
	const firstRun = isFirstRun(restored) && !restored.due && !willRefresh ? [firstRunWords] : [];
	const stores = restored.stores.map((finding) => [
		finding.name,
		finding.guarantee,
		foundWords(finding),
		proofWords(finding)
	]);
	return {
		title,
		lines: [
			...facts.map(([name, value]) => `${name}: ${value}`),
			timeline,
			`File: ${authFile}${restored.installed ? "" : " (already there, left as it is)"}`,
			...stores.map(([name, guarantee, found, proof]) => `Store ${name} (${guarantee}): ${found}, ${proof}`),
			...restored.hazards.filter(({ severity }) => severity === "note").map(({ message }) => message),
			...restored.remarks,
			...notes,
			...firstRun
		],
		verdict: restoreVerdict(restored, now),
		lead: firstRun,
		life,
		annotations: [...restored.hazards.filter(({ severity }) => severity === "warn").map(({ message, remedy }) => warning(`${message} ${remedy}`)), ...restored.stores.flatMap(({ name, look, proof }) => [...look.kind === "unreadable" ? [warning(`Store ${name} could not be read. ${errorWords(look.error)}`)] : [], ...proof.kind === "refused" ? [warning(`Store ${name} cannot be written. ${errorWords(proof.error)}`)] : []])],
		summary: [
			{
				kind: "table",
				head: ["Login", ""],
				rows: facts
			},
			{
				kind: "table",
				head: [
					"Store",
					"Two jobs at once",
					"Found",
					"Write access"
				],
				rows: stores.map(([name, guarantee, ...words]) => [
					name,
					guaranteeWords[guarantee],
					...words
				])
			},
			`File: ${authFile}${restored.installed ? "" : " (already there, left as it is)"}`,
			...restored.remarks,
			...notes
		]
	};
}
function credentialFacts({ credential }, now) {
	const { fingerprint, issued } = credential;
	return [
		["Account", accountHash(fingerprint)],
		["Plan", credential.plan ?? "unknown"],
		...credential.loggedInAt === void 0 ? [] : [["Logged in", distanceWords(credential.loggedInAt, now)]],
		["Last refresh", distanceWords(Date.parse(issued.lastRefresh) / 1e3, now)],
		["Issued", distanceWords(issuedAt(issued), now)],
		["Access token ends", issued.exp === void 0 ? "unknown" : distanceWords(issued.exp, now)],
		["Codex refreshes it", codexRefreshesFrom(issued) <= now ? "at its next start" : `from ${distanceWords(codexRefreshesFrom(issued), now)}`]
	];
}
/** @param now seconds since 1970 */
function lifeOf(issued, refreshWindow, now) {
	const ends = accessEnds(issued);
	return {
		issued: issuedAt(issued),
		ends,
		due: ends - refreshWindow,
		now
	};
}
function isFirstRun({ origin, stores }) {
	return origin.kind === "seed" && stores.every(({ look }) => look.kind === "none");
}
const firstRunWords = "The store is empty, because the seed itself is never stored. Run this once with \"refresh: always\", so that the store holds a login from then on.";
function restoreVerdict({ credential, origin, due, stores }, now) {
	const holding = stores.filter(({ look }) => look.kind === "held" && isSame(look.credential.fingerprint, credential.fingerprint));
	const unusable = stores.filter(({ look, proof }) => look.kind === "unreadable" || proof.kind === "refused").map(({ name }) => name);
	const where = holding.length > 0 ? `stored in ${listed(holding.map(({ name }) => name))}` : origin.kind === "seed" ? "not stored yet: it is still the seed" : "not stored yet";
	const but = unusable.length === 0 ? "" : `; not usable: ${listed(unusable)}`;
	const health = healthWords(credential.issued, now);
	if (due) return `${marks.look} Codex login due for a refresh, ${health}, ${where}${but}`;
	return `${unusable.length === 0 ? marks.well : marks.look} Codex login ${health}, ${where}${but}`;
}
/** What a store promises, in words of its column. */
const guaranteeWords = {
	"compare-and-set": "one wins",
	"detects-conflicts": "mostly one wins",
	"last-writer-wins": "the later one wins"
};
function issuedAt({ iat, lastRefresh }) {
	return iat ?? Date.parse(lastRefresh) / 1e3;
}
function foundWords({ look }) {
	switch (look.kind) {
		case "none": return "empty";
		case "unreadable": return "could not be read";
		case "held": return `a login issued ${issuedWords(look.credential.issued)}`;
	}
}
function issuedWords(issued) {
	return `${(/* @__PURE__ */ new Date(issuedAt(issued) * 1e3)).toISOString().slice(0, 19)}Z`;
}
function proofWords({ proof }) {
	switch (proof.kind) {
		case "proved": return "write access proved";
		case "unprovable": return "write access cannot be proved beforehand";
		case "refused": return "write access refused";
		case "not-counted": return "not counted as writable";
	}
}
function warning(text) {
	return {
		level: "warning",
		text
	};
}
// src/keeper/put-back.ts
/**
* Whether somebody has written `auth.json` after the keeper and left in it what it held before: what Codex refreshed until then is gone
* with it, unless write-through has seen it. It decides about a warning alone, for a time of a file proves nothing; to be asked before the
* file is removed.
*/
async function isPutBack({ codexHome, ownChange, standing: { ours = [] } }, { results }) {
	const changedAt = await authFileChangedAt(codexHome);
	return changedAt !== void 0 && ownChange !== void 0 && changedAt > ownChange && ours.length === 0 && results.every(({ outcome }) => outcome.kind === "kept" && isAsBefore(outcome.reason));
}
function isAsBefore(reason) {
	return reason === "unchanged" || reason === "is-seed";
}
/** @param when as in "in the middle of the job" */
function putBackWords(when) {
	return `auth.json was written ${when}, and holds what it held before. If Codex had refreshed the login by then, what it brought is gone, and a person has to log in again. Find what writes it and take it out; nothing but Codex may.`;
}
// src/action/report/write-back-report.ts
const keepWords = {
	"file-missing": "kept: auth.json is gone, so the stored copy stays as it was (file-missing)",
	damaged: "kept: auth.json is damaged, so the stored copy stays as it was (damaged)",
	"not-managed": "kept: auth.json is no longer a ChatGPT login that can be refreshed (not-managed)",
	"different-account": "kept: auth.json and the stored copy belong to different accounts (different-account)",
	"is-seed": "kept: auth.json is still the seed, which is never stored (is-seed)",
	unchanged: "kept: it already holds this login (unchanged)",
	"older-than-base": "kept: a step has put an older auth.json back (older-than-base)",
	superseded: "kept: it holds a later login, of another job or a reseed (superseded)"
};
/** The way out of what a person should look at. */
const waysOut = {
	"file-missing": "Find the step that deletes it and take it out (rm, a clean checkout). If it ran \"codex logout\", the login has ended: log in again and replace the secret that auth-json comes from.",
	damaged: "Find the step that writes it; nothing but Codex may.",
	"not-managed": "Find the step that logs Codex in another way (codex login, an API key) and give it a CODEX_HOME of its own.",
	"different-account": "Give each account a slot and a codex-home of its own.",
	"older-than-base": "Find the step that puts an old copy back (a cache, an artifact) and take it out."
};
function outcomeWords(outcome, isRefreshed = true) {
	switch (outcome.kind) {
		case "written": return isRefreshed ? "written: the refreshed login is stored" : "written: it was behind and holds this login now";
		case "kept": return keepWords[outcome.reason];
		case "failed": return `failed: ${errorWords(outcome.error)}`;
	}
}
/** What post did. */
function writeBackReport(result, context) {
	const { isStill, mainFailed, session } = context;
	const lost = result.verdict === "lost";
	const hasNews = result.rotated || lost;
	const rows = result.results.map(({ name, guarantee, outcome }) => ({
		name,
		guarantee,
		words: outcomeWords(outcome, result.rotated)
	}));
	const remainder = remainderWords(result, context);
	const atWork = isStill ? [] : ["Codex was still at work when the time to wait for it was up: what it writes from now on reaches no store. End it before the job ends."];
	const refused = hasNews ? [] : sessionWords(session);
	const warnings = [.../* @__PURE__ */ new Set([
		...storeWarnings(result),
		...hasNews ? [] : unseenWords(result, context),
		...refused,
		...atWork
	])];
	return {
		title: titleOf(result),
		lines: [...rows.map(({ name, guarantee, words }) => `Store ${name} (${guarantee}): ${words}`), ...remainder],
		annotations: mainFailed && !hasNews ? [] : [...warnings.map(warning), ...lost ? [{
			level: "error",
			text: lostWords(result, context)
		}] : []],
		isForLogAlone: mainFailed && !hasNews,
		verdict: verdictOf(result, session, warnings.length > 0),
		lead: remainder,
		summary: [{
			kind: "table",
			head: ["Store", "Result"],
			rows: rows.map(({ name, words }) => [name, words])
		}]
	};
}
function storeWarnings({ results, verdict }) {
	return results.flatMap(({ name, outcome }) => {
		switch (outcome.kind) {
			case "written": return [];
			case "kept": {
				const wayOut = waysOut[outcome.reason];
				return wayOut === void 0 ? [] : [`${capital(keepWords[outcome.reason])}. ${wayOut}`];
			}
			case "failed": return [`Store ${name} could not be brought up to date. ${errorWords(outcome.error)}${verdict === "lost" ? "" : " Nothing is lost: another store or the last copy holds the login."}`];
		}
	});
}
/** What may have become of the login in the middle of the job, where the file at its end does not show it. */
function unseenWords(result, context) {
	return context.isPutBack ? [putBackWords("in the middle of the job")] : expiredWords(result, context);
}
/** Only where nobody knows better: main has not failed, and Codex has left no record of how it went. */
function expiredWords({ results }, { base, session, now }) {
	if (accessEnds(base.issued) > now || session.kind === "needs-reseed" || session.kind === "passing") return [];
	const ended = `The access token ran out ${distanceWords(accessEnds(base.issued), now)}`;
	if (results.some(({ outcome }) => outcome.kind === "kept" && outcome.reason === "file-missing")) return [`${ended}: if Codex has refreshed the login in this job, what it brought went with auth.json, and a person has to log in again.`];
	const tryIt = "set \"refresh: always\" and \"smoke-test: true\" for one run to find out.";
	if (session.kind === "worked") return [`${ended}, and auth.json is as it was before, although Codex has worked in this job: before that moment, or a step has put the old file back after a refresh. Then a person has to log in again: ${tryIt}`];
	return [`${ended} and this job has not refreshed it. Codex has left no record of a session here, so whether the login can still be refreshed is not known: ${tryIt}`];
}
function sessionWords(session) {
	switch (session.kind) {
		case "needs-reseed": return [errorWords(session.error)];
		case "passing": return [session.words];
		case "worked":
		case "unknown": return [];
	}
}
function remainderWords(result, { cleanUp, codexHome, isStill, isHosted }) {
	switch (cleanUp) {
		case "removed": return ["auth.json was removed from this machine."];
		case "stays": return [`auth.json stays in ${codexHome}: ${isStill ? whyItStays(result) : "Codex is still at work."}${isHosted ? " This machine is deleted after the job, and the file with it." : ""}`];
		case "not-ours": return [];
	}
}
function whyItStays({ results }) {
	return results.some(({ outcome }) => outcome.kind === "kept" && outcome.reason === "is-seed") ? "it is still the seed; a store gets the login with its first refresh." : "no store is confirmed to hold it.";
}
function titleOf({ verdict, rotated, results }) {
	if (verdict === "lost") return rotated ? "Codex login refreshed, but not stored" : "Codex login replaced, and not stored";
	if (!rotated) return results.some(({ outcome }) => outcome.kind === "written") ? "Codex login brought up to date in the stores" : "Codex login: nothing new to store";
	return results.some(({ outcome }) => holdsFile(outcome)) ? "Codex login refreshed and stored" : "Codex login refreshed, and a later one is stored already";
}
function verdictOf(result, session, warns) {
	const { verdict, rotated, results } = result;
	if (verdict === "lost") return `${marks.failed} ${titleOf(result)}`;
	if (!rotated && session.kind === "needs-reseed") return `${marks.failed} Log in again: ${headline(session.error.message) ?? "OpenAI refused this login"}`;
	const names = (which) => listed(results.filter(({ outcome }) => which(outcome)).map(({ name }) => name));
	const mark = warns ? marks.look : marks.well;
	if (!rotated) {
		const written = names(({ kind }) => kind === "written");
		return written === "" ? `${mark} ${titleOf(result)}` : `${mark} Codex login brought up to date in ${written}`;
	}
	const holding = names(holdsFile);
	return holding === "" ? `${mark} ${titleOf(result)}` : `${mark} Codex login refreshed and stored in ${holding}`;
}
function lostWords({ rotated }, { codexHome, isHosted }) {
	if (!rotated) return `${codexHome}/auth.json holds a refresh token that no store has, and by its times it is older than the login that was restored, so no store took it. If a step put an old copy back, take that step out. If Codex wrote it, it is the only good copy: save it, empty the slot (docs/stores.md says how for each store) and put that auth.json into auth-json.`;
	const file = `${codexHome}/auth.json is the only good copy`;
	return `Codex has refreshed the login, and no store could take it: the stored copies are spent. ${isHosted ? `${file}, and this machine is deleted after the job.` : `If this machine still exists, ${file}: run the job there again, or save it. Otherwise:`} ${logInAnew}`;
}
function capital(text) {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
// src/action/report/summary.ts
/**
* The page as GitHub renders it, in HTML blocks, in which Markdown means nothing: no text becomes a link, an image or
* markup of its own. The escapes are those that the runner also masks a secret in.
* @param clean takes the secrets out of a text; before it is escaped, or they would not be found
*/
function summaryMarkup({ verdict, blocks, picture, details }, clean) {
	const { shown, block } = markupWith(clean);
	return [
		`<h3>${shown(verdict)}</h3>`,
		...blocks.map(block),
		...picture === void 0 ? [] : [`\`\`\`mermaid\n${picture}\n\`\`\``],
		...details.length === 0 ? [] : [[
			"<details><summary>Details</summary>",
			...details.flatMap((part) => [`<h4>${shown(part.title)}</h4>`, ...part.blocks.map(block)]),
			"</details>"
		].join("\n")]
	].join("\n\n");
}
function markupWith(clean) {
	const shown = (text) => escaped(clean(text).replaceAll(/\s+/g, " ").trim());
	const row = (cells, tag) => `<tr>${cells.map((cell) => `<${tag}>${shown(cell)}</${tag}>`).join("")}</tr>`;
	const item = (text) => {
		const [first = "", ...rest] = text.split("\n");
		return `<li>${shown(first)}${rest.length === 0 ? "" : preformatted(clean(rest.join("\n")))}</li>`;
	};
	const block = (part) => {
		if (typeof part === "string") return `<p>${shown(part)}</p>`;
		switch (part.kind) {
			case "list": return `<ul>${part.items.map(item).join("")}</ul>`;
			case "table": return [
				"<table>",
				row(part.head, "th"),
				...part.rows.map((cells) => row(cells, "td")),
				"</table>"
			].join("\n");
			case "lines": return preformatted(clean(part.text));
			case "labelled": return `<p><b>${shown(part.label)}</b> ${shown(part.text)}</p>`;
			case "link": return `<p><a href="${escaped(part.url)}">${shown(part.text)}</a></p>`;
		}
	};
	return {
		shown,
		block
	};
}
/** A text of several lines for Markdown; in `pre` nothing is a link, a mention or markup, and no line of it is blank. */
function preformatted(text) {
	return `<pre>${escaped(text.replaceAll(/\r\n|\r/g, "\n")).replaceAll("\n", "&#10;")}</pre>`;
}
function escaped(text) {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\"", "&quot;").replaceAll("'", "&apos;");
}
// src/action/report/reseed.ts
const needsAPerson = [
	"needs-reseed",
	"unusable-credential",
	"no-credential"
];
/** Tells the job, and with `reseed-issue` an issue, that only a person can bring the login back. Other errors are not announced here. */
async function announceReseed(error, facts, masks) {
	if (!(error instanceof KeeperError) || !needsAPerson.includes(error.code)) return;
	setOutput("needs-reseed", "true");
	if (!facts.reseedIssue) return;
	const { openReseedIssue } = await import("./reseed-issue.js");
	const secret = await facts.findSecret?.();
	await tried("opened", async () => openReseedIssue(await issueOf(facts), issueText(error, {
		...facts,
		secret
	}, masks.clean)));
}
/** Closes the issue once the login has been seen to work. */
async function withdrawReseed(facts) {
	if (!facts.reseedIssue) return;
	const { closeReseedIssue } = await import("./reseed-issue.js");
	await tried("closed", async () => closeReseedIssue(await issueOf(facts), `The login works again: ${facts.runUrl}`));
}
/** An issue that cannot be written must not hide what it was to report. */
async function tried(what, operation) {
	const [outcome] = await Promise.allSettled([operation()]);
	if (outcome.status === "rejected") warning$1(`The reseed issue could not be ${what}: ${messageOf(outcome.reason)} Give the job the permission "issues: write", or leave reseed-issue out.`);
}
async function issueOf({ apiUrl, githubToken, repository, slot }) {
	if (githubToken === void 0) throw new KeeperError("invalid-inputs", "github-token is empty.", "Leave github-token at its default.");
	const { githubApi } = await import("./github-api.js");
	const [owner = "", repo = ""] = repository.split("/");
	return {
		api: githubApi({
			baseUrl: apiUrl,
			auth: {
				kind: "token",
				token: githubToken
			},
			clock: systemClock
		}),
		owner,
		repo,
		slot
	};
}
function issueText({ message, remedy }, { slot, stores, repository, runUrl, secret: found }, clean) {
	const secret = stores.find((store) => store.kind === "github-secret")?.secret;
	const target = secret === void 0 ? found ?? "NAME_OF_THE_SECRET" : `${secret.secret}${secret.environment === void 0 ? "" : ` --env ${secret.environment}`}`;
	return `The Codex login of slot \`${slot}\` needs a person ([run](${runUrl})).

${preformatted(clean(`${message}\n\nWay out: ${remedy}`))}

Log in again in a directory of its own, so that no other login is touched, and replace ${secret === void 0 && found === void 0 ? "the secret" : `the secret \`${secret?.secret ?? found ?? ""}\``} that the workflow passes as \`auth-json\`:

\`\`\`sh
(
  set -eu
  export CODEX_HOME="$(mktemp -d)"
  codex login --device-auth
  test -s "$CODEX_HOME/auth.json"
  base64 < "$CODEX_HOME/auth.json" | tr -d '\\n' | gh secret set ${target} --repo ${repository}
  rm -rf "$CODEX_HOME"
)
\`\`\`

Where device login is switched off (in the security settings of ChatGPT, or by the administrator of the workspace), write \`codex login\` in the place of \`codex login --device-auth\`: it opens a browser on that machine.

Then start a new run of the workflow (not "Re-run jobs"). Do not use that login anywhere else, and do not run \`codex logout\`: both end it. The next run that refreshes the login, or passes the smoke test, closes this issue.`;
}
// src/action/runner/run-context.ts
/**
* Reads the runner's variables, which it sets itself for each stage, over a step's.
* @throws KeeperError unsupported-platform on Windows, or where no runner has started this process
*/
function readRunContext(env) {
	if (process.platform === "win32") throw new KeeperError("unsupported-platform", "Windows runners are not supported yet.", "Run this job on Linux or macOS.");
	const { GITHUB_REPOSITORY, RUNNER_TEMP, GITHUB_EVENT_NAME } = env;
	if (!GITHUB_REPOSITORY || !RUNNER_TEMP) throw new KeeperError("unsupported-platform", "GITHUB_REPOSITORY or RUNNER_TEMP is not set, so this is not a GitHub Actions job.", "Use this action in a workflow.");
	const serverUrl = env["GITHUB_SERVER_URL"] ?? "https://github.com";
	return {
		eventName: GITHUB_EVENT_NAME ?? "",
		actor: env["GITHUB_ACTOR"] ?? "",
		repository: GITHUB_REPOSITORY,
		ref: env["GITHUB_REF"] ?? "",
		apiUrl: env["GITHUB_API_URL"] ?? "https://api.github.com",
		serverUrl,
		runUrl: `${serverUrl}/${GITHUB_REPOSITORY}/actions/runs/${env["GITHUB_RUN_ID"] ?? ""}`,
		runAttempt: Number(env["GITHUB_RUN_ATTEMPT"] ?? 1),
		job: env["GITHUB_JOB"] ?? "",
		tempDirectory: RUNNER_TEMP,
		workspace: env["GITHUB_WORKSPACE"],
		home: env["HOME"] ?? homedir(),
		path: env["PATH"] ?? ""
	};
}
// src/action/report/write-through-words.ts
/** What main says of the process that it leaves beside the job. */
function writeThroughStart(started) {
	switch (started.kind) {
		case "started": return `Write-through is on: what Codex refreshes in the middle of the job is stored at once.${leftToPost(started.without)}`;
		case "no-store": return "Write-through is off: no store can be written without a read or a key that opens it. What Codex refreshes is stored after the job.";
		case "failed": return "Write-through could not be started. What Codex refreshes is stored after the job.";
	}
}
function leftToPost(without) {
	return without.length === 0 ? "" : ` Not for ${without.join(", ")}: only post stores there.`;
}
/** What post says of it. */
function writeThroughEnd({ how, seen }) {
	const had = `${seen === 1 ? "one refreshed login" : `${seen} refreshed logins`} seen during the job`;
	switch (how) {
		case "ended": return `Write-through has ended: ${had}.`;
		case "died": return `Write-through had already ended: ${had}.`;
		case "late": return `Write-through did not end in time: ${had}.`;
	}
}
// src/credential/known-secrets.ts
function knownSecrets() {
	const known = /* @__PURE__ */ new Set();
	let forms;
	return {
		add(values) {
			const added = [...new Set(values)].filter((value) => value !== "" && !known.has(value));
			for (const value of added) known.add(value);
			if (added.length > 0) forms = void 0;
			return added;
		},
		clean: (text) => {
			forms ??= secretForms(known);
			return withoutForms(text, forms);
		}
	};
}
// src/action/runner/masks.ts
function createMasks() {
	const known = knownSecrets();
	return {
		add(values) {
			for (const value of known.add(values)) setSecret(value);
		},
		clean: known.clean
	};
}
// src/action/report/life-picture.ts
const day = 86400;
/** The life of a login as a Mermaid diagram that needs no legend; all times are UTC. */
function lifePicture({ issued, due, ends, now }) {
	const from = Math.min(Math.max(due, issued), ends);
	return [
		"gantt",
		"    title Life of this Codex login (UTC)",
		"    dateFormat YYYY-MM-DD HH:mm",
		"    axisFormat %e %b",
		"    todayMarker off",
		"    section Fresh",
		`    nothing to do :done, ${moment(issued)}, ${moment(from)}`,
		"    section Due",
		`    the next job refreshes it :active, ${moment(from)}, ${moment(ends)}`,
		"    section Unused",
		`    a person may have to log in again :crit, ${moment(ends)}, ${moment(ends + 3 * day)}`,
		"    section Now",
		`    this run :milestone, ${moment(now)}, 0d`
	].join("\n");
}
function moment(seconds) {
	return (/* @__PURE__ */ new Date(seconds * 1e3)).toISOString().slice(0, 16).replace("T", " ");
}
// src/action/report/troubleshooting.ts
/** A link to what the documentation of the version in use says of an error; nothing where the runner does not say which that is. */
function troubleshootingLink(code, env) {
	const { GITHUB_ACTION_REPOSITORY: repository = "", GITHUB_ACTION_REF: ref = "" } = env;
	if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^[\w.-]+(\/[\w.-]+)*$/.test(ref)) return [];
	return [{
		kind: "link",
		text: "More about this error",
		url: `https://github.com/${repository}/blob/${ref}/docs/troubleshooting.md#${code}`
	}];
}
// src/action/report/page.ts
/** The summary of a stage that has ended well: its verdict first, then what to read, then the picture; undefined when there is nothing to show. */
function stagePage(reports) {
	const shown = reports.filter(({ isForLogAlone }) => isForLogAlone !== true);
	const last = shown.at(-1);
	if (last === void 0) return void 0;
	const warnings = shown.flatMap(({ annotations }) => annotations.map(({ text }) => text));
	const life = shown.findLast((report) => report.life !== void 0)?.life;
	return {
		verdict: shown.findLast(({ verdict }) => verdict !== void 0)?.verdict ?? last.title,
		blocks: [...warnings.length === 0 ? [] : [{
			kind: "list",
			items: warnings
		}], ...shown.flatMap(({ lead }) => lead ?? [])],
		picture: life && lifePicture(life),
		details: shown.map(({ title, summary }) => ({
			title,
			blocks: summary
		}))
	};
}
/** The summary of a stage that has failed: the cause first. */
function failurePage(error, remedy, reports, env) {
	const message = messageOf(error);
	const short = headline(message);
	return {
		verdict: error instanceof KeeperError && error.code === "needs-reseed" ? `${marks.failed} Log in again${short === void 0 ? "" : `: ${short}`}` : `${marks.failed} ${short ?? "Codex login: this step failed"}`,
		blocks: [
			...inItems(message),
			{
				kind: "labelled",
				label: "Way out:",
				text: remedy
			},
			...error instanceof KeeperError ? troubleshootingLink(error.code, env) : []
		],
		details: reports.map(partOf)
	};
}
function partOf({ title, summary, annotations }) {
	return {
		title,
		blocks: [...summary, ...annotations.map(({ text }) => text)]
	};
}
/** A list in a message stays one. */
function inItems(message) {
	const [first = "", ...items] = message.split("\n- ");
	if (items.length > 0) return [first, {
		kind: "list",
		items
	}];
	return message.includes("\n") ? [{
		kind: "list",
		items: [message]
	}] : [message];
}
// src/action/run-stage.ts
/**
* Runs one stage. This is the only place that catches what a stage throws, and the only one that makes the step red: a stage throws, or
* publishes a report with an error annotation.
*/
async function runStage(body) {
	const masks = createMasks();
	const reports = [];
	let failed = () => Promise.resolve();
	try {
		await body({
			masks,
			publish: (report) => {
				reports.push(report);
				publish(report, masks);
			},
			onFailure: (handler) => {
				failed = handler;
			}
		});
		await appendSummary(stagePage(reports), masks);
	} catch (error) {
		const remedy = error instanceof KeeperError ? error.remedy : unexpected;
		setFailed(masks.clean(`${messageOf(error)}\nWay out: ${remedy}`));
		if (!(error instanceof KeeperError) && error instanceof Error) debug(masks.clean(error.stack ?? ""));
		await appendSummary(failurePage(error, remedy, reports, process.env), masks);
		await failed(error);
	}
}
const unexpected = "This is not expected: please report it with this message and the summary of the job, without a debug log and without auth.json.";
function publish(report, masks) {
	startGroup(masks.clean(report.title));
	for (const line of report.lines) info(masks.clean(line));
	endGroup();
	for (const { level, text } of report.annotations) {
		const clean = masks.clean(text);
		switch (level) {
			case "warning":
				warning$1(clean);
				break;
			case "error": setFailed(clean);
		}
	}
}
async function appendSummary(page, masks) {
	if (page === void 0 || !process.env["GITHUB_STEP_SUMMARY"]) return;
	try {
		await summary.addRaw(`${summaryMarkup(page, masks.clean)}\n\n`).write();
	} catch (error) {
		warning$1(`The job summary could not be written: ${messageOf(error)}`);
	}
}
// src/process/in-time.ts
/**
* Waits for work that cannot be stopped, up to a limit; what becomes of it after that is not looked at.
* @param milliseconds the limit
* @returns what the work gave, or 'late'
* @throws what the work threw in time
*/
async function inTime(work, milliseconds) {
	let timer;
	const limit = new Promise((resolve) => {
		timer = setTimeout(() => {
			resolve("late");
		}, milliseconds);
	});
	try {
		return await Promise.race([work, limit]);
	} finally {
		clearTimeout(timer);
	}
}
// src/action/write-through/order.ts
function carried(known) {
	if (known.kind === "none") return known;
	return {
		kind: "held",
		base64: Buffer.from(known.bytes).toString("base64"),
		version: known.version
	};
}
function unpacked(copy) {
	if (copy.kind === "none") return copy;
	return {
		kind: "held",
		bytes: new Uint8Array(Buffer.from(copy.base64, "base64")),
		version: copy.version
	};
}
/** The socket at which the process is told to end: whoever connects asks for it, and it hangs up when it has ended its work. */
function socketIn(directory) {
	return join(directory, "end");
}
// src/action/write-through/record.ts
/** Made when it is read, as few jobs do. */
const record = () => /* @__PURE__ */ object({
	/** What Codex has written in the job, oldest first. */
	ours: /* @__PURE__ */ array(fingerprint),
	/** What the stores hand over to post, by their line. */
	handovers: /* @__PURE__ */ record$1(/* @__PURE__ */ string(), /* @__PURE__ */ unknown())
});
const signed = () => /* @__PURE__ */ object({
	text: /* @__PURE__ */ string(),
	signature: /* @__PURE__ */ string()
});
/** Signs with the token that the runner gives to actions and not to steps, so that no step can make up a record. */
function signingKey(env) {
	return signatureOf("write-through", env["ACTIONS_RUNTIME_TOKEN"] ?? "");
}
/** Replaces the record, whole or not at all. */
async function leaveRecord(directory, left, key) {
	const text = JSON.stringify(left);
	const file = recordIn(directory);
	await writeFile(`${file}.new`, JSON.stringify({
		text,
		signature: signatureOf(text, key)
	}), { mode: 384 });
	await rename(`${file}.new`, file);
}
/** The record; undefined when there is none, or none that can be trusted. */
async function takeRecord(directory, key) {
	try {
		const { text, signature } = signed().parse(JSON.parse(await readFile(recordIn(directory), "utf8")));
		return signature === signatureOf(text, key) ? record().parse(JSON.parse(text)) : void 0;
	} catch {
		return;
	}
}
function recordIn(directory) {
	return join(directory, "record.json");
}
function signatureOf(text, key) {
	return createHmac("sha256", key).update(text).digest("hex");
}
export { isRegion as $, unknown as $n, parseLease as $t, saveState as A, isDue as An, listAccounts as At, rawInputs as B, literal as Bn, decideWriteBack as Bt, listed as C, accountHash as Cn, findTool as Ct, loadState as D, isSameAccount as Dn, pathOutside as Dt, savedJobState as E, isSame as En, isInside as Et, readStoreInputs as F, _enum as Fn, writeBackRotation as Ft, durationSeconds as G, object as Gn, lookOnce as Gt, truth as H, nullable as Hn, findNewerCopy as Ht, storeRunOf as I, _null as In, writeBackLatest as It, judgeStores as J, record$1 as Jn, noCodexToTest as Jt, durationWords as K, optional as Kn, retried as Kt, parseSecretWriter as L, array as Ln, holdsFile as Lt, retryWords as M, sha256 as Mn, refreshEarly as Mt, remembering as N, _catch as Nn, seedIsOlder as Nt, loadStateOfPre as O, accessEnds as On, realPlace as Ot, withoutReading as P, _default as Pn, wasStored as Pt, parseSshAddress as Q, union as Qn, holderName as Qt, invalidInputs as R, boolean as Rn, standingAfter as Rt, healthWords as S, isLoopbackHost as Sn, networkVariables as St, handoversOf as T, isAccountNamed as Tn, reclaimLeftovers as Tt, distanceWords as U, nullish as Un, copyState as Ut, trimmed as V, looseObject as Vn, isRotated as Vt, durationRule as W, number as Wn, look as Wt, areNames as X, string as Xn, requireLogin as Xt, storeForms as Y, refine as Yn, refreshRefused as Yt, parseVaultAddress as Z, transform as Zn, smokeTestRefused as Zt, isPutBack as _, systemCodeOf as _n, closeStores as _t, socketIn as a, logInFirst as an, exportVariable as ar, parsedUrl as at, restoreReport as b, parseAuthJson as bn, rememberEnvironment as bt, runStage as c, installAuthFile as cn, info as cr, sshOptions as ct, writeThroughStart as d, removeAuthFile as dn, warning$1 as dr, keyDigest as dt, refusedToken as en, _minLength as er, leaseKeyOf as et, readRunContext as f, PlainFileError as fn, logLine as fr, maskInputs as ft, writeBackReport as g, messageOf as gn, secretValues as gt, outcomeWords as h, errorWords as hn, seedBytes as ht, carried as i, failureWords as in, NEVER as ir, leaseRef as it, loggedRetry as j, judgeTimes as jn, originName as jt, reserveState as k, compareIssued as kn, chooseNewest as kt, knownSecrets as l, observeAuthFile as ln, saveState$1 as lr, writeKeyFiles as lt, withdrawReseed as m, KeeperError as mn, toCommandProperties as mr, parseSealingKeys as mt, signingKey as n, failureOfRefresh as nn, _trim as nr, parseServer as nt, unpacked as o, authFileChangedAt as on, getInput as or, howToPin as ot, announceReseed as p, readPlainFile as pn, issueCommand as pr, secretsIn as pt, momentWords as q, pipe as qn, noCodexToRefresh as qt, takeRecord as r, failureOfText as rn, parse as rr, parseSecretAddress as rt, inTime as s, authFileIn as sn, getState as sr, quoted as st, leaveRecord as t, failureOfExec as tn, _regex as tr, parseS3Address as tt, writeThroughEnd as u, observeDocument as un, setOutput as ur, parseKubernetesAddress as ut, putBackWords as v, AuthJsonError as vn, openStores as vt, marks as w, compareAge as wn, findTools as wt, warning as x, unmanagedReasons as xn, undoChanges as xt, lifeOf as y, isAnotherLogin as yn, systemClock as yt, line as z, exactOptional as zn, writeBack as zt };
