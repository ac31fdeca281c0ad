// What of a page the script's modules look for while they are loaded.
globalThis.document = { currentScript: { src: 'https://shop.example/afterword.js' }, readyState: 'complete' };
globalThis.location = { origin: 'https://shop.example' };
Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
