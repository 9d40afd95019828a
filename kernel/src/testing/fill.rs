//! Many users at once, in tests of what must not depend on how many there are.

use alloc::{rc::Rc, string::String, vec::Vec};

use super::{ORIGIN, TestPool, World};
use crate::{
    Place, PoolKey, Service,
    cx::{Cx, Mailbox},
    directory,
    error::Error,
    message::{Caller, Head, Principal, Protocol},
    model::user::{User, UserStatus},
    store::keys,
};

/// A user to come.
#[derive(Debug)]
pub struct Newcomer {
    /// The username.
    pub name: String,
    /// Attributes.
    pub attributes: Vec<(String, String)>,
    /// Whether the user may sign in.
    pub is_enabled: bool,
    /// A group to be in.
    pub group: Option<String>,
}

/// So many are written in one batch.
const BATCH: usize = 500;

impl World {
    /// Adds confirmed users as an import does. What is kept of their passwords is a copy of what is
    /// kept of another user's: as long, made at once, and nobody's password.
    ///
    /// # Panics
    /// If one of them can't be added, or there is no such user or group.
    #[expect(clippy::panic, reason = "a test ends here")]
    pub fn fill(
        &self,
        pool: &TestPool,
        model: &str,
        newcomers: &mut dyn Iterator<Item = Newcomer>,
    ) {
        let Some(place) = PoolKey::of_pool_id(&pool.id).map(Place::Pool) else { return };
        loop {
            let batch: Vec<_> = newcomers.take(BATCH).collect();
            if batch.is_empty() {
                return;
            }
            if let Err(error) = add(&self.cx(&place), model, batch) {
                panic!("{:?}: {}", error.code, error.message);
            }
        }
    }

    /// What a handler at that place has, as if another place had called it.
    fn cx(&self, place: &Place) -> Cx {
        let mail = Rc::new(Mailbox::default());
        mail.now_ms.set(self.now_ms());
        let caller = Caller {
            address: String::new(),
            agent: String::new(),
            origin: ORIGIN.into(),
            principal: Principal::Kernel,
            region: String::new(),
            request_id: String::new(),
        };
        let head = Head {
            place: place.clone(),
            service: Service::Internal,
            operation: String::new(),
            protocol: Protocol::AwsJson,
            caller,
            resolved: None,
        };
        Cx::new(self.open(place).1, mail, head, self.seed())
    }
}

fn add(cx: &Cx, model: &str, newcomers: Vec<Newcomer>) -> Result<(), Error> {
    let pool = cx.pool_here()?;
    let credential = directory::known(cx, &pool, model)?.into_inner().credential;
    for newcomer in newcomers {
        let sub = cx.random.uuid();
        let mut user = User::new(newcomer.name, sub, UserStatus::Confirmed, cx.now_ms());
        user.attributes = newcomer.attributes.into_iter().collect();
        user.is_enabled = newcomer.is_enabled;
        user.credential.clone_from(&credential);
        directory::insert(cx, &pool, &user)?;
        if let Some(group) = newcomer.group {
            let group = cx.group(&group)?;
            let key = keys::user(&pool.key_of(&user.username));
            let row = cx.get::<User>(key)?.ok_or(crate::Code::UserNotFound)?;
            directory::join(cx, &pool, row, &group)?;
        }
    }
    cx.commit()
}
