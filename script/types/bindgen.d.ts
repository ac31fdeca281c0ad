/** The glue code of wasm-bindgen, with two of its inner functions exported: see `glue` in xtask/src/dist.rs. */
import type { Mount } from './glue';

export const mount: Mount;
export function __wbg_get_imports(): WebAssembly.Imports;
export function __wbg_finalize_init(instance: { exports: object }): void;
