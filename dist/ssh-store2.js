export { t as sshStore } from "./ssh-store.js";
