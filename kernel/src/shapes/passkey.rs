//! What do operations about passkeys carry?

use alloc::{string::String, vec::Vec};

use super::text::{WebAuthnAuthenticatorAttachment, WebAuthnAuthenticatorTransport};
use crate::shape::{Timestamp, shape};

shape! {
    /// A passkey of a user.
    pub(crate) WebAuthnCredentialDescription {
        CredentialId credential_id: String,
        FriendlyCredentialName friendly_credential_name: String,
        RelyingPartyId relying_party_id: String,
        AuthenticatorAttachment authenticator_attachment: Option<WebAuthnAuthenticatorAttachment>,
        AuthenticatorTransports authenticator_transports: Vec<WebAuthnAuthenticatorTransport>,
        CreatedAt created_at: Timestamp,
    }
}
