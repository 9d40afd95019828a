//! Does anything leak? Secrets stay out of logs, out of errors, and out of `Debug`.

#[cfg(test)]
mod hygiene {
    mod debug;
    mod life;
    mod secrets;
}
