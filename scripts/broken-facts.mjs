// Prints one Markdown line per failed test of a jest report (--json), nothing when all have passed.
// A report that is missing or empty is a failure too, never "all facts hold".
import { existsSync, readFileSync } from 'node:fs'

const [, , file] = process.argv
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
const tests = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? []
const broken = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => `- ${fullName}`)
if (broken.length === 0 && report?.success !== true) broken.push('- (the suite could not be run)')
if (broken.length === 0 && report.numPassedTests === 0) broken.push('- (the suite has no tests)')
if (broken.length > 0) console.log(broken.join('\n'))
