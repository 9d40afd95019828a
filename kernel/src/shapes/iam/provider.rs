//! What IAM sends and receives about OpenID Connect providers.

use super::{IamArn, text::*};
use crate::shape::{list, shape, text};

text! {
    OpenIdClientId: 1..=255;
    OpenIdProviderUrl: 1..=255;
    /// The SHA-1 digest of a certificate, in hexadecimal digits.
    Thumbprint: 40..=40;
}

list! {
    IamTags: 0..=50 of IamTag;
}

shape! { pub(crate) IamTag {
    Key key: IamTagKey,
    Value value: IamTagValue,
} }

shape! { pub(crate) OpenIdProviderEntry {
    Arn arn: Option<IamArn>,
} }
