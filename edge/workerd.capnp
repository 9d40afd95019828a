# Cognate on bare workerd: `cargo xtask serve` starts it, after `cargo xtask build`.
# By hand, from the root, with the settings below in the environment:
#   workerd serve edge/workerd.capnp --socket-addr=http=127.0.0.1:8787 --directory-path=state=DIR

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "cognate", worker = .cognate),
    (name = "cache", worker = .cache),
    # Buckets: `edge/objects.capnp`, elsewhere, and nothing if that was not started.
    (name = "files", external = (address = "127.0.0.1:8789", http = ())),
    (name = "state", disk = (writable = true)),
    (
      name = "internet",
      # Triggers and senders may well be on this machine.
      network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true)),
    ),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "cognate")],
);

const cognate :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "build/worker.js"),
    (name = "index_bg.wasm", wasm = embed "build/index_bg.wasm"),
  ],
  compatibilityDate = "2026-04-24",
  compatibilityFlags = ["nodejs_compat"],
  globalOutbound = "internet",
  durableObjectNamespaces = [
    (className = "Account", uniqueKey = "cognate-account", enableSql = true),
    (className = "IdentityPool", uniqueKey = "cognate-identity-pool", enableSql = true),
    (className = "UserPool", uniqueKey = "cognate-user-pool", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "state"),
  bindings = [
    (name = "ACCOUNT", durableObjectNamespace = "Account"),
    (name = "IDENTITY_POOL", durableObjectNamespace = "IdentityPool"),
    (name = "USER_POOL", durableObjectNamespace = "UserPool"),
    (name = "CACHE", kvNamespace = "cache"),
    (name = "FILES", r2Bucket = "files"),
    # A variable that is not set is null.
    (name = "ACCOUNT_ID", fromEnvironment = "ACCOUNT_ID"),
    (name = "COGNATE_ACCESS_KEY_ID", fromEnvironment = "COGNATE_ACCESS_KEY_ID"),
    (name = "COGNATE_DEVELOPMENT", fromEnvironment = "COGNATE_DEVELOPMENT"),
    (name = "COGNATE_ROOT_KEY", fromEnvironment = "COGNATE_ROOT_KEY"),
    (name = "COGNATE_SECRET_ACCESS_KEY", fromEnvironment = "COGNATE_SECRET_ACCESS_KEY"),
    (name = "CREDENTIALS", fromEnvironment = "CREDENTIALS"),
    (name = "ISSUER", fromEnvironment = "ISSUER"),
    (name = "LAMBDA_ENDPOINT", fromEnvironment = "LAMBDA_ENDPOINT"),
    (name = "MAIL_FROM", fromEnvironment = "MAIL_FROM"),
    (name = "MAIL_SENDER", fromEnvironment = "MAIL_SENDER"),
    (name = "MAIL_SENDER_KEY", fromEnvironment = "MAIL_SENDER_KEY"),
    (name = "MAIL_SENDER_URL", fromEnvironment = "MAIL_SENDER_URL"),
    (name = "MAIL_WEBHOOK_URL", fromEnvironment = "MAIL_WEBHOOK_URL"),
    (name = "POOL_SHARDS", fromEnvironment = "POOL_SHARDS"),
    (name = "PUBLIC_URL", fromEnvironment = "PUBLIC_URL"),
    (name = "RATE_LIMITS", fromEnvironment = "RATE_LIMITS"),
    (name = "S3_BUCKETS", fromEnvironment = "S3_BUCKETS"),
    (name = "S3_HOST", fromEnvironment = "S3_HOST"),
    (name = "S3_ORIGINS", fromEnvironment = "S3_ORIGINS"),
    (name = "SENDER_REGION", fromEnvironment = "SENDER_REGION"),
    (name = "SMS_FROM", fromEnvironment = "SMS_FROM"),
    (name = "SMS_SENDER", fromEnvironment = "SMS_SENDER"),
    (name = "SMS_SENDER_KEY", fromEnvironment = "SMS_SENDER_KEY"),
    (name = "SMS_SENDER_URL", fromEnvironment = "SMS_SENDER_URL"),
    (name = "SMS_WEBHOOK_URL", fromEnvironment = "SMS_WEBHOOK_URL"),
    (name = "STS_ENDPOINT", fromEnvironment = "STS_ENDPOINT"),
    (name = "TRIGGERS", fromEnvironment = "TRIGGERS"),
    (name = "WEBHOOK_SECRET", fromEnvironment = "WEBHOOK_SECRET"),
  ],
);

# workerd has no KV store of its own: it turns each KV operation into an HTTP request.
const cache :Workerd.Worker = (
  modules = [(name = "kv.js", esModule = embed "kv.js")],
  compatibilityDate = "2026-04-24",
  durableObjectNamespaces = [
    (className = "Namespace", uniqueKey = "cognate-kv", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "state"),
  bindings = [(name = "NAMESPACE", durableObjectNamespace = "Namespace")],
);
