//! What is a group, as it is shown?

use super::{
    number::Precedence,
    text::{Arn, Description, GroupName, UserPoolId},
};
use crate::shape::{Timestamp, shape};

shape! {
    /// A group, described in full.
    #[derive(Default)]
    pub(crate) GroupType {
        GroupName group_name: Option<GroupName>,
        UserPoolId user_pool_id: Option<UserPoolId>,
        Description description: Option<Description>,
        RoleArn role_arn: Option<Arn>,
        Precedence precedence: Option<Precedence>,
        LastModifiedDate last_modified_date: Option<Timestamp>,
        CreationDate creation_date: Option<Timestamp>,
    }
}
