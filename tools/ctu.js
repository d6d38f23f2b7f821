#!/usr/bin/env node
// The command `clear-to-use`: runs src/main.ts on Node 24, after installing what is missing.
import { start } from './starter.js';

await start('src/main.ts', process.argv.slice(2));
