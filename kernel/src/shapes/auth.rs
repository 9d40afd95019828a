//! What do sign-in operations carry?

use alloc::{string::String, vec::Vec};

use super::text::{DeviceKey, Token};
use crate::shape::{map, shape};

shape! {
    /// The tokens of a user who is signed in.
    #[derive(Default)]
    pub(crate) AuthenticationResultType {
        AccessToken access_token: Option<Token>,
        ExpiresIn expires_in: Option<i32>,
        TokenType token_type: Option<String>,
        RefreshToken refresh_token: Option<Token>,
        IdToken id_token: Option<Token>,
        NewDeviceMetadata new_device_metadata: Option<NewDeviceMetadataType>,
    }
}

shape! {
    /// A device that was not known before.
    #[derive(Default)]
    pub(crate) NewDeviceMetadataType {
        DeviceKey device_key: Option<DeviceKey>,
        DeviceGroupKey device_group_key: Option<String>,
    }
}

shape! {
    /// For usage reports.
    #[derive(Default)]
    pub(crate) AnalyticsMetadataType {
        AnalyticsEndpointId analytics_endpoint_id: Option<String>,
    }
}

shape! {
    /// What a server tells about the user who calls it.
    pub(crate) ContextDataType {
        IpAddress ip_address: String,
        ServerName server_name: String,
        ServerPath server_path: String,
        HttpHeaders http_headers: Vec<HttpHeader>,
        EncodedData encoded_data: Option<String>,
    }
}

shape! {
    /// What an app tells about its user.
    pub(crate) UserContextDataType, sensitive {
        IpAddress ip_address: Option<String>,
        EncodedData encoded_data: Option<String>,
    }
}

shape! {
    /// A header that a server received.
    #[derive(Default)]
    pub(crate) HttpHeader {
        headerName header_name: Option<String>,
        headerValue header_value: Option<String>,
    }
}

map! {
    /// What a flow begins with, by name.
    AuthParameters: 0..=_ String => String, sensitive;
    /// What a challenge asks with, by name.
    ChallengeParameters: 0..=_ String => String;
    /// What answers a challenge, by name.
    ChallengeResponses: 0..=_ String => String, sensitive;
    /// What the app passes to triggers.
    ClientMetadata: 0..=_ String => String;
}
