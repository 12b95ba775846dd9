#!/usr/bin/env node
import { runCli } from './run-cli.js'

process.exitCode = await runCli({
  args: process.argv.slice(2),
  env: process.env,
  print: (line) => console.log(line),
  printError: (line) => console.error(line),
})
