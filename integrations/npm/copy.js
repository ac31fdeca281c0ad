#!/usr/bin/env node
// Copies the survey's files into a folder that your site serves unchanged: `afterword-survey copy public/afterword`.
// They must not be bundled, because the script looks for its other files beside itself.
import { cp, mkdir, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [command, folder, ...more] = process.argv.slice(2);
if (command != 'copy' || !folder || more.length) {
  console.error('usage: afterword-survey copy FOLDER, such as: afterword-survey copy public/afterword');
  process.exit(2);
}
const from = join(dirname(fileURLToPath(import.meta.url)), 'dist');
const to = resolve(folder);
await mkdir(to, { recursive: true });
// Files of an earlier release stay, because pages that are already open still fetch them.
await cp(from, to, { recursive: true });
console.log(`${(await readdir(from)).length} files and folders of the survey are in ${to}`);
