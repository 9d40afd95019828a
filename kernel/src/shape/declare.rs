//! How is a shape declared? One macro a kind; each gives the Rust type and its row for the walker.

/// Declares a structure: its members' wire names, their Rust names and types; `sensitive` hides
/// all of it.
///
/// `Option` is what makes a member not required.
macro_rules! shape {
    ($(#[$meta:meta])* $vis:vis $name:ident {
        $($(#[$doc:meta])* $member:ident $field:ident: $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        $vis struct $name { $($(#[$doc])* pub(crate) $field: $type),* }

        $crate::shape::shape!(@wire $name, false, $($member $field: $type),*);
    };
    ($(#[$meta:meta])* $vis:vis $name:ident, sensitive {
        $($(#[$doc:meta])* $member:ident $field:ident: $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq)]
        $vis struct $name { $($(#[$doc])* pub(crate) $field: $type),* }

        $crate::shape::shape!(@wire $name, true, $($member $field: $type),*);

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str($crate::shape::REDACTED)
            }
        }
    };
    (@wire $name:ident, $sensitive:literal, $($member:ident $field:ident: $type:ty),*) => {
        impl $crate::shape::Wire for $name {
            const SHAPE: &'static $crate::shape::Shape = &$crate::shape::Shape {
                name: stringify!($name),
                kind: $crate::shape::Kind::Structure { fields: &[$($crate::shape::Field {
                    name: stringify!($member),
                    required: <$type as $crate::shape::Wire>::REQUIRED,
                    shape: <$type as $crate::shape::Wire>::SHAPE,
                }),*] },
                sensitive: $sensitive,
            };

            fn read(value: $crate::shape::Json) -> Option<Self> {
                let _members = &mut $crate::shape::members(value)?;
                Some(Self { $($field: $crate::shape::take(_members, stringify!($member))?),* })
            }

            fn write(self) -> $crate::shape::Json {
                let mut members = $crate::shape::Map::new();
                let _members = &mut members;
                $(let value = $crate::shape::Wire::write(self.$field);
                $crate::shape::put(_members, stringify!($member), value);)*
                $crate::shape::Json::Object(members)
            }
        }
    };
}

/// Declares constrained strings: bounds in characters, the pattern as AWS words it, the function
/// that matches it, and `sensitive` for what may not be shown. Without a pattern anything goes; a
/// long one is written in parts.
macro_rules! text {
    ($($(#[$doc:meta])* $name:ident: $min:literal..=$max:tt
        $(, $($pattern:literal)+ $matches:path)? $(, $sensitive:ident)?;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name(alloc::string::String);

        impl $crate::shape::Wire for $name {
            const SHAPE: &'static $crate::shape::Shape = &$crate::shape::Shape {
                name: stringify!($name),
                kind: $crate::shape::Kind::Text {
                    min: $min,
                    max: $crate::shape::text!(@max $max),
                    pattern: concat!($($($pattern),+)?),
                    matches: $crate::shape::text!(@matches $($matches)?),
                },
                sensitive: $crate::shape::text!(@sensitive $($sensitive)?),
            };

            fn read(value: $crate::shape::Json) -> Option<Self> {
                <alloc::string::String as $crate::shape::Wire>::read(value).map(Self)
            }

            fn write(self) -> $crate::shape::Json {
                $crate::shape::Json::String(self.0)
            }
        }

        impl $crate::shape::Text for $name {
            fn as_str(&self) -> &str {
                &self.0
            }

            fn into_string(self) -> alloc::string::String {
                self.0
            }
        }

        impl From<alloc::string::String> for $name {
            fn from(text: alloc::string::String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        $crate::shape::text!(@show $name $($sensitive)?);
    )* };
    (@max _) => { u32::MAX };
    (@max $max:literal) => { $max };
    (@matches) => { |_| true };
    (@matches $matches:path) => { $matches };
    (@sensitive) => { false };
    (@sensitive sensitive) => { true };
    (@show $name:ident) => {
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
    (@show $name:ident sensitive) => {
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str($crate::shape::REDACTED)
            }
        }
    };
}

/// Declares words to choose from: a Rust name and AWS's word for each.
macro_rules! choice {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident $word:literal),+ $(,)? })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum $name { $($variant),+ }

        impl $crate::shape::Choice for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn wire(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl $crate::shape::Wire for $name {
            const SHAPE: &'static $crate::shape::Shape = &$crate::shape::Shape {
                name: stringify!($name),
                kind: $crate::shape::Kind::Choice { values: &[$($word),+] },
                sensitive: false,
            };

            fn read(value: $crate::shape::Json) -> Option<Self> {
                <Self as $crate::shape::Choice>::from_wire(value.as_str()?)
            }

            fn write(self) -> $crate::shape::Json {
                $crate::shape::Json::from($crate::shape::Choice::wire(self))
            }
        }
    )* };
}

/// Declares whole numbers with bounds.
macro_rules! integer {
    ($($(#[$doc:meta])* $name:ident: $min:literal..=$max:tt;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name(i32);

        impl $crate::shape::Wire for $name {
            const SHAPE: &'static $crate::shape::Shape = &$crate::shape::Shape {
                name: stringify!($name),
                kind: $crate::shape::Kind::Integer {
                    min: $min,
                    max: $crate::shape::integer!(@max $max),
                },
                sensitive: false,
            };

            fn read(value: $crate::shape::Json) -> Option<Self> {
                <i32 as $crate::shape::Wire>::read(value).map(Self)
            }

            fn write(self) -> $crate::shape::Json {
                $crate::shape::Json::from(self.0)
            }
        }

        impl $crate::shape::Bounded for $name {
            fn get(self) -> i32 {
                self.0
            }
        }

        impl From<i32> for $name {
            fn from(number: i32) -> Self {
                Self(number)
            }
        }
    )* };
    (@max _) => { i32::MAX as i64 };
    (@max $max:literal) => { $max };
}

/// Declares lists with bounds. What has none is a plain `Vec`.
macro_rules! list {
    ($($(#[$doc:meta])* $name:ident: $min:literal..=$max:literal of $item:ty;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(crate) struct $name(pub(crate) alloc::vec::Vec<$item>);

        $crate::shape::list!(@wrap $name, alloc::vec::Vec<$item>, $crate::shape::Kind::List {
            of: <$item as $crate::shape::Wire>::SHAPE,
            min: $min,
            max: $max,
        }, false);
    )* };
    (@wrap $name:ident, $inner:ty, $kind:expr, $sensitive:expr) => {
        impl $crate::shape::Wire for $name {
            const SHAPE: &'static $crate::shape::Shape = &$crate::shape::Shape {
                name: stringify!($name),
                kind: $kind,
                sensitive: $sensitive,
            };

            fn read(value: $crate::shape::Json) -> Option<Self> {
                <$inner as $crate::shape::Wire>::read(value).map(Self)
            }

            fn write(self) -> $crate::shape::Json {
                $crate::shape::Wire::write(self.0)
            }
        }

        impl core::ops::Deref for $name {
            type Target = $inner;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl core::ops::DerefMut for $name {
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }

        impl From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                Self(inner)
            }
        }
    };
}

/// Declares maps with a name of their own; bounds count entries, and `sensitive` hides all of it.
macro_rules! map {
    ($($(#[$doc:meta])* $name:ident: $min:literal..=$max:tt $key:ty => $value:ty
        $(, $sensitive:ident)?;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq)]
        pub(crate) struct $name(pub(crate) alloc::collections::BTreeMap<$key, $value>);

        $crate::shape::list!(
            @wrap $name,
            alloc::collections::BTreeMap<$key, $value>,
            $crate::shape::Kind::Map {
                key: <$key as $crate::shape::Wire>::SHAPE,
                value: <$value as $crate::shape::Wire>::SHAPE,
                min: $min,
                max: $crate::shape::text!(@max $max),
            },
            $crate::shape::text!(@sensitive $($sensitive)?)
        );

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                if $crate::shape::text!(@sensitive $($sensitive)?) {
                    return f.write_str($crate::shape::REDACTED);
                }
                core::fmt::Debug::fmt(&self.0, f)
            }
        }
    )* };
}

pub(crate) use {choice, integer, list, map, shape, text};
