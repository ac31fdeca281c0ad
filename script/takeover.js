// The widget's way in: makes the module ready, and has it take painted forms over, unseen.
//
// Loaded with the module, and in dist/ one file with its glue; `survey` is what afterword.js gives.
import make from 'glue';

/** Gives, once the module is there, what takes a survey over. */
export const begin = async (answer) => {
  // Not streamed: so small a module gains nothing by it, and on a server that does not know its type
  // there would be a warning in the shop's console.
  const module = await WebAssembly.compile(await answer.arrayBuffer());
  // An instance a survey: what a removed one has held goes with it, listeners that Yew never takes
  // back included; and should one end before its time, the others go on.
  return async (survey) => {
    const life = {};
    take(survey, await make()(module, life), life);
  };
};

const fields = (form) => [...form.querySelectorAll('input, textarea, button, a')];

const take = (survey, mount, life) => {
  const { host, root, painted, tell, arranged, write, attempt } = survey;
  const { down, words, ...state } = survey.state();
  const text = () => root.querySelector('textarea')?.value;
  // Not under the hands of somebody who is writing, nor once Send was pressed: they finish in the painted form.
  if (root.querySelector('textarea:focus, [aria-disabled], .failed:not(:empty), .thanks')) return;
  // Not in the middle of a tap, which would be lost.
  if (down) return host.isConnected && setTimeout(take, 99, survey, mount, life);
  const place = document.createElement('div');
  /**
   * Puts one form in the other's place. Both have the same fields in the same order: the focus moves along,
   * and so does a score that the other has not heard of.
   */
  const swap = (from = painted, to = place) => {
    const before = fields(from);
    const after = fields(to);
    const focused = before.indexOf(root.activeElement);
    from.replaceWith(to);
    const tapped = after[before.findIndex((field) => field.checked)];
    if (!tapped?.checked) tapped?.click();
    after[focused]?.focus({ preventScroll: true });
  };
  // Should the module ever end, the painted form goes on with what was tapped and typed.
  life.end = () => {
    if (root.querySelector('.thanks')) return;
    survey.revive(text() || '');
    swap(place, painted);
  };
  survey.give(mount(place, {
    ...state, words: Object.entries(words).flat(), comment: text(),
    tell, arranged, write, attempt, swap,
  }));
};
