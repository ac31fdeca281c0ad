// The types in JSX, with React's own types. Each element below `@ts-expect-error` has to be an error. (In JSX, TypeScript accepts every
// misspelt name that has a hyphen.)
import { Survey, load } from 'afterword-survey/react';
import type { SurveyProps } from 'afterword-survey/react';
import type { ReactElement } from 'react';

const whole: SurveyProps = { src: '/afterword/afterword.js', nonce: 'abc', className: 'ask', 'data-mode': 'tab', 'data-order-id': 1001 };

export const page: ReactElement = <main>
  <Survey key="A-1001" {...whole} data-touchpoint="order" data-layer style={{ minHeight: 200 }} />
  <afterword-survey data-survey="post-purchase" data-mode="inline" data-delay={3} className="ask" onClick={() => load({ src: whole.src })} />
</main>;

const props: SurveyProps[] = [
  // @ts-expect-error: misspelt.
  { src: '/afterword.js', 'data-qestion': 'How?' },
];

export const wrong = <>
  <Survey {...props[0]} src="/afterword.js" />
  {/* @ts-expect-error: no address of the script. */}
  <Survey data-mode="tab" />
  {/* @ts-expect-error: no such mode. */}
  <Survey src="/afterword.js" data-mode="popup" />
  {/* @ts-expect-error: no such mode. */}
  <afterword-survey data-mode="popup" />
</>;
