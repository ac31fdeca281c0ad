// The types in Vue: of the component, and of the element in templates, which Vue's tools look up among its global
// components. Each line below `@ts-expect-error` has to be an error.
import { Survey, load } from 'afterword-survey/vue';
import { h } from 'vue';
import type { GlobalComponents, VNode } from 'vue';

type Props = InstanceType<typeof Survey>['$props'];
type InTemplates = InstanceType<GlobalComponents['AfterwordSurvey']>['$props'];

export const survey: VNode = h(Survey, { src: '/afterword.js', 'data-mode': 'tab', 'data-order-id': 1001 });
export const props: Props = { key: 'A-1001', src: '/afterword.js', class: 'ask', 'data-touchpoint': 'order', 'data-layer': true };
export const surveyInTemplates: Props = { src: '/afterword.js', dataMode: 'tab' };
export const inTemplates: InTemplates = { class: 'ask', dataMode: 'tab', dataTouchpoint: 'order', onClick: () => load({ src: '/afterword.js' }) };

// @ts-expect-error: no address of the script.
export const nowhere: Props = { 'data-mode': 'tab' };
// @ts-expect-error: no such mode.
export const mode: Props = { src: '/afterword.js', 'data-mode': 'popup' };
// @ts-expect-error: no such mode.
export const modeOfSurveyInTemplates: Props = { src: '/afterword.js', dataMode: 'popup' };
// @ts-expect-error: misspelt.
export const misspelt: Props = { src: '/afterword.js', 'data-qestion': 'How?' };
// @ts-expect-error: no such mode.
export const modeInTemplates: InTemplates = { dataMode: 'popup' };
// @ts-expect-error: misspelt.
export const misspeltInTemplates: InTemplates = { dataQestion: 'How?' };
