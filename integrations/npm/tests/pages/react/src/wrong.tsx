// Is no part of the page. The types are checked if, and only if, each line below `@ts-expect-error` is an error.
import { Survey } from 'afterword-survey/react';

export const wrong = (
  <>
    {/* @ts-expect-error: no address of the script. */}
    <Survey data-order-id="A-1" />
    {/* @ts-expect-error: no such mode. */}
    <Survey src="/afterword/afterword.js" data-mode="popup" />
  </>
);
