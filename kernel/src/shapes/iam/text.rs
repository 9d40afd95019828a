//! Which strings of IAM and STS have names of their own?

use super::pattern::*;
use crate::shape::text;

text! {
    /// A string that is bound by nothing.
    FreeText: 0..=_;
    /// An Amazon resource name, whose form is checked where it is looked up.
    IamArn: 20..=2048;
    /// The id of a role, as ARNs of sessions know it.
    IamId: 16..=128, r"[\w]+" word;
    /// The name of whoever began a session, which no later session changes.
    SourceIdentity: 2..=64, r"[\w+=,.@-]*" session_name;
    /// An Amazon resource name as STS bounds it.
    StsArn: 20..=2048,
        r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+"
        xml_text;
    IamTagKey: 1..=128, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+" tag_key;
    IamTagValue: 0..=256, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*" tag_value;
}
