export { t as githubApi } from "./github-api.js";
