export { t as chosenStep, r as keeperStepsIn } from "./workflow-step.js";
