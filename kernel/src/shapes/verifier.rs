//! What Workers of the operator's own are told, so that they know who signed a request.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use super::pattern::*;
use crate::shape::{Timestamp, shape, text};

text! {
    SignerKeyId: 16..=128, r"[\w]+" word;
    /// `yyyymmdd`.
    ScopeDate: 8..=8, r"[0-9]+" digits;
    ScopeRegion: 1..=32, r"[a-z0-9-]+" scope_part;
    /// What the scope of a signature names beside day and region.
    ScopeService: 1..=64, r"[a-z0-9-]+" scope_part;
    SignerToken: 1..=16384, sensitive;
    SigningKey: 1..=64, sensitive;
    VerifierKey: 1..=128, sensitive;
    VerifierKeyId: 1..=32, r"[0-9A-Za-z]+" alphanumeric;
}

shape! { pub(crate) VerifierKeyType {
    VerifierKeyId verifier_key_id: VerifierKeyId,
    Service service: ScopeService,
    CreationDate creation_date: Timestamp,
} }

shape! {
    /// Somebody who has a role for a while.
    pub(crate) SignerType {
        /// `arn:aws:sts::{account}:assumed-role/{role}/{session}`.
        Arn arn: String,
        RoleArn role_arn: String,
        RoleId role_id: String,
        RoleSessionName role_session_name: String,
        /// What policies may ask about whoever it is, by the names of condition keys.
        Facts facts: BTreeMap<String, Vec<String>>,
        Tags tags: BTreeMap<String, String>,
        SourceIdentity source_identity: Option<String>,
        IssueDate issue_date: Timestamp,
        ExpirationDate expiration_date: Timestamp,
    }
}

shape! {
    /// All that a verifier needs to let a signer in, or not.
    pub(crate) SigningKeyType {
        /// Base64 of the 32 bytes that sign within the scope.
        SigningKey signing_key: SigningKey,
        Signer signer: SignerType,
        /// The documents of the role's policies.
        Policies policies: Vec<String>,
        /// What the session may do at most, if it is bound.
        SessionPolicy session_policy: Option<String>,
        /// For how many seconds this may be kept: so long may a change go unseen.
        MaxAge max_age: i32,
    }
}
