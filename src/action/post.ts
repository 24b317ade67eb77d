import { postStage } from './post-stage.ts'
import { runStage } from './run-stage.ts'

// After the job's steps, whatever happened to them: writes back and cleans up.
await runStage(postStage)
