// What the kernel wants of a bucket, in R2's own calls. `kernel/src/s3/bucket.rs` has the words.

type Metadata = {
  http: Omit<R2HTTPMetadata, "cacheExpiry">;
  cacheExpiryMs: number | null;
  custom: Record<string, string>;
  storageClass: string | null;
};

type Get = { key: string; range: R2Range | null; onlyIf: [string, string][] };
type Body = { bytes: number; passes: boolean };
type Hash = ["md5" | "sha1" | "sha256", string];

export type Access =
  | { kind: "abort"; key: string; uploadId: string }
  | { kind: "complete"; key: string; uploadId: string; parts: R2UploadedPart[] }
  | { kind: "copy"; source: Get; target: CopyTarget }
  | { kind: "create"; key: string; metadata: Metadata }
  | { kind: "delete"; keys: string[] }
  | ({ kind: "get" } & Get)
  | { kind: "head"; key: string }
  | ({ kind: "list" } & List)
  | { kind: "part"; key: string; uploadId: string; number: number; body: Body }
  | {
      kind: "put";
      key: string;
      metadata: Metadata;
      onlyIf: [string, string][];
      hash: Hash | null;
      body: Body;
    };

type CopyTarget =
  | { kind: "object"; key: string; metadata: Metadata | null }
  | { kind: "part"; key: string; uploadId: string; number: number };

type List = {
  prefix: string;
  delimiter?: string;
  cursor?: string;
  startAfter?: string;
  limit: number;
};

type Described = {
  key: string;
  size: number;
  etag: string;
  uploadedMs: number;
  metadata: Partial<Metadata>;
  hashes: Record<string, string>;
  range?: R2Range;
  isUnmet?: boolean;
};

export type Outcome =
  | { kind: "failed"; code: number }
  | { kind: "nothing" }
  | ({ kind: "object" } & Described)
  | { kind: "page"; objects: Described[]; prefixes: string[]; cursor: string | null }
  | { kind: "part"; etag: string }
  | { kind: "upload"; id: string };

/** Lends the body of the request as a stream of known length, or as bytes. */
export type Source = <T>(
  body: Body,
  use: (content: ReadableStream | Uint8Array) => Promise<T>,
) => Promise<T>;

type Accessed = { outcome: Outcome; object?: ReadableStream };

/** The bucket of the request, and the one from which a copy is made. */
type Buckets = { bucket: R2Bucket; source: R2Bucket | undefined };

/** Does what is wanted; what R2 will not do is an outcome as well. */
export async function carryOut(
  { bucket, source }: Buckets,
  access: Access,
  body: Source,
): Promise<Accessed> {
  try {
    switch (access.kind) {
      case "get":
        return await get(bucket, access);
      case "copy":
        return { outcome: await copy(source ?? bucket, bucket, access) };
      default:
        return { outcome: await simple(bucket, access, body) };
    }
  } catch (error) {
    return { outcome: { kind: "failed", code: codeOf(error) } };
  }
}

type Simple = Exclude<Access, { kind: "get" | "copy" }>;

async function simple(bucket: R2Bucket, access: Simple, source: Source): Promise<Outcome> {
  switch (access.kind) {
    case "abort":
      await bucket.resumeMultipartUpload(access.key, access.uploadId).abort();
      return { kind: "nothing" };
    case "complete": {
      const upload = bucket.resumeMultipartUpload(access.key, access.uploadId);
      return described(await upload.complete(access.parts));
    }
    case "create": {
      const options = optionsOf(access.metadata);
      const { uploadId } = await bucket.createMultipartUpload(access.key, options);
      return { kind: "upload", id: uploadId };
    }
    case "delete":
      await bucket.delete(access.keys);
      return { kind: "nothing" };
    case "head":
      return described(await bucket.head(access.key));
    case "list": {
      const { kind: _, ...options } = access;
      const page = await bucket.list(options);
      const objects = page.objects.map(describe);
      const cursor = page.truncated ? page.cursor : null;
      return { kind: "page", objects, prefixes: page.delimitedPrefixes, cursor };
    }
    case "part": {
      const upload = bucket.resumeMultipartUpload(access.key, access.uploadId);
      const put = (content: ReadableStream | Uint8Array) =>
        upload.uploadPart(access.number, content);
      const { etag } = await source(access.body, put);
      return { kind: "part", etag };
    }
    case "put": {
      const options: R2PutOptions = optionsOf(access.metadata);
      if (access.onlyIf.length > 0) options.onlyIf = new Headers(access.onlyIf);
      if (access.hash !== null) options[access.hash[0]] = access.hash[1];
      const put = (content: ReadableStream | Uint8Array) =>
        bucket.put(access.key, content, options);
      return described(await source(access.body, put));
    }
  }
}

