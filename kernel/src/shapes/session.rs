//! What is told of a session, and how are sessions kept?

use super::{
    choice::SessionType,
    number::{MaxSessionsPerUser, SsoSessionMaxValidityMinutes},
    text::{ClientId, SessionId},
};
use crate::shape::{Timestamp, list, shape, text};

shape! {
    /// A session, as its user and administrators see it.
    #[derive(Default)]
    pub(crate) SessionDescriptionType {
        SessionId session_id: Option<SessionId>,
        SessionType session_type: Option<SessionType>,
        ClientId client_id: Option<ClientId>,
        CreateDate create_date: Option<Timestamp>,
        LastActiveDate last_active_date: Option<Timestamp>,
        DeviceType device_type: Option<SessionDevice>,
        LastIPAddress last_ip_address: Option<SessionIpAddress>,
        LastLocation last_location: Option<SessionLocationType>,
        OriginSessionId origin_session_id: Option<SessionId>,
        IsCurrentSession is_current_session: Option<bool>,
    }
}

shape! {
    /// Where an address is.
    #[derive(Default)]
    pub(crate) SessionLocationType {
        City city: Option<SessionLocationName>,
        Country country: Option<SessionLocationName>,
    }
}

shape! {
    /// How many sessions a user may have at once.
    pub(crate) UserPoolTokenSessionConfigType {
        MaxPerUser max_per_user: MaxSessionsPerUser,
    }
}

shape! {
    /// For how long a client takes up a sign-in of managed login in silence.
    pub(crate) ClientSSOSessionConfigType {
        MaxValidityMinutes max_validity_minutes: SsoSessionMaxValidityMinutes,
    }
}

text! {
    SessionDevice: 0..=1024;
    SessionIpAddress: 0..=128, sensitive;
    SessionLocationName: 0..=256;
}

list! {
    Sessions: 0..=125 of SessionDescriptionType;
}
