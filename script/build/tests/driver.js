// Calls the script's modules in Node.js: each line of the standard input is a task, and each line of the output the
// result of one.
import { createInterface } from 'node:readline';
import './page.js';
import { DEFAULTS, LOOKUP, RULES } from 'built';
import { withoutSecrets } from '../address.js';
import { read } from '../attributes.js';
import { flat } from '../later/flat.js';
import { addition, completed } from '../later/completed.js';
import { readAll } from '../later/settings.js';
import { decide, matches } from '../later/when.js';
import { match } from '../locale.js';
import { answer, pack, write } from '../message.js';
import { uuid } from '../uuid.js';

/** Attributes as an element has them. */
const element = (pairs) => pairs.map(([name, value]) => ({ name: 'data-' + name, value }));

const tasks = {
  /** Looks language tags up. */
  match: ({ wanted }) => wanted.map((tag) => match(tag, LOOKUP) ?? null),

  /** Reads attributes by all rules: what is taken, as the widget is handed it, and what the console is told of. */
  read({ attributes }) {
    const { set, faults } = readAll(element(attributes));
    const fault = (kept) => kept === undefined ? 'Ignored' : Array.isArray(kept) ? 'Items' : 'Cut';
    return {
      taken: Object.entries(set).flatMap(([name, value]) => [value].flat().map((item) => [name, item])),
      faults: faults.map(({ name, value, kept }) => [name, value, fault(kept)]),
    };
  },

  /** Makes the body of an answer, of attributes read by the rules in afterword.js, and of the same read by all. */
  revise({ attributes, words, comment, said, survey }) {
    const page = element(attributes);
    const all = readAll(page).set;
    // later/when.js has the rule of data-mode, and comes before anything is sent; later/form.js reads by all rules before
    // Send is there.
    const sets = comment == null ? [{ ...read(page, RULES), mode: all.mode || DEFAULTS.mode }, all] : [all];
    return sets.map((set) => {
      const asked = { ...survey, site: set.subject || survey.site, set: { ...DEFAULTS, ...set }, words: Object.fromEntries(words), flat: set.format == 'form' && flat };
      const message = comment == null ? answer(asked) : completed(asked, answer(asked), comment);
      const whole = { ...message, ...(said && addition(message, said)) };
      const { headers, body } = pack(asked, whole);
      return { headers, body: typeof body == 'string' ? JSON.parse(body) : [...body] };
    });
  },

  /** Decides whether a survey is shown: why not, or null. */
  decide: ({ cases }) => cases.map(([attributes, facts]) => decide({ ...DEFAULTS, ...readAll(element(attributes)).set }, facts) ?? null),

  /** Whether paths match patterns. */
  matches: ({ pairs }) => pairs.map(([pattern, path]) => matches(pattern, path)),

  /** Paths without what they must not tell. */
  paths: ({ paths }) => paths.map(withoutSecrets),

  /** Makes ids at those times. */
  uuid: ({ times }) => times.map(uuid),

  /** Writes a message in which every text ends in half a character. */
  halves() {
    const half = 'a\ud83c b';
    return write({}, { comment: half, tags: [half], customer: { id: half } });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { task, ...input } = JSON.parse(line);
  console.log(JSON.stringify(tasks[task](input)));
}
