//! Users, as administrators see them.
