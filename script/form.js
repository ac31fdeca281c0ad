// The painted form's second half: the comment, Send, the thanks, and trying again. Fetched when
// somebody has tapped a score before the widget was there to take the form over, or where it cannot
// come at all.
import { MORE, THANKS } from 'built';

/**
 * Adds the comment to a painted form, and makes Send work.
 *
 * `revise()` gives the whole answer as it stands, `plan(wait, revision)` has it sent. Returns what is
 * to be called when an attempt at a revision has ended, with its status, 0 if there was none, and its
 * Retry-After.
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
  const said = () => form.elements.score.value + comment.value;
  let sent; // what Send was pressed on, while that is not thanked for
  let tried, attempts;

  const show = (label, failure = '') => {
    comment.readOnly = label == '_sending';
    button.ariaDisabled = comment.readOnly || null;
    button.textContent = say(label);
    failed.textContent = failure;
  };
  form.addEventListener('submit', () => {
    if (comment.readOnly) return;
    sent = said();
    show('_sending');
    plan(0, revise());
  });

  return (revision, status, after) => {
    if (status > 199 && status < 300) {
      if (!sent) return; // the score alone
      if (said() == sent) {
        tell('submitted');
        const status = form.lastChild;
        status.append(...THANKS.map(make));
        form.replaceChildren(status);
      } else if (comment.readOnly) {
        // The score was corrected while the answer was on its way: it follows.
        sent = said();
        plan(0, revise());
      } else {
        // It arrived by itself after a failure, while they were changing it.
        show('_send');
      }
      return;
    }
    if (tried != revision) attempts = 0;
    tried = revision;
    // 1, 2, 4 and 8 seconds, spread over a quarter; as src/delivery.rs has it.
    if (attempts < 4 && !(after > 30) && !/^4(?!08|25|29)/.test(status)) {
      plan(Math.max(after * 1e3 || 0, 2 ** attempts++ * (750 + 500 * Math.random())));
    } else if (sent) {
      if (!failed.textContent) tell('failed');
      show('_retry', say('_failed'));
    }
  };
};
