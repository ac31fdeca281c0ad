// The glue as Trunk serves it, where there is one instance a page and an end is an end.
import init, { mount } from './widget.js';

export default () => async (module) => {
  await init({ module_or_path: module });
  return mount;
};
