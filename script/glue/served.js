// @ts-check
// The module's start as Trunk serves it: one instance per page, and no replacement if it fails.
import init, { mount } from './widget.js';

/** @returns {import('glue').Instantiate} */
export default () => async (module) => {
  await init({ module_or_path: module });
  return mount;
};
