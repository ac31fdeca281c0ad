import { defineComponent, h, onMounted } from 'vue';
import { load } from './index.js';

export { load };

/** The survey's element, and the script once the page is in a browser. */
export const Survey = defineComponent({
  name: 'AfterwordSurvey',
  inheritAttrs: false,
  props: { src: { type: String, required: true }, nonce: String },
  setup({ src, nonce }, { attrs }) {
    onMounted(() => load({ src, nonce }).catch((error) => console.warn(error)));
    // `h` with a tag's name makes an element and not a component, so `isCustomElement` is not needed.
    return () => h('afterword-survey', attrs);
  },
});
