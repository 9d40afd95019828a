# What a Worker and a Durable Object cost when they do next to nothing: `cargo xtask load`.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "reference", worker = .reference),
    (name = "state", disk = (writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8788", http = (), service = "reference")],
);

const reference :Workerd.Worker = (
  modules = [
    (name = "reference.js", esModule = embed "reference.js"),
    (name = "build/index.js", esModule = embed "build/index.js"),
    (name = "build/index_bg.wasm", wasm = embed "build/index_bg.wasm"),
  ],
  compatibilityDate = "2026-04-24",
  compatibilityFlags = ["nodejs_compat"],
  durableObjectNamespaces = [
    (className = "Bare", uniqueKey = "reference-bare", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "state"),
  bindings = [(name = "BARE", durableObjectNamespace = "Bare")],
);
