// Is this Node? Then its own crypto and buffers save time.

type NodeCrypto = typeof import('node:crypto');
type NodeBuffer = typeof import('node:buffer');

interface Platform {
  navigator?: { userAgent?: string };
  process?: {
    getBuiltinModule?(name: 'node:crypto'): NodeCrypto | undefined;
    getBuiltinModule?(name: 'node:buffer'): NodeBuffer | undefined;
    versions?: { bun?: string; deno?: string };
  };
}

/** What is used of Node; nothing on other platforms. */
export interface Node {
  crypto: NodeCrypto;
  Buffer: NodeBuffer['Buffer'];
}

export const node: Node | undefined = find(globalThis as Platform);

/** Only Node's own: others lend the names to something that is slower, or takes less. */
function find({ navigator, process }: Platform): Node | undefined {
  const { bun, deno } = process?.versions ?? {};
  if (bun || deno || navigator?.userAgent === 'Cloudflare-Workers') return undefined;
  const crypto = process?.getBuiltinModule?.('node:crypto');
  const Buffer = process?.getBuiltinModule?.('node:buffer')?.Buffer;
  return crypto && Buffer && { crypto, Buffer };
}
