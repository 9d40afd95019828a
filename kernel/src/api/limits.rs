//! How many calls are answered.

pub(super) mod adopt_rates;
pub(super) mod get_provisioned_limit;
pub(super) mod update_provisioned_limit;
