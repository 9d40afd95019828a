//! How does a shape stand in a record? As on the wire: `#[serde(with = "crate::shape::stored")]`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{Json, Wire};

pub(crate) fn serialize<T: Wire + Clone, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.clone().write().serialize(serializer)
}

pub(crate) fn deserialize<'de, T: Wire, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::read(Json::deserialize(deserializer)?).ok_or_else(|| Error::custom(T::SHAPE.name))
}
