//! What IAM sends and receives about roles.

use alloc::string::String;

use super::pattern::*;
use crate::shape::{Timestamp, integer, shape, text};

text! {
    PolicyDocument: 1..=131072;
    PolicyName: 1..=128, r"[\w+=,.@-]+" role_name;
    RoleName: 1..=64, r"[\w+=,.@-]+" role_name;
    /// What people say of a role.
    RoleNote: 0..=1000;
    RolePath: 1..=512, r"(/)|(/[\x21-\x7E]+/)" role_path;
}

integer! {
    RoleMaxItems: 1..=1000;
    /// Seconds.
    RoleMaxSession: 3600..=43200;
}

shape! {
    /// All that is said of a role: `Role` on the wire.
    pub(crate) RoleDescription {
        Path path: String,
        RoleName role_name: RoleName,
        RoleId role_id: String,
        Arn arn: String,
        CreateDate create_date: Timestamp,
        AssumeRolePolicyDocument assume_role_policy_document: Option<String>,
        Description description: Option<String>,
        MaxSessionDuration max_session_duration: Option<i32>,
    }
}
