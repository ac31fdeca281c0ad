// @ts-check
// The way into the module in dist/, in the place of wasm-bindgen's own: it is handed the module, and need not find
// it. The build makes a function of this file and wasm-bindgen's glue, so that the glue's variables belong to an
// instance: see `takeover` in xtask/src/dist.rs.
import { __wbg_finalize_init as finish, __wbg_get_imports as imports, mount } from 'bindgen';

/**
 * Makes an instance of the module. Whatever ends it, in an event, a timer or a promise, calls `life.end`; nothing
 * in it runs after that.
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
