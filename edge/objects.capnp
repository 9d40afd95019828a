# Buckets for bare workerd, which has no R2 of its own: the one that `wrangler dev` has, in a process
# of its own, since it would take as long to start as all the rest. `cargo xtask serve` starts it.
# Not for production: Cloudflare's own R2 is what answers there.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "files", worker = .files),
    (name = "objects", worker = .objects),
    (name = "state", disk = (writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8789", http = (), service = "files")],
  extensions = [(
    modules = [
      (
        name = "miniflare:shared",
        esModule = embed "node_modules/miniflare/dist/src/workers/shared/index.worker.js",
      ),
      (
        name = "miniflare:zod",
        esModule = embed "node_modules/miniflare/dist/src/workers/shared/zod.worker.js",
      ),
    ],
  )],
);

const files :Workerd.Worker = (
  modules = [(
    name = "object-entry.worker.js",
    esModule = embed "node_modules/miniflare/dist/src/workers/shared/object-entry.worker.js",
  )],
  compatibilityDate = "2023-07-24",
  bindings = [
    (name = "MINIFLARE_NAMESPACE", text = "files"),
    (
      name = "MINIFLARE_OBJECT",
      durableObjectNamespace = (className = "R2BucketObject", serviceName = "objects"),
    ),
  ],
);

const objects :Workerd.Worker = (
  modules = [(
    name = "bucket.worker.js",
    esModule = embed "node_modules/miniflare/dist/src/workers/r2/bucket.worker.js",
  )],
  compatibilityDate = "2023-07-24",
  compatibilityFlags = ["nodejs_compat", "experimental"],
  durableObjectNamespaces = [
    (className = "R2BucketObject", uniqueKey = "cognate-r2", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "state"),
  bindings = [(name = "MINIFLARE_BLOBS", service = "state")],
);
