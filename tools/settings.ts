// Writes what follows from the list of settings: the table in docs/reference/settings.md, and .env.example.
//   node tools/run.js tools/settings.ts
import fs from 'node:fs';
import path from 'node:path';
import { describeSettings, exampleOfSettings } from '#platform/settings-text.ts';

const root = path.resolve(import.meta.dirname, '..');
const page = path.join(root, 'docs', 'reference', 'settings.md');
const text = fs.readFileSync(page, 'utf8');
fs.writeFileSync(page, text.replace(/^\| Setting [\s\S]*?\n(?!\|)/m, `${describeSettings()}\n`));
fs.writeFileSync(path.join(root, '.env.example'), exampleOfSettings());
