//! Cognate on Cloudflare Workers: a thin host around the kernel.
