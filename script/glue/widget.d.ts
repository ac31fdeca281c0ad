/** wasm-bindgen's output, as Trunk serves it. */
import type { Mount } from '../types/glue';

export const mount: Mount;
export default function init(input: { module_or_path: WebAssembly.Module }): Promise<unknown>;
