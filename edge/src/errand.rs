//! What does a call send out for, and how does it come back?

use kernel::{Answer, Effect, Engine, KeyAlgorithm, KeyPair, Place, Response};

use crate::{
    frame::{self, Head},
    function::{self, Invoke},
    host::Host,
    platform,
    sender::{self, Outcome, Outgoing, Post, Way},
};

/// How long another object may take: longer than a function that hangs until it is given up.
const CALL_LIMIT_MS: u32 = sender::TRIES * function::LIMIT_MS + 5_000;

/// How long a provider may take to show a document.
const FETCH_LIMIT_MS: u32 = 5_000;

/// Something that is under way outside.
pub(crate) enum Errand {
    /// A call of another place.
    Call { place: Place, message: Vec<u8> },
    /// A call of a function.
    Invoke(Invoke),
    /// A delivery into the outbox.
    Deposit { message: Vec<u8> },
    /// A document to be read.
    Fetch { url: String, authorization: Option<String>, form: Option<String> },
    /// A delivery to who hands it over.
    Post(Post),
}

impl Errand {
    /// What an effect sends out for; what needs no way out is answered at once.
    pub(crate) fn of(effect: Effect, host: &Host) -> Result<Self, Answer> {
        match effect {
            Effect::Call { place, message } => Ok(Self::Call { place, message }),
            Effect::Invoke(invocation) => {
                host.functions.call(invocation).map(Self::Invoke).map_err(Answer::Failed)
            }
            Effect::Fetch { url, authorization, form } => {
                Ok(Self::Fetch { url, authorization, form })
            }
            Effect::MakeKey(algorithm) => Err(make_key(algorithm)),
            Effect::Deliver(delivery) => match host.senders.by(delivery.medium) {
                Some(sender) => Ok(Self::Post(Post::new(sender, delivery))),
                None if host.is_development => Engine::deposit(&delivery)
                    .map(|message| Self::Deposit { message })
                    .map_err(|error| Answer::Failed(error.to_string())),
                None => Err(Answer::Failed(sender::missing(delivery.medium))),
            },
        }
    }

    /// The frame that sends it out.
    pub(crate) fn frame(&self, id: u32, host: &Host, now_ms: u64) -> Vec<u8> {
        let call = |place: &Place, message: &[u8]| {
            let (binding, name) = (frame::binding(place), place.name());
            Head::Call { id, binding, name, limit_ms: CALL_LIMIT_MS }.with(message)
        };
        match self {
            Self::Call { place, message } => call(place, message),
            Self::Deposit { message } => call(&Place::Outbox, message),
            Self::Invoke(invoke) => {
                let signature = invoke.signature(&host.functions.secret, now_ms / 1000);
                let headers = signed(&signature);
                let service = invoke.service.as_deref();
                let (limit_ms, bytes_max) = (function::LIMIT_MS, function::ANSWER_BYTES_MAX);
                Head::Invoke { id, url: &invoke.url, service, headers, limit_ms, bytes_max }
                    .with(&invoke.event)
            }
            Self::Fetch { url, authorization, form } => {
                let authorization = authorization.as_deref();
                let form = form.as_deref().unwrap_or_default();
                Head::Fetch { id, url, authorization, limit_ms: FETCH_LIMIT_MS }
                    .with(form.as_bytes())
            }
            Self::Post(post) => {
                let sender = host.senders.by(post.delivery.medium);
                let outgoing = sender.map(|sender| sender.outgoing(&post.delivery, now_ms));
                outgoing.map_or_else(Vec::new, |outgoing| sent(id, &outgoing))
            }
        }
    }

    /// What its return means: an answer, or another try. `Err` holds why nothing came back.
    pub(crate) fn returned(self, response: Result<Response, String>) -> Result<Answer, Self> {
        match (self, response) {
            (Self::Call { .. } | Self::Fetch { .. }, Ok(response)) => {
                Ok(Answer::Response(response))
            }
            (Self::Deposit { .. }, Ok(Response { status: 200, .. })) => Ok(Answer::Delivered),
            (Self::Deposit { .. }, Ok(_)) => {
                Ok(Answer::Failed("the outbox did not take a message".into()))
            }
            (Self::Invoke(mut invoke), response) => {
                let response = response.map(|response| (response.status, response.body));
                invoke.returned(response).ok_or(Self::Invoke(invoke))
            }
            (Self::Post(mut post), response) => match post.outcome(response.ok()) {
                Outcome::Taken => Ok(Answer::Delivered),
                Outcome::Again => Err(Self::Post(post)),
                Outcome::Refused(why) => Ok(Answer::Failed(why)),
            },
            (Self::Call { .. } | Self::Deposit { .. } | Self::Fetch { .. }, Err(why)) => {
                Ok(Answer::Failed(why))
            }
        }
    }
}

/// The frame of a message.
fn sent(id: u32, Outgoing { way, headers, body }: &Outgoing) -> Vec<u8> {
    let limit_ms = sender::LIMIT_MS;
    match way {
        Way::Binding(binding) => Head::Mail { id, binding, limit_ms }.with(body),
        Way::Url(url) => {
            let headers =
                headers.iter().flat_map(|(name, value)| [*name, value.as_str()]).collect();
            let bytes_max = sender::REFUSAL_BYTES_MAX;
            Head::Post { id, url, headers, limit_ms, bytes_max }.with(body)
        }
    }
}

/// The headers of what is signed.
fn signed(signature: &str) -> Vec<&str> {
    vec!["content-type", "application/json", "cognate-signature", signature]
}

/// The platform makes keys on the spot.
fn make_key(algorithm: KeyAlgorithm) -> Answer {
    let name = match algorithm {
        KeyAlgorithm::RS256 => "RS256",
        KeyAlgorithm::ES256 => "ES256",
        KeyAlgorithm::EdDSA => "EdDSA",
    };
    let made = match platform::make_key(name) {
        Ok(made) => made,
        Err(thrown) => return Answer::Failed(platform::sentence(&thrown)),
    };
    match serde_json::from_str(&made.public()) {
        Ok(public) => Answer::Key(Box::new(KeyPair { private: made.private(), public })),
        Err(_) => Answer::Failed("a public key came in a form that is not known".into()),
    }
}
