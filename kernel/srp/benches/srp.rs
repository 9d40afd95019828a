//! What a sign-in's arithmetic costs: each side's step apart.

use std::hint::black_box;

use criterion::Criterion;
use srp::{Group, Identity, PublicA, PublicB, Rejected, Salt, Verifier, client};

const ALICE: Identity<'static> = Identity { pool_name: "AbCdEfGhI", user_id: "alice" };
const PASSWORD: &str = "Passw0rd!";
const SECRET_A: [u8; 32] = [0xa5; 32];
const SECRET_B: [u8; 32] = [0xc3; 32];

struct SignIn {
    group: Group,
    salt: Salt,
    verifier: Verifier,
    public_a: PublicA,
    public_b: PublicB,
}

impl SignIn {
    fn new() -> Result<Self, Rejected> {
        let (group, salt) = (Group::new(), Salt::from_random([7; 16]));
        let verifier = group.verifier(ALICE, PASSWORD, &salt);
        let public_a = client::public_a(&group, &SECRET_A)?;
        let public_b = group.begin(&verifier, &SECRET_B);
        Ok(Self { group, salt, verifier, public_a, public_b })
    }

    fn client_key(&self) -> Result<[u8; 32], Rejected> {
        let attempt = client::Attempt {
            whose: ALICE,
            password: PASSWORD,
            secret_a: &SECRET_A,
            public_a: &self.public_a,
        };
        let (salt, public_b) = (self.salt.to_hex(), self.public_b.to_hex());
        let key = client::session_key(&self.group, &attempt, &salt, &public_b)?;
        Ok(key.claim(ALICE, b"block", "now"))
    }
}

fn main() -> Result<(), Rejected> {
    let it = SignIn::new()?;
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("srp");
    group.sample_size(30);
    group.bench_function("verifier (g^x)", |b| {
        b.iter(|| it.group.verifier(ALICE, black_box(PASSWORD), &it.salt));
    });
    group.bench_function("server begins (g^b)", |b| {
        b.iter(|| it.group.begin(&it.verifier, black_box(&SECRET_B)));
    });
    group.bench_function("server ends (v^u, (A v^u)^b)", |b| {
        b.iter(|| {
            let secret_b = black_box(&SECRET_B);
            it.group.session_key(&it.public_a, &it.verifier, secret_b, &it.public_b)
        });
    });
    group.bench_function("client begins (g^a)", |b| {
        b.iter(|| client::public_a(&it.group, black_box(&SECRET_A)));
    });
    group.bench_function("client ends (g^x, (B - k g^x)^(a + u x))", |b| {
        b.iter(|| it.client_key());
    });
    group.finish();
    criterion.final_summary();
    Ok(())
}
