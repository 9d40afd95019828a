//! Which whole numbers have bounds?

use crate::shape::integer;

integer! {
    /// In the unit that the client chose, hours unless told otherwise.
    AccessTokenValidity: 1..=86400;
    /// Minutes.
    AuthSessionValidity: 3..=15;
    /// In the unit that the client chose, hours unless told otherwise.
    IdTokenValidity: 1..=86400;
    /// How many at most on a page of resource servers.
    ListResourceServersLimit: 1..=50;
    /// How many sessions a user may have at once.
    MaxSessionsPerUser: 1..=100;
    /// How many at most on a page of pools or clients.
    PageLimit: 1..=60;
    /// How many earlier passwords may not come back.
    PasswordHistorySize: 0..=24;
    PasswordPolicyMinLength: 6..=99;
    /// Lower is better.
    Precedence: 0..=_;
    /// Lower is tried first.
    Priority: 1..=2;
    /// How many at most on a page of users or groups.
    QueryLimit: 0..=60;
    /// In the unit that the client chose, days unless told otherwise; 0 stands for 30 days.
    RefreshTokenValidity: 0..=315360000;
    RetryGracePeriodSeconds: 0..=60;
    /// Minutes.
    SsoSessionMaxValidityMinutes: 0..=129600;
    TemporaryPasswordValidityDays: 0..=365;
    UnusedAccountValidityDays: 0..=365;
    /// How many at most on a page of passkeys.
    WebAuthnCredentialsQueryLimit: 0..=20;
}
