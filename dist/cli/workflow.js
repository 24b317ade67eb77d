export { n as parseWorkflow } from "./workflow2.js";
