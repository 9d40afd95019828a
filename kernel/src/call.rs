//! A running operation, and the few things for which it may wait.

use alloc::{
    boxed::Box,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};
use core::{
    fmt,
    task::{Context, Poll, Waker},
};

use crate::{
    access::authorize::authorize,
    crypto::{Crypto, KeyAlgorithm, KeyPair, Vault},
    cx::{Cx, Mailbox, Running},
    delivery::Delivery,
    deployment::Deployment,
    error::{Code, Error, FRONT},
    federation::ProviderKeys,
    http::Response,
    limit::Buckets,
    message::{Message, Principal},
    operation::{Access, Operation, Service, find},
    place::Place,
    shape::Json,
    shard::{self, Claims, Pushes},
    srp::Group,
    store::{Memo, Store},
    token::Known,
    trigger::Invocation,
    wake::Alarms,
    wire,
};

/// Something that only the world outside can do.
#[derive(Clone)]
pub enum Effect {
    /// Run a message at another place; answered by [`Answer::Response`].
    Call {
        /// Where.
        place: Place,
        /// For [`Kernel::begin`] there.
        message: Vec<u8>,
    },
    /// Send a message to a person; answered by [`Answer::Delivered`].
    Deliver(Box<Delivery>),
    /// Call a function of the operator's: three tries of five seconds each; answered by
    /// [`Answer::Returned`].
    Invoke(Invocation),
    /// Read a document of somebody else's; answered by [`Answer::Response`].
    Fetch {
        /// Where; it may carry what a caller sent.
        url: String,
        /// The header of that name, where the document is not for everybody.
        authorization: Option<String>,
        /// What is posted, as a form; the document is got where nothing is.
        form: Option<String>,
    },
    /// Make a key pair; answered by [`Answer::Key`].
    MakeKey(KeyAlgorithm),
}

// The message of a call holds what a caller sent.
impl fmt::Debug for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { place, .. } => write!(f, "Call({place:?})"),
            Self::Deliver(delivery) => delivery.fmt(f),
            Self::Invoke(invocation) => invocation.fmt(f),
            Self::Fetch { .. } => f.write_str("Fetch"),
            Self::MakeKey(algorithm) => write!(f, "MakeKey({algorithm:?})"),
        }
    }
}

/// What came of an [`Effect`].
#[derive(Clone)]
pub enum Answer {
    /// The message was handed over.
    Delivered,
    /// It could not be done; the sentence is for the operator.
    Failed(String),
    /// The key pair.
    Key(Box<KeyPair>),
    /// The other place's response.
    Response(Response),
    /// What a function returned, as JSON: the event with its response, or an object whose
    /// `errorMessage` says why the function failed.
    Returned(Vec<u8>),
}

// What a function returns holds what it was told of a user.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered => f.write_str("Delivered"),
            Self::Failed(reason) => write!(f, "Failed({reason})"),
            Self::Key(pair) => write!(f, "Key({pair:?})"),
            Self::Response(response) => write!(f, "Response({response:?})"),
            Self::Returned(_) => f.write_str("Returned"),
        }
    }
}

/// What a call did when stepped.
#[derive(Debug)]
pub enum Step {
    /// It waits for this; [`Call::answer`] and step again.
    Ask(Effect),
    /// It is over.
    Done {
        /// What the caller gets.
        response: Response,
        /// What the operator should know, free of secrets; nothing in the ordinary case.
        log: Option<String>,
    },
}

/// What all places of a process share: configuration, cryptography, and the SRP group's tables.
pub struct Engine {
    pub(crate) deployment: Deployment,
    pub(crate) crypto: Crypto,
    pub(crate) srp: Group,
    #[cfg(any(test, feature = "testing"))]
    pub(crate) work: core::cell::Cell<crate::testing::Work>,
}

impl Engine {
    /// An engine; one a process is enough.
    #[must_use]
    pub fn new(deployment: Deployment, crypto: Crypto) -> Rc<Self> {
        Rc::new(Self {
            deployment,
            crypto,
            srp: Group::new(),
            #[cfg(any(test, feature = "testing"))]
            work: core::cell::Cell::default(),
        })
    }

    /// The kernel over the records of `place`.
    #[must_use]
    pub fn open(self: &Rc<Self>, place: Place, store: Rc<dyn Store>) -> Rc<Kernel> {
        let vault = self.vault(&place);
        Rc::new(Kernel {
            engine: self.clone(),
            store,
            memo: Memo::default(),
            tokens: Known::default(),
            alarms: Alarms::default(),
            buckets: Buckets::default(),
            vault,
            claims: Claims::default(),
            provider_keys: ProviderKeys::default(),
            pushes: Pushes::default(),
            place,
        })
    }
}

impl Engine {
    /// Where secrets of that place are sealed and opened, if there is a root key.
    pub(crate) fn vault(&self, place: &Place) -> Option<Vault> {
        let root = self.deployment.root_key.clone();
        // What is sealed at one place of a pool is opened at all of them.
        root.map(|root| Vault::new(root, place.first().name()))
    }
}

impl core::fmt::Debug for Engine {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Engine")
    }
}

/// The kernel at one place: it lives as long as the object that holds the place's records.
pub struct Kernel {
    pub(crate) engine: Rc<Engine>,
    pub(crate) store: Rc<dyn Store>,
    pub(crate) memo: Memo,
    pub(crate) tokens: Known,
    pub(crate) alarms: Alarms,
    pub(crate) buckets: Buckets,
    pub(crate) vault: Option<Vault>,
    pub(crate) claims: Claims,
    pub(crate) provider_keys: ProviderKeys,
    pub(crate) pushes: Pushes,
    pub(crate) place: Place,
}

