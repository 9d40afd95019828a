//! What sign-ups and sign-ins are made of, alone: what they cost in workerd, without anything
//! around them, is what `tests/load` compares whole operations with.

use std::hint::black_box;

use kernel::srp::{Group, Identity, PublicA, PublicB, Rejected, Salt, Verifier, client};
use wasm_bindgen::prelude::*;

const WHOSE: Identity<'_> = Identity { pool_name: "AbCdEfGhI", user_id: "somebody" };
const PASSWORD: &str = "Correct-Horse-7";
const SECRET_A: [u8; 32] = [0xa5; 32];
const SECRET_B: [u8; 32] = [0xb6; 32];

/// One user's numbers.
#[wasm_bindgen]
pub struct Parts {
    group: Group,
    salt: Salt,
    verifier: Verifier,
    public_a: PublicA,
    public_b: PublicB,
}

#[wasm_bindgen]
impl Parts {
    /// The numbers, and the table of the group that all powers of `g` share.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Result<Self, JsError> {
        Self::prepare().map_err(|Rejected| JsError::new("a number is not in the group"))
    }

    /// `g^x`: what setting a password and checking one in clear cost.
    pub fn password(&self) {
        black_box(self.group.verifier(WHOSE, black_box(PASSWORD), &self.salt));
    }

    /// The server's first step: `B = k v + g^b`.
    pub fn begin(&self) {
        black_box(self.group.begin(black_box(&self.verifier), &SECRET_B));
    }

    /// The server's second step: the key from `S = (A v^u)^b`. Gives whether there is one.
    pub fn finish(&self) -> bool {
        let verifier = black_box(&self.verifier);
        self.group.session_key(&self.public_a, verifier, &SECRET_B, &self.public_b).is_ok()
    }
}

impl Parts {
    fn prepare() -> Result<Self, Rejected> {
        let group = Group::new();
        let salt = Salt::from_random([0x51; 16]);
        let verifier = group.verifier(WHOSE, PASSWORD, &salt);
        let public_a = client::public_a(&group, &SECRET_A)?;
        let public_b = group.begin(&verifier, &SECRET_B);
        Ok(Self { group, salt, verifier, public_a, public_b })
    }
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parts")
    }
}
