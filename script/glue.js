// The glue's way in, in the place of wasm-bindgen's own: takeover.js hands over the module, so that
// nothing has to be found out here. The build makes a function of this file and the glue, whose state
// is thus an instance's own: see `takeover` in xtask/src/dist.rs.
import { __wbg_finalize_init as finish, __wbg_get_imports as imports, mount } from 'bindgen';

/**
 * Makes an instance of the module, and gives its `mount`. Whatever ends it, in an event, a timer or a
 * promise, calls `life.end`; nothing in it runs after that.
 */
export default async (module, life) => {
  const { exports } = await WebAssembly.instantiate(module, imports());
  const guarded = {};
  for (const name in exports) {
    const own = exports[name];
    guarded[name] = own.call ? (...given) => {
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
