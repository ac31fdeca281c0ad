// @ts-check
// The way into the module as Trunk serves it: there is one instance a page, and when it ends, it has ended.
import init, { mount } from './widget.js';

/** @returns {import('glue').Instantiate} */
export default () => async (module) => {
  await init({ module_or_path: module });
  return mount;
};
