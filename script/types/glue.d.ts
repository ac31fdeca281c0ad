/** Starts the module: glue/instance.js in dist/, glue/served.js with Trunk. */
import type { Handover } from '../later/takeover.js';

/** The state of an instance of the module: whether it has failed, and the function to call when it does. */
export interface Life {
  over?: boolean;
  end?(over: boolean): void;
}

/** The module's one export: `mount` in src/browser/mount.rs. */
export type Mount = (place: Element, handover: Handover) => (answer?: Response | null | number) => void;

/** Makes an instance of the module. */
export type Instantiate = (module: WebAssembly.Module, life: Life) => Promise<Mount>;

export default function make(): Instantiate;
