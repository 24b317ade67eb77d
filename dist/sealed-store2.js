export { n as sealedStore } from "./sealed-store.js";
