//! User pools themselves, and the account's list of them.
