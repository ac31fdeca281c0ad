// Calls the script's modules as Node has them: reads `{ task, … }` from standard input, prints the result.
import { readFileSync } from 'node:fs';
import * as built from 'built';

// What files.js asks of a page while it is loaded.
globalThis.document = { currentScript: { src: 'https://shop.example/afterword.js' }, readyState: 'complete' };

/** @param {[string, string][]} pairs names without `data-` and values */
const attributes = (pairs) => pairs.map(([name, value]) => ({ name: `data-${name}`, value }));

const tasks = {
  /** Looks language tags up. */
  async match({ wanted }) {
    const { match } = await import('./script/locale.js');
    return wanted.map((tag) => match(tag, built.LOOKUP) ?? null);
  },

  /** Reads attributes, by the rules that the build has put into `built`. */
  async read({ cases }) {
    const { read } = await import('./script/attributes.js');
    return cases.map((pairs) => read(attributes(pairs), built.RULES));
  },

  /** Reads attributes as it is done for the widget. */
  async readAll({ cases }) {
    const { readAll } = await import('./script/later/settings.js');
    return cases.map((pairs) => readAll(attributes(pairs)));
  },

  /** Makes ids at those times. */
  async uuid({ times }) {
    const { uuid } = await import('./script/uuid.js');
    return times.map(uuid);
  },

  /** Makes revisions, as JSON and as a form. */
  async revise({ cases }) {
    const { read } = await import('./script/attributes.js');
    const { revise } = await import('./script/message.js');
    const { flat } = await import('./script/later/flat.js');
    return cases.map(({ attributes: pairs, comment, ...survey }) => {
      survey.set = { ...built.DEFAULTS, ...read(attributes(pairs), built.RULES) };
      const { headers, body } = revise({ ...survey }, comment);
      return { headers, body, form: revise({ ...survey, flat }, comment).body.toString() };
    });
  },

  /** Writes a message in which every text is half a character. */
  async halves() {
    const { write } = await import('./script/message.js');
    const half = 'a\ud83c b';
    return write({}, { comment: half, tags: [half], customer: { id: half } });
  },
};

const { task, ...input } = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(await tasks[task](input)));
