//! Names of enum variants, derived by `strum`.

/// Adds the given items to an enum: `ALL`, which needs `VariantArray`; `name`, which needs `IntoStaticStr`; `parse`,
/// which needs `EnumString`. Another word than these is a second word for `name`.
#[macro_export]
macro_rules! named {
    ($type:ident: $($item:ident),+) => {
        impl $type {
            $($crate::named!(@$item);)+
        }
    };
    (@ALL) => {
        /// All variants, in the order of their declaration.
        pub const ALL: [Self; <Self as ::strum::VariantArray>::VARIANTS.len()] =
            $crate::names::array(<Self as ::strum::VariantArray>::VARIANTS);
    };
    (@parse) => {
        /// Parses a [`name`](Self::name). Returns `None` if it is unknown.
        pub fn parse(name: &str) -> Option<Self> {
            name.parse().ok()
        }
    };
    (@$name:ident) => {
        /// Returns the stable name in stored and shown forms.
        pub fn $name(self) -> &'static str {
            self.into()
        }
    };
}

/// Copies all elements of a slice of `N` elements.
pub const fn array<T: Copy, const N: usize>(all: &[T]) -> [T; N] {
    match all.first_chunk() {
        Some(all) => *all,
        None => panic!("the slice is shorter than the array"),
    }
}
