//! Which changed addresses must be proved, and which of them wait until they are?

use alloc::{string::String, vec::Vec};

use super::{Attributes, twin};
use crate::{
    error::{Code, Error},
    model::{
        pool::Pool,
        user::{User, VERIFIABLE},
    },
};

/// An attribute and the address that a code goes to.
pub(crate) type Unproved = (&'static str, String);

impl User {
    /// Makes changes stand that were checked, but for new addresses that the pool wants proved
    /// first: those wait. Gives the addresses that a code should go to.
    pub(crate) fn change_or_wait(&mut self, pool: &Pool, mut changes: Attributes) -> Vec<Unproved> {
        let mut unproved = Vec::new();
        let mut waiting = Attributes::new();
        for attribute in VERIFIABLE {
            let vouched = changes.get(&twin(attribute)).is_some_and(|value| value == "true");
            let new = changes.get(attribute).filter(|value| !value.is_empty());
            let new = new.filter(|value| self.attribute(attribute) != Some(value)).cloned();
            let Some(new) = new.filter(|_| !vouched) else { continue };
            if pool.proves_first(attribute) {
                changes.remove(attribute);
                // What was said of the new address is not true of the present one.
                changes.remove(&twin(attribute));
                waiting.insert(attribute.into(), new.clone());
            } else if !pool.auto_verifies(attribute) {
                continue;
            }
            unproved.push((attribute, new));
        }
        self.change(changes);
        self.waiting.extend(waiting);
        unproved
    }

    /// The address that a code would prove: the one that waits, else the present one.
    ///
    /// # Errors
    /// `InvalidParameterException` if there is none.
    pub(crate) fn provable(&self, attribute: &str) -> Result<&str, Error> {
        let address = self.waiting.get(attribute).map(String::as_str);
        address.or_else(|| self.attribute(attribute)).ok_or_else(|| {
            let message = alloc::format!("User does not have a value for {attribute}.");
            Error::saying(Code::InvalidParameter, message)
        })
    }

    /// Makes an address that was proved the user's own.
    ///
    /// # Errors
    /// `ExpiredCodeException` if it neither waits nor is the present one any more.
    pub(crate) fn prove(&mut self, attribute: &str, address: &str) -> Result<(), Error> {
        if self.waiting.get(attribute).is_some_and(|waiting| waiting == address) {
            self.waiting.remove(attribute);
            self.attributes.insert(attribute.into(), address.into());
        } else if self.attribute(attribute) != Some(address) {
            return Err(Code::ExpiredCode.into());
        }
        self.verify(attribute, true);
        Ok(())
    }
}
