# What it costs when a Worker does nothing but reach a bucket: `cargo xtask load --objects`.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "bare", worker = .bare),
    (name = "files", external = (address = "127.0.0.1:8789", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8788", http = (), service = "bare")],
);

const bare :Workerd.Worker = (
  modules = [(name = "objects.js", esModule = embed "objects.js")],
  compatibilityDate = "2026-04-24",
  compatibilityFlags = ["nodejs_compat"],
  bindings = [(name = "FILES", r2Bucket = "files")],
);
