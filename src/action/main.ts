import { restoringStage } from './restoring-stage.ts'
import { runStage } from './run-stage.ts'

// At the step's own place: restores, or verifies what pre has restored. Pre, before every other step, is this file too.
await runStage(restoringStage)
