// Which stores are there where there are files?

export { fileStore } from './file.js';
export { sqliteStore } from './sqlite.js';
