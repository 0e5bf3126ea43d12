// Validates a JSON file against a JSON Schema: validate.mjs SCHEMA FILE
import Ajv from 'ajv'
import { readFileSync } from 'node:fs'

const [schema, value] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')))
const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true }).compile(schema)
if (!validate(value)) {
  console.log(JSON.stringify(validate.errors, null, 1))
  process.exit(1)
}
console.log('valid')
