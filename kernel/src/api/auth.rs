//! Signing in, refreshing, signing out.
