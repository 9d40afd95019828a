//! Tokens: what they say, who signs them, and how they are checked.