impl Kernel {
    /// Begins a call from a message that the front made. `now_ms` counts from 1970; `seed` comes
    /// from a cryptographic generator and is never used twice.
    #[must_use]
    pub fn begin(self: &Rc<Self>, message: &[u8], now_ms: u64, seed: [u8; 32]) -> Call {
        let mail = Rc::new(Mailbox::default());
        mail.now_ms.set(now_ms);
        match Message::decode(message) {
            Some(message) if message.head.place == self.place => {
                let operation = find(message.head.service, &message.head.operation);
                let reply = wire::Reply::to(&message.head, operation);
                let running = Box::pin(run(self.clone(), mail.clone(), message, operation, seed));
                Call { running, mail, reply }
            }
            _ => Call {
                running: Box::pin(async { Err(Error::bug("a message came to the wrong place")) }),
                mail,
                reply: wire::Reply::default(),
            },
        }
    }
}

impl core::fmt::Debug for Kernel {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Kernel({})", self.place.name())
    }
}

/// One operation under way. Step it until it is done, answering each effect that it asks for.
pub struct Call {
    pub(crate) running: Running,
    pub(crate) mail: Rc<Mailbox>,
    pub(crate) reply: wire::Reply,
}

impl core::fmt::Debug for Call {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Call({:?})", self.reply.operation)
    }
}

impl Call {
    /// Brings what the call waits for, and the time at which it came.
    pub fn answer(&mut self, answer: Answer, now_ms: u64) {
        self.mail.now_ms.set(now_ms);
        self.mail.answer.replace(Some(answer));
    }

    /// AWS has two names for what must not happen; an operation declares one of them.
    fn in_its_words(&self, error: Error) -> Error {
        let declares =
            |code| self.reply.operation.is_some_and(|operation| operation.declares(code));
        match error.code {
            Code::Internal if declares(Code::InternalServer) && !declares(Code::Internal) => {
                Error { code: Code::InternalServer, ..error }
            }
            _ => error,
        }
    }

    /// What goes on once the caller has what [`Step::Done`] gave: to be run to its end as well. What
    /// it answers is for nobody.
    #[must_use]
    pub fn afterwards(&mut self) -> Option<Self> {
        let (running, mail) = self.mail.afterwards.take()?;
        Some(Self { running, mail, reply: self.reply.clone() })
    }

    /// Runs until the next question or the end.
    pub fn step(&mut self) -> Step {
        let poll = self.running.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let result = match poll {
            Poll::Ready(result) => result.map_err(|error| self.in_its_words(error)),
            Poll::Pending => match self.mail.ask.take() {
                Some(effect) => return Step::Ask(effect),
                None => Err(Error::bug("a handler waits for what it did not ask")),
            },
        };
        if result.is_err() {
            // What was to follow has not come to be.
            self.mail.afterwards.take();
        }
        if let (Err(error), Some(operation)) = (&result, self.reply.operation) {
            debug_assert!(
                operation.access == Access::Internal
                    || FRONT.contains(&error.code)
                    || operation.declares(error.code),
                "{} does not declare {:?}",
                operation.name,
                error.code
            );
        }
        let log = result.as_ref().err().and_then(|error| error.detail.as_ref());
        let name = self.reply.operation.map_or("?", |operation| operation.name);
        let log = log.map(|detail| alloc::format!("{name} {}: {detail}", self.reply.request_id));
        let response = match result {
            Ok(Ended::Relayed(response)) => self.reply.relay(response),
            Ok(Ended::Answered(output)) => self.reply.finish(Ok(output)),
            Err(error) => self.reply.finish(Err(error)),
        };
        Step::Done { response, log }
    }
}

/// How a call ended well.
pub(crate) enum Ended {
    /// With this output.
    Answered(Json),
    /// With what another place of the pool answered.
    Relayed(Response),
}

pub(crate) async fn run(
    kernel: Rc<Kernel>,
    mail: Rc<Mailbox>,
    message: Message,
    operation: Option<&'static Operation>,
    seed: [u8; 32],
) -> Result<Ended, Error> {
    let operation = operation.ok_or(Code::UnknownOperation)?;
    let principal = &message.head.caller.principal;
    let is_allowed = match operation.access {
        Access::Iam => matches!(principal, Principal::Role(_) | Principal::Root),
        Access::Internal => message.head.service == Service::Internal,
        Access::Public | Access::Token => true,
    };
    if !is_allowed {
        return Err(Code::AccessDenied.into());
    }
    if let (Access::Iam, Principal::Role(session)) = (operation.access, principal) {
        // Whoever may do nothing may still know who that is.
        let is_free = operation.service == Service::Sts && operation.name == "GetCallerIdentity";
        let mut cx = Cx::new(kernel.clone(), mail.clone(), message.head.clone(), seed);
        if !is_free {
            authorize(&mut cx, session, operation, &message.input()?).await?;
        }
    }
    if kernel.place.is_split() {
        return shard::run(kernel, mail, message, operation, seed).await;
    }
    let input = message.input()?;
    let mut cx = Cx::new(kernel, mail, message.head, seed);
    cx.category.set(operation.category);
    cx.admit(operation)?;
    let output = operation.run(&mut cx, input).await?;
    cx.commit()?;
    Ok(Ended::Answered(output))
}

impl From<&str> for Answer {
    fn from(reason: &str) -> Self {
        Self::Failed(reason.to_string())
    }
}
