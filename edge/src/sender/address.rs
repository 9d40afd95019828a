//! What are the parts of `Example <no-reply@example.com>`?

/// A name, if there is one, and an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) address: &'a str,
}

impl<'a> Address<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let named = text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<'));
        match named {
            None => Self { name: None, address: text.trim() },
            Some((name, address)) => {
                let name = name.trim();
                let quoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
                let name = quoted.unwrap_or(name);
                Self { name: (!name.is_empty()).then_some(name), address: address.trim() }
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use kernel::{Delivery, Medium, Reason, Sender};

    use super::*;

    /// A mail to that address.
    pub(crate) fn mail(to: &str) -> Delivery {
        Delivery {
            medium: Medium::Email,
            destination: to.into(),
            subject: Some("Your code".into()),
            body: "It is <b>123456</b>".into(),
            code: "123456".into(),
            link: None,
            reason: Reason::SignUp,
            user_pool_id: "eu-west-1_000000000".into(),
            client_id: None,
            username: "ann".into(),
            sender: Sender { region: "eu-west-1".into(), ..Sender::default() },
        }
    }

    #[test]
    fn a_name_stands_before_an_address() {
        let of = |text| {
            let Address { name, address } = Address::of(text);
            (name, address)
        };
        assert_eq!(of("a@b.c"), (None, "a@b.c"));
        assert_eq!(of("Example <a@b.c>"), (Some("Example"), "a@b.c"));
        assert_eq!(of("\"An <odd> one\" <a@b.c>"), (Some("An <odd> one"), "a@b.c"));
        assert_eq!(of(" <a@b.c> "), (None, "a@b.c"));
    }
}
