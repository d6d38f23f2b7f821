// Runs a script of this project on Node 24, after installing what is missing:
//   node tools/run.js FILE [args…]
//   node tools/run.js --bin PACKAGE BINNAME [args…]
import { start, startBin } from './starter.js';

const [first, ...rest] = process.argv.slice(2);
const isBin = first === '--bin';
if (first === undefined || (isBin && rest.length < 2)) {
  process.stderr.write('usage: node tools/run.js FILE [args…] | --bin PACKAGE BINNAME [args…]\n');
  process.exit(2);
}
if (isBin) await startBin(rest[0], rest[1], rest.slice(2));
else await start(first, rest);
