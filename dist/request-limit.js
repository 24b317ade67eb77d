// src/request-limit.ts
/**
* Ends each request of the toolkit's HTTP client with the signal, however far it is, so that none keeps this process alive.
* The client's own time limit ends with the headers, and does not begin before there is a connection.
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
