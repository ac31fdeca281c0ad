// @ts-check
// The module's start in dist/, in the place of wasm-bindgen's own: it gets the module as an argument. The build turns
// this file and wasm-bindgen's glue into one function, so that each instance has its own variables of the glue: see
// `glue` in xtask/src/dist.rs.
import { __wbg_finalize_init as finish, __wbg_get_imports as imports, mount } from 'bindgen';

/**
 * Makes an instance of the module. If the module fails, in an event, a timer or a promise, `life.end` is called, and
 * none of its functions runs after that.
 *
 * @type {import('glue').Instantiate}
 */
export default async (module, life) => {
  const { exports } = await WebAssembly.instantiate(module, imports());
  /** @type {Record<string, any>} */
  const guarded = {};
  for (const name in exports) {
    /** @type {any} */
    const own = exports[name];
    guarded[name] = own.call ? (/** @type {any[]} */ ...given) => {
      if (!life.over) try {
        return own(...given);
      } catch (error) {
        life.end?.(life.over = true);
        throw error;
      }
    } : own;
  }
  finish({ exports: guarded });
  return mount;
};
