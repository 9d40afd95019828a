//! A request that keeps to the shapes of its operation, in a pool that is lived in.

use kernel::{
    Operation, Service,
    shape::{Kind, Shape},
    testing::{PASSWORD, TestPool, World},
};
use serde_json::{Map, Value as Json, json};

/// A world with something for every operation to find.
pub(super) struct Lived {
    pub(super) world: World,
    pool: TestPool,
    arn: String,
    /// An identity pool, and a guest of it.
    identities: [String; 2],
    tokens: Json,
}

impl Lived {
    pub(super) fn new() -> Self {
        let world = World::new();
        let pool = world.pool(json!({ "AliasAttributes": ["email"] }));
        let attributes = json!([
            { "Name": "email", "Value": "ann@example.com" },
            { "Name": "email_verified", "Value": "true" },
        ]);
        world.user(&pool, "ann", attributes);
        let group = json!({ "UserPoolId": pool.id, "GroupName": "readers" });
        let _ = world.ok("CreateGroup", group);
        let membership =
            json!({ "UserPoolId": pool.id, "GroupName": "readers", "Username": "ann" });
        let _ = world.ok("AdminAddUserToGroup", membership);
        let tokens = world.sign_in(&pool, "ann");
        let arn = world.arn(&pool);
        let identity_pool = world.identity_pool(json!({}));
        let guest = world.ok("GetId", json!({ "IdentityPoolId": identity_pool }));
        let identities = [identity_pool, guest["IdentityId"].as_str().unwrap().into()];
        Self { world, pool, arn, identities, tokens }
    }

    /// The smallest request that an operation takes, or one with every member that it knows.
    pub(super) fn request(&self, operation: &Operation, is_full: bool) -> Json {
        let Kind::Structure { fields } = operation.input.kind else { return json!({}) };
        let mut members = Map::new();
        for field in fields.iter().filter(|field| is_full || field.required) {
            let known = self.known(operation.service, field.name).filter(|_| is_text(field.shape));
            let value = known.unwrap_or_else(|| valid(field.shape, is_full));
            members.insert(field.name.into(), value);
        }
        // The token is what the operation is reached by, though some do not call it required.
        if fields.iter().any(|field| field.name == "AccessToken") {
            members.insert("AccessToken".into(), self.tokens["AccessToken"].clone());
        }
        Json::Object(members)
    }

    /// What names something that is there.
    fn known(&self, service: Service, member: &str) -> Option<Json> {
        let [identity_pool, guest] = &self.identities;
        Some(match member {
            "IdentityId" => json!(guest),
            "IdentityPoolId" => json!(identity_pool),
            "ResourceArn" if service == Service::IdentityPools => json!(format!(
                "arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/{identity_pool}"
            )),
            // The names are those of user pools alone.
            "ClientId" | "GroupName" | "Username" if service == Service::IdentityPools => {
                return None;
            }
            "AccessToken" | "RefreshToken" => self.tokens[member].clone(),
            "ClientId" => json!(self.pool.client),
            "GroupName" => json!("readers"),
            "Password" => json!(PASSWORD),
            "ResourceArn" => json!(self.arn),
            "UserPoolId" => json!(self.pool.id),
            "Username" => json!("ann"),
            _ => return None,
        })
    }

    /// The same request about nothing that exists; none if it names nothing to begin with.
    pub(super) fn about_nothing(&self, operation: &Operation) -> Option<Json> {
        let mut request = self.request(operation, true);
        let members = request.as_object_mut().unwrap();
        let nothing = [
            ("AccessToken", json!("bm9ib2R5.bm9ib2R5.bm9ib2R5")),
            ("ClientId", json!("nobody0nobody0nobody0nobod")),
            ("IdentityId", json!("eu-west-1:00000000-0000-8000-8000-000000000000")),
            ("IdentityPoolId", json!("eu-west-1:00000000-0000-8000-8000-000000000000")),
            ("ResourceArn", json!(self.arn.replace(&self.pool.id, "eu-west-1_000000000"))),
            ("UserPoolId", json!("eu-west-1_000000000")),
        ];
        let mut names_something = false;
        for (name, value) in nothing {
            if let Some(member) = members.get_mut(name) {
                *member = value;
                names_something = true;
            }
        }
        names_something.then_some(request)
    }
}

fn is_text(shape: &Shape) -> bool {
    matches!(shape.kind, Kind::Text { .. })
}

/// Strings of which one matches each pattern there is.
const TEXTS: [&str; 22] = [
    "a",
    "1",
    "123456",
    "20261125",
    "true",
    "abcdefgh",
    "eu-west-1_AbCdEfGhI",
    "eu-west-1_0a1b2c3d-0a1b-2c3d",
    "eu-west-1:0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f",
    "arn:aws:iam::123456789012:role/reader",
    "arn:aws:s3:::a-bucket",
    "ann@example.com",
    "Your code is {####}.",
    "Click {##here##} now",
    "import-0a1b2c3d",
    "export-0a1b2c3d",
    "BQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "Level1",
    "tknabcdefghijklmnopqrstuvwxy",
    "terms-of-use",
    "authenticated",
    "/",
];

/// A value that keeps to the shape.
pub(super) fn valid(shape: &Shape, is_full: bool) -> Json {
    match shape.kind {
        Kind::Blob { min, .. } => json!("AAAA".repeat(len(min).div_ceil(3).max(1))),
        Kind::Boolean => json!(true),
        Kind::Choice { values } => json!(values[0]),
        Kind::Document => json!({}),
        Kind::Double | Kind::Timestamp => json!(1),
        Kind::Integer { min, .. } | Kind::Long { min, .. } => json!(min.max(1)),
        Kind::List { of, min, max } => {
            let count = len(min).max(usize::from(is_full)).min(len(max));
            Json::Array(vec![valid(of, is_full); count])
        }
        Kind::Map { key, value, min, max } => {
            let count = len(min).max(usize::from(is_full)).min(len(max));
            (0..count).map(|n| (entry_key(key, n), valid(value, is_full))).collect()
        }
        Kind::Structure { fields } => fields
            .iter()
            .filter(|field| is_full || field.required)
            .map(|field| (field.name.to_string(), valid(field.shape, is_full)))
            .collect(),
        Kind::Text { min, max, .. } => json!(text(shape, len(min), len(max))),
    }
}

/// A string of the shape, of `min` characters at least and `max` at most.
pub(super) fn text(shape: &Shape, min: usize, max: usize) -> String {
    let Kind::Text { matches, .. } = shape.kind else { return String::new() };
    let long = TEXTS.iter().flat_map(|text| {
        let missing = min.saturating_sub(text.chars().count());
        [format!("{text}{}", "a".repeat(missing)), format!("{}{text}", "a".repeat(missing))]
    });
    let fits = |text: &String| (min..=max).contains(&text.chars().count()) && matches(text);
    let found = long.into_iter().find(fits);
    found.ok_or_else(|| format!("TEXTS has nothing for {} ({:?})", shape.name, shape.kind)).unwrap()
}

/// One key of a map; the `n`th where there may be any number.
pub(super) fn entry_key(shape: &Shape, n: usize) -> String {
    match shape.kind {
        Kind::Choice { values } => values[n % values.len()].into(),
        Kind::Text { matches, .. } if matches(&format!("key{n}")) => format!("key{n}"),
        Kind::Text { min, max, .. } => text(shape, len(min), len(max)),
        _ => String::new(),
    }
}

pub(super) fn len(bound: u32) -> usize {
    usize::try_from(bound).unwrap()
}
