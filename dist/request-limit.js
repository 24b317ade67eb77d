// src/request-limit.ts
/**
* Ends each request of the toolkit's HTTP client with the signal, wherever it stands, so that none keeps this process alive.
* The client's own time limit ends with the headers, and does not begin before the connection stands.
*/
function endedBy(signal) {
	return {
		prepareRequest: (options) => {
			options.signal = signal;
			const agent = options.agent;
			if (agent?.proxyOptions !== void 0) agent.proxyOptions.signal = signal;
		},
		canHandleAuthentication: () => false,
		handleAuthentication: () => Promise.reject(/* @__PURE__ */ new Error("The server asks for another login."))
	};
}
export { endedBy as t };