async function get(bucket: R2Bucket, access: Get): Promise<Accessed> {
  const object = await read(bucket, access);
  if (object === null) return { outcome: { kind: "nothing" } };
  const outcome: Outcome = { kind: "object", ...describe(object) };
  if ("body" in object) return { outcome, object: object.body };
  return { outcome: { ...outcome, isUnmet: true } };
}

function read(bucket: R2Bucket, { key, range, onlyIf }: Get): Promise<R2ObjectBody | R2Object | null> {
  const options: R2GetOptions = {};
  if (range !== null) options.range = range;
  if (onlyIf.length > 0) options.onlyIf = new Headers(onlyIf);
  return bucket.get(key, options);
}

/** The bytes go from one object to the other as they come. */
async function copy(
  from: R2Bucket,
  to: R2Bucket,
  { source, target }: Extract<Access, { kind: "copy" }>,
): Promise<Outcome> {
  const object = await read(from, source);
  if (object === null) return { kind: "nothing" };
  if (!("body" in object)) return { kind: "object", ...describe(object), isUnmet: true };
  if (target.kind === "part") {
    const upload = to.resumeMultipartUpload(target.key, target.uploadId);
    const { etag } = await upload.uploadPart(target.number, object.body);
    return { kind: "part", etag };
  }
  const { httpMetadata, customMetadata } = object;
  const options = target.metadata
    ? optionsOf(target.metadata)
    : { ...(httpMetadata && { httpMetadata }), ...(customMetadata && { customMetadata }) };
  return described(await to.put(target.key, object.body, options));
}

function optionsOf({ http, cacheExpiryMs, custom, storageClass }: Metadata): R2MultipartOptions {
  const httpMetadata: R2HTTPMetadata = { ...http };
  if (cacheExpiryMs !== null) httpMetadata.cacheExpiry = new Date(cacheExpiryMs);
  const options: R2MultipartOptions = { httpMetadata, customMetadata: custom };
  if (storageClass !== null) options.storageClass = storageClass;
  return options;
}

function described(object: R2Object | null): Outcome {
  return object === null ? { kind: "nothing" } : { kind: "object", ...describe(object) };
}

function describe(object: R2Object): Described {
  const { cacheExpiry, ...http } = object.httpMetadata ?? {};
  const hashes: Record<string, string> = {};
  for (const [name, hash] of Object.entries(object.checksums.toJSON())) {
    if (typeof hash === "string") hashes[name] = hash;
  }
  return {
    key: object.key,
    size: object.size,
    etag: object.etag,
    uploadedMs: object.uploaded.getTime(),
    metadata: {
      http,
      cacheExpiryMs: cacheExpiry?.getTime() ?? null,
      custom: object.customMetadata ?? {},
      storageClass: object.storageClass ?? null,
    },
    hashes,
    ...(object.range && { range: object.range }),
  };
}

/** Why a body ends before its end: the kernel knows more. */
export const REFUSED = "the object is refused";

/** R2's errors end in their numbers: `get: The specified key does not exist. (10007)`. */
function codeOf(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  const code = /\((\d+)\)$/.exec(message)?.[1];
  if (code !== undefined) return Number(code);
  if (!message.includes(REFUSED)) console.error("a bucket does not answer:", message);
  return 0;
}
