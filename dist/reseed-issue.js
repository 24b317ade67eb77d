import { $n as unknown, Kn as optional, Ln as array, Un as nullish, Vn as looseObject, Wn as number, Xn as string } from "./shared.js";
// src/github/reseed-issue.ts
const label = "codex-auth-keeper";
const issues = array(looseObject({
	number: number(),
	body: nullish(string()),
	pull_request: optional(unknown())
}));
/**
* Opens the issue of a slot, or brings the open one up to date.
* @param text Markdown without a secret
* @throws KeeperError as the API does, for example without `issues: write`
*/
async function openReseedIssue(issue, text) {
	const { api, owner, repo, slot } = issue;
	const body = `${text}\n\n${slotMarker(slot)}`;
	const number = await findOpen(issue);
	const parameters = {
		owner,
		repo,
		body,
		title: `The Codex login "${slot}" needs a person`,
		labels: [label]
	};
	await api.request(number === void 0 ? {
		what: "open an issue",
		route: "POST /repos/{owner}/{repo}/issues",
		parameters
	} : {
		what: "update an issue",
		route: "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
		parameters: {
			...parameters,
			issue_number: number
		}
	});
}
/**
* Closes the issue of a slot, if one is open, and says why.
* @throws KeeperError as the API does
*/
async function closeReseedIssue(issue, comment) {
	const { api, owner, repo } = issue;
	const number = await findOpen(issue);
	if (number === void 0) return;
	const parameters = {
		owner,
		repo,
		issue_number: number
	};
	await api.request({
		what: "comment on an issue",
		route: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
		parameters: {
			...parameters,
			body: comment
		}
	});
	await api.request({
		what: "close an issue",
		route: "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
		parameters: {
			...parameters,
			state: "closed"
		}
	});
}
/** Found by the label, which only people with triage rights can set, and by a mark in the text, which names the slot. */
async function findOpen({ api, owner, repo, slot }) {
	const answer = await api.request({
		what: "list issues",
		route: "GET /repos/{owner}/{repo}/issues",
		parameters: {
			owner,
			repo,
			state: "open",
			labels: label,
			per_page: 100
		}
	});
	return issues.parse(answer.data).find(({ body, pull_request: pull }) => pull === void 0 && body?.includes(slotMarker(slot)))?.number;
}
function slotMarker(slot) {
	return `<!-- codex-auth-keeper slot=${slot} -->`;
}
export { closeReseedIssue, openReseedIssue };
