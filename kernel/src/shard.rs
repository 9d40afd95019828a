//! A pool that is split over several places: who lives where, and how they work together.
//!
//! A user lives at the home of the username, an alias at the home of its value, and configuration
//! at the first place, which pushes every change to the others before the change is acknowledged.
//! A message goes to the home of the name that it has; where that is an alias of a user of another
//! place, it goes on to there.
//!
//! A handler knows nothing of this. What it needs of another place it consults as if it were here:
//! if the answer is not known yet, the handler is given up, whatever it wrote is dropped, the
//! answer is fetched, and the handler runs again from its beginning, with the same seed. So it may
//! consult only before it commits.
//!
//! An alias is truly held if its user's own record says so, or a running call of the user's home is
//! about to make it say so. What stands at the alias's home is a reservation, made before the user
//! is written and taken away after the user gave it up. Whoever finds another's reservation asks
//! that user's home whether it is good: so none is in the way for ever, whatever is cut short, and
//! none is lost.

pub(crate) mod claim_alias;
mod configuration;
pub(crate) mod count_users;
pub(crate) mod examine_users;
pub(crate) mod export_users;
pub(crate) mod holds_alias;
pub(crate) mod import_lines;
pub(crate) mod list_members;
pub(crate) mod make_keys;
pub(crate) mod owner_of_alias;
mod rounds;
pub(crate) mod search_users_here;
pub(crate) mod settle_alias;
pub(crate) mod take_configuration;
pub(crate) mod wipe_shard;

pub(crate) use configuration::Pushes;
pub(crate) use rounds::Rounds;
pub(crate) use settle_alias::tell;

use alloc::{
    collections::BTreeMap,
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};
use core::cell::RefCell;

use rounds::{Question, Turn};

use crate::{
    call::{Effect, Ended, Kernel},
    crypto::KeyAlgorithm,
    cx::{Cx, Mailbox},
    directory,
    error::Error,
    message::{Message, Resolved},
    operation::{Access, Operation},
    place::Place,
    shape::{Json, Map},
    token,
};

/// An alias that a user claims or gives up: attribute, folded value, and the user's key.
pub(crate) type Claim = (String, String, String);

/// The claims of running calls of a place, and by how many of them.
#[derive(Default)]
pub(crate) struct Claims(RefCell<BTreeMap<Claim, u32>>);

impl Claims {
    pub(crate) fn has(&self, claim: &Claim) -> bool {
        self.0.borrow().contains_key(claim)
    }

    fn add(&self, claim: &Claim) {
        *self.0.borrow_mut().entry(claim.clone()).or_default() += 1;
    }

    fn remove(&self, claim: &Claim) {
        let mut claims = self.0.borrow_mut();
        if let Some(count) = claims.get_mut(claim) {
            *count -= 1;
            if *count == 0 {
                claims.remove(claim);
            }
        }
    }
}

/// Internal operations that go on only when all places know the configuration.
const AFTER_CONFIGURATION: [&str; 2] = ["MakeKeys", "RunUserImportJob"];

/// More than any handler needs; each round needs something that no earlier one knew of.
const ROUNDS_MAX: usize = 100;

/// Runs an operation at a place of a split pool.
pub(crate) async fn run(
    kernel: Rc<Kernel>,
    mail: Rc<Mailbox>,
    message: Message,
    operation: &'static Operation,
    seed: [u8; 32],
) -> Result<Ended, Error> {
    // Asks and settles for the handler, and draws nothing from the seed.
    let mut hands = Cx::new(kernel.clone(), mail.clone(), message.head.clone(), seed);
    if message.head.resolved.is_none() {
        hands.admit(operation)?;
    }
    if operation.access == Access::Iam || AFTER_CONFIGURATION.contains(&operation.name) {
        configuration::catch_up(&mut hands).await?;
    }
    let rounds = Rc::new(Rounds::new(kernel.clone()));
    let mut outcome = Err(Error::bug("a handler comes to no end"));
    let mut category = operation.category;
    for _ in 0..ROUNDS_MAX {
        let head = message.head.clone();
        let cx = Cx::new(kernel.clone(), mail.clone(), head, seed);
        let mut cx = cx.in_rounds(rounds.clone());
        cx.category.set(category);
        let result = operation.run(&mut cx, message.input()?).await;
        category = cx.category.get();
        let turn = rounds.turn();
        if let Turn::Over = turn {
            let committed = result.and_then(|output| cx.commit().map(|()| output));
            outcome = committed.map(Ended::Answered);
            break;
        }
        drop(cx);
        match go_on(&mut hands, &message, &rounds, turn).await {
            Ok(None) => {}
            Ok(Some(ended)) => {
                outcome = Ok(ended);
                break;
            }
            Err(error) => {
                outcome = Err(error);
                break;
            }
        }
    }
    settle(&mut hands, &rounds).await?;
    outcome
}

/// Makes the keys of a split pool for a running call of any of its places.
///
/// # Errors
/// If another place could not be reached.
pub(crate) async fn make_keys(cx: &mut Cx, algorithm: KeyAlgorithm) -> Result<(), Error> {
    let first = cx.place.first();
    if cx.place != first {
        cx.told(&first, "MakeKeys", &Json::Object(Map::new())).await?;
        return Ok(());
    }
    // A call beside this one, whose commit does not keep this one from beginning again.
    let (mut beside, rounds) = cx.beside();
    token::make(&mut beside, algorithm).await?;
    settle(&mut cx.beside().0, &rounds).await
}

