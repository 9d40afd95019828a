//! Which rates are in force?

use alloc::{collections::BTreeMap, string::String};

use serde::{Deserialize, Serialize};

use super::Category;
use crate::{
    cx::Cx,
    error::{Code, Error},
    shapes::{LimitDefinitionType, LimitType},
    store::{Record, keys},
};

/// Which rates a deployment begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RateLimits {
    /// Those of AWS, and its bounds for each user.
    Aws,
    /// None: everything is answered.
    #[default]
    None,
}

/// The rate of what is not limited, as it is told: more than anybody sends.
pub(crate) const UNLIMITED: i32 = i32::MAX;

/// The rates that were set, by category: at the account what is true, at each pool a copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rates {
    pub(crate) per_second: BTreeMap<String, i32>,
}

impl Record for Rates {}

/// The rate of a category that a deployment begins with.
pub(crate) fn usual(limits: RateLimits, category: Category) -> i32 {
    match limits {
        RateLimits::Aws => category.aws_rate(),
        RateLimits::None => UNLIMITED,
    }
}

/// The rate of a category.
pub(crate) fn in_force(limits: RateLimits, rates: Option<&Rates>, category: Category) -> i32 {
    let set = rates.and_then(|rates| rates.per_second.get(category.wire()).copied());
    set.unwrap_or_else(|| usual(limits, category))
}

/// Takes over the rates that the account tells a pool; the batch has them.
pub(crate) fn adopt(cx: &Cx, per_second: BTreeMap<String, i32>) -> Result<(), Error> {
    if per_second.is_empty() {
        return Ok(());
    }
    cx.put(keys::RATES, &Rates { per_second })
}

impl LimitDefinitionType {
    /// The category that is meant.
    ///
    /// # Errors
    /// `InvalidParameterException` if it names none.
    pub(crate) fn category(&self) -> Result<Category, Error> {
        let name = self.attributes.get("Category").map(String::as_str).unwrap_or_default();
        Category::named(name).ok_or_else(|| {
            let message = alloc::format!("There is no API category {name}.");
            Error::saying(Code::InvalidParameter, message)
        })
    }

    /// The limit as it stands.
    pub(crate) fn described(self, cx: &Cx) -> Result<LimitType, Error> {
        let category = self.category()?;
        let limits = cx.deployment().rate_limits;
        let rates = cx.get::<Rates>(keys::RATES)?;
        Ok(LimitType {
            limit_definition: self,
            provisioned_limit_value: in_force(limits, rates.as_deref(), category),
            free_limit_value: usual(limits, category),
        })
    }
}
