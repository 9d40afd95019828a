//! What is an export of users, as it is shown?

use super::text::{PreSignedUrl, UserExportId, UserPoolId};
use crate::shape::{Timestamp, shape};

shape! {
    /// An export, which may be fetched until it expires.
    pub(crate) UserExportType {
        ExportId export_id: UserExportId,
        UserPoolId user_pool_id: UserPoolId,
        PreSignedUrl pre_signed_url: PreSignedUrl,
        CreationDate creation_date: Timestamp,
        ExpirationDate expiration_date: Timestamp,
    }
}
