// What a page in TypeScript writes, checked with the types that dist/ has. Each line below `@ts-expect-error` has to be an error.
import type { AfterwordAttributeName, AfterwordAttributes, AfterwordSkipReason } from 'afterword';

// Calls before and after the script has loaded.
window.afterword ||= [];
window.afterword?.push(['consent', true], ['context', { 'order-id': 'A-1001' }], ['order-placed']);
// @ts-expect-error
window.afterword?.push(['consent', 'yes', 1]);

const survey = window.afterword;
if (survey) {
  survey.open();
  const off: () => void = survey.on('skipped', ({ detail }) => {
    const reason: AfterwordSkipReason = detail.reason;
    return reason;
  });
  off();
  // @ts-expect-error
  survey.on('clicked', () => {});
}

document.addEventListener('afterword:scored', ({ detail: { id, survey, score } }) => {
  const said: [string, string, number | undefined] = [id, survey, score];
  // @ts-expect-error
  detail.score = 10;
  return said;
});

export const element: HTMLElement = document.createElement('afterword-survey');

export const attributes: AfterwordAttributes = {
  'data-mode': 'tab', 'data-tab-label': 'Feedback', 'data-order-id': 1001, 'data-layer': true, 'data-prop-coupon': 'WELCOME',
};
export const name: AfterwordAttributeName = 'data-touchpoint';
// @ts-expect-error
export const mode: AfterwordAttributes = { 'data-mode': 'popup' };
// @ts-expect-error
export const misspelt: AfterwordAttributes = { 'data-qestion': 'How?' };
