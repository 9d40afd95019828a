//! What IAM sends and receives about roles.

use alloc::{string::String, vec::Vec};

use super::{FreeText, IamArn, IamId, IamTags, pattern::*};
use crate::shape::{Timestamp, choice, integer, shape, text};

text! {
    /// Where the next page begins.
    IamMarker: 1..=320, r"[\u0020-\u00FF]+" marker;
    PolicyDocument: 1..=131072, r"[\u0009\u000A\u000D\u0020-\u00FF]+" latin_text;
    PolicyName: 1..=128, r"[\w+=,.@-]+" role_name;
    RoleName: 1..=64, r"[\w+=,.@-]+" role_name;
    /// What people say of a role.
    RoleNote: 0..=1000, r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*" role_note;
    RolePath: 1..=512, r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)" role_path;
    RolePathPrefix: 1..=512, r"\u002F[\u0021-\u007F]*" role_path_prefix;
}

integer! {
    RoleMaxItems: 1..=1000;
    /// Seconds.
    RoleMaxSession: 3600..=43200;
}

choice! {
    PermissionsBoundaryType { Policy "PermissionsBoundaryPolicy" }
}

shape! { pub(crate) AttachedPermissionsBoundary {
    PermissionsBoundaryType kind: Option<PermissionsBoundaryType>,
    PermissionsBoundaryArn arn: Option<IamArn>,
} }

shape! { pub(crate) RoleLastUsed {
    LastUsedDate last_used_date: Option<Timestamp>,
    Region region: Option<FreeText>,
} }

shape! { pub(crate) SourceRoleTemplate {
    TemplateArn template_arn: IamArn,
    TemplateMinorVersion template_minor_version: i32,
} }

shape! {
    /// All that is said of a role: `Role` on the wire.
    pub(crate) RoleDescription {
        Path path: RolePath,
        RoleName role_name: RoleName,
        RoleId role_id: IamId,
        Arn arn: IamArn,
        CreateDate create_date: Timestamp,
        AssumeRolePolicyDocument assume_role_policy_document: Option<PolicyDocument>,
        Description description: Option<RoleNote>,
        MaxSessionDuration max_session_duration: Option<RoleMaxSession>,
        PermissionsBoundary permissions_boundary: Option<AttachedPermissionsBoundary>,
        Tags tags: Option<IamTags>,
        RoleLastUsed role_last_used: Option<RoleLastUsed>,
        SourceRoleTemplate source_role_template: Option<SourceRoleTemplate>,
    }
}

shape! {
    /// What places tell one another of a role; of one that there is not, nothing.
    pub(crate) Shown {
        /// When the sessions of the identity that was asked about were revoked.
        RevokedAt revoked_at: Option<Timestamp>,
        RoleId role_id: Option<String>,
        Trust trust: Option<String>,
        Policies policies: Vec<String>,
    }
}
