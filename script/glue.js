// The glue's way in, in the place of wasm-bindgen's own: afterword.js hands over the module as an
// answer that may be streamed, or as bytes, so that nothing has to be found out here.
import { __wbg_finalize_init as finish, __wbg_get_imports as imports, mount } from 'glue';

export { mount };

export default async ({ module_or_path: module }) => {
  const instantiate = module instanceof Response ? 'instantiateStreaming' : 'instantiate';
  finish((await WebAssembly[instantiate](module, imports())).instance);
};
