// The same judges, with WebCrypto as pages and Workers have it.

delete process.getBuiltinModule;

await import('./verify_judges.test.mjs');
await import('./verify_keys.test.mjs');
