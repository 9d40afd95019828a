//! What is told of a limit on calls?

use alloc::string::String;

use crate::shape::{choice, map, shape};

shape! {
    /// Which limit is meant.
    pub(crate) LimitDefinitionType {
        LimitClass limit_class: LimitClass,
        Attributes attributes: LimitAttributes,
    }
}

shape! {
    /// A limit: what is in force, and what would be if nobody had said anything.
    pub(crate) LimitType {
        LimitDefinition limit_definition: LimitDefinitionType,
        ProvisionedLimitValue provisioned_limit_value: i32,
        FreeLimitValue free_limit_value: i32,
    }
}

choice! {
    LimitClass {
        ApiCategory "API_CATEGORY",
    }
}

map! {
    /// What tells limits of a class apart: `Category`.
    LimitAttributes: 0..=_ String => String;
}
