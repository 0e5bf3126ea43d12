// Reads a TAP file with npm's tap-parser and prints what it made of it as JSON.
import { Parser } from 'tap-parser'
import { readFileSync } from 'node:fs'

const points = []
const extra = []
const comments = []
let version = null
let bailout = null

function listen(parser, parents) {
  parser.on('assert', (a) => points.push({ ...a, parents, diag: a.diag ?? null, skip: a.skip ?? false, todo: a.todo ?? false }))
  parser.on('extra', (text) => extra.push(text))
  parser.on('comment', (text) => comments.push(text))
  parser.on('child', (child) => listen(child, [...parents, child.name]))
}

const parser = new Parser({ strict: process.argv[3] !== '14' }, (results) => {
  const { ok, count, pass, fail, skip, todo, plan } = results
  const failures = results.failures.filter((f) => f.tapError).map((f) => f.tapError)
  console.log(JSON.stringify({ ok, count, pass, fail: fail ?? 0, skip, todo, plan: plan.end, bailout, version, points, extra, comments, failures }))
})
parser.on('version', (v) => { version = v })
parser.on('bailout', (why) => { bailout = why })
listen(parser, [])
parser.end(readFileSync(process.argv[2]))