/// Does what a given-up handler needs.
async fn go_on(
    hands: &mut Cx,
    message: &Message,
    rounds: &Rounds,
    turn: Turn,
) -> Result<Option<Ended>, Error> {
    match turn {
        Turn::Over => Ok(None),
        Turn::Broken => Err(Error::bug("a handler consulted another place after it committed")),
        Turn::Forward(resolved) => forward(hands, message, resolved).await.map(Some),
        Turn::Ask(questions) => {
            for question in questions {
                let input = serde_json::from_str(question.input()).unwrap_or_default();
                let answer = hands.told(question.place(), question.operation(), &input).await?;
                rounds.learn(question, answer);
            }
            Ok(None)
        }
    }
}

/// Hands the message on to the place where the user lives.
async fn forward(hands: &mut Cx, message: &Message, resolved: Resolved) -> Result<Ended, Error> {
    let Some(place) = hands.home(&resolved.owner) else {
        return Err(Error::bug("a message was to go on to where it is"));
    };
    let mut head = message.head.clone();
    head.place = place.clone();
    head.resolved = Some(resolved);
    let message = Message { head, body: message.body.clone() }.encode()?;
    hands.sent(Effect::Call { place, message }).await.map(Ended::Relayed)
}

/// After a call: others learn of changed configuration, and reservations that no user holds go.
///
/// # Errors
/// If changed configuration could not be brought to every place.
async fn settle(hands: &mut Cx, rounds: &Rounds) -> Result<(), Error> {
    let claims = rounds.end();
    for (attribute, value, owner) in claims {
        if !directory::holds(hands, (&attribute, &value), &owner)? {
            // What is left is found not to be good by whoever meets it.
            let _ = settle_alias::tell(hands, (&attribute, &value), &owner).await;
        }
    }
    if rounds.owes() {
        directory::settle(hands).await?;
    }
    if rounds.pushes() {
        configuration::push(hands).await?;
    }
    Ok(())
}

impl Cx {
    /// The place where what goes by that name lives, unless that is here.
    pub(crate) fn home(&self, name: &str) -> Option<Place> {
        self.place.pool().map(|key| key.home(name)).filter(|home| *home != self.place)
    }

    /// Whether what goes by that name lives here.
    pub(crate) fn is_here(&self, name: &str) -> bool {
        self.home(name).is_none()
    }

    /// A random UUID that lives here: who looks for it comes to the user to whom it is given.
    pub(crate) fn uuid_here(&self) -> String {
        loop {
            let id = self.random.uuid();
            if self.is_here(&id) {
                return id;
            }
        }
    }

    /// What an internal operation at another place of the pool answers. If it was not asked yet,
    /// an error comes that ends this run of the handler.
    pub(crate) fn consult(
        &self,
        place: &Place,
        operation: &'static str,
        input: &Json,
    ) -> Result<Json, Error> {
        let rounds = self.rounds().ok_or_else(|| Error::bug("nobody is there to consult"))?;
        rounds.answer(Question::new(place, operation, input))
    }

    /// Whether this run of the handler is given up, until other places have answered.
    pub(crate) fn is_given_up(&self) -> bool {
        self.rounds().is_some_and(|rounds| rounds.is_given_up())
    }

    /// What each other place of the pool answers to that.
    pub(crate) fn consult_others(
        &self,
        operation: &'static str,
        input: &Json,
    ) -> Result<Vec<Json>, Error> {
        let others = self.place.others();
        let answers: Vec<_> = others.map(|place| self.consult(&place, operation, input)).collect();
        answers.into_iter().collect()
    }

    /// Calls an internal operation that must succeed.
    pub(crate) async fn told(
        &mut self,
        place: &Place,
        operation: &str,
        input: &Json,
    ) -> Result<Json, Error> {
        let response = self.call(place.clone(), operation, input).await?;
        let body: Json = serde_json::from_slice(&response.body).unwrap_or_default();
        if response.status == 200 {
            return Ok(body);
        }
        let code = body.get("__type").and_then(Json::as_str).unwrap_or("nothing").to_string();
        Err(Error::bug(format!("{operation} answered {code}")))
    }

    /// Empties all other places of a pool that is to go.
    pub(crate) async fn wipe_others(&mut self) -> Result<(), Error> {
        let others: Vec<Place> = match self.place.is_split() {
            true => self.place.others().collect(),
            false => Vec::new(),
        };
        for place in others {
            self.told(&place, "WipeShard", &Json::Object(Map::new())).await?;
        }
        Ok(())
    }
}

/// A member of what an internal operation answered.
pub(crate) fn text<'a>(answer: &'a Json, member: &str) -> Option<&'a str> {
    answer.get(member).and_then(Json::as_str)
}

/// What is asked of a place about one alias.
pub(crate) fn about((attribute, value): (&str, &str), owner: &str) -> Map<String, Json> {
    [("Attribute", attribute), ("Value", value), ("Owner", owner)]
        .map(|(member, text)| (member.to_string(), Json::from(text)))
        .into_iter()
        .collect()
}
