// Calls the script's modules as Node has them: reads `{ task, … }` from standard input, prints the result.
import { readFileSync } from 'node:fs';
import { LOOKUP } from 'built';
import { match } from './script/locale.js';

const tasks = {
  /** Looks language tags up. */
  match: ({ wanted }) => wanted.map((tag) => match(tag, LOOKUP) ?? null),
};

const { task, ...input } = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(tasks[task](input)));
