// @ts-check
// Handles the keyboard in a survey: the keys that do not reach the page, the scale, and a comment close to its limit.
// A part of takeover.js and of form.js, for the painted form and the widget alike.
import { COMMENT, NEAR_THE_END, SETTLE, SETTLE_ARROW, SETTLE_ONE } from 'built';
import { WAITING } from '../delivery.js';
import { begin } from './settings.js';

/** @import { Survey } from '../survey.js' */

/**
 * Whether a key that was pressed in the survey reaches the page: Escape, Tab, F1 to F12, and key combinations that do not
 * edit a text. Control with Alt types a character on keyboards without AltGr.
 *
 * @param {KeyboardEvent} event
 */
const isThePages = ({ key, ctrlKey, altKey, metaKey }) => /^(Escape|Tab|F\d+)$/.test(key)
  || ((metaKey || (ctrlKey && !altKey)) && /^[^acvxyz]$/i.test(key));

/**
 * Starts listening to the keyboard in a survey; further calls have no effect.
 *
 * Sets `survey.rest`.
 *
 * @param {Survey} survey
 */
export const listenToTyping = (survey) => {
  if (survey.rest) return;
  const { host, root, script } = survey;
  let rest = SETTLE;
  let ten = 0; // until when a 0 after a 1 means 10, in milliseconds since 1970
  survey.rest = () => rest;
  const scores = () => /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll('.score input')]);
  /** @param {EventTarget | null} target */
  const isScore = (target) => scores().includes(/** @type {HTMLInputElement} */ (target));

  // Keys that type or choose in the survey must not trigger the page's shortcuts.
  for (const type of ['keydown', 'keypress', 'keyup']) {
    host.addEventListener(type, (event) => {
      if (!isThePages(/** @type {KeyboardEvent} */ (event))) event.stopPropagation();
    });
  }

  root.addEventListener('pointerdown', () => rest = SETTLE);
  root.addEventListener('keydown', (event) => {
    const { key, target, ctrlKey, altKey, metaKey } = /** @type {KeyboardEvent} */ (event);
    if (!isScore(target) || ctrlKey || altKey || metaKey) return;
    if (key == 'Enter') {
      // Otherwise the browser would press Send.
      event.preventDefault();
      // The comment box may not be there yet.
      Promise.resolve(survey.completing).then(() => root.querySelector('textarea')?.focus());
      return;
    }
    // An arrow key moves the choice by one, so most of the scores that it passes are not meant.
    if (/^Arrow/.test(key)) rest = SETTLE_ARROW;
    if (key == ' ') rest = SETTLE;
    const chosen = key == 'Home' ? 0 : key == 'End' ? 10 : /^\d$/.test(key) ? +key : undefined;
    if (chosen == null) return;
    // Otherwise the page would scroll.
    event.preventDefault();
    const isTen = key == '0' && Date.now() < ten;
    ten = 0;
    rest = SETTLE;
    if (key == '1') {
      rest = SETTLE_ONE;
      ten = Date.now() + rest;
    }
    const score = scores()[isTen ? 10 : chosen];
    score.focus();
    score.click();
  });
  // This runs after the painted form's own listener, which has planned to send the score.
  root.addEventListener('change', () => {
    if (!survey.widget && survey.state == WAITING) script.plan(survey, rest, survey.outgoing);
  });
  // A customer who leaves the scale has decided.
  root.addEventListener('focusout', (event) => {
    const { target, relatedTarget } = /** @type {FocusEvent} */ (event);
    if (rest == SETTLE || !isScore(target) || isScore(relatedTarget)) return;
    rest = SETTLE;
    if (survey.widget) survey.widget();
    else if (survey.state == WAITING) script.plan(survey, 0, survey.outgoing);
  });

  root.addEventListener('input', ({ target }) => {
    const { type, value } = /** @type {HTMLTextAreaElement} */ (target);
    if (type == 'textarea' && value.length >= COMMENT - NEAR_THE_END) begin(import('./counter.js'), survey);
  });
};
