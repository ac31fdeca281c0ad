// The painted form's second half: the comment, Send, the thanks, and trying again. Fetched when
// somebody has tapped a score before the widget was there to take the form over, or where it cannot
// come at all.
import { MORE, THANKS } from 'built';

/**
 * Adds the comment to a painted form, and makes Send work.
 *
 * `revise(words)` gives the whole answer: those words, and the score as it stands. `plan(wait, revision)`
 * has it sent. Returns what is to be called when an attempt at a revision has ended, with the answer, 0
 * if there was none.
 */
export const complete = ({ form, build, say, tell, plan, revise }) => {
  /** Makes elements of built markup; links that are none stay away. */
  const make = (markup) => {
    const element = build(markup);
    for (const link of element.querySelectorAll('a')) {
      // Help is offered to whoever is not content.
      const needed = link.id != 'support' || form.elements.score.value < 7;
      if (!needed || !/^(https?|mailto|tel):/.test(link.protocol)) link.remove();
    }
    return element;
  };

  form.lastChild.before(make(MORE));
  const comment = form.querySelector('textarea');
  const button = form.querySelector('button');
  const failed = form.querySelector('.failed');
  const score = () => form.elements.score.value;
  let words; // that Send was pressed on last
  let scored; // the score that went with them
  let due; // whether thanks are
  let tried, attempts;

  const show = (label, failure = '') => {
    comment.readOnly = label == '_sending';
    button.ariaDisabled = comment.readOnly;
    button.textContent = say(label);
    failed.textContent = failure;
  };
  const send = (wait) => {
    scored = score();
    plan(wait, revise(words));
  };
  form.addEventListener('submit', () => {
    if (comment.readOnly) return;
    words = comment.value;
    due = true;
    show('_sending');
    send(0);
  });
  // Corrected after that, the score goes with the words that were sent, not those written since.
  form.addEventListener('change', ({ target }) => {
    if (target.type == 'radio' && words != null && !comment.readOnly) send(400);
  });

  return (revision, { ok, status = 0, headers }) => {
    if (ok) {
      if (!due) return; // the score alone
      if (score() != scored) {
        // Corrected while the answer was on its way: it follows.
        send(0);
      } else if (comment.value == words) {
        tell('submitted');
        const status = form.lastChild;
        status.append(...THANKS.map(make));
        form.replaceChildren(status);
      } else {
        // It arrived by itself after a failure, while they were changing it.
        due = false;
        show('_send');
      }
      return;
    }
    const after = headers?.get('retry-after');
    if (tried != revision) attempts = 0;
    tried = revision;
    // 1, 2, 4 and 8 seconds, spread over a quarter; as src/delivery.rs has it.
    if (attempts < 4 && !(after > 30) && !/^4(?!08|25|29)/.test(status)) {
      plan(Math.max(after * 1e3 || 0, 2 ** attempts++ * (750 + 500 * Math.random())));
    } else if (due) {
      if (!failed.textContent) tell('failed');
      show('_retry', say('_failed'));
    }
  };
};
