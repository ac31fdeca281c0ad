// The widget's way in: makes the module ready, and has it take a painted form over, unseen.
//
// Loaded with the module, and in dist/ one file with its glue; `survey` is what afterword.js gives.
import init, { mount } from 'glue';

const back = new WeakMap(); // by host, what brings the painted form back

/** Gives, once the module is there, what takes a survey over. */
export const begin = async (answer) => {
  // Not streamed: so small a module gains nothing by it, and on a server that does not know its type
  // there would be a warning in the shop's console.
  await init({ module_or_path: await answer.arrayBuffer() });
  return take;
};

const fields = (form) => [...form.querySelectorAll('input, textarea, button, a')];

const take = (survey) => {
  const { host, root, painted, tell, arranged, flat, attempt } = survey;
  const { down, words, ...state } = survey.state();
  // Not under the hands of somebody who is writing, nor after Send: they finish in the painted form.
  if (root.querySelector('textarea:focus, [aria-disabled], .failed:not(:empty), .thanks')) return;
  // Not in the middle of a tap, which would be lost.
  if (down) return setTimeout(take, 99, survey);
  const place = document.createElement('div');
  const swap = () => {
    // Both have the same fields in the same order. The focus moves along.
    const focused = fields(painted).indexOf(root.activeElement);
    painted.replaceWith(place);
    fields(place)[focused]?.focus({ preventScroll: true });
  };
  survey.give(mount(place, {
    ...state, words: Object.entries(words).flat(), comment: root.querySelector('textarea')?.value,
    tell, arranged, flat, attempt, swap,
  }));
  back.set(host, () => {
    back.delete(host);
    if (root.querySelector('.thanks')) return;
    survey.revive(root.querySelector('textarea')?.value);
    place.replaceWith(painted);
  });
};

// Should the module ever end, nothing in it works any more, in any survey.
addEventListener('error', ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) document.querySelectorAll('afterword-survey').forEach((host) => back.get(host)?.());
});
